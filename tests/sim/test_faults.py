"""What no hardware could do ends the run, with the actor and the line, and leaves the arrays alone."""

import linecache

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, float32, int8, int32
from spatial.sim.errors import RunFault


def fault_of(region: object, *arrays: np.ndarray) -> tuple[RunFault, sp.Run]:
    before = [array.copy() for array in arrays]
    with pytest.raises(sp.RunError) as caught:
        sp.simulate(region, *arrays)
    (problem,) = caught.value.problems
    assert isinstance(problem, RunFault)
    assert all(np.array_equal(array, copy) for array, copy in zip(arrays, before, strict=True))
    assert caught.value.run.ending == "failed"
    return problem, caught.value.run


def excerpt(fault: RunFault) -> str:
    return linecache.getline(fault.span.file, fault.span.line)[fault.span.column - 1 : fault.span.end_column - 1]


@pytest.mark.parametrize(
    ("operation", "text"), [(0, "A[i, k] / B[i, k]"), (1, "A[i, k] // B[i, k]"), (2, "A[i, k] % B[i, k]")]
)
def test_integers_divided_by_zero_are_a_fault_of_the_dividing_pe(operation, text):
    @sp.region()
    def divide(A: int32[3, 2], B: int32[3, 2], C: int32[3, 2]):
        @sp.kernel(mapping=[3], args=[A, B, C])
        def pe(A: int32[3, 2], B: int32[3, 2], C: int32[3, 2]):
            i = sp.get_pid()
            for k in range(2):
                with sp.meta_if(operation == 0):
                    C[i, k] = A[i, k] / B[i, k]
                with sp.meta_elif(operation == 1):
                    C[i, k] = A[i, k] // B[i, k]
                with sp.meta_else():
                    C[i, k] = A[i, k] % B[i, k]

    A, B, C = np.ones((3, 3, 2), np.int32)
    B[1, 1] = 0
    fault, _ = fault_of(divide, A, B, C)
    assert (fault.what, fault.actor, excerpt(fault)) == ("division by zero", "pe[1]", text)
    assert "division by zero in `pe[1]`" in fault.report().title


@pytest.mark.parametrize("divisor", [0.0, -0.0])
def test_floats_divided_by_zero_follow_ieee_754(divisor):
    @sp.region()
    def divide(A: float32[3]):
        @sp.kernel(args=[A])
        def pe(A: float32[3]):
            for k in range(3):
                A[k] = A[k] / divisor

    A = np.array([1, -1, 0], np.float32)
    sp.simulate(divide, A)
    with np.errstate(all="ignore"):
        expected = np.array([1, -1, 0], np.float32) / np.float32(divisor)
    assert np.array_equal(A, expected, equal_nan=True)


@pytest.mark.parametrize("index", [-1, 4, 127])
@pytest.mark.parametrize("reads", [True, False])
def test_an_index_outside_of_an_array_is_a_fault(index, reads):
    @sp.region()
    def access(P: int8[1], A: int32[4]):
        @sp.kernel(args=[P, A])
        def pe(P: int8[1], A: int32[4]):
            with sp.meta_if(reads):
                A[0] = A[P[0]]
            with sp.meta_else():
                A[P[0]] = 1

    fault, _ = fault_of(access, np.array([index], np.int8), np.zeros(4, np.int32))
    assert fault.what == f"index {index} is outside of an array dimension of 4"
    assert excerpt(fault) in ("A[P[0]]", "A[P[0]] = 1")


def test_each_dimension_is_checked_by_itself():
    """[0, 5] of a 4x4 array would lie inside of its memory."""

    @sp.region()
    def access(P: int32[2], A: int32[4, 4]):
        @sp.kernel(args=[P, A])
        def pe(P: int32[2], A: int32[4, 4]):
            A[P[0], P[1]] = 1

    fault, _ = fault_of(access, np.array([0, 5], np.int32), np.zeros((4, 4), np.int32))
    assert "index 5" in fault.what


def test_an_index_outside_of_a_local_array_is_a_fault():
    @sp.region()
    def access(P: int32[1], A: int32[1]):
        @sp.kernel(args=[P, A])
        def pe(P: int32[1], A: int32[1]):
            local: int32[3]
            for k in range(3):
                local[k] = k
            A[0] = local[P[0]]

    fault, _ = fault_of(access, np.array([3], np.int32), np.zeros(1, np.int32))
    assert "index 3" in fault.what


def test_a_branch_not_taken_and_a_side_not_chosen_do_not_fault():
    @sp.region()
    def guarded(A: int32[4], B: int32[4]):
        @sp.kernel(args=[A, B])
        def pe(A: int32[4], B: int32[4]):
            for k in range(4):
                if A[k] != 0:
                    B[k] = 100 // A[k]
                B[k] += 100 // A[k] if A[k] != 0 else 0
                if A[k] != 0 and 100 // A[k] > 30:
                    B[k] += 1

    A, B = np.array([0, 1, 2, 0], np.int32), np.zeros(4, np.int32)
    sp.simulate(guarded, A, B)
    assert B.tolist() == [0, 201, 101, 0]


def test_what_a_faulty_run_did_before_is_in_its_partial_result():
    @sp.region()
    def late(A: int32[4], B: int32[4]):
        fifo: Stream[int32, 2]

        @sp.kernel(args=[A])
        def write(A: int32[4]):
            for k in range(4):
                fifo.put(12 // A[k])

        @sp.kernel(args=[B])
        def read(B: int32[4]):
            for k in range(4):
                B[k] = fifo.get()

    fault, run = fault_of(late, np.array([1, 2, 0, 4], np.int32), np.zeros(4, np.int32))
    assert fault.actor == "write[0]"
    assert run.arrays["B"].tolist()[:1] == [12]
    assert run.channels["fifo"].tokens >= 1
