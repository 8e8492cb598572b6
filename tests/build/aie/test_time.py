"""What a built design for an NPU tells of its time: a prediction, what takes it, and a picture."""

from xml.etree import ElementTree

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int8, int32
from spatial.nn.npu import gemm


@pytest.fixture(scope="module")
def module():
    return sp.build(gemm(256, 512, 512, int8), target="aie", device="npu1")


def test_the_time_of_a_library_product_is_the_published_one(module):
    assert module.report.seconds == pytest.approx(168.427e-6, rel=0.06)


def test_a_report_of_a_device_is_that_of_a_built_design(module):
    found = sp.report(gemm(256, 512, 512, int8), device="npu1")
    assert found.seconds == module.report.seconds
    assert "bottleneck: launch" in str(found)


def test_the_floor_plan_has_all_tiles_and_cores(module):
    plan = ElementTree.fromstring(module.floor_plan)
    told = [each.text for each in plan.iter("{http://www.w3.org/2000/svg}title")]
    assert sum(text.startswith("core (") for text in told) == 16
    assert sum("multiply[" in text for text in told) == 16
    assert any("blocks_A" in text and " to " in text for text in told)


def test_transfers_ahead_take_less_time_than_rounds():
    program = gemm(512, 128, 256, int8, cores=(2, 2), tile=(64, 64, 64))
    rounds, ahead = (sp.build(program, target="aie", sequence=each).report.seconds for each in ("rounds", "ahead"))
    assert ahead < rounds


def delayed(calls):
    """The first result needs what two transfers bring: in rounds it would be awaited before the second is queued."""

    @sp.region()
    def program(X: int32[2, 3, 64], Y: int32[3, 64]):
        there: Stream[int32[64], 2]
        back: Stream[int32[64], 2]

        @sp.kernel()
        def send(X: int32[2, 3, 64]):
            for i in range(3):
                there.put(X[0, 2 - i, :])
            for i in range(3):
                there.put(X[1, i, :])

        @sp.kernel()
        def add():
            first: int32[3, 64]
            for i in range(3):
                first[i, :] = there.get()
            for i in range(3):
                back.put(first[i, :] + there.get())

        @sp.kernel()
        def receive(Y: int32[3, 64]):
            for i in range(3):
                Y[i, :] = back.get()

    return program


def test_what_needs_more_than_a_round_brings_is_queued_ahead():
    module = sp.build(delayed(1), target="aie")
    assert module.report.seconds > 0
    X, Y = np.arange(384, dtype=np.int32).reshape(2, 3, 64), np.zeros((3, 64), np.int32)
    module(X, Y)
    assert np.array_equal(Y, X[0, ::-1] + X[1])


def test_a_sequence_is_rounds_or_ahead():
    with pytest.raises(sp.ProgramError, match="there is no sequence 'fast'"):
        sp.build(gemm(64, 64, 128, int8), target="aie", sequence="fast")
    with pytest.raises(sp.ProgramError, match="`sequence` is for placements on NPUs"):
        sp.build(gemm(64, 64, 128, int8), sequence="ahead")
