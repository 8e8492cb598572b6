"""Softmax, layer norm, GELU and attention compute the bits of their references, and keep their lanes busy."""

import numpy as np
import pytest

import spatial as sp
from spatial import float32, float64
from spatial.nn import reference
from spatial.nn.ops import attention, gelu, layer_norm, softmax
from tests.nn.agreement import agree, agree_in_c, cycles_of, real


def test_softmax_of_rows():
    X = real(4, 6) * 10
    agree(softmax(4, 6), [X], reference.softmax(X))
    np.testing.assert_allclose(reference.softmax(X).sum(axis=1), 1, rtol=1e-6)
    single = np.zeros((4, 6), np.float32)
    sp.simulate(softmax(4, 6, lanes=2).schedule, X, single)
    np.testing.assert_array_equal(single, reference.softmax(X))


def test_softmax_in_float64():
    X = real(2, 3).astype(np.float64)
    found = np.zeros((2, 3))
    sp.build(softmax(2, 3, float64).schedule)(X, found)
    np.testing.assert_allclose(found, reference.softmax(X), rtol=1e-15)


@pytest.mark.parametrize("options", [{}, {"lanes": 3}, {"eps": 0.5}])
def test_layer_norm_of_rows(options):
    X, gamma, beta = real(6, 5), real(5), real(5)
    expected = reference.layer_norm(X, gamma, beta, options.get("eps", 1e-5))
    agree(layer_norm(6, 5, **options), [X, gamma, beta], expected)


def test_layer_norm_takes_mean_and_variance_away():
    X = real(6, 50) * 3 + 7
    Y = reference.layer_norm(X, np.ones(50, np.float32), np.zeros(50, np.float32))
    np.testing.assert_allclose(Y.mean(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(Y.std(axis=1), 1, rtol=1e-5)


def test_gelu_of_elements():
    X = real(3, 4) * 3
    agree(gelu(3, 4), [X], reference.gelu(X))
    two = np.zeros((3, 4), np.float32)
    sp.build(gelu(3, 4, lanes=2).schedule)(X, two)
    np.testing.assert_array_equal(two, reference.gelu(X))


@pytest.mark.parametrize(("heads", "options"), [(2, {"lanes": 1}), (2, {"causal": True})])
def test_attention_in_heads(heads, options):
    Q, K, V = real(4, 6), real(4, 6), real(4, 6)
    causal = options.get("causal", False)
    agree(attention(4, 6, heads, **options), [Q, K, V], reference.attention(Q, K, V, heads, causal=causal))


def test_the_reference_of_attention_is_attention():
    Q, K, V = real(5, 4), real(5, 4), real(5, 4)
    weights = np.exp(Q.astype(float) @ K.T / 2) * np.tri(5)
    expected = weights @ V / weights.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(reference.attention(Q, K, V, causal=True), expected, rtol=1e-5)


@pytest.mark.parametrize("make", [softmax, gelu])
def test_the_emitted_functions_compute_the_same_bits(make):
    X = real(3, 4)
    agree_in_c(make(3, 4), [X], getattr(reference, make.__name__)(X))


def test_emitted_attention_and_layer_norm_compute_the_same_bits():
    Q, K, V = real(4, 4), real(4, 4), real(4, 4)
    agree_in_c(attention(4, 4, 2), [Q, K, V], reference.attention(Q, K, V, 2))
    agree_in_c(layer_norm(4, 4), [Q, K[0], V[0]], reference.layer_norm(Q, K[0], V[0]))


@pytest.mark.parametrize(
    ("operator", "least"),
    [
        (softmax(64, 64, float32), 0.97),
        (softmax(64, 64, lanes=4), 0.9),
        (layer_norm(32, 64, lanes=2), 0.88),
        (gelu(64, 64), 0.84),
        (attention(16, 64, 4), 0.9),
    ],
    ids=["softmax", "softmax, 4 lanes", "layer norm", "gelu", "attention"],
)
def test_lanes_are_busy(operator, least):
    before, after = cycles_of(operator)
    assert least < operator.peak(after) <= 1
    assert after <= before
