"""Actors in sequence become one, with arrays for the channels between them."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int8, int32
from tests.schedule.space.nests import copies, layers
from tests.schedule.space.test_dataflow import same
from tests.schedule.space.test_open import open_layers
from tests.schedule.space.test_systolic import drawn, in_eight_lines


def test_processes_run_one_after_the_other_again():
    s = open_layers(H=2, R=2)
    streaming = same(layers, s)[1]
    made = s.chain(s["first"], s["relu"])
    assert str(made) == "first_relu"
    before, after = same(layers, s, build=True)
    assert streaming < after <= before + 40
    s.chain(made, s["second"])
    assert len(sp.simulate(s, *drawn_layers()).actors) == 1
    same(layers, s, build=True)


def drawn_layers():
    shapes = (8, 6), (6, 5), (5, 4)
    return *(np.ones(shape, np.int16) for shape in shapes), np.zeros((8, 4), np.int32)


def test_tokens_that_only_order_memory_are_no_more(golden):
    s = sp.customize(copies)
    make, one, other = s.dataflow()
    s.to("T", other, depth=2)
    s.chain(make, one, other)
    same(copies, s, build=True)
    golden(f"{s}\n\n{s.module}\n", "chain.txt")


@pytest.mark.parametrize("axis", [0, 1])
def test_a_row_of_pes_runs_on_one(axis):
    M, N, K = 3, 2, 8
    s = in_eight_lines(M, N, K, int8, int32, 32)
    for place in range((N, M)[axis]):
        s.chain(s["PE"][:, place] if axis == 0 else s["PE"][place, :])
    A, B, C = drawn((M, K), int8), drawn((K, N), int8), np.zeros((M, N), np.int32)
    run = sp.simulate(s, A, B, C, device="hls")
    np.testing.assert_array_equal(C, A.astype(np.int32) @ B)
    assert sum(name.startswith("PE") for name in run.actors) == (N, M)[axis]
    C[:] = 0
    sp.build(s, target="hls")(A, B, C)
    np.testing.assert_array_equal(C, A.astype(np.int32) @ B)


@sp.region()
def circles(A: int32[4], B: int32[4]):
    there: Stream[int32, 2]
    back: Stream[int32, 2]
    last: Stream[int32, 8]

    @sp.kernel(args=[A])
    def ask(A: int32[4]):
        for i in range(4):
            there.put(A[i])
        for i in range(4):
            if A[i] > 0:
                last.put(A[i])

    @sp.kernel()
    def answer():
        for i in range(4):
            back.put(2 * there.get())

    @sp.kernel(args=[B])
    def take(B: int32[4]):
        for i in range(4):
            B[i] = back.get()

    @sp.kernel()
    def drop():
        while True:
            x: int32 = last.get()


@sp.region()
def uneven(A: int32[4], B: int32[4]):
    some: Stream[int32, 8]

    @sp.kernel(args=[A])
    def give(A: int32[4]):
        for i in range(4):
            if A[i] > 0:
                some.put(A[i])
            else:
                some.put(0)

    @sp.kernel(args=[B])
    def take(B: int32[4]):
        for i in range(4):
            B[i] = some.get()


def test_refusals_say_what_is_in_the_way(golden):
    told = []

    def refused(what, program, *names):
        s = sp.customize(program)
        with pytest.raises(sp.ProgramError) as error:
            s.chain(*(s[name] for name in names))
        told.append(f"# {what}\n{error.value}")

    refused("tokens go back", circles, "answer", "ask")
    refused("by way of another", circles, "ask", "take")
    refused("for ever", circles, "answer", "drop")
    refused("tokens of two places", uneven, "give", "take")
    refused("one", circles, "ask")
    s = sp.customize(circles)
    for given in ("ask", s["answer"].i):
        with pytest.raises(sp.ProgramError) as error:
            s.chain(given, s["answer"])
        told.append(f"# a name, or a loop\n{error.value}")
    golden("\n\n".join(told) + "\n", "chain_refused.txt")


def test_pes_are_chosen_by_slices():
    s = in_eight_lines(3, 2, 8, int8, int32, 32)
    assert repr(s["PE"][:, 0]) == "<kernel PE[:, 0], 1 function>"
    assert s["PE"][1:, 0]._scope.actors == ("PE[1,0]", "PE[2,0]")
    assert s["PE"][1, :]._scope.actors == ("PE[1,0]", "PE[1,1]")
    with pytest.raises(sp.ProgramError, match="has no PE in this slice"):
        s["PE"][3:, 0]
