"""Functions of floats in a kernel: to the bit what their algorithms compute."""

import math

import ml_dtypes
import numpy as np
import pytest

import spatial as sp
from spatial.types import elementary, error_function
from spatial.types.computed import computed
from tests.sim.programs import region_of

ENGINES = ("simpy", "native")
DRAW = np.random.default_rng(5)
ALGORITHMS = {
    "exp": elementary.exp,
    "log": elementary.log,
    "rsqrt": elementary.rsqrt,
    "tanh": elementary.tanh,
    "sigmoid": elementary.sigmoid,
    "erf": error_function.erf,
    "erfc": error_function.erfc,
    "gelu": error_function.gelu,
}
TYPES = {"float64": np.float64, "float32": np.float32, "float16": np.float16, "bfloat16": ml_dtypes.bfloat16}
SPECIAL = [0.0, -0.0, math.inf, -math.inf, math.nan, 1e-310, -1e-40, 88.5, -104.0, 709.5, -745.0, 1e300, 1.0]


def mapped(call: str, x: np.ndarray, dtype: str, engine: str = "simpy") -> np.ndarray:
    """What a kernel makes of each element `v`."""
    text = f"""
@sp.region()
def net(X: {dtype}[{len(x)}], Y: {dtype}[{len(x)}]):
    @sp.kernel(args=[X, Y])
    def only(v: {dtype}[{len(x)}], Y: {dtype}[{len(x)}]):
        Y[:] = {call}
"""
    Y = np.zeros_like(x)
    run = sp.simulate(region_of(text, np=np, math=math), x, Y, engine=engine)
    assert run.cycles == len(x)
    return Y


def samples(dtype: str) -> np.ndarray:
    drawn = [*SPECIAL, *DRAW.normal(0, 3, 150), *DRAW.uniform(-50, 50, 50), *np.exp(DRAW.uniform(-80, 80, 50))]
    with np.errstate(over="ignore", invalid="ignore"):
        return np.array(drawn).astype(TYPES[dtype])


def same(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal to the bit, but for what a NaN carries."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    return bool(((np.isnan(a) & np.isnan(b)) | ((a == b) & (np.signbit(a) == np.signbit(b)))).all())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("name", ALGORITHMS)
def test_function_is_its_algorithm_rounded_once(name, dtype, engine):
    x = samples(dtype)
    with np.errstate(all="ignore"):
        expected = computed(ALGORITHMS[name], x.astype(np.float64)).astype(x.dtype)
    assert same(mapped(f"sp.{name}(v)", x, dtype, engine), expected)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("dtype", TYPES)
def test_square_root_is_correctly_rounded(dtype, engine):
    x = samples(dtype)
    with np.errstate(all="ignore"):
        assert same(mapped("sp.sqrt(v)", x, dtype, engine), np.sqrt(x.astype(np.float64)).astype(x.dtype))


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize(("name", "familiar"), [("exp", np.exp), ("tanh", np.tanh), ("log", np.log)])
def test_narrow_float_is_nearest_to_the_value_in_float64(name, familiar, dtype):
    x = samples(dtype)
    with np.errstate(all="ignore"):
        assert same(mapped(f"sp.{name}(v)", x, dtype), familiar(x.astype(np.float64)).astype(x.dtype))


@pytest.mark.parametrize("call", ["np.exp(v)", "math.exp(v)", "np.exp(v) * np.sqrt(1.0)"])
def test_functions_of_numpy_and_math_are_ours(call):
    x = samples("float32")
    assert same(mapped(call, x, "float32"), mapped("sp.exp(v)", x, "float32"))


def test_function_of_a_constant_takes_the_type_of_its_partner():
    x = np.array([1.5, 2.5], np.float16)
    assert (
        mapped("v * sp.sqrt(2.0) + sp.exp(1)", x, "float16").tolist()
        == (x * np.float16(math.sqrt(2)) + np.float16(math.e)).tolist()
    )


def test_relu_keeps_the_type_of_integers():
    x = np.array([-3, 0, 5], np.int32)
    assert mapped("sp.relu(v)", x, "int32").tolist() == [0, 0, 5]


def program(body: str, x: np.ndarray, **names: object) -> tuple[np.ndarray, int]:
    rows, columns = x.shape
    text = f"""
@sp.region()
def net(X: {x.dtype}[{rows}, {columns}], Y: {x.dtype}[{rows}, {columns}]):
    @sp.kernel(args=[X, Y])
    def only(X: {x.dtype}[{rows}, {columns}], Y: {x.dtype}[{rows}, {columns}]):
        {body}
"""
    Y = np.zeros_like(x)
    run = sp.simulate(region_of(text, **names), x, Y)
    return Y, run.cycles


def softmax(x: np.ndarray, axis: int) -> np.ndarray:
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("axis", [-1, 0])
def test_softmax_is_that_of_numpy(dtype, axis):
    x = (DRAW.normal(0, 10, (3, 7)) + 1000).astype(dtype)
    Y, cycles = program(f"Y[:] = sp.softmax(X, axis={axis})", x)
    expected = softmax(x.astype(np.float64), axis)
    close = 0.51 if dtype != np.float64 else x.shape[axis] + 4
    assert (np.abs(Y - expected) <= close * np.spacing(np.abs(expected).astype(dtype))).all()
    assert cycles == 4 * x.size


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_layer_norm_is_that_of_numpy(dtype):
    x = DRAW.normal(3, 10, (4, 9)).astype(dtype)
    gamma, beta = DRAW.normal(1, 1, 9).astype(dtype), DRAW.normal(0, 1, 9).astype(dtype)
    Y, cycles = program("Y[:] = sp.layer_norm(X, gamma, beta, eps=1e-3)", x, gamma=gamma, beta=beta)
    wide = x.astype(np.float64)
    mean, variance = wide.mean(axis=1, keepdims=True), wide.var(axis=1, keepdims=True)
    expected = (wide - mean) / np.sqrt(variance + 1e-3) * gamma + beta
    assert np.allclose(Y, expected, rtol=4 * np.finfo(dtype).eps, atol=20 * np.finfo(np.float64).eps)
    assert cycles == 3 * x.size
    Y, _ = program("Y[:] = sp.layer_norm(X)", x)
    assert np.allclose(Y, (wide - mean) / np.sqrt(variance + 1e-5), rtol=1e-5)
