"""The least layout has room for the accesses of every iteration, and fewer banks have not."""

import collections
import random

import pytest

import spatial as sp
from spatial import int32
from spatial.analysis.layout.demands import demands_in
from spatial.analysis.layout.least import cuts_of
from spatial.ir.dialect import context
from spatial.ir.function import kernels
from spatial.types.layout import Layout


def strided(offsets, step, trips):
    """A loop that adds up `trips` times what lies at some offsets from where each iteration begins."""
    extent = step * (trips - 1) + max(offsets) + 1
    extent += -extent % 24

    def sums(A: int32[extent], Y: int32[trips]):
        for k in range(trips):
            total: int32 = 0
            for offset in sp.meta_for(len(offsets)):
                total += A[step * k + offsets[offset]]
            Y[k] = total

    return sums, extent


def crowd(layout, offsets, step, trips):
    """The most accesses to one bank in an iteration."""
    found = (collections.Counter(layout.bank([step * k + o]) for o in offsets) for k in range(trips))
    return max(max(counted.values()) for counted in found)


def demanded(function):
    """What a function's loops ask for, by the names of the arrays."""
    program = sp.customize(function).program
    with context():
        (body,) = kernels(program.module)
        names = dict(zip(("A", "Y"), body.arguments, strict=False))
        found = {demand.memory: demand.layout for demand in demands_in(body)}
        return {name: found[memory] for name, memory in names.items() if memory in found}


@pytest.mark.parametrize("seed", range(30))
def test_fewer_banks_have_no_room(seed):
    choose = random.Random(seed)
    step, trips = choose.choice([1, 2, 4, 8]), choose.choice([4, 6])
    offsets = sorted(choose.sample(range(16), choose.randrange(2, 8)))
    function, extent = strided(offsets, step, trips)
    layout = demanded(function).get("A")
    whole = Layout(cuts=cuts_of(extent)[:1])
    assert crowd(layout or whole, offsets, step, trips) <= 2
    fewer = (Layout(cuts=(cut,)) for cut in cuts_of(extent) if layout and cut.banks < layout.banks)
    assert all(crowd(other, offsets, step, trips) > 2 for other in fewer)


def test_two_dimensions_are_cut_together():
    def square(A: int32[8, 8], Y: int32[6, 6]):
        for y in range(6):
            for x in range(6):
                Y[y, x] = A[y, x] + A[y, x + 1] + A[y + 1, x] + A[y + 1, x + 1]

    assert str(demanded(square)["A"]) in ("[cyclic(2), whole]", "[whole, cyclic(2)]")


def test_indices_that_data_choose_ask_for_nothing():
    def gather(A: int32[16], Y: int32[16]):
        for i in range(16):
            where = A[i] & 3
            Y[i] = A[where] + A[where + 4] + A[where + 8]

    assert "A" not in demanded(gather)
