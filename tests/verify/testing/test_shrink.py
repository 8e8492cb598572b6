"""Inputs that tell programs apart are made small."""

import numpy as np
import pytest

import spatial as sp
from spatial.types.tensor import TensorType
from spatial.verify.testing import cases
from spatial.verify.testing.cases import Slot, case_of
from spatial.verify.testing.compare import Ran, apart, compared
from spatial.verify.testing.run import differential
from spatial.verify.testing.shrink import shrunk
from spatial.verify.testing.tested import Difference

X = Slot(name="x", type=TensorType(sp.int32, (100,)))


def trial_of(wrong):
    return lambda case: Difference(inputs=case, output="y") if wrong(case["x"]) else None


def smallest(wrong, start, slots=(X,), most=500, seconds=60.0):
    found, runs = shrunk(Difference(inputs={"x": start}, output="y"), slots, trial_of(wrong), most, seconds)
    return found.inputs["x"], runs


def test_all_but_what_matters_becomes_zero():
    start = np.arange(1000, 1100, dtype=np.int32)
    found, _ = smallest(lambda x: x[17] > 40 and x[60] != 0, start)
    assert {int(at): int(found[at]) for at in np.flatnonzero(found)} == {17: 41, 60: 1}


def test_no_more_runs_are_made_than_allowed():
    start = np.arange(1000, 1100, dtype=np.int32)
    found, runs = smallest(lambda x: x[17] > 40, start, most=7)
    assert runs == 7
    assert found[17] > 40


def test_what_was_found_stays_where_there_is_no_more_time():
    start = np.arange(1000, 1100, dtype=np.int32)
    found, runs = smallest(lambda x: x[17] > 40, start, seconds=0)
    assert runs == 0
    assert np.array_equal(found, start)


def test_what_the_user_gives_is_not_changed():
    start = np.full(100, 7, np.int32)
    fixed = Slot(name="x", type=X.type, draw=lambda generator: start)
    found, runs = smallest(lambda x: True, start, slots=(fixed,))
    assert runs == 0
    assert np.array_equal(found, start)


@pytest.mark.parametrize(
    ("dtype", "start", "wrong", "least"),
    [
        (sp.float32, -1234.5, lambda x: x != 0, 1.0),
        (sp.float32, 1234.5, lambda x: x > 3.2, 4.0),
        (sp.float32, np.nan, lambda x: np.isnan(x), np.nan),
        (sp.int8, -128, lambda x: x < -5, -6),
        (sp.int8, -128, lambda x: abs(int(x)) > 5, 6),
        (sp.uint8, 255, lambda x: x % 2 == 1, 1),
    ],
    ids=("whole", "above", "nan", "below", "beyond", "odd"),
)
def test_elements_become_as_simple_as_can_be(dtype, start, wrong, least):
    slot = Slot(name="x", type=TensorType(dtype, (1,)))
    found, _ = smallest(lambda x: bool(wrong(x[0])), np.array([start], sp.numpy_dtype(dtype)), slots=(slot,))
    assert found[0] == least or (np.isnan(found[0]) and np.isnan(least))


def test_the_same_seed_gives_the_same_inputs_and_another_one_others():
    one, again, other = (case_of([X], 5, seed)["x"] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_the_first_inputs_are_zeros_and_ones():
    assert not case_of([X], 0, 1)["x"].any()
    assert (case_of([X], 1, 1)["x"] == 1).all()


def test_giving_one_input_leaves_the_others_as_they_are():
    y = Slot(name="y", type=X.type)
    fixed = Slot(name="y", type=X.type, given=np.zeros(100, np.int32))
    for number in range(8):
        assert np.array_equal(case_of([X, y], number, 1)["x"], case_of([X, fixed], number, 1)["x"])


def test_zeros_of_two_signs_differ_and_all_nans_are_one():
    zeros, nans = np.array([0.0, 1.0]), np.array([np.nan, 1.0])
    assert apart(zeros, -zeros).tolist() == [True, True]
    assert apart(nans, nans.copy()).tolist() == [False, False]


@pytest.mark.parametrize("fields", [[("a", "i4"), ("b", "f4")]])
def test_structs_differ_where_a_field_does(fields):
    one = np.zeros(3, fields)
    other = one.copy()
    other["b"][1] = 1
    assert apart(one, other).tolist() == [False, True, False]


def test_a_run_that_fails_differs_from_one_that_finishes_but_not_from_another_that_fails():
    done, failed = Ran(outputs={"y": np.zeros(1)}), Ran(outputs={}, end="a deadlock")
    assert compared(done, failed, {}).ends == ("", "a deadlock")
    assert compared(failed, failed, {}) is None
    assert compared(done, Ran(outputs={}, end="stopped", late=True), {}) is None


def test_time_ends_a_test():
    ran = Ran(outputs={"y": np.zeros(1)})
    found = differential(("a", "b"), (lambda case: ran, lambda case: ran), [X], samples=50, seed=1, seconds=0)
    assert found
    assert (found.samples, found.asked) == (1, 50)
    assert "49 there was no time for" in str(found)


@pytest.mark.parametrize(("seconds", "left"), [(0, 100), (60, 1)])
def test_what_a_test_finds_is_made_small_while_there_is_time(seconds, left, monkeypatch):
    monkeypatch.setattr(cases, "FIRST", ("ones",))
    runs = tuple(lambda case, value=value: Ran(outputs={"y": value * case["x"]}) for value in (1, 2))
    found = differential(("a", "b"), runs, [X], samples=1, seed=1, seconds=seconds)
    assert np.count_nonzero(found.difference.inputs["x"]) == left
