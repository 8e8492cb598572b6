"""The three forms of the multi-layer perceptron compute what NumPy does, to the bit."""

import numpy as np
import pytest

import spatial as sp
from examples.mlp.__main__ import FORMS, PRODUCTS, Measured, main, measure, values
from examples.mlp.network import BATCH, WIDTHS, draw, run


@pytest.mark.parametrize("form", FORMS)
def test_it_computes_the_same_bits(form):
    program = FORMS[form]()
    found, expected = values(program, 1)
    np.testing.assert_array_equal(found, expected)
    simulated = np.zeros((BATCH, WIDTHS[-1]), np.int8)
    sp.simulate(program, *draw(1), simulated)
    np.testing.assert_array_equal(simulated, found)


@pytest.mark.parametrize("form", ["temporal", "spatial", "mixed"])
def test_the_emitted_forms_compute_the_same_bits(form):
    given = draw(2)
    found = np.zeros((BATCH, WIDTHS[-1]), np.int8)
    sp.build(FORMS[form](), target="hls", mode="csim", device="xcu280@300")(*given, found)
    np.testing.assert_array_equal(found, run(*given))


def test_samples_differ_and_are_clipped_at_both_ends():
    results = run(*draw())
    assert len(np.unique(results, axis=0)) == BATCH
    assert results.min() == -128
    assert results.max() == 127


def test_a_form_with_more_lanes_takes_fewer_cycles():
    plain, temporal, spatial, mixed = (measure(make()) for make in FORMS.values())
    assert plain.cycles > PRODUCTS
    assert PRODUCTS / 16 < mixed.cycles < 1.3 * PRODUCTS / 16
    assert PRODUCTS / 8 < temporal.cycles < 1.3 * PRODUCTS / 8
    assert BATCH * WIDTHS[0] < spatial.cycles < 1.7 * BATCH * WIDTHS[0]
    assert plain.lut < temporal.lut < spatial.lut


def test_the_table_has_a_row_for_each_form(capsys, monkeypatch):
    stub = Measured(cycles=1000, dsp=1, lut=2, ff=3, bram18=4)
    monkeypatch.setattr("examples.mlp.__main__.measure", lambda program: stub)
    monkeypatch.setattr("examples.mlp.__main__.values", lambda program: (0, 0))
    main()
    _, _, *rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == list(FORMS)
    assert rows[0].split()[1:] == ["1000", "57.3", "1", "2", "3", "4"]
