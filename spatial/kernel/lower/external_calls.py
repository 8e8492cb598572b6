"""Lowers calls of functions that are written in C++."""

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from spatial.ir.arithmetic import constant
from spatial.ir.channels import CHANNEL_OPERATIONS
from spatial.ir.dialect import within
from spatial.ir.external import by_reference, by_value, call_external
from spatial.ir.function import operations
from spatial.ir.location import span_of
from spatial.ir.mlir import arith, ir
from spatial.kernel.arrays.elements import check_writable
from spatial.kernel.arrays.tensor import copy_into, element_type, shape_of
from spatial.kernel.arrays.views import moved, place, view_of
from spatial.kernel.errors import ShapeMismatch, TypeMismatch, WrongUse
from spatial.kernel.lower.destination import aim
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import Array, ArrayValue, Dimension, Folded, Scalar, Tensor, View
from spatial.meta.errors import BadCall
from spatial.meta.external import External, In, Parameter
from spatial.meta.plain import Known
from spatial.types.dtype import index
from spatial.types.tensor import TensorType

__all__ = ["arguments_of", "called", "external_call"]

Argument = Scalar | View


def external_call(lowering: Lowering, node: ast.Call) -> bool:
    """A call of a function without a reference; whether this is one."""
    function = node.func.value if isinstance(node.func, Known) else lowering.scope.resolve(node.func)
    if not isinstance(function, External):
        return False
    count = len(function.parameters)
    if node.keywords or len(node.args) != count or any(isinstance(each, ast.Starred) for each in node.args):
        title = f"`{function.symbol}` takes {count} arguments, by position"
        raise lowering.rejected(BadCall(title=title, span=lowering.spans(node), place=function.span))
    begin_call(lowering, function, arguments_of(lowering, function, node.args), node.args)
    return True


def arguments_of(lowering: Lowering, function: External, nodes: Sequence[ast.expr]) -> list[Argument]:
    """What a function is given, of the types of its parameters; what it only reads is not written."""
    pairs = zip(function.parameters, nodes, strict=True)
    return [_argument(lowering, function.symbol, parameter, node) for parameter, node in pairs]


@contextmanager
def called(
    lowering: Lowering, function: External, arguments: Sequence[Argument], nodes: Sequence[ast.expr]
) -> Iterator[None]:
    """What is built inside does the work of the function, where it cannot be called itself."""
    block = begin_call(lowering, function, arguments, nodes).regions[0].blocks.append()
    with ir.InsertionPoint(block):
        yield
    for op in operations(block):
        if isinstance(op, CHANNEL_OPERATIONS):
            title, hint = f"`{function.symbol}` uses a stream, which a function in C++ is not given", "pass it an array"
            raise lowering.rejected(WrongUse(title=title, span=span_of(op.location), hint=hint))


def begin_call(
    lowering: Lowering, function: External, arguments: Sequence[Argument], nodes: Sequence[ast.expr]
) -> ir.Operation:
    """Builds the call."""
    values = [
        _passed(lowering, function.symbol, parameter, argument, node)
        for parameter, argument, node in zip(function.parameters, arguments, nodes, strict=True)
    ]
    return call_external(
        values,
        symbol=function.symbol,
        source=str(function.source or ""),
        object_file=str(function.object_file or ""),
        include=[str(folder) for folder in function.include],
        flags=function.flags,
        cycles=function.cycles or int(function.reference is None),
    )


def _argument(lowering: Lowering, symbol: str, parameter: Parameter, node: ast.expr) -> Argument:
    wanted = parameter.type
    if not isinstance(wanted, TensorType):
        aim(lowering, node, wanted)
        return lowering.typed(lowering.scalar(node), wanted, node)
    aim(lowering, node, wanted.element)
    value = lowering.operand(node)
    if not isinstance(value, ArrayValue):
        given, hint = str(lowering.settled(value, node).dtype), f"`{symbol}` takes an array here"
        raise lowering.rejected(TypeMismatch(given=given, wanted=str(wanted), span=lowering.spans(node), hint=hint))
    computed = isinstance(value, Tensor | Folded)
    if computed and not isinstance(parameter, In):
        title, hint = f"`{symbol}` writes into this, which is no array that keeps it", "give it an array or a slice"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    given_type = TensorType(wanted.element if computed else element_type(value), shape_of(value))
    if given_type != wanted:
        title = f"`{symbol}` takes `{wanted}` here, this is `{given_type}`"
        raise lowering.rejected(ShapeMismatch(title=title, label="", span=lowering.spans(node)))
    view = view_of(_stored(lowering, symbol, wanted, value, node))
    if isinstance(parameter, In):
        return replace(view, array=replace(view.array, constant=f"`{symbol}` takes it as an `sp.In`"))
    check_writable(lowering, view.array, node)
    return view


def _stored(lowering: Lowering, symbol: str, wanted: TensorType, value: ArrayValue, node: ast.expr) -> Array | View:
    """An array in memory; what is still to be computed becomes a local one of the type wanted."""
    if isinstance(value, Array | View):
        return value
    array = Array(symbol, lowering.allocate(wanted, symbol, shown=False), wanted, lowering.spans(node))
    copy_into(lowering, view_of(array), value, node)
    return array


def _passed(lowering: Lowering, symbol: str, parameter: Parameter, argument: Argument, node: ast.expr) -> ir.Value:
    if isinstance(argument, Scalar):
        return by_value(argument.value, str(argument.dtype))
    extents = _taken(argument)
    shape = list(argument.array.memory.type.shape)
    if not _is_contiguous(argument, extents, shape):
        title = f"`{symbol}` takes elements that lie one behind the other, these do not"
        label, hint = f"a part of `{argument.array.name}`", "copy it into a local array, and give that"
        raise lowering.rejected(ShapeMismatch(title=title, label=label, span=lowering.spans(node), hint=hint))
    starts = place(argument, [constant(index, 0)] * len(argument.shape))
    first: ir.Value | None = None
    for start, count, extent in zip(starts, extents, shape, strict=True):
        inside = _checked(argument.array, start, count, extent)
        first = inside if first is None else moved(inside, first, extent)
    known = constant(index, 0) if first is None else first
    return by_reference(argument.array.memory, known, str(parameter.type), parameter.direction)


def _taken(view: View) -> list[int]:
    """How many places of each dimension of the memory a view takes."""
    own = iter(view.dimensions)
    kept = [origin.kept for origin in view.array.origin] or [True] * len(view.dimensions)
    return [_count(next(own)) if each else 1 for each in kept]


def _count(dimension: Dimension) -> int:
    return 1 if dimension.extent is None else dimension.extent


def _is_contiguous(view: View, extents: Sequence[int], shape: Sequence[int]) -> bool:
    """Whether a view's elements lie one behind the other: behind a dimension that is cut, all are whole."""
    if any(dimension.step != 1 and _count(dimension) > 1 for dimension in view.dimensions):
        return False
    longer = [axis for axis, count in enumerate(extents) if count > 1]
    return not longer or list(extents[longer[0] + 1 :]) == list(shape[longer[0] + 1 :])


def _checked(array: Array, start: ir.Value, count: int, extent: int) -> ir.Value:
    """Where a slice begins, checked by the run if it is not known."""
    owner = start.owner
    if not isinstance(owner, ir.Block) and isinstance(owner.opview, arith.ConstantOp):
        return start
    what = f"0 to {extent - count}, where {count} elements of `{array.name}` can begin"
    return within(start, extent - count + 1, what)
