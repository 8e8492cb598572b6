"""Who reads and who writes the arrays of a region."""

import spatial as sp
from spatial import Stream, int32
from spatial.analysis.sharing import ArrayUse, array_uses
from spatial.build.simulate import compile_simulator


def test_readers_and_writers_are_told_by_array():
    @sp.region()
    def mixed(A: int32[2], B: int32[2], C: int32[2], D: int32[2]):
        fifo: Stream[int32, 2][2]

        @sp.kernel(mapping=[2], args=[A, B, C])
        def first(A: int32[2], B: int32[2], C: int32[2]):
            i = sp.get_pid()
            B[i] = A[i]
            C[i] += 1
            fifo[i].put(A[i])

        @sp.kernel(args=[C])
        def second(C: int32[2]):
            C[0] = fifo[0].get() + fifo[1].get()

    both = frozenset({"first[0]", "first[1]"})
    uses = array_uses(compile_simulator(mixed).program.graph)
    assert uses == {
        "A": ArrayUse(readers=both, writers=frozenset()),
        "B": ArrayUse(readers=frozenset(), writers=both),
        "C": ArrayUse(readers=both, writers=both | {"second[0]"}),
        "D": ArrayUse(readers=frozenset(), writers=frozenset()),
    }
    assert [name for name, use in uses.items() if use.shared] == ["B", "C"]
