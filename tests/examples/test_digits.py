"""The network of `examples/systolic/digits.py` gives the same scores on the array as in NumPy."""

import io
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from examples.systolic.digit_network import HELD_OUT, held_out_digits, integer_product, train
from examples.systolic.digits import SystolicArray, results, scores, what_shallow_fifos_do

IMAGES = 10


@pytest.fixture(scope="module")
def digits():
    return held_out_digits()


@pytest.fixture(scope="module")
def trained(digits):
    return train(digits)


def quiet():
    return Console(file=io.StringIO())


def test_the_split_is_always_the_same(digits):
    again = held_out_digits()
    assert len(digits.images) == HELD_OUT
    assert np.array_equal(digits.images, again.images)
    assert np.array_equal(digits.labels, again.labels)


def test_quantization_keeps_the_accuracy(digits, trained):
    classifier, network = trained
    right = network.logits(digits.images, integer_product).argmax(axis=1) == digits.labels
    assert right.mean() > 0.95
    assert right.mean() > classifier.score(digits.images.astype(float), digits.labels) - 0.02


def test_every_score_on_the_array_equals_numpy(digits, trained):
    _, network = trained
    images, array = digits.images[:IMAGES], SystolicArray(4, 4, depth=2)
    on_array = scores(network, images, array, quiet())
    assert on_array.dtype == np.int32
    assert np.array_equal(on_array, network.logits(images, integer_product))
    assert array.products == IMAGES * (64 * 32 + 32 * 10)
    assert 0.5 < array.utilisation <= 1


def test_the_results_name_what_was_measured(digits, trained):
    _, network = trained
    array = SystolicArray(4, 4, depth=2)
    logits = network.logits(digits.images[:4], array.product)
    few = replace(digits, images=digits.images[:4], labels=digits.labels[:4])
    told = results(few, logits, logits + 1, 0.5, array)
    assert "logits that differ          40 of 40" in told
    assert "accuracy in floating point  50.0%" in told


def test_the_shallow_channels_deadlock_is_explained_in_two_lines(digits, trained):
    _, network = trained
    told = what_shallow_fifos_do(digits.images, network.hidden_weights)
    assert len(told.splitlines()) == 2
    assert "deadlocks at cycle" in told
    assert "the smallest depths that run" in told
