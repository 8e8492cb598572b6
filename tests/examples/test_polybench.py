"""The PolyBench kernels compute what NumPy does, and are as fast as the best published designs with as many DSPs."""

import numpy as np
import pytest

import spatial as sp
from examples.polybench.__main__ import Measured, main, measure, published, rival
from examples.polybench.atax import atax
from examples.polybench.designs import DESIGNS, SIZES, region_of
from examples.polybench.gemm import gemm
from examples.polybench.gesummv import gesummv
from examples.polybench.one_lane import (
    atax_alone,
    bicg_alone,
    gemm_alone,
    gesummv_alone,
    mvt_alone,
    two_products_alone,
)
from examples.polybench.three_products import three_products
from examples.polybench.two_products import two_products
from examples.polybench.vectors import bicg, mvt

DEVICE = sp.fpga("xcu280", mhz=1000 / 3.33)
RANDOM = np.random.default_rng(seed=0)


def numbers(*shape):
    return RANDOM.random(shape, dtype=np.float32)


def filled(region, arrays):
    """Copies of arrays with zeros behind their ends, as the region takes them."""
    shapes = [declared.shape for declared in region.function.__annotations__.values()]
    ends = [
        [(0, want - have) for want, have in zip(s, a.shape, strict=True)] for s, a in zip(shapes, arrays, strict=True)
    ]
    return [np.pad(array, end) for array, end in zip(arrays, ends, strict=True)]


def agree(region, arrays, *expected):
    """Runs a region whose last arrays are its outputs."""
    given = filled(region, arrays)
    sp.simulate(region, *given, engine="simpy")
    for found, wanted in zip(given[-len(expected) :], expected, strict=True):
        np.testing.assert_allclose(found[tuple(map(slice, wanted.shape))], wanted, rtol=1e-5)


@pytest.mark.parametrize("region", [gemm(6, 4, 7, 2, 4), gemm(6, 4, 7, 3, 7), gemm(6, 4, 7, 1, 1), gemm_alone(6, 4, 7)])
def test_gemm_agrees_with_numpy(region):
    A, B, C = numbers(6, 7), numbers(7, 4), numbers(6, 4)
    agree(region, (A, B, C), 0.5 * (A @ B) + 0.1 * C)


@pytest.mark.parametrize("region", [two_products(4, 5, 6, 3, 2, 4, 2), two_products_alone(4, 5, 6, 3)])
def test_2mm_agrees_with_numpy(region):
    A, B, C, D = numbers(4, 6), numbers(6, 5), numbers(5, 3), numbers(4, 3)
    agree(region, (A, B, C, D), 0.5 * (A @ B @ C) + 0.1 * D)


@pytest.mark.parametrize("PEs", [2, 3, 7])
def test_3mm_agrees_with_numpy(PEs):
    A, B, C, D, G = numbers(3, 4), numbers(4, 6), numbers(6, 5), numbers(5, 7), numbers(3, 7)
    agree(three_products(3, 6, 4, 7, 5, PEs, 2), (A, B, C, D, G), A @ B @ C @ D)


@pytest.mark.parametrize("region", [atax(12, 6, 2, 3, 4, 2), atax(12, 6, 1, 1, 1, 1), atax_alone(12, 6)])
def test_atax_agrees_with_numpy(region):
    A, x, y = numbers(12, 6), numbers(6), numbers(6)
    agree(region, (A, x, y), (A @ x) @ A)


@pytest.mark.parametrize("region", [bicg(6, 8, (3, 3), (2, 6)), bicg_alone(6, 8)])
def test_bicg_agrees_with_numpy(region):
    A1, A2, r, p, s, q = numbers(6, 8), numbers(6, 8), numbers(6), numbers(8), numbers(8), numbers(6)
    agree(region, (A1, A2, r, p, s, q), r @ A1, A2 @ p)


@pytest.mark.parametrize("region", [gesummv(6, 3, 4), gesummv(6, 4, 3), gesummv_alone(6)])
def test_gesummv_agrees_with_numpy(region):
    A, B, x, y = numbers(6, 6), numbers(6, 6), numbers(6), numbers(6)
    agree(region, (A, B, x, y), 1.5 * (A @ x) + 1.2 * (B @ x))


@pytest.mark.parametrize("region", [mvt(6, 3, 4), mvt(6, 1, 6), mvt_alone(6)])
def test_mvt_agrees_with_numpy(region):
    A1, A2, y1, y2, x1, x2 = numbers(6, 6), numbers(6, 6), numbers(6), numbers(6), numbers(6), numbers(6)
    agree(region, (A1, A2, y1, y2, x1, x2), A1 @ y1, y2 @ A2)


@pytest.mark.parametrize(
    ("kernel", "choice", "framework"),
    [
        ("2mm", (), "Vitis"),
        ("atax", (6, 5, 2, 2), "ScaleHLS"),
        ("bicg", (), "Vitis"),
        ("gesummv", (10, 1), "POM"),
        ("mvt", (1, 4), "POM"),
    ],
)
def test_a_published_design_is_not_faster_at_as_many_dsps(kernel, choice, framework):
    theirs = next(design for design in published(kernel) if design.framework == framework)
    ours = measure(kernel, choice)
    assert ours.dsp <= 1.1 * theirs.dsp
    assert ours.cycles <= theirs.cycles
    assert ours.peak > 0.4


def test_adders_of_tables_leave_three_dsps_for_a_product_and_its_sum():
    theirs = next(design for design in published("gemm") if design.framework == "Allo")
    ours = measure("gemm", (1, 60), fabric=True)
    assert 3 * 60 <= ours.dsp <= 1.1 * theirs.dsp
    assert ours.cycles <= theirs.cycles
    assert ours.told.split() == ["(1,", "60)", "fabric"]


def test_a_chain_takes_its_products_a_tree_and_a_hop_for_each_pe():
    """A block reaches the first PE one cycle late, each of the others one later."""
    rows, N, steps, PEs, lanes = 10, 22, 3, 2, 8
    region = gemm(PEs * rows, N, lanes * steps, PEs, lanes)
    run = sp.simulate(region, device=DEVICE, engine="simpy", values=False)
    found = sp.report(region, device=DEVICE)
    latency = max(loop.latency for loop in found.loops if loop.kernel == "pe")
    assert all(loop.ii == 1 for loop in found.loops)
    assert run.cycles == steps * N * rows + latency + PEs
    assert found.resources.kernels["pe"].dsp == PEs * (5 * lanes + 8 + 3)


@pytest.mark.parametrize(
    ("region", "shapes"),
    [
        (gemm(6, 4, 7, 2, 4), [(6, 7), (7, 4), (6, 4)]),
        (atax(12, 6, 2, 3, 4, 2), [(12, 6), (6,), (6,)]),
        (three_products(3, 6, 4, 7, 5, 3, 2), [(3, 4), (4, 6), (6, 5), (5, 7), (3, 7)]),
    ],
)
def test_the_emitted_designs_compute_the_same_bits(region, shapes):
    arrays = filled(region, [numbers(*shape) for shape in shapes])
    expected = [array.copy() for array in arrays]
    sp.simulate(region, *expected, engine="simpy")
    sp.build(region, target="hls", mode="csim", device=DEVICE)(*arrays)
    for found, wanted in zip(arrays, expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_the_sizes_are_those_of_the_plain_loops_that_were_published():
    """Vitis without directives takes a cycle for each product of gemm, and 8 where an adder is waited for."""
    products = {
        "gemm": 200 * 220 * 240,
        "2mm": 8 * (180 * 190 * 210 + 180 * 220 * 190),
        "bicg": 8 * 410 * 390,
        "gesummv": 8 * 250 * 250,
        "mvt": 2 * 8 * 400 * 400,
    }
    for kernel, cycles in products.items():
        plain = next(design for design in published(kernel) if design.framework == "Vitis")
        assert plain.cycles == pytest.approx(cycles, rel=0.005), kernel


def test_a_published_design_is_compared_with_the_fastest_of_ours_that_is_as_small():
    design = published("gemm")[0]
    sizes = {9.0: 100, 1.1: 70, 1.05: 80, 0.5: 90}
    ours = [
        Measured(choice=(), cycles=cycles, dsp=int(times * design.dsp), peak=1.0) for times, cycles in sizes.items()
    ]
    assert rival(design, ours).cycles == 70
    assert rival(design, ours[:1]) is None


def test_the_table_has_a_row_for_each_published_design(capsys, monkeypatch):
    stub = Measured(choice=(1, 1), cycles=1000, dsp=8, peak=0.5)
    monkeypatch.setattr("examples.polybench.__main__.measure", lambda kernel, choice, fabric=False: stub)
    main(["gemm"])
    _, *rows = capsys.readouterr().out.splitlines()
    assert len(rows) == len(published("gemm")) == 9
    assert rows[0].split()[:4] == ["gemm", "Opt5_9024", "8304", "7100"]
    assert rows[0].endswith("50.0%  (1, 1) x7.10")


def test_a_published_design_that_is_smaller_than_all_of_ours_stands_alone(capsys, monkeypatch):
    stub = Measured(choice=(), cycles=1000, dsp=11, peak=0.5)
    monkeypatch.setattr("examples.polybench.__main__.measure", lambda kernel, choice, fabric=False: stub)
    main(["gemm"])
    assert capsys.readouterr().out.splitlines()[-1].split()[1:] == ["Vitis", "9", "10609802", "none", "as", "small"]


@pytest.mark.parametrize("kernel", DESIGNS)
def test_designs_cut_rows_and_columns_evenly(kernel):
    assert len(SIZES[kernel]) >= 1
    for choice in DESIGNS[kernel]:
        assert region_of(kernel, choice) is not None
