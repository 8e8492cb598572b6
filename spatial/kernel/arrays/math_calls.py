"""Lowers the calls of functions of floats."""

import ast
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from spatial.ir.elementary import Emitted, elementary, root
from spatial.kernel.arrays.elementwise import binary, cast
from spatial.kernel.arrays.layout import reshaped
from spatial.kernel.arrays.reduction import Fold, added, fold
from spatial.kernel.arrays.tensor import element_type, lift, stored, tensor_of
from spatial.kernel.arrays.tensor_calls import axes_of, maximum_along
from spatial.kernel.errors import NoSuchOperation, WrongUse
from spatial.kernel.lower.arguments import arguments_of, named_arguments
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import ArrayValue, Literal, Number, Scalar, Single, Tensor, Value
from spatial.kernel.words import functions as words
from spatial.meta.plain import written
from spatial.types import elementary as algorithms
from spatial.types import error_function
from spatial.types.arithmetic import Operator
from spatial.types.computed import Computed, computed
from spatial.types.dtype import DType, Struct, float64, is_float

__all__ = ["MATH_CALLS"]

Call = Callable[[Lowering, ast.Call], Value]
Algorithm = Callable[[Emitted], Emitted]
Reference = Callable[[Computed], Computed]


def _function(name: str, emission: Algorithm, reference: Reference) -> Call:
    """A function of one float, or of each of an array; of a constant it is one, which takes its partner's type."""

    def lower(lowering: Lowering, node: ast.Call) -> Value:
        (argument,) = arguments_of(lowering, node, name, 1, f"write `sp.{name}(x)`")
        value = lowering.operand(argument)
        if isinstance(value, Literal):
            return Literal(float(computed(reference, float(value.value))))
        return _applied(lowering, name, emission, value, node)

    return lower


def _applied(lowering: Lowering, name: str, algorithm: Algorithm, value: Single, node: ast.Call) -> Single:
    def compute(numbers: Sequence[Number]) -> Scalar:
        number = _float(lowering, name, numbers[0], node)
        return Scalar(elementary(algorithm, number.value, number.dtype), number.dtype)

    return lift(lowering, [value], node, compute)


def _float(lowering: Lowering, name: str, number: Number, node: ast.Call) -> Scalar:
    settled = lowering.settled(number, node)
    if not is_float(settled.dtype):
        raise _no_float(lowering, name, settled.dtype, node)
    return settled


def _no_float(lowering: Lowering, name: str, dtype: DType, node: ast.Call) -> Exception:
    hint = f"cast it: `sp.{name}(float32({written(node.args[0])}))`" if node.args else ""
    hint = "compute with its fields, as in `p.x`" if isinstance(dtype, Struct) else hint
    problem = NoSuchOperation(operator=name, types=(str(dtype),), span=lowering.spans(node), hint=hint)
    return lowering.rejected(problem)


def _sqrt(lowering: Lowering, node: ast.Call) -> Value:
    (argument,) = arguments_of(lowering, node, "sqrt", 1, "write `sp.sqrt(x)`")
    value = lowering.operand(argument)
    if isinstance(value, Literal):
        return Literal(float(computed(Computed.root, float(value.value))))

    def compute(numbers: Sequence[Number]) -> Scalar:
        number = _float(lowering, "sqrt", numbers[0], node)
        return Scalar(root(number.value), number.dtype)

    return lift(lowering, [value], node, compute)


def _relu(lowering: Lowering, node: ast.Call) -> Value:
    (argument,) = arguments_of(lowering, node, "relu", 1, "write `sp.relu(x)`")
    return binary(lowering, Operator.MAX, [lowering.operand(argument), Literal(0)], (argument, node), node)


def _softmax(lowering: Lowering, node: ast.Call) -> Value:
    given = named_arguments(lowering, node, "softmax", ["x"], ["axis"])
    x = _floats(lowering, "softmax", given["x"], node)
    axis = _axis(lowering, x, given.get("axis"), node)
    greatest = _kept(lowering, maximum_along(lowering, x, [axis], node), x, axis, node)
    distance = _binary(lowering, Operator.SUB, _wide(lowering, x, node), _wide(lowering, greatest, node), node)
    powers = _applied(lowering, "exp", algorithms.exp, distance, node)
    assert isinstance(powers, Tensor), "an array makes an array"
    kept = stored(lowering, powers, "powers", node)
    total = _kept(lowering, _total(lowering, kept, axis, node), x, axis, node)
    return cast(lowering, _binary(lowering, Operator.DIV, kept, total, node), x.dtype, node)


def _layer_norm(lowering: Lowering, node: ast.Call) -> Value:
    given = named_arguments(lowering, node, "layer_norm", ["x"], ["gamma", "beta", "eps", "axis"])
    x = _floats(lowering, "layer_norm", given["x"], node)
    axis = _axis(lowering, x, given.get("axis"), node)
    gamma, beta, eps = (
        lowering.operand(given[name]) if name in given else Literal(default)
        for name, default in (("gamma", 1.0), ("beta", 0.0), ("eps", 1e-5))
    )
    wide, count = _wide(lowering, x, node), Literal(float(x.shape[axis]))
    mean = _kept(lowering, _total(lowering, wide, axis, node, count), x, axis, node)
    distance = _binary(lowering, Operator.SUB, wide, mean, node)
    squares = _binary(lowering, Operator.MUL, distance, distance, node)
    variance = _kept(lowering, _total(lowering, squares, axis, node, count), x, axis, node)
    scale = _applied(lowering, "rsqrt", algorithms.rsqrt, _binary(lowering, Operator.ADD, variance, eps, node), node)
    normal = _binary(lowering, Operator.MUL, distance, scale, node)
    for operator, value in ((Operator.MUL, gamma), (Operator.ADD, beta)):
        normal = _binary(lowering, operator, normal, _wide(lowering, value, node), node)
    return cast(lowering, normal, x.dtype, node)


def _floats(lowering: Lowering, name: str, argument: ast.expr, node: ast.Call) -> Tensor:
    """The array of floats that a call is about, in memory."""
    value = lowering.operand(argument)
    if not isinstance(value, ArrayValue):
        title, hint = f"`{name}` takes an array, this is a number", f"write `sp.{name}(A, ...)`"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(argument), hint=hint))
    if not is_float(element_type(value)):
        raise _no_float(lowering, name, element_type(value), node)
    return stored(lowering, value, "x", node)


def _axis(lowering: Lowering, x: Tensor, axis: ast.expr | None, node: ast.Call) -> int:
    """The one axis along which a call works, the last without `axis=`."""
    axes = axes_of(lowering, x, axis)
    if axis is not None and len(axes) > 1:
        title = "this works along one axis"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(axis), hint="reshape the array first"))
    return axes[-1]


def _kept(lowering: Lowering, value: Single, x: Tensor, axis: int, node: ast.Call) -> Single:
    """What was made of an axis, with an extent of 1 there, so that it broadcasts with the whole."""
    if not isinstance(value, ArrayValue):
        return value
    shape = [1 if each == axis else extent for each, extent in enumerate(x.shape)]
    return reshaped(lowering, value, shape, node)


def _wide(lowering: Lowering, value: Single, node: ast.Call) -> Single:
    return value if isinstance(value, Literal) else cast(lowering, value, float64, node)


def _binary(lowering: Lowering, operator: Operator, left: Single, right: Single, node: ast.Call) -> Single:
    return binary(lowering, operator, (left, right), (node, node), node)


def _total(lowering: Lowering, value: Single, axis: int, node: ast.Call, count: Literal | None = None) -> Single:
    """The sums along an axis in float64, divided by a count."""
    assert isinstance(value, ArrayValue), "an array makes an array"

    def finish(total: Scalar) -> Scalar:
        divided = total if count is None else _binary(lowering, Operator.DIV, total, count, node)
        assert isinstance(divided, Scalar), "numbers make a number"
        return divided

    how = Fold(name="total", dtype=float64, combine=added(lowering, float64, node), finish=finish)
    return fold(lowering, tensor_of(lowering, value, node), [axis], how, node)


MATH_CALLS: Mapping[object, Call] = {
    **dict.fromkeys((words.exp, np.exp, math.exp), _function("exp", algorithms.exp, algorithms.exp)),
    **dict.fromkeys((words.log, np.log, math.log), _function("log", algorithms.log, algorithms.log)),
    **dict.fromkeys((words.tanh, np.tanh, math.tanh), _function("tanh", algorithms.tanh, algorithms.tanh)),
    **dict.fromkeys((words.erf, math.erf), _function("erf", error_function.erf, error_function.erf)),
    **dict.fromkeys((words.erfc, math.erfc), _function("erfc", error_function.erfc, error_function.erfc)),
    words.sigmoid: _function("sigmoid", algorithms.sigmoid, algorithms.sigmoid),
    words.gelu: _function("gelu", error_function.gelu, error_function.gelu),
    words.rsqrt: _function("rsqrt", algorithms.rsqrt, algorithms.rsqrt),
    **dict.fromkeys((words.sqrt, np.sqrt, math.sqrt), _sqrt),
    words.relu: _relu,
    words.softmax: _softmax,
    words.layer_norm: _layer_norm,
}
