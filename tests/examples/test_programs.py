"""Every example runs by itself and says that it agrees with NumPy."""

import importlib

import pytest


@pytest.mark.parametrize("name", ["output_stationary", "weight_stationary", "tiled", "row_by_row"])
def test_an_example_runs_and_agrees_with_numpy(name, capsys):
    importlib.import_module(f"examples.systolic.{name}").main()
    told = capsys.readouterr().out
    assert "gemm on ideal (structural): finished after" in told
    assert told.endswith("C equals A @ B in NumPy\n")
