"""Channels are built from registers or memory by their size, with the delays of each."""

import pytest

from spatial.device.fpga import device_of
from spatial.device.model import DEVICES, HLS, IDEAL, Storage


@pytest.mark.parametrize(
    ("depth", "bits", "storage"),
    [
        (1, 4096, Storage.REGISTER),
        (2, 4096, Storage.REGISTER),
        (3, 341, Storage.REGISTER),
        (3, 342, Storage.MEMORY),
        (32, 32, Storage.REGISTER),
        (33, 32, Storage.MEMORY),
        (1024, 1, Storage.REGISTER),
        (1025, 1, Storage.MEMORY),
    ],
)
def test_a_fifo_is_a_shift_register_up_to_two_tokens_or_1024_bits(depth, bits, storage):
    for device in (HLS, IDEAL):
        assert device.fifo(depth, bits).storage is storage


@pytest.mark.parametrize(("depth", "delay"), [(2, 1), (32, 1), (33, 2)])
def test_a_memory_fifo_takes_a_cycle_more_to_show_a_token_on_hls_only(depth, delay):
    assert HLS.fifo(depth, 32).read_after_write == delay
    assert IDEAL.fifo(depth, 32).read_after_write == 1
    assert HLS.fifo(depth, 32).write_after_read == IDEAL.fifo(depth, 32).write_after_read == 1


def test_devices_are_found_by_their_names():
    assert device_of("hls") is device_of(HLS) is HLS
    assert device_of("ideal") is IDEAL
    assert all(device.name == name for name, device in DEVICES.items())


def test_the_ideal_device_says_that_it_is_structural():
    assert "structural" in IDEAL.title
