"""Arrays that the engines share with NumPy read as the engine's values do."""

import numpy as np
import pytest

from spatial import Int, bfloat16, bool_, float32, float64, int8, int32, uint8, uint64
from spatial.sim.numbers import Numbers, is_plain, numbers_of
from spatial.types.values import numpy_dtype


@pytest.mark.parametrize("dtype", [int8, uint8, int32, uint64, float32, float64])
def test_plain_types_are_read_in_place_and_given_back_in_place(dtype):
    given = np.array([[0, 1, 2], [100, 3, 127]]).astype(numpy_dtype(dtype))
    numbers = numbers_of(given, dtype)
    assert list(numbers) == given.ravel().tolist()
    assert len(numbers) == 6
    assert np.shares_memory(numbers.array, given)
    assert not np.shares_memory(numbers.copied().array, given)
    back = numbers.shaped(dtype, given.shape)
    assert back.dtype == given.dtype
    assert np.array_equal(back, given)
    assert np.shares_memory(back, given)


def test_a_nan_is_given_back_with_its_only_bits_in_memory_apart():
    given = np.array([1, 0xFF800001], np.uint32).view(np.float32)
    back = numbers_of(given, float32).shaped(float32, (2, 1))
    assert back.view(np.uint32).tolist() == [[1], [0x7FC00000]]
    assert given.view(np.uint32).tolist() == [1, 0xFF800001]


def test_integers_read_as_twos_complement_and_as_numbers_of_python():
    numbers = numbers_of(np.array([255, 1], np.uint8), uint8)
    assert numbers[0] == -1
    assert numbers[:1] == [-1]
    assert type(numbers[0]) is type(next(iter(numbers))) is int
    assert np.array(numbers, np.int64).tolist() == [-1, 1]


@pytest.mark.parametrize("dtype", [Int(12), bfloat16, bool_])
def test_other_types_are_converted(dtype):
    assert not is_plain(dtype)
    assert numbers_of(np.zeros(2, numpy_dtype(dtype)), dtype) is None


def test_other_elements_and_other_orders_are_not_read_in_place():
    given = np.arange(6, dtype=np.int32).reshape(2, 3)
    assert numbers_of(given.astype(np.int64), int32) is None
    turned = numbers_of(given.T, int32)
    assert isinstance(turned, Numbers)
    assert list(turned) == [0, 3, 1, 4, 2, 5]
