"""What memory of the host costs a transfer."""

import pytest

from spatial.device.npu import npu
from spatial.sim.npu.memory import object_cycles, pages
from spatial.types.dtype import int8
from tests.sim.npu.designs import Gemm

DEVICE = npu("npu1")
BLOCK = 64 * 128


def columns(N, K, blocks):
    """Blocks of 64 x 128 of a matrix of bytes, column of blocks by column."""
    return ((blocks, 512), (K // 64, 64 * N), (64, N), (128, 1))


@pytest.mark.parametrize(("N", "K", "looked"), [(4096, 1024, 64), (4096, 512, 8), (2048, 2048, 32), (512, 4096, 8)])
def test_pages_are_looked_up_again_where_too_many_others_were_used(N, K, looked):
    assert pages(columns(N, K, N // 512), BLOCK, 1, DEVICE) == pytest.approx(looked)


def test_what_is_read_again_and_again_stays_known():
    walk = ((8, 0), (16, 64), (64, 1024), (64, 1))
    assert pages(walk, 64 * 64, 1, DEVICE) == pytest.approx(16 / 128)


def test_a_stream_moves_a_word_a_cycle_unless_memory_is_slower():
    fifo = Gemm(256, 256, 512, int8).mapped().fifo["B0"]
    walk = columns(512, 256, 1)
    assert object_cycles(fifo, walk, DEVICE, 12) == pytest.approx(BLOCK / 4, rel=0.2)
    assert object_cycles(fifo, walk, DEVICE, 48) > 2 * BLOCK / 4


def test_short_rows_cost_whole_bursts():
    fifo = Gemm(256, 256, 512, int8).mapped().fifo["B0"]
    short = ((1, 0), (2, 64), (512, 1024), (8, 1))
    whole = ((1, 0), (1, 0), (64, 1024), (128, 1))
    assert object_cycles(fifo, short, DEVICE, 48) > 4 * object_cycles(fifo, whole, DEVICE, 48)
