"""The arrays of a result: which memory they lie in, and who may write there."""

import tracemalloc

import numpy as np
import pytest

import spatial as sp
from spatial import float32, int32
from spatial.region.definition import Region

MANY = 1 << 22
ENGINES = ["simpy", "native"]


def first_of(count: int) -> Region:
    """Adds 1 to the first elements of an array, and leaves it as it is."""

    @sp.region()
    def first(A: float32[count], Y: float32[4]):
        fifo: sp.Stream[float32, 2]

        @sp.kernel(args=[A])
        def load(A: float32[count]):
            for k in range(4):
                fifo.put(A[k])

        @sp.kernel(args=[Y])
        def store(Y: float32[4]):
            for k in range(4):
                Y[k] = fifo.get() + 1

    return first


@pytest.mark.parametrize("engine", ENGINES)
def test_an_array_that_no_kernel_writes_is_a_view_of_that_given_and_cannot_be_written(engine):
    A, Y = np.arange(8, dtype=np.float32), np.zeros(4, np.float32)
    run = sp.simulate(first_of(8), A, Y, engine=engine)
    assert np.shares_memory(run.arrays["A"], A)
    with pytest.raises(ValueError, match="read-only"):
        run.arrays["A"][0] = 7
    A[0] = 5
    assert run.arrays["A"][0] == 5


@pytest.mark.parametrize("engine", ENGINES)
def test_an_array_that_a_kernel_writes_is_apart_from_that_given(engine):
    A, Y = np.arange(8, dtype=np.float32), np.zeros(4, np.float32)
    run = sp.simulate(first_of(8), A, Y, engine=engine)
    assert not np.shares_memory(run.arrays["Y"], Y)
    run.arrays["Y"][0] = 7
    assert Y.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_array_that_was_converted_can_only_be_read_too(engine):
    run = sp.simulate(first_of(4), [1, 2, 3, 4], np.zeros(4, np.float32), engine=engine)
    assert run.arrays["A"].dtype == np.float32
    assert run.arrays["A"].tolist() == [1, 2, 3, 4]
    assert not run.arrays["A"].flags.writeable


@pytest.mark.parametrize("engine", ENGINES)
def test_every_nan_has_the_same_bits_and_that_given_keeps_its_own(engine):
    A = np.array([0xFF800001, 0, 0, 0], np.uint32).view(np.float32)
    run = sp.simulate(first_of(4), A, np.zeros(4, np.float32), engine=engine)
    assert run.arrays["A"].view(np.uint32)[0] == 0x7FC00000
    assert A.view(np.uint32)[0] == 0xFF800001


@pytest.mark.parametrize("calls", [1, 3])
def test_arrays_that_no_kernel_writes_take_no_memory(calls):
    A, Y = np.ones(MANY, np.float32), np.zeros(4, np.float32)
    module = sp.build(first_of(MANY), target="simulator")
    module.run(A, Y, calls=calls)
    tracemalloc.start()
    module.run(A, Y, calls=calls)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < A.nbytes / 4


@pytest.mark.parametrize("engine", ENGINES)
def test_what_stateful_memory_keeps_is_apart_from_the_result(engine):
    @sp.region()
    def count(Y: int32[1]):
        @sp.kernel(args=[Y])
        def pe(Y: int32[1]):
            total: int32[1] @ sp.Stateful = 0
            total[0] += 1
            Y[0] = total[0]

    module, Y = sp.build(count, target="simulator", engine=engine), np.zeros(1, np.int32)
    run = module.run(Y)
    run.memories["pe[0].total"][:] = 100
    run.arrays["Y"][:] = 100
    module(Y)
    assert Y.tolist() == [2]
