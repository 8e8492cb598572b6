"""What channels and arrays take of an FPGA, against the figures of published synthesis reports for xcu280."""

import pytest

from spatial.device.memories import array_resources, fifo_resources
from spatial.device.model import HLS


@pytest.mark.parametrize(
    ("depth", "bits", "lut", "ff"),
    [(2, 32, 40, 68), (25, 32, 50, 8), (16, 32, 50, 7), (41, 32, 104, 117), (128, 32, 168, 120)],
)
def test_a_shallow_channel_is_made_of_tables_and_registers(depth, bits, lut, ff):
    """Published: 40 LUT and 68 FF; 50 and 8; 50 and 7; 100 and 118; 179 and 121."""
    found = fifo_resources(HLS, depth, bits)
    assert (found.lut, found.ff, found.bram18) == (lut, ff, 0)


@pytest.mark.parametrize(("depth", "bits", "blocks"), [(129, 32, 1), (512, 32, 1), (1024, 18, 1), (11000, 32, 22)])
def test_a_deep_channel_is_made_of_block_rams(depth, bits, blocks):
    found = fifo_resources(HLS, depth, bits)
    assert (found.bram18, found.ff) == (blocks, 2 * bits + 31)


@pytest.mark.parametrize(
    ("words", "bram18"),
    [(160, 1), (512, 1), (640, 2), (1000, 2), (1260, 4), (1800, 4), (2048, 4), (5700, 16), (8192, 16), (12544, 25)],
)
def test_an_array_takes_the_blocks_of_published_reports(words, bram18):
    assert array_resources(words, 32).bram18 == bram18


def test_a_large_array_fills_its_blocks():
    """Published: 39 for 19,800 words of 32 bits, 64 for 32,768."""
    assert [array_resources(words, 32).bram18 for words in (19800, 32768)] == [39, 64]


def test_an_array_is_what_it_is_bound_to():
    assert array_resources(4096, 72, "URAM(2P)").uram == 1
    assert array_resources(4097, 73, "URAM").uram == 4
    assert array_resources(8, 16, "registers").ff == 128
    assert array_resources(64, 32, "BRAM").bram18 == 1
    assert array_resources(64, 32).bram18 == 0 < array_resources(64, 32).lut
    assert array_resources(4096, 32, "LUTRAM").lut == 32 * 64 + 1
