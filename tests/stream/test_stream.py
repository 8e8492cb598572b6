"""Streams as the user declares and indexes them."""

import pytest

from spatial import Stream, array, bool_, float32, pipe
from spatial.source.errors import ProgramError
from spatial.stream.errors import ChannelIndexError


def test_both_forms_of_declaring_mean_the_same():
    assert array(pipe(dtype=float32, depth=4), shape=(2, 3)).type == Stream[float32, 4][2, 3]
    assert pipe(dtype=float32).type == Stream[float32]
    assert Stream[bool].element == bool_


def test_a_channel_is_equal_to_itself_only():
    first, second = array(pipe(dtype=float32), shape=4), array(pipe(dtype=float32), shape=4)
    assert first[1] == first[1]
    assert first[1] != first[2]
    assert first[1] != second[1]


def test_a_stream_is_called_like_its_variable():
    fifo = array(pipe(dtype=float32), shape=4)
    assert str(fifo[1]) == "fifo[1]"


@pytest.mark.parametrize("index", [4, -1, (0, 0), 0.5, "x"])
def test_an_index_outside_names_no_channel(index):
    with pytest.raises(ChannelIndexError):
        array(pipe(dtype=float32), shape=4)[index]


@pytest.mark.parametrize("depth", [0, -1, 2.0, True, None])
def test_a_depth_is_a_positive_integer(depth):
    with pytest.raises(ProgramError, match="a stream's depth is an integer of at least 1"):
        pipe(dtype=float32, depth=depth)


def test_channels_are_used_inside_kernels_only():
    fifo = array(pipe(dtype=float32), shape=4)
    for use in (fifo.get, fifo[0].get, lambda: fifo.put(1), lambda: fifo[0].put(1)):
        with pytest.raises(ProgramError, match="has a meaning only inside a kernel"):
            use()
