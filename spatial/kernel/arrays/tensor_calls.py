"""Lowers the calls that compute with arrays."""

import ast
import builtins
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.kernel.arrays.contraction import matmul
from spatial.kernel.arrays.elementwise import binary, select, unary_operator
from spatial.kernel.arrays.layout import reshaped, transposed
from spatial.kernel.arrays.position import place
from spatial.kernel.arrays.reduction import Fold, accumulator, added, fold
from spatial.kernel.arrays.tensor import shape_of, tensor_of
from spatial.kernel.errors import ShapeMismatch, WrongArguments, WrongUse
from spatial.kernel.lower.arguments import arguments_of, constant_of, named_arguments
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.operators import Operand, operate
from spatial.kernel.lower.values import ArrayValue, Literal, Scalar, Single, Tensor, Value
from spatial.kernel.words import arrays as words
from spatial.types.arithmetic import Operator, UnaryOperator
from spatial.types.dtype import is_float, is_integer

__all__ = ["TENSOR_CALLS", "TENSOR_METHODS", "axes_of", "maximum_along"]

Call = Callable[[Lowering, ast.Call], Value]
Method = Callable[[Lowering, ast.Call, ArrayValue], Value]
"""A method is given its arguments as a call without the array, and the array."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """The axes that a reduction is given, all without any; one that `keeps` them leaves an extent of 1."""

    axis: ast.expr | None
    keeps: bool


def _sum(lowering: Lowering, value: ArrayValue, along: Along, node: ast.Call) -> Value:
    tensor, axes, count = _folded(lowering, value, along, node)
    dtype = accumulator(lowering, tensor.dtype, count, node)
    how = Fold(name="sum", dtype=dtype, combine=added(lowering, dtype, node), finish=lambda total: total)
    return fold(lowering, tensor, axes, how, node, keeps=along.keeps)


def _mean(lowering: Lowering, value: ArrayValue, along: Along, node: ast.Call) -> Value:
    tensor, axes, count = _folded(lowering, value, along, node)
    dtype = accumulator(lowering, tensor.dtype, count, node)
    if not is_float(dtype):
        hint = "cast the elements, as in `sp.mean(float32(A))`, or divide a sum: `sp.sum(A) // n`"
        title = f"a mean of `{tensor.dtype}` is no integer"
        if not is_integer(tensor.dtype):
            title, hint = f"`mean` is not defined for `{tensor.dtype}`", hint.replace("//", "/")
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    divisor = Operand(Literal(count), node)

    def finish(total: Scalar) -> Scalar:
        return operate(lowering, Operator.DIV, Operand(total, node), divisor, node)

    how = Fold(name="mean", dtype=dtype, combine=added(lowering, dtype, node), finish=finish)
    return fold(lowering, tensor, axes, how, node, keeps=along.keeps)


def maximum_along(lowering: Lowering, tensor: Tensor, axes: Sequence[int], node: ast.Call) -> Single:
    """The greatest elements along some axes."""
    return _extremum_along(lowering, Operator.MAX, tensor, axes, node)


def _extremum_along(
    lowering: Lowering,
    operator: Operator,
    tensor: Tensor,
    axes: Sequence[int],
    node: ast.Call,
    *,
    keeps: bool = False,
) -> Single:
    def combine(best: Scalar, element: Scalar) -> Scalar:
        return operate(lowering, operator, Operand(best, node), Operand(element, node), node)

    how = Fold(name=operator.value, dtype=tensor.dtype, combine=combine, finish=lambda best: best)
    return fold(lowering, tensor, axes, how, node, keeps=keeps)


Reduce = Callable[[Lowering, ArrayValue, Along, ast.Call], Value]


def _max(lowering: Lowering, value: ArrayValue, along: Along, node: ast.Call) -> Value:
    tensor, axes, _ = _folded(lowering, value, along, node)
    return _extremum_along(lowering, Operator.MAX, tensor, axes, node, keeps=along.keeps)


def _min(lowering: Lowering, value: ArrayValue, along: Along, node: ast.Call) -> Value:
    tensor, axes, _ = _folded(lowering, value, along, node)
    return _extremum_along(lowering, Operator.MIN, tensor, axes, node, keeps=along.keeps)


def _place(better: Operator) -> Reduce:
    """Where the greatest or the least element stands: along one axis, or in C order among all."""

    def reduce(lowering: Lowering, value: ArrayValue, along: Along, node: ast.Call) -> Value:
        tensor, axes, _ = _folded(lowering, value, along, node)
        if len(axes) not in (1, len(tensor.shape)):
            title, hint = "a place is searched along one axis, or in the whole array", "write `axis=0`"
            raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(node), hint=hint))
        return place(lowering, tensor, axes, better, node)

    return reduce


def _folded(lowering: Lowering, value: ArrayValue, along: Along, node: ast.Call) -> tuple[Tensor, list[int], int]:
    """What is folded, along which axes, and how many elements become one."""
    tensor = tensor_of(lowering, value, node)
    axes = axes_of(lowering, tensor, along.axis)
    count = 1
    for each in axes:
        count *= tensor.shape[each]
    return tensor, axes, count


def axes_of(lowering: Lowering, tensor: Tensor, axis: ast.expr | None) -> list[int]:
    """The axes that `axis=` names, in order; all without one."""
    rank = len(tensor.shape)
    given = None if axis is None else constant_of(lowering, axis, "an axis")
    if given is None or axis is None:
        return list(range(rank))
    axes = given if isinstance(given, tuple) else (given,)
    if not axes or not all(type(each) is int and -rank <= each < rank for each in axes):
        title = (
            f"`{ast.unparse(axis) if isinstance(axis, ast.Tuple) else given}` is no axis of shape {list(tensor.shape)}"
        )
        hint = f"axes count from 0 to {rank - 1}, or back from -1"
        raise lowering.rejected(ShapeMismatch(title=title, label="", span=lowering.spans(axis), hint=hint))
    return sorted({each + rank * (each < 0) for each in axes})


def _reduction(name: str, reduce: Reduce, options: Sequence[str] = ("keepdims",)) -> Call:
    """A reduction as a function of an array."""

    def lower(lowering: Lowering, node: ast.Call) -> Value:
        given = named_arguments(lowering, node, name, ["array"], ["axis", *options])
        value = lowering.operand(given["array"])
        if not isinstance(value, ArrayValue):
            title, hint = f"`{name}` is taken of an array, this is a number", f"write `sp.{name}(A)`, or leave it out"
            raise lowering.rejected(WrongUse(title=title, span=lowering.spans(given["array"]), hint=hint))
        return reduce(lowering, value, _along(lowering, given), node)

    return lower


def _along(lowering: Lowering, given: Mapping[str, ast.expr]) -> Along:
    """Which axes are folded, and whether they are kept."""
    said = given.get("keepdims")
    keeps = said is not None and constant_of(lowering, said, "whether axes are kept")
    return Along(axis=given.get("axis"), keeps=bool(keeps))


def _reduction_method(name: str, reduce: Reduce, options: Sequence[str] = ("keepdims",)) -> Method:
    def lower(lowering: Lowering, node: ast.Call, value: ArrayValue) -> Value:
        given = named_arguments(lowering, node, name, [], ["axis", *options])
        return reduce(lowering, value, _along(lowering, given), node)

    return lower


def _extremum_call(operator: Operator, reduce: Reduce) -> Call:
    """Of one array its greatest or least element, of several numbers the greatest or least of them."""
    name = operator.value

    def lower(lowering: Lowering, node: ast.Call) -> Value:
        if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
            return _reduction(name, reduce)(lowering, node)
        if len(node.args) < 2 or node.keywords:
            title, hint = f"`{name}` takes two or more numbers, or an array", f"write `{name}(a, b)`"
            raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(node), hint=hint))
        values = [lowering.operand(argument) for argument in node.args]
        if any(isinstance(value, ArrayValue) for value in values):
            title = f"`{name}` of an array takes one array"
            hint = f"write `sp.{name}(A, axis=0)` along an axis, `sp.{name}imum(A, B)` element by element"
            raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(node), hint=hint))
        return _of_several(lowering, operator, values, node.args, node)

    return lower


def _of_several(
    lowering: Lowering, operator: Operator, values: Sequence[Single], parts: Sequence[ast.expr], node: ast.Call
) -> Single:
    """The least or greatest of running values, then of literals, which take the type of those."""
    pairs = list(zip(values, parts, strict=True))
    pairs.sort(key=lambda pair: (isinstance(pair[0], Literal), not isinstance(pair[0], Scalar | ArrayValue)))
    result, part = pairs[0]
    for value, other in pairs[1:]:
        result = binary(lowering, operator, (result, value), (part, other), node)
        part = node.args[0]
    return result


def _elementwise_extremum(name: str, operator: Operator) -> Call:
    def lower(lowering: Lowering, node: ast.Call) -> Value:
        parts = arguments_of(lowering, node, name, 2, f"write `sp.{name}(a, b)`")
        return binary(lowering, operator, [lowering.operand(part) for part in parts], parts, node)

    return lower


def _clip(lowering: Lowering, node: ast.Call) -> Value:
    x, low, high = arguments_of(lowering, node, "clip", 3, "write `sp.clip(x, low, high)`")
    raised = binary(lowering, Operator.MAX, [lowering.operand(x), lowering.operand(low)], (x, low), node)
    return binary(lowering, Operator.MIN, [raised, lowering.operand(high)], (x, high), node)


def _absolute(lowering: Lowering, node: ast.Call) -> Value:
    (argument,) = arguments_of(lowering, node, "abs", 1, "write `abs(x)`")
    return unary_operator(lowering, UnaryOperator.ABS, lowering.operand(argument), argument, node)


def _where(lowering: Lowering, node: ast.Call) -> Value:
    parts = arguments_of(lowering, node, "where", 3, "write `sp.where(condition, a, b)`")
    return select(lowering, [lowering.operand(part) for part in parts], parts, node)


def _matmul(lowering: Lowering, node: ast.Call) -> Value:
    left, right = arguments_of(lowering, node, "matmul", 2, "write `A @ B`")
    return matmul(lowering, lowering.operand(left), lowering.operand(right), node)


def _transpose(lowering: Lowering, node: ast.Call) -> Value:
    given = named_arguments(lowering, node, "transpose", ["array"], ["axes"])
    return _transpose_of(lowering, _array(lowering, given["array"], "transpose"), given.get("axes"), node)


def _transpose_method(lowering: Lowering, node: ast.Call, value: ArrayValue) -> Value:
    axes = node.args[0] if len(node.args) == 1 else ast.Tuple(node.args, ast.Load()) if node.args else None
    return _transpose_of(lowering, value, axes, node)


def _transpose_of(lowering: Lowering, value: ArrayValue, axes: ast.expr | None, node: ast.Call) -> Value:
    return transposed(lowering, value, None if axes is None else _integers(lowering, axes, "an axis"), node)


def _reshape(lowering: Lowering, node: ast.Call) -> Value:
    given = named_arguments(lowering, node, "reshape", ["array", "shape"])
    value = _array(lowering, given["array"], "reshape")
    return reshaped(lowering, value, _integers(lowering, given["shape"], "a shape"), node)


def _reshape_method(lowering: Lowering, node: ast.Call, value: ArrayValue) -> Value:
    shape = node.args[0] if len(node.args) == 1 else ast.copy_location(ast.Tuple(node.args, ast.Load()), node)
    return reshaped(lowering, value, _integers(lowering, shape, "a shape"), node)


def _length(lowering: Lowering, node: ast.Call) -> Value:
    """The extent of an array's first axis."""
    (argument,) = arguments_of(lowering, node, "len", 1, "write `len(A)`")
    value = lowering.operand(argument)
    if not isinstance(value, ArrayValue):
        title, hint = "a number has no length", "write `len(A)`"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(argument), hint=hint))
    return Literal(shape_of(value)[0])


def _integers(lowering: Lowering, node: ast.expr, what: str) -> tuple[int, ...]:
    given = constant_of(lowering, node, what)
    numbers = tuple(given) if isinstance(given, tuple | list) else (given,)
    found = tuple(number for number in numbers if isinstance(number, int))
    if len(found) < len(numbers) or not found:
        title = f"{what} is given in integers"
        raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(node), hint="write `(2, 3)`"))
    return found


def _array(lowering: Lowering, node: ast.expr, name: str) -> ArrayValue:
    value = lowering.operand(node)
    if not isinstance(value, ArrayValue):
        title, hint = f"`{name}` takes an array, this is a number", f"write `sp.{name}(A, ...)`"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    return value


TENSOR_CALLS: Mapping[object, Call] = {
    **dict.fromkeys((builtins.sum, words.sum, np.sum), _reduction("sum", _sum)),
    **dict.fromkeys((words.mean, np.mean), _reduction("mean", _mean)),
    **dict.fromkeys((words.argmax, np.argmax), _reduction("argmax", _place(Operator.GT), ())),
    **dict.fromkeys((words.argmin, np.argmin), _reduction("argmin", _place(Operator.LT), ())),
    **dict.fromkeys((builtins.max, words.max, np.max), _extremum_call(Operator.MAX, _max)),
    **dict.fromkeys((builtins.min, words.min, np.min), _extremum_call(Operator.MIN, _min)),
    **dict.fromkeys((words.maximum, np.maximum), _elementwise_extremum("maximum", Operator.MAX)),
    **dict.fromkeys((words.minimum, np.minimum), _elementwise_extremum("minimum", Operator.MIN)),
    **dict.fromkeys((words.clip, np.clip), _clip),
    **dict.fromkeys((builtins.abs, np.abs), _absolute),
    **dict.fromkeys((words.where, np.where), _where),
    **dict.fromkeys((np.matmul,), _matmul),
    **dict.fromkeys((builtins.len,), _length),
    **dict.fromkeys((words.transpose, np.transpose), _transpose),
    **dict.fromkeys((words.reshape, np.reshape), _reshape),
}

TENSOR_METHODS: Mapping[str, Method] = {
    "sum": _reduction_method("sum", _sum),
    "mean": _reduction_method("mean", _mean),
    "max": _reduction_method("max", _max),
    "min": _reduction_method("min", _min),
    "argmax": _reduction_method("argmax", _place(Operator.GT), ()),
    "argmin": _reduction_method("argmin", _place(Operator.LT), ()),
    "transpose": _transpose_method,
    "reshape": _reshape_method,
}
