"""Which indices never meet by the bounds of loops: against counting them out, and what intervals become of it."""

import random

import pytest

import spatial as sp
from spatial import float32
from spatial.analysis.pipelining.apart import always_apart
from spatial.analysis.pipelining.places import nest_space, place_of
from spatial.ir.function import operations
from spatial.ir.mlir import memref, scf
from tests.schedule.programs import compiled
from tests.sim.programs import region_of

U280 = "xcu280@300"
NESTS = """
@sp.region()
def net(A: int16[64]):
    @sp.kernel()
    def pe(A: int16[64]):
        for i in range(5):
            for j in range({}, {}):
                for k in range({}, {}):
                    A[{}] = A[{}]
"""


def random_texts(random_):
    """Bounds of the two inner loops, and two indices, in terms of outer variables."""

    def bound(least, *variables):
        text = str(random_.randrange(least, least + 4))
        return random_.choice((text, *(f"{name} + {text}" for name in variables)))

    first, later = (
        f"{random_.choice(('2 * i', 'i', 'j'))} + {random_.choice(('j', 'k', 'i'))} + {random_.randrange(3)}"
        for _ in range(2)
    )
    return (bound(0, "i"), bound(2, "i"), bound(0, "i", "j"), bound(2, "i", "j"), first, later)


def iterations(texts):
    """What i, j and k go through."""
    for i in range(5):
        for j in range(*(eval(text, {"i": i}) for text in texts[:2])):
            for k in range(*(eval(text, {"i": i, "j": j}) for text in texts[2:4])):
                yield {"i": i, "j": j, "k": k}


def met(texts, shared):
    """Whether the two indices meet in iterations that have the variables in `shared` in common."""
    touched = {(eval(texts[4], dict(at)), *(at[name] for name in shared)) for at in iterations(texts)}
    return any((eval(texts[5], dict(at)), *(at[name] for name in shared)) in touched for at in iterations(texts))


@pytest.mark.parametrize("seed", range(4))
def test_indices_that_are_said_to_be_apart_never_meet(seed):
    random_ = random.Random(seed)
    apart = 0
    for _ in range(60):
        texts = random_texts(random_)
        nests = compiled(region_of(NESTS.format(*texts)))
        ops = list(operations(nests.function.entry_block))
        i, j, k = (op for op in ops if isinstance(op, scf.ForOp))
        inside = {op.operation for op in ops}
        load, store = (next(op for op in ops if isinstance(op, kind)) for kind in (memref.LoadOp, memref.StoreOp))
        first, later = (place_of(op, inside, nest_space((i,))) for op in (store, load))
        for own, shared in (((), "ijk"), ((k,), "ij"), ((j, k), "i"), ((i, j, k), "")):
            variables = [loop.induction_variable for loop in own]
            if always_apart(first, later, variables):
                apart += 1
                assert not met(texts, shared), (texts, shared)
    assert apart > 20


def interval(program, *steps):
    s = sp.customize(program)
    for step, *given in steps:
        getattr(s, step)(*given)
    return sp.report(s, device=U280).loops[-1]


def test_rows_behind_the_own_one_do_not_hold_up_a_triangular_product():
    def trmm(A: float32[32, 32], B: float32[32, 16]):
        for i in range(32):
            for k in range(i + 1, 32):
                for j in range(16):
                    B[i, j] += A[k, i] * B[k, j]

    def all_rows(A: float32[32, 32], B: float32[32, 16]):
        for i in range(32):
            for k in range(i, 32):
                for j in range(16):
                    B[i, j] += A[k, i] * B[k, j]

    assert interval(trmm).ii == 1
    assert interval(all_rows).ii > 1
    assert interval(all_rows).limit.kind == "recurrence"


def test_lanes_load_what_another_lane_does_not_store_when_they_need_it():
    """The sum takes 10 cycles from load to store, and comes back to an element after 10 iterations."""

    def product(A: float32[8, 8], B: float32[8, 40], C: float32[8, 40]):
        for i in range(8):
            for k in range(8):
                for j in range(40):
                    C[i, j] += A[i, k] * B[k, j]

    assert interval(product, ("unroll", "j", 4)).ii == 1
    assert interval(product, ("unroll", "j", 5)).ii == 2


def test_loads_that_find_no_port_when_they_are_needed_begin_sooner():
    """Lanes of 8 columns in 10 banks: what is loaded in one cycle goes to different ones, in several it need not."""

    def blur(A: float32[10, 50], B: float32[10, 50]):
        for i in range(10):
            for j in range(1, 49):
                B[i, j] = A[i, j - 1] + A[i, j] + A[i, j + 1]

    steps = ("unroll", "j", 8), ("partition", "A", "cyclic", 1, 10), ("partition", "B", "cyclic", 1, 10)
    assert interval(blur, *steps).ii == 2
    assert interval(blur, *steps, ("simplify", "j")).ii == 1
