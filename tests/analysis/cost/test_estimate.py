"""What a program takes of a part: operators and their sharing, memories, the whole."""

import pytest

import spatial as sp
from examples.systolic.output_stationary import output_stationary
from spatial import Stream, float32, int8, int32
from spatial.build.report import report
from spatial.device.operators import Resources

DEVICE = "xcu280@300"


def units(region, kernel="pe"):
    costs = [cost for cost in report(region, device=DEVICE).resources.functions if cost.kernel == kernel]
    return max((cost.units for cost in costs), key=lambda found: sum(found.values()))


def loop(interval, lanes):
    """A loop of `lanes` products whose iterations start every `interval` cycles."""

    @sp.region()
    def products(X: float32[64, lanes], Y: float32[64, lanes]):
        @sp.kernel()
        def pe(X: float32[64, lanes], Y: float32[64, lanes]):
            for i in range(64, pipeline=interval):
                for j in range(lanes, unroll=True):
                    Y[i, j] = X[i, j] * X[i, j]

    return products


@pytest.mark.parametrize(("interval", "lanes", "needed"), [(1, 6, 6), (2, 6, 3), (4, 6, 2), (6, 6, 1), (7, 6, 1)])
def test_operators_are_shared_by_iterations_that_start_late(interval, lanes, needed):
    assert units(loop(interval, lanes))["float32_multiply", ()] == needed


def test_loops_of_one_function_share_operators():
    @sp.region()
    def twice(X: float32[64], Y: float32[64]):
        @sp.kernel()
        def pe(X: float32[64], Y: float32[64]):
            for i in range(64):
                Y[i] = X[i] * X[i]
            for i in range(64):
                Y[i] = Y[i] * X[i] * X[i]

    assert units(twice)["float32_multiply", ()] == 2


def test_branches_of_which_one_is_taken_share_operators():
    @sp.region()
    def either(X: float32[64], Y: float32[64]):
        @sp.kernel()
        def pe(X: float32[64], Y: float32[64]):
            for i in range(64):
                if X[i] > 0.0:
                    Y[i] = X[i] * X[i]
                else:
                    Y[i] = X[i] * 3.0

    assert units(either)["float32_multiply", ()] == 1


def test_what_stands_outside_of_loops_takes_as_many_as_begin_together():
    @sp.region()
    def outside(X: float32[8], Y: float32[8]):
        @sp.kernel()
        def pe(X: float32[8], Y: float32[8]):
            Y[0] = (X[0] * X[1]) * (X[2] * X[3])

    assert units(outside)["float32_multiply", ()] == 2


@pytest.mark.parametrize(("element", "accumulator", "dsp"), [(float32, float32, 5), (int8, int32, 0)])
def test_each_processing_element_has_its_own_operators(element, accumulator, dsp):
    found = report(output_stationary(4, 4, 16, element, accumulator), device=DEVICE).resources
    assert found.total.dsp == 16 * dsp
    assert found.kernels["pe"].dsp == 16 * dsp


def test_channels_arrays_and_memories_count_where_they_belong():
    @sp.region()
    def stored(X: int32[1024], Y: int32[1024]):
        link: Stream[int32, 1024]

        @sp.kernel(args=[X])
        def source(X: int32[1024]):
            kept: int32[1024] @ sp.Memory("URAM") = 0
            for i in range(1024):
                kept[i] = X[i]
            for i in range(1024):
                link.put(kept[1023 - i])

        @sp.kernel(args=[Y])
        def sink(Y: int32[1024]):
            for i in range(1024):
                Y[i] = link.get()

    found = report(stored, device=DEVICE).resources
    assert (found.channels.bram18, found.total.bram18) == (2, 2)
    assert (found.kernels["source"].uram, found.kernels["sink"].uram) == (1, 0)
    assert report(stored, device=DEVICE, depths={"link": 2}).resources.channels.bram18 == 0
    assert found.budget == sp.fpga("xcu280", mhz=300).budget


def test_the_total_is_the_sum_of_its_parts():
    found = report(output_stationary(3, 3, 8, float32, float32), device=DEVICE).resources
    total = found.channels + found.memories
    for kernel in found.kernels.values():
        total += kernel
    assert found.total == total
    assert found.functions[0].each == Resources()


def test_a_device_without_operators_has_no_estimate():
    assert report(output_stationary(2, 2, 4, int8, int32), device="hls").resources is None


def test_the_peak_is_what_dsps_could_do_in_the_time():
    gemm = output_stationary(4, 4, 16, float32, float32)
    found = report(gemm, device=DEVICE, cycles=160)
    assert found.resources.work.operations == 2 * 4 * 4 * 16
    assert found.resources.work.dsp_cycles == 5 * 4 * 4 * 16
    assert found.peak.per_cycle == 2 * 4 * 4 * 16 / 160
    assert found.peak.of_design == 16 / 160
    assert found.peak.of_part == 5 * 4 * 4 * 16 / (160 * 9024)
    assert "10.0% of what its 80 DSPs can do" in str(found)


def test_work_that_only_a_run_can_tell_has_no_peak():
    @sp.region()
    def until(X: float32[8], n: int32):
        @sp.kernel()
        def pe(X: float32[8], n: int32):
            for i in range(n):
                X[0] = X[0] * X[1]

    found = report(until, device=DEVICE, cycles=100)
    assert (found.resources.work, found.peak) == (None, None)


def test_work_under_a_condition_counts_where_the_loops_decide_it():
    @sp.region()
    def last(X: float32[8], Y: float32[8]):
        @sp.kernel()
        def pe(X: float32[8], Y: float32[8]):
            for k in range(5):
                for i in range(8):
                    Y[i] = Y[i] + X[i]
                    if k == 4:
                        Y[i] = Y[i] * 2.0

    assert report(last, device=DEVICE).resources.work.operations == 5 * 8 + 8


@pytest.mark.parametrize(("columns", "needed"), [(16, 0), (12, 1)])
def test_rows_that_are_no_power_of_two_long_take_a_multiplier(columns, needed):
    @sp.region()
    def sums(A: float32[64, columns], Y: float32[64]):
        @sp.kernel()
        def pe(A: float32[64, columns], Y: float32[64]):
            for i in range(64):
                Y[i] = A[i, 0] + A[i, 1] + A[i, 2]

    assert units(sums).get(("address", ()), 0) == needed


def test_rows_that_change_apart_take_a_multiplier_each():
    @sp.region()
    def moved(A: float32[8, 12], B: float32[12, 12]):
        @sp.kernel()
        def pe(A: float32[8, 12], B: float32[12, 12]):
            for i in range(8):
                for j in range(12):
                    B[j, i] = A[i, j] + A[3, j]

    assert units(moved)["address", ()] == 2
