"""Options that are wrong are told, in every mode."""

import re

import pytest

import spatial as sp
from spatial import float32, int32


def some(X: float32[4], n: int32, Y: float32[4]) -> None:
    for i in range(n):
        Y[i] = X[i]


def doubled(X: float32[4], n: int32, Y: float32[4]) -> None:
    for i in range(n):
        Y[i] = X[i] + X[i]


def one(x: int32[1], y: int32[1]) -> None:
    y[0] = x[0]


@pytest.mark.parametrize("mode", ["exact", "ring", "test"])
@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("seed", -1, "`seed` is an integer of at least 0, not `-1`"),
        ("seed", "a", "`seed` is an integer of at least 0, not `'a'`"),
        ("inputs", [4], "`inputs` is a dictionary, not a `list`"),
        ("inputs", {"n": "4"}, "`n` is declared as `int32`: a value of type `str` is no number"),
        ("inputs", {"n": 1 << 40}, "`n` is declared as `int32`: `1099511627776` does not fit `int32`"),
        ("inputs", {"X": [1, 2, 3]}, "`X` is declared as `float32[4]`, the array given has the shape [3]"),
    ],
)
def test_options_have_their_limits(mode, option, value, told):
    with pytest.raises(sp.ProgramError, match=re.escape(told)):
        sp.verify(some, some, mode=mode, **{option: value})


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"mode": "fast"}, 'write `mode="exact"`, `mode="ring"`, or `mode="test"`'),
        ({"inputs": {"n": lambda generator: 4}}, "nobody draws `n`"),
        ({"tokens": 3}, "`tokens` says how many go into streams: `some` is given none"),
        ({"lemmas": sp.lemma(one, one)}, "`lemmas` is a list of lemmas, not a `Lemma`"),
    ],
)
def test_what_a_proof_does_not_take_is_told(options, told):
    with pytest.raises(sp.ProgramError, match=re.escape(told)):
        sp.verify(some, some, **options)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"X": lambda: 4}, "the function that draws `X` fails: <lambda>() takes 0 positional arguments"),
        ({"X": lambda generator: generator.integers(0, 3, 7)}, "the array given has the shape [7]"),
        ({4: 4}, "`some` is given no `4`"),
    ],
)
def test_functions_that_draw_nothing_good_are_told(inputs, told):
    with pytest.raises(sp.ProgramError, match=re.escape(told)):
        sp.verify(some, some, mode="test", inputs=inputs)


def test_a_number_for_all_elements_is_rounded_to_their_type():
    assert sp.verify(some, some, inputs={"n": 4, "X": 0.1})


def test_a_difference_that_nobody_has_looked_into_has_the_line_of_the_second_program():
    found = str(sp.verify(some, doubled, inputs={"n": 4}, explain=False))
    assert "test_options.py:16" in found
    assert "<unknown>" not in found


def test_a_single_cell_is_told_as_such():
    assert "are equal in the only cell (exact" in str(sp.verify(one, one))
