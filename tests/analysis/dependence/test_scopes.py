"""For which iterations a local is new, and what that allows."""

import spatial as sp
from spatial import Stream, int32
from tests.analysis.dependence.compiled import accesses_of, between, dependences_of


def depths(dependences, name):
    """How many outer loops the scope of each access to a local is in."""
    scopes = [dependences.scopes.get(access) for access in accesses_of(dependences, name)]
    return [None if scope is None else scope.depth for scope in scopes]


def test_a_sum_is_new_where_it_starts():
    @sp.region()
    def top(A: int32[4, 4], C: int32[4]):
        @sp.kernel()
        def f(A: int32[4, 4], C: int32[4]):
            for i in range(4):
                acc: int32 = 0
                for j in range(4):
                    acc += A[i, j]
                C[i] = acc

    dependences = dependences_of(top)
    assert depths(dependences, "acc") == [1] * 4
    assert all(each.private for each in dependences.carried(dependences.loops[0]))
    assert not any(each.private for each in dependences.carried(dependences.loops[1]))


def test_a_name_used_twice_is_two_locals():
    @sp.region()
    def top(A: int32[4], C: int32[4]):
        @sp.kernel()
        def f(A: int32[4], C: int32[4]):
            for i in range(4):
                t: int32 = 0
                if A[i] > 0:
                    t = A[i]
                C[i] = t
            for i in range(4):
                t = 2
                t += A[i]
                C[i] += t

    dependences = dependences_of(top)
    assert depths(dependences, "t") == [1] * 7
    first, *_, last = accesses_of(dependences, "t")
    assert dependences.scopes[first] is not dependences.scopes[last]


def test_an_array_that_is_filled_first_is_new():
    @sp.region()
    def top(A: int32[4, 4], C: int32[4, 4]):
        @sp.kernel()
        def f(A: int32[4, 4], C: int32[4, 4]):
            for i in range(4):
                row: int32[4] = A[i]
                for j in range(4):
                    C[i, j] = row[A[j, 0]]

    dependences = dependences_of(top)
    assert set(depths(dependences, "row")) == {1}


def test_an_array_that_is_filled_in_part_is_not():
    @sp.region()
    def top(A: int32[4, 4], C: int32[4, 4]):
        @sp.kernel()
        def f(A: int32[4, 4], C: int32[4, 4]):
            row: int32[4] = 0
            for i in range(4):
                for j in range(1, 4):
                    row[j] = A[i, j]
                for j in range(4):
                    C[i, j] = row[A[j, 0]]

    assert set(depths(dependences_of(top), "row")) == {0}


def test_a_value_that_passes_from_iteration_to_iteration_is_kept():
    @sp.region()
    def top(A: int32[4], C: int32[4]):
        @sp.kernel()
        def f(A: int32[4], C: int32[4]):
            last: int32 = 0
            for i in range(4):
                C[i] = last
                last = A[i]

    dependences = dependences_of(top)
    assert depths(dependences, "last") == [0] * 3
    assert not any(each.private for each in dependences.carried(dependences.loops[0]))


def test_a_block_that_is_taken_from_a_channel_is_new():
    @sp.region()
    def top(C: int32[4, 4]):
        s: Stream[int32[4], 2]

        @sp.kernel()
        def f():
            for i in range(4):
                block: int32[4] = i
                s.put(block)

        @sp.kernel()
        def g(C: int32[4, 4]):
            for i in range(4):
                block = s.get()
                for j in range(4):
                    C[i, j] = block[j]

    assert set(depths(dependences_of(top), "block")) == {1}
    assert set(depths(dependences_of(top, 1), "block")) == {1}


def test_what_is_not_selected_is_not_read():
    @sp.region()
    def top(A: int32[4, 4], C: int32[4]):
        @sp.kernel()
        def f(A: int32[4, 4], C: int32[4]):
            for i in range(4):
                C[i] = sp.sum(A[i])

    assert set(depths(dependences_of(top), "sum")) == {1}


def test_a_local_is_reused_in_turn_or_each_has_its_own():
    @sp.region()
    def top(A: int32[4], C: int32[4]):
        @sp.kernel()
        def f(A: int32[4], C: int32[4]):
            for i in range(4):
                t: int32 = 1
                if A[i] > 0:
                    t = A[i]
                C[i] = t

    dependences = dependences_of(top)
    (local, *_) = accesses_of(dependences, "t")
    downward = {op: (0, "-i0", time[-1]) for op, time in dependences.times.items()}
    jammed = {op: (0, "floor((i0)/2)", time[-1], "i0") for op, time in dependences.times.items()}
    assert dependences.violated(downward) is None
    violation = dependences.violated(jammed)
    assert (violation.reason, violation.name) == ("reused", "t")
    assert violation.sentence == (
        "t is written at i = 0 and written at i = 1, before its value from the one is used for the last time"
    )
    assert dependences.violated(jammed, own=[local.resource.local]) is None
    assert {each.kind for each in between(dependences, "t") if each.private} == {"flow", "anti", "output"}
