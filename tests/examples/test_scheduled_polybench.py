"""The scheduled kernels of PolyBench compute what NumPy does, in few lines, near the peak of their operators."""

import numpy as np
import pytest

import spatial as sp
from examples.polybench.scheduled.__main__ import measure, row
from examples.polybench.scheduled.kernels import KERNELS, lines_of, scheduled
from tests.docs.test_polybench import PAGE

LINES, PEAK = 12, 0.95
SIZES = {
    "gemm": (6, 40, 7),
    "2mm": (5, 38, 6, 40),
    "3mm": (5, 38, 6, 42, 7),
    "atax": (78, 82),
    "bicg": (82, 78),
    "mvt": (80,),
    "gesummv": (50,),
    "symm": (12, 20),
    "syrk": (6, 40),
    "syr2k": (6, 40),
    "trmm": (12, 120),
    "correlation": (40, 9),
    "jacobi-2d": (30, 3),
}


def gemm(A, B, C):
    return {"C": 0.5 * A @ B + 0.1 * C}


def two(A, B, C, D):
    return {"D": 0.5 * A @ B @ C + 0.1 * D}


def three(A, B, C, D, G):
    return {"G": A @ B @ (C @ D)}


def atax(A, x, y):
    return {"y": (A @ x) @ A}


def bicg(A, r, p, s, q):
    return {"s": r @ A, "q": A @ p}


def mvt(A, y1, y2, x1, x2):
    return {"x1": x1 + A @ y1, "x2": x2 + y2 @ A}


def gesummv(A, B, x, y):
    return {"y": 1.5 * A @ x + 1.2 * B @ x}


def symm(A, B, C):
    whole = np.tril(A) + np.tril(A, -1).T
    return {"C": 1.5 * whole @ B + 1.2 * C}


def syrk(A, C):
    return {"C": np.tril(1.5 * A @ A.T + 1.2 * C) + np.triu(C, 1)}


def syr2k(A, B, C):
    return {"C": np.tril(1.5 * (A @ B.T + B @ A.T) + 1.2 * C) + np.triu(C, 1)}


def trmm(A, B):
    return {"B": 1.5 * (np.tril(A, -1).T + np.eye(len(A))) @ B}


def correlation(data, corr):
    return {"corr": np.corrcoef(data.T)}


def jacobi(A, B):
    A, B = A.copy(), B.copy()
    for _ in range(SIZES["jacobi-2d"][1]):
        for source, target in ((A, B), (B, A)):
            inside = source[1:-1, 1:-1] + source[1:-1, :-2] + source[1:-1, 2:] + source[2:, 1:-1] + source[:-2, 1:-1]
            target[1:-1, 1:-1] = 0.2 * inside
    return {"A": A, "B": B}


REFERENCES = {
    "gemm": gemm,
    "2mm": two,
    "3mm": three,
    "atax": atax,
    "bicg": bicg,
    "mvt": mvt,
    "gesummv": gesummv,
    "symm": symm,
    "syrk": syrk,
    "syr2k": syr2k,
    "trmm": trmm,
    "correlation": correlation,
    "jacobi-2d": jacobi,
}


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_scheduled_kernel_computes_what_numpy_does(kernel):
    s = scheduled(kernel, *SIZES[kernel])
    random_ = np.random.default_rng(0)
    function = s.program.graph.actors[0]
    names = list(function.arrays)
    shapes = [s.program.graph.memory_types[name].shape for name in names]
    arrays = {name: random_.random(shape, np.float32) + 0.5 for name, shape in zip(names, shapes, strict=True)}
    wide = {name: array.astype(np.float64) for name, array in arrays.items()}
    expected = REFERENCES[kernel](**wide)
    sp.simulate(s, **arrays)
    for name, value in expected.items():
        np.testing.assert_allclose(arrays[name], value, rtol=2e-4, atol=1e-5)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_schedule_has_at_most_twelve_lines(kernel):
    assert lines_of(kernel) <= LINES


def shown():
    """The rows of the page by kernel: lines, adders, DSPs, cycles, cycles that the adders need."""
    text = PAGE.read_text(encoding="utf-8")
    lines = [line for line in text[text.index("## With schedules") :].splitlines() if line.startswith("| ")][1:]
    return {line.split("|")[1].strip(): line for line in lines}


def test_the_page_shows_every_kernel_near_its_peak():
    assert list(shown()) == list(KERNELS)
    for kernel, line in shown().items():
        lines, adders, _, cycles, ideal = (int(cell.replace(",", "")) for cell in line.split("|")[2:7])
        assert lines == lines_of(kernel)
        assert ideal == round(KERNELS[kernel].additions(*KERNELS[kernel].sizes) / adders)
        assert ideal / cycles >= PEAK, kernel


@pytest.mark.parametrize("kernel", ["gemm", "gesummv", "mvt", "symm"])
def test_the_page_shows_what_is_predicted(kernel):
    assert shown()[kernel] == row(kernel, measure(kernel))
