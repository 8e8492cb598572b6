"""Predictions of placed designs: published times, where the time goes, what memory and locks cost."""

from dataclasses import replace

import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.device.npu import Kind, npu
from spatial.lower.aie.placement.place import place
from spatial.sim.npu.predict import predict
from spatial.sim.npu.told import prediction_text
from spatial.types.dtype import bfloat16, int8, int16
from tests.sim.npu.designs import Gemm

PUBLISHED = [  # Zhuang et al., ARIES (FPGA 2025), artifact: measured on a Ryzen 7 7940HS, microseconds
    (256, 512, 512, int8, 168.427),
    (512, 1024, 2048, int8, 586.776),
    (2048, 4096, 1024, int8, 3584.47),
    (256, 1024, 1024, bfloat16, 408.114),
    (2048, 256, 256, bfloat16, 272.583),
    (2048, 512, 2048, bfloat16, 2461.21),
    (256, 256, 2048, int16, 331.697),
    (1024, 2048, 1024, int16, 3004.98),
]


def predicted(*args, **kwargs):
    design = Gemm(*args, **kwargs)
    return predict(design.mapped(), design.placement())


@pytest.mark.parametrize(("M", "K", "N", "dtype", "measured"), PUBLISHED)
def test_a_published_time_is_met(M, K, N, dtype, measured):
    assert predicted(M, K, N, dtype).seconds * 1e6 == pytest.approx(measured, rel=0.06)


def test_twice_the_depth_computes_twice_as_long():
    short, long = predicted(256, 1024, 512, int8), predicted(256, 2048, 512, int8)
    assert long.cores[0].busy == pytest.approx(2 * short.cores[0].busy, rel=0.02)


def test_a_large_product_waits_for_its_cores_and_a_small_one_for_the_launch():
    assert predicted(256, 4096, 256, int16).bottleneck.kind == "core"
    assert predicted(256, 256, 256, int16).bottleneck.kind == "launch"


def test_blocks_of_rows_and_of_columns_wait_for_the_runtime_sequence():
    once, often = predicted(1024, 512, 256, bfloat16), predicted(512, 512, 512, bfloat16)
    assert often.cores[0].busy == once.cores[0].busy
    assert often.sequence > 1.5 * once.sequence
    assert often.cycles > once.cycles


def test_one_buffer_at_each_end_takes_longer_than_two():
    assert predicted(256, 1024, 512, int8, depth=1).cycles > 1.2 * predicted(256, 1024, 512, int8).cycles


def test_tiles_hold_the_buffers_at_their_ends():
    tiles = predicted(256, 256, 512, int8).tiles
    assert tiles[0, 2].memory == 2 * (64 * 64 + 64 * 128 + 64 * 128) + 1024
    assert tiles[0, 1].memory == 2 * 4 * 64 * 128
    assert tiles[0, 0].kind is Kind.SHIM
    assert tiles[0, 0].memory == 0
    assert len(tiles) == len(npu("npu1").tiles)


def test_a_prediction_prints_what_takes_the_time():
    text = prediction_text(predicted(256, 4096, 256, int16))
    assert "bottleneck: core multiply[" in text
    assert "cores, busiest first (8 of 16)" in text
    assert "A0" in text


def test_a_block_is_given_back_before_a_loop_gets_the_next_of_its_channel():
    @sp.region()
    def kept(A: int32[5, 64], B: int32[64]):
        given: Stream[int32[64], 1]
        made: Stream[int32[64], 1]

        @sp.kernel(args=[A])
        def load(A: int32[5, 64]):
            for i in range(5):
                given.put(A[i])

        @sp.kernel()
        def work():
            first: int32[64] = given.get()
            for _ in range(4):
                each = given.get()
                for i in range(64):
                    first[i] += each[i]
            made.put(first)

        @sp.kernel(args=[B])
        def store(B: int32[64]):
            B[:] = made.get()

    mapped = sp.build(kept, target="aie").placed.mapped
    tight = [replace(each, consumers=(replace(each.consumers[0], depth=1),)) for each in mapped.fifos]
    found = replace(mapped, fifos=tuple(tight))
    assert predict(found, place(found, npu("npu1"))).seconds > 0
