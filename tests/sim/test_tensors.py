"""Tensor expressions against NumPy: values and cycles."""

import numpy as np
import pytest

import spatial as sp
from spatial.types.values import numpy_dtype
from tests.sim.programs import region_of

DRAW = np.random.default_rng(3)


def ran(statements: str, inputs: dict[str, np.ndarray], output: str, **names: object) -> tuple[np.ndarray, sp.Run]:
    """What a kernel of these statements leaves in its array `Y`, declared as `output`, such as `int32[3, 4]`."""
    types = {np.dtype(t): str(t) for t in ("int8", "int32", "float16", "float32", "float64")} | {
        np.dtype(bool): "bool_"
    }
    declared = [f"{name}: {types[array.dtype]}[{', '.join(map(str, array.shape))}]" for name, array in inputs.items()]
    lines = [
        "@sp.region()",
        "def net():",
        "    @sp.kernel()",
        f"    def only({', '.join([*declared, f'Y: {output}'])}):",
    ]
    lines += [f"        {line}" for line in statements.splitlines()]
    region = region_of("\n".join(lines) + "\n", np=np, **names)
    type_ = eval(output, {name: getattr(sp, name) for name in sp.__all__})
    Y = np.zeros(type_.shape, numpy_dtype(type_.element))
    run = sp.simulate(region, *inputs.values(), Y)
    return Y, run


def integers(*shape: int, low: int = -9, high: int = 9) -> np.ndarray:
    return DRAW.integers(low, high, shape).astype(np.int32)


A, B, ROW, COLUMN = integers(3, 4), integers(3, 4), integers(4), integers(3, 1)
SQUARE, CUBE = integers(4, 4), integers(2, 3, 4)
EXPRESSIONS = {
    "A + B": A + B,
    "A * 2 - B": A * 2 - B,
    "A + ROW": A + ROW,
    "A * COLUMN": A * COLUMN,
    "ROW - COLUMN": ROW - COLUMN,
    "A[:, 1:3] + A[:, 0:2]": A[:, 1:3] + A[:, 0:2],
    "A[0] + ROW[1]": A[0] + ROW[1],
    "-A": -A,
    "~A & 7": ~A & 7,
    "(A << 2) ^ B": (A << 2) ^ B,
    "A // 3": A // 3,
    "A % 5": A % 5,
    "A ** 3": A**3,
    "abs(A)": abs(A),
    "A > B": (A > B).astype(np.int32),
    "~(A == B)": (A != B).astype(np.int32),
    "-5 < A < 5": ((A > -5) & (A < 5)).astype(np.int32),
    "sp.where(A > 0, A, B * 2)": np.where(A > 0, A, B * 2),
    "sp.maximum(A, 0)": np.maximum(A, 0),
    "np.minimum(A, ROW)": np.minimum(A, ROW),
    "sp.clip(A, -3, ROW)": np.clip(A, -3, ROW),
    "A if A[0, 0] > 100 else B + 1": B + 1,
    "A.T": A.T,
    "sp.transpose(CUBE, (2, 0, 1))": CUBE.transpose(2, 0, 1),
    "CUBE.transpose(1, 0, 2) + A[0, 0]": CUBE.transpose(1, 0, 2) + A[0, 0],
    "A.reshape(4, 3)": A.reshape(4, 3),
    "sp.reshape(A + B, (2, -1))": (A + B).reshape(2, -1),
    "CUBE.reshape(6, 2, 2)": CUBE.reshape(6, 2, 2),
    "A.reshape(1, 3, 1, 4) * 2": A.reshape(1, 3, 1, 4) * 2,
    "(A + B)[1]": (A + B)[1],
    "A @ B.T": A @ B.T,
    "A @ SQUARE + B": A @ SQUARE + B,
    "(A + 1) @ (SQUARE * 2)": (A + 1) @ (SQUARE * 2),
    "A @ ROW": A @ ROW,
    "ROW @ SQUARE": ROW @ SQUARE,
    "CUBE @ SQUARE": CUBE @ SQUARE,
    "CUBE @ ROW": CUBE @ ROW,
    "np.matmul(A, SQUARE).T": (A @ SQUARE).T,
    "sp.sum(A, axis=0)": A.sum(axis=0),
    "sp.sum(A * B, axis=1)": (A * B).sum(axis=1),
    "np.sum(CUBE, axis=(0, -1)) * 2": CUBE.sum(axis=(0, 2)) * 2,
    "sp.max(A, axis=1)": A.max(axis=1),
    "min(A, axis=0)": A.min(axis=0),
    "(A + B).max(axis=0)": (A + B).max(axis=0),
    "A - sp.sum(A)": A - A.sum(),
    "A * (ROW @ ROW)": A * (ROW @ ROW),
    "A + TABLE": A + np.arange(4, dtype=np.int32),
}


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expression_has_the_value_of_numpy(text):
    expected = EXPRESSIONS[text]
    shape = ", ".join(map(str, expected.shape))
    inputs = {"A": A, "B": B, "ROW": ROW, "COLUMN": COLUMN, "SQUARE": SQUARE, "CUBE": CUBE}
    Y, _ = ran(f"Y[:] = {text}", inputs, f"int32[{shape}]", TABLE=np.arange(4, dtype=np.int32))
    assert (Y == expected).all()


def test_whole_array_and_slice_are_changed_in_place():
    Y, _ = ran("C = A + B\nC += A\nC[1:3] *= 2\nC[0] -= ROW\nY[:] = C", {"A": A, "B": B, "ROW": ROW}, "int32[3, 4]")
    expected = A + B + A
    expected[1:3] *= 2
    expected[0] -= ROW
    assert (Y == expected).all()


def test_parameter_is_changed_in_place():
    Y, _ = ran("Y += 3\nY *= Y + A", {"A": A}, "int32[3, 4]")
    assert (Y == 3 * (3 + A)).all()


def test_right_side_is_evaluated_before_anything_is_written():
    Y, _ = ran("Y[:] = ROW\nY[1:4] = Y[0:3] + 1\nY[:] = Y + Y[2]", {"ROW": ROW}, "int32[4]")
    expected = ROW.copy()
    expected[1:4] = expected[0:3] + 1
    assert (Y == expected + expected[2]).all()


def test_array_is_replaced_by_its_own_product():
    Y, _ = ran("Y[:] = S\nY[:] = Y @ Y\nY[:] = Y.T\nY += Y @ S", {"S": SQUARE}, "int32[4, 4]")
    expected = (SQUARE @ SQUARE).T
    assert (Y == expected + expected @ SQUARE).all()


def test_rows_are_swapped():
    Y, _ = ran("Y[:] = A\nY[0], Y[2] = Y[2], Y[0] + 1", {"A": A}, "int32[3, 4]")
    assert (Y == np.stack([A[2], A[1], A[0] + 1])).all()


def test_integers_widen_and_wrap_where_they_are_assigned():
    a = np.array([100, -100, 127, -128], np.int8)
    Y, _ = ran("wide = A + A\nB: int8[4] = A + A\nY[0] = wide\nY[1] = B", {"A": a}, "int32[2, 4]")
    assert (Y[0] == 2 * a.astype(np.int32)).all()
    assert (Y[1] == a + a).all()


def test_sum_of_integers_holds_every_sum_without_a_destination():
    a = np.full(64, 127, np.int8)
    Y, _ = ran("s = sp.sum(A)\nd = A @ A\nY[0] = s\nY[1] = d\nn: int8 = sp.sum(A)\nY[2] = n", {"A": a}, "int32[3]")
    assert Y.tolist() == [64 * 127, 64 * 127 * 127, np.int64(64 * 127).astype(np.int8)]


def test_float_product_accumulates_in_the_type_it_is_assigned_to():
    a = DRAW.standard_normal((3, 50)).astype(np.float16)
    b = DRAW.standard_normal((50, 2)).astype(np.float16)
    wide, narrow = np.zeros((3, 2), np.float32), np.zeros((3, 2), np.float16)
    for k in range(50):
        product = a[:, k : k + 1].astype(np.float32) * b[k].astype(np.float32)
        wide = product if k == 0 else wide + product
        narrow = a[:, k : k + 1] * b[k] if k == 0 else narrow + a[:, k : k + 1] * b[k]
    Y, _ = ran("Y[:] = A @ B", {"A": a, "B": b}, "float32[3, 2]")
    assert (Y == wide).all()
    Y, _ = ran("Y[:] = float32(A @ B)", {"A": a, "B": b}, "float64[3, 2]")
    assert (Y == wide).all()
    Y, _ = ran("C = A @ B\nY[:] = C", {"A": a, "B": b}, "float32[3, 2]")
    assert (Y == narrow).all()


def test_mean_divides_the_sum_in_order():
    a = DRAW.standard_normal((5, 7)).astype(np.float32)
    total = a[:, 0]
    for k in range(1, 7):
        total = total + a[:, k]
    Y, _ = ran("Y[:] = sp.mean(A, axis=-1)", {"A": a}, "float32[5]")
    assert (Y == total / np.float32(7)).all()
    Y, _ = ran("Y[0] = sp.mean(float32(A))", {"A": A}, "float32[1]")
    assert Y[0] == np.float32(A.sum()) / np.float32(12)


def test_extrema_of_floats_tell_nan_and_the_sign_of_zero():
    a = np.array([[0.0, -0.0], [np.nan, 1.0]], np.float32)
    Y, _ = ran("Y[0] = sp.min(A, axis=1)\nY[1] = sp.max(A, axis=1)", {"A": a}, "float32[2, 2]")
    assert np.isnan(Y[:, 1]).all()
    assert np.signbit(Y[:, 0]).tolist() == [True, False]
    Y, _ = ran("Y[0] = sp.sum(A[0, 1:2])", {"A": a}, "float32[1]")
    assert np.signbit(Y[0])


@pytest.mark.parametrize(
    ("statements", "cycles"),
    [
        ("Y[:] = A + B", 12),
        ("Y[:] = A * 2 + sp.maximum(A, B) - ROW", 12),
        ("Y[:] = A @ S", 48),
        ("Y += A @ S", 48),
        ("Y[:] = A @ S + B", 60),
        ("Y[:] = (A + B) @ S", 60),
        ("Y[0] = sp.sum(A, axis=0)", 12),
        ("Y[:] = sp.max(A)", 24),
        ("Y[0:2] = Y[1:3]", 16),
        ("Y[:] = Y + Y", 12),
        ("Y[0:2] = Y[2:3] + 1", 8),
        ("Y[:] = A.reshape(4, 3).T.reshape(3, 4)", 12),
    ],
)
def test_a_loop_nest_takes_a_cycle_for_each_element(statements, cycles):
    _, run = ran(statements, {"A": A, "B": B, "ROW": ROW, "S": SQUARE}, "int32[3, 4]")
    assert run.cycles == cycles


def test_sum_that_is_put_accumulates_in_the_type_of_the_token():
    text = """
@sp.region()
def net(A: float16[64], Y: float32[1], Z: int32[4, 4], S: int8[4, 4]):
    sums: Stream[float32, 2]
    blocks: Stream[int32[4, 4], 2]
    @sp.kernel(args=[A, S])
    def left(A: float16[64], S: int8[4, 4]):
        sums.put(sp.sum(A))
        blocks.put(S @ S)
    @sp.kernel(args=[Y, Z])
    def right(Y: float32[1], Z: int32[4, 4]):
        Y[0] = sums.get()
        Z[:] = blocks.get().T * 2
"""
    a = DRAW.standard_normal(64).astype(np.float16)
    s = DRAW.integers(-100, 100, (4, 4)).astype(np.int8)
    Y, Z = np.zeros(1, np.float32), np.zeros((4, 4), np.int32)
    sp.simulate(region_of(text), a, Y, Z, s)
    total = np.float32(a[0])
    for each in a[1:]:
        total += np.float32(each)
    assert Y[0] == total
    assert (Z == 2 * (s.astype(np.int32) @ s).T).all()
