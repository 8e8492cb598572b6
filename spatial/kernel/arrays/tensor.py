"""Array values that are computed element by element."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace

from spatial.ir.arithmetic import constant
from spatial.ir.dtypes import scalar_type
from spatial.ir.mlir import ir, scf
from spatial.kernel.arrays.blocks import can_take
from spatial.kernel.arrays.overlap import is_disturbed
from spatial.kernel.arrays.views import load, nest, store, view_of
from spatial.kernel.errors import ShapeMismatch, WrongUse
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.values import (
    Array,
    ArrayValue,
    Folded,
    Number,
    Position,
    Read,
    Scalar,
    Single,
    Sink,
    Tensor,
    Tuple,
    Value,
    View,
)
from spatial.types.dtype import DType, bool_, index
from spatial.types.tensor import TensorType

__all__ = [
    "broadcast",
    "broadcast_shape",
    "common_shape",
    "copy_into",
    "element_type",
    "fill",
    "lift",
    "materialized",
    "result_type",
    "shape_of",
    "stored",
    "tensor_of",
    "undisturbed",
]

Compute = Callable[[Sequence[Number]], Scalar]


def shape_of(value: ArrayValue) -> tuple[int, ...]:
    """The extents of an array value."""
    return value.type.shape if isinstance(value, Array) else value.shape


def element_type(value: ArrayValue) -> DType:
    """The type of the elements of an array value."""
    match value:
        case Array():
            return value.type.element
        case View():
            return value.array.type.element
        case Tensor() | Folded():
            return value.dtype


def lift(lowering: Lowering, values: Sequence[Single], node: ast.AST, compute: Compute) -> Single:
    """What `compute` makes of numbers, for each element of the arrays among them, broadcast as NumPy does.

    Nothing is computed yet, but that arrays which need loops of their own are computed once.
    """
    if not any(isinstance(value, ArrayValue) for value in values):
        return compute([value for value in values if not isinstance(value, ArrayValue)])
    shape = common_shape(lowering, values, node)
    operands = [broadcast(tensor_of(lowering, v, node), shape) if isinstance(v, ArrayValue) else v for v in values]
    kinds = [value.dtype if isinstance(value, Tensor) else value for value in operands]

    def element(at: Position) -> Scalar:
        with lowering.at(node):
            return compute([value.element(at) if isinstance(value, Tensor) else value for value in operands])

    reads = tuple(read for value in operands if isinstance(value, Tensor) for read in value.reads)
    return Tensor(shape=shape, dtype=result_type(lowering, kinds, compute), element=element, reads=reads)


def result_type(lowering: Lowering, operands: Sequence[Number | DType], compute: Compute) -> DType:
    """The type of what is computed from numbers, or from any of a type: found by computing it where nothing runs.

    What is wrong with the types is told here.
    """
    never = constant(bool_, 0)
    trial = scf.IfOp(never, [], has_else=False)
    block = trial.then_block
    numbers: list[Number] = [
        each if isinstance(each, Number) else Scalar(block.add_argument(scalar_type(each), ir.Location.current), each)
        for each in operands
    ]
    with lowering.guarded(block):
        made = compute(numbers)
    trial.operation.erase()
    never.owner.erase()
    return made.dtype


def common_shape(lowering: Lowering, values: Sequence[Single], node: ast.AST) -> tuple[int, ...]:
    """The shape that the arrays among values are broadcast to: aligned at the last axis, an extent of 1 repeats."""
    return broadcast_shape(lowering, [shape_of(value) for value in values if isinstance(value, ArrayValue)], node)


def broadcast_shape(lowering: Lowering, shapes: Sequence[tuple[int, ...]], node: ast.AST) -> tuple[int, ...]:
    """The shape that all of some shapes are broadcast to."""
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    common = tuple(max(extents) for extents in zip(*padded, strict=True))
    if any(extent not in (1, common[axis]) for shape in padded for axis, extent in enumerate(shape)):
        told = " and ".join(str(list(shape)) for shape in dict.fromkeys(shapes))
        title = f"shapes {told} do not broadcast"
        hint = "extents are compared from the last: they are equal, or one of them is 1"
        raise lowering.rejected(ShapeMismatch(title=title, label="", span=lowering.spans(node), hint=hint))
    return common


def broadcast(tensor: Tensor, shape: tuple[int, ...]) -> Tensor:
    """A tensor repeated to a shape that it broadcasts to."""
    if tensor.shape == shape:
        return tensor
    own, inner = tensor.shape, len(shape) - len(tensor.shape)
    repeated = [extent == 1 != shape[inner + axis] for axis, extent in enumerate(own)]

    def element(at: Position) -> Scalar:
        places = zip(at[inner:], repeated, strict=True)
        return tensor.element([constant(index, 0) if once else place for place, once in places])

    reads = tuple(replace(read, aligned=False) for read in tensor.reads)
    return replace(tensor, shape=shape, element=element, reads=reads)


def tensor_of(lowering: Lowering, value: ArrayValue, node: ast.AST) -> Tensor:
    """An array value whose elements can be asked for one by one."""
    match value:
        case Tensor():
            return value
        case Folded():
            return tensor_of(lowering, materialized(lowering, value, value.name, node), node)
        case Array() | View():
            view = view_of(value)
            return Tensor(
                shape=view.shape,
                dtype=view.array.type.element,
                element=lambda at: load(view, at),
                reads=(Read(view, aligned=True),),
                stored=True,
            )


def stored(lowering: Lowering, value: ArrayValue, name: str, node: ast.AST) -> Tensor:
    """An array value whose elements lie in memory, so that they can be asked for many times."""
    tensor = tensor_of(lowering, value, node)
    return tensor if tensor.stored else tensor_of(lowering, materialized(lowering, tensor, name, node), node)


def materialized(lowering: Lowering, value: Tensor | Folded, name: str, node: ast.AST) -> Array:
    """A new local array that holds a value."""
    type_ = TensorType(value.dtype, value.shape)
    array = Array(name, lowering.allocate(type_, name), type_, lowering.spans(node))
    fill(value, lambda at, element: store(view_of(array), at, element))
    return array


def fill(value: Tensor | Folded, sink: Sink) -> None:
    """Computes all elements in the order of the text of an array, a cycle for each, and hands them over."""
    if isinstance(value, Folded):
        value.fill(sink)
    else:
        nest(value.shape, lambda at: sink(at, value.element(at)))


def copy_into(lowering: Lowering, view: View, value: Value, node: ast.AST) -> None:
    """Fills a view with a number, or with an array that is broadcast to its shape.

    All of the value is read before anything it depends on is written. A block just taken from a channel
    goes there at once.
    """
    element = view.array.type.element
    if isinstance(value, Tuple) and not view.shape:
        title, hint = "an element takes one value, not several", "store each in an element of its own"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    if isinstance(value, Tuple):
        _spread(lowering, view, value, (), node)
        return
    if not isinstance(value, ArrayValue):
        typed = lowering.typed(value, element, node)
        nest(view.shape, lambda at: store(view, at, typed))
        return
    if isinstance(value, Array) and can_take(view, value):
        value.memory.replace_all_uses_with(view.array.memory)
        lowering.release(value.memory)
        return
    given = shape_of(value)
    if not _fills(given, view.shape):
        of = f"one of shape {list(view.shape)}" if view.shape else "one element"
        title, label = f"an array of shape {list(given)} does not fill {of}", f"this has the shape {list(given)}"
        raise lowering.rejected(ShapeMismatch(title=title, label=label, span=lowering.spans(node)))
    source = value if isinstance(value, Folded) and given == view.shape else tensor_of(lowering, value, node)
    if isinstance(source, Tensor):
        source = broadcast(source, view.shape)
    result_type(lowering, [source.dtype], lambda numbers: lowering.typed(numbers[0], element, node))
    source = undisturbed(lowering, view, source, node)
    fill(source, lambda at, number: store(view, at, lowering.typed(number, element, node)))


def _spread(lowering: Lowering, view: View, value: Value, at: tuple[int, ...], node: ast.AST) -> None:
    """Stores several values at once, each in an element of its own."""
    if isinstance(value, Tuple) and len(at) < len(view.shape) and len(value.parts) == view.shape[len(at)]:
        for position, part in enumerate(value.parts):
            _spread(lowering, view, part, (*at, position), node)
        return
    if isinstance(value, Tuple | ArrayValue) or len(at) < len(view.shape):
        title = f"these values do not fill an array of shape {list(view.shape)}"
        hint = "give each element one value"
        raise lowering.rejected(ShapeMismatch(title=title, label="", span=lowering.spans(node), hint=hint))
    typed = lowering.typed(value, view.array.type.element, node)
    store(view, [constant(index, position) for position in at], typed)


def undisturbed(lowering: Lowering, view: View, source: Tensor | Folded, node: ast.AST) -> Tensor | Folded:
    """The value itself if it can be stored into the view while it is computed, else a copy."""
    if not any(is_disturbed(view, read) for read in source.reads):
        return source
    return tensor_of(lowering, materialized(lowering, source, "copy", node), node)


def _fills(given: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether an array can be broadcast to a shape."""
    if len(given) > len(shape):
        return False
    return all(own in (1, extent) for own, extent in zip(given, shape[len(shape) - len(given) :], strict=True))
