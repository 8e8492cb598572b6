"""The transformer block computes what NumPy does, to the bit, with and without its schedule."""

import math

import numpy as np
import pytest

import spatial as sp
from examples.transformer.__main__ import cycles, main, values
from examples.transformer.block import block, composed, operators
from examples.transformer.model import HEADS, TOKENS, WIDTH, draw, product, quantized, run


def test_the_block_computes_the_same_bits_with_a_sixth_of_the_cycles():
    scheduled = composed()
    for program in (block, scheduled):
        found, expected = values(program)
        np.testing.assert_array_equal(found, expected, strict=True)
    given = draw(1)
    run_ = sp.simulate(scheduled, *given, found)
    np.testing.assert_array_equal(found, run(*given), strict=True)
    assert run_.cycles < sp.simulate(block, values=False, engine="simpy").cycles / 5
    assert cycles(scheduled) < cycles(block) / 6


@pytest.mark.parametrize("products", [{}, {"pes": (4, 4)}], ids=["temporal", "mixed"])
def test_the_emitted_block_computes_the_same_bits(products):
    given = draw(2)
    found = np.zeros((TOKENS, WIDTH), np.float32)
    sp.build(composed(**products), target="hls", mode="csim", device="xcu280@300")(*given, found)
    np.testing.assert_array_equal(found, run(*given), strict=True)


def test_operators_keep_their_lanes_busy():
    for name, each in operators().items():
        assert each.peak(cycles(each.schedule)) > 0.85, name


def test_the_reference_is_near_a_block_in_float64():
    X, gamma1, beta1, Wq, Wk, Wv, Wo, gamma2, beta2, W1, W2 = (each.astype(float) for each in draw())

    def normal(X, gamma, beta):
        return (X - X.mean(1, keepdims=True)) / np.sqrt(X.var(1, keepdims=True) + 1e-5) * gamma + beta

    def heads(X):
        return X.reshape(TOKENS, HEADS, -1).transpose(1, 0, 2)

    inner = normal(X, gamma1, beta1)
    Q, K, V = (heads(inner @ W / 256) for W in (Wq, Wk, Wv))
    powers = np.exp(Q @ K.transpose(0, 2, 1) / np.sqrt(WIDTH // HEADS))
    seen = (powers / powers.sum(2, keepdims=True)) @ V
    X = X + seen.transpose(1, 0, 2).reshape(TOKENS, WIDTH) @ Wo / 256
    hidden = normal(X, gamma2, beta2) @ W1 / 256
    hidden = hidden * (1 + np.vectorize(math.erf)(hidden / 2**0.5)) / 2
    expected = X + hidden @ W2 / 256
    assert np.abs(run(*draw()) - expected).max() < 0.15


def test_numbers_are_rounded_to_the_nearest_step_and_clipped():
    X = np.array([[0.0, 1 / 64, -1 / 64, 1.0, 100.0, -100.0]], np.float32)
    assert quantized(X).tolist() == [[0, 1, -1, 32, 127, -128]]
    assert product(np.ones((1, 1), np.float32), np.array([[64]], np.int8)).tolist() == [[0.25]]


def test_the_table_has_a_row_for_each_operator(capsys, monkeypatch):
    monkeypatch.setattr("examples.transformer.__main__.cycles", lambda program: 16384)
    monkeypatch.setattr("examples.transformer.__main__.values", lambda program: (0, 0))
    monkeypatch.setattr("examples.transformer.__main__.composed", lambda: block)
    main()
    _, _, *rows, whole, parts = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == list(operators())
    assert rows[1].split()[-2:] == ["8", "50.0%"]
    assert whole.startswith("block")
    assert "DSP" in parts


def test_products_on_systolic_arrays_take_half_the_cycles_of_eight_lanes():
    eight = [cycles(each.schedule) for each in operators().values()]
    arrays = [cycles(each.schedule) for each in operators(pes=(4, 4)).values()]
    assert [round(here / there, 1) for here, there in zip(arrays, eight, strict=True)] == [1, 0.5, 1, 0.5, 1, 0.5]
