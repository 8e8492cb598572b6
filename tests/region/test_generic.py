"""Type parameters of regions and kernels."""

import importlib.machinery
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

import spatial as sp

pytestmark = pytest.mark.skipif(sys.version_info < (3, 12), reason="Python 3.12 has type parameters")


PROGRAMS = Path(__file__).parent / "generic_programs.py312"  # no file that older tools would read


@pytest.fixture(scope="module")
def programs():
    loader = importlib.machinery.SourceFileLoader("generic_programs", str(PROGRAMS))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("generic_programs", loader))
    loader.exec_module(module)
    return module


def test_type_parameters_are_extents(programs):
    A, C = np.arange(6, dtype=np.int8).reshape(2, 3), np.arange(4, dtype=np.int8).reshape(4, 1)
    B, D = np.zeros((3, 2), dtype=np.int8), np.zeros((1, 4), dtype=np.int8)
    run = sp.simulate(programs.twice, A, B, C, D)
    assert (A.T == B).all()
    assert (C.T == D).all()
    assert "transposed[1].rows[3]" in run.channels


def test_type_parameters_are_types(programs):
    A, C = np.arange(8, dtype=np.int32).reshape(2, 4), np.arange(10, dtype=np.int8).reshape(2, 5)
    B, D = np.zeros_like(A), np.zeros_like(C)
    sp.simulate(programs.two_types, A, B, C, D)
    assert (A * 2 == B).all()
    assert (C * 2 == D).all()


def test_a_generic_region_is_simulated_with_values(programs):
    A = np.arange(6, dtype=np.int8).reshape(2, 3)
    B = np.zeros((3, 2), dtype=np.int8)
    sp.simulate(programs.transposed[2, 3], A, B)
    assert (A.T == B).all()


def test_type_parameters_need_values(programs):
    with pytest.raises(sp.ProgramError, match=r"`transposed\[M, N\]` is used without values for 2 type parameters"):
        sp.simulate(programs.transposed, np.zeros((2, 3), dtype=np.int8), np.zeros((3, 2), dtype=np.int8))
    with pytest.raises(sp.ProgramError, match="the region `transposed` has 2 type parameters, 1 given"):
        programs.transposed[2]
