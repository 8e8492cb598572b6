"""What makes PEs differ in code, and what is only a number they are given."""

import numpy as np
import pytest

from spatial.meta.fingerprint import fingerprint, kind, plain_number


@pytest.mark.parametrize(("value", "plain"), [(np.int8(3), 3), (np.float32(0.5), 0.5), (np.bool_(True), True), (4, 4)])
def test_numpy_numbers_are_pythons(value, plain):
    assert type(plain_number(value)) is type(plain)
    assert plain_number(value) == plain


def test_numbers_share_code_by_their_kind():
    assert kind(3) == kind(7)
    assert len({kind(3), kind(3.0), kind(True)}) == 3


def test_numbers_too_large_for_an_argument_are_code():
    assert kind(1 << 64) != kind(1 << 65)


def test_arrays_are_told_apart_by_all_they_hold():
    ones = np.ones(2000)
    twos = ones.copy()
    twos[1000] = 2
    assert fingerprint(ones) == fingerprint(ones.copy())
    assert fingerprint(ones) != fingerprint(twos)
    assert fingerprint([ones, 1]) != fingerprint([twos, 1])


def test_values_that_cannot_be_looked_at_are_themselves():
    class Odd:
        def __repr__(self):
            raise ValueError

    odd = Odd()
    assert fingerprint(odd) == fingerprint(odd) != fingerprint(Odd())
