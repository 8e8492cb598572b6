"""What channels take of an FPGA."""

import pytest

from spatial.device.model import HLS
from spatial.device.storage import Memory, largest_register, memory_of


@pytest.mark.parametrize(
    ("depth", "bits", "blocks", "tables"),
    [
        (1, 32, 0, 32),
        (32, 32, 0, 32),
        (33, 32, 1, 0),
        (512, 36, 1, 0),
        (513, 36, 2, 0),
        (512, 37, 2, 0),
        (1024, 18, 1, 0),
        (16384, 1, 1, 0),
        (16385, 1, 2, 0),
        (2, 2000, 0, 2000),
        (3, 2000, 56, 0),
        (40, 16, 0, 32),
    ],
)
def test_a_channel_takes_the_fewest_blocks_or_shift_registers(depth, bits, blocks, tables):
    assert memory_of(HLS, depth, bits) == Memory(blocks=blocks, bits=depth * bits, tables=tables)


def test_less_memory_is_fewer_blocks_then_fewer_bits():
    assert Memory(blocks=0, bits=1000) < Memory(blocks=1, bits=10) < Memory(blocks=1, bits=11)


@pytest.mark.parametrize("bits", [1, 32, 600, 1000])
def test_the_largest_register_is_no_memory(bits):
    depth = largest_register(HLS, bits)
    assert memory_of(HLS, depth, bits).blocks == 0 < memory_of(HLS, depth + 1, bits).blocks
