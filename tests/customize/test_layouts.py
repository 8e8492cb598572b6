"""Arrays are cut into the banks that their accesses need, alike wherever they are given."""

from pathlib import Path

import numpy as np
import pytest

import spatial as sp
from examples.systolic.output_stationary import output_stationary
from spatial import int8, int32

HOME = Path(__file__).parents[2]
DEVICE = "xcu280@300"


def products(A: int8[16, 32], B: int8[32, 16], C: int32[16, 16]):
    total: int32[16, 16] = 0
    for k in range(32):
        for i in range(16):
            for j in range(16):
                total[i, j] += A[i, k] * B[k, j]
    for i in range(16):
        for j in range(16):
            C[i, j] = total[i, j]


def arrays(*shapes):
    choose = np.random.default_rng(0)
    return [choose.integers(-9, 9, shape).astype(dtype) for shape, dtype in shapes]


def intervals(schedule):
    return [loop.ii for loop in sp.report(schedule, device=DEVICE).loops if loop.ii]


def sums(A: int32[64], Y: int32[16]):
    for k in range(16):
        Y[k] = A[4 * k] + A[4 * k + 1] + A[4 * k + 2] + A[4 * k + 3]


def test_the_module_says_how_arrays_are_cut(golden):
    s = sp.customize(sums)
    before = str(s.module)
    s.infer_layouts()
    golden(f"// before\n{before}\n// after\n{s.module}\n", "infer_layouts.mlir")


def test_an_unrolled_loop_begins_every_cycle_with_the_layouts_that_are_inferred():
    s = sp.customize(products)
    s.unroll("j", 8)
    assert max(intervals(s)) > 1
    s.infer_layouts()
    assert intervals(s) == [1, 1, 1]
    assert str(s.layouts["products:total"].need) == "[whole, cyclic(8)]"
    assert str(s.layouts["B"].given) == "[whole, cyclic(4)]"
    A, B = arrays(((16, 32), np.int8), ((32, 16), np.int8))
    C = np.zeros((16, 16), np.int32)
    sp.simulate(s, A, B, C, device=DEVICE)
    assert (C == A.astype(np.int32) @ B.astype(np.int32)).all()


def test_pes_find_their_parts_in_banks_of_their_own():
    s = sp.customize(output_stationary(4, 4, 8, int8, int32))
    needs = {row.name: str(row.need) for row in s.layouts.rows}
    assert needs == {"A": "[complete, whole]", "B": "[whole, complete]", "C": "[complete, complete]"}
    assert not any(row.enough for row in s.layouts.rows)
    s.infer_layouts()
    assert all(row.enough for row in s.layouts.rows)


def test_what_partition_said_stays():
    s = sp.customize(products)
    s.partition("total", "block", dim=0, factor=2)
    s.unroll("j", 2)
    s.infer_layouts()
    assert str(s.layouts["products:total"].given) == "[block(2), cyclic(2)]"


def test_the_table_shows_who_asks():
    s = sp.customize(products)
    assert str(s.layouts) == "every array needs one bank"
    s.unroll("j", 8)
    shown = str(s.layouts)
    assert "16 accesses every cycle" in shown
    assert "(test_layouts.py:" in shown
    assert "[whole, cyclic(8)]" in shown


def gemm(X: int8[16, 32], Y: int8[32, 16], Z: int32[16, 16]):
    for i in range(16):
        for j in range(16):
            for k in range(32):
                Z[i, j] += X[i, k] * Y[k, j]


def inner(P: int8[16, 32], Q: int8[32, 16], R: int32[16, 16]):
    gemm(P, Q, R)


def model(A: int8[16, 32], B: int8[32, 16], C: int32[16, 16]):
    inner(A, B, C)
    gemm(A, B, C)


def test_an_array_has_one_layout_under_all_its_names():
    s = sp.customize(model)
    s.unroll("gemm:k", 8)
    s.infer_layouts()
    module = str(s.module)
    for name in ("A", "P", "X"):
        assert f'{name} = "[whole, cyclic(4)]"' in module
    assert module.count("cyclic(4), whole") == 4


def keep_what_a_function_further_down_needs(s):
    s.unroll("gemm:k", 8)
    s.infer_layouts(keep=["B"])


def keep_what_is_too_little(s):
    s.partition("B", "cyclic", dim=1, factor=2)
    s.unroll("j", 8)
    s.infer_layouts(keep=["B"])


def too_many_banks(s):
    s.partition("B", dim=0)
    s.partition("B", "cyclic", dim=1, factor=128)
    s.unroll("j", 512)
    s.infer_layouts()


def wide(B: int32[32, 512], Y: int32[512]):
    for i in range(32):
        for j in range(512):
            Y[j] += B[i, j]


@pytest.mark.parametrize(
    ("case", "program"),
    [
        (keep_what_is_too_little, products),
        (keep_what_a_function_further_down_needs, model),
        (too_many_banks, wide),
    ],
    ids=lambda each: each.__name__,
)
def test_a_refused_inference_says_why(case, program, golden, monkeypatch):
    monkeypatch.chdir(HOME)
    with pytest.raises(sp.ProgramError) as caught:
        case(sp.customize(program))
    golden(f"{caught.value}\n", f"refused/{case.__name__}.err")


def blur(A: int32[8, 16], F: int32[3, 3], C: int32[6, 14]):
    for y, x in sp.grid(6, 14):
        total: int32 = 0
        for r in range(3, unroll=True):
            for c in range(3, unroll=True):
                total += A[y + r, x + c] * F[r, c]
        C[y, x] = total


def test_a_window_is_inferred_to_be_registers():
    s = sp.customize(blur)
    window = s.reuse_at(s.reuse_at(s.A, "y"), "x")
    s.infer_layouts()
    assert str(s.layouts[f"blur:{window.name}"].given) == "[complete, complete]"
    assert sp.report(s, device=DEVICE).loops[-1].ii == 1
    A, F, C = np.ones((8, 16), np.int32), np.ones((3, 3), np.int32), np.zeros((6, 14), np.int32)
    sp.simulate(s, A, F, C, device=DEVICE)
    assert (C == 9).all()
