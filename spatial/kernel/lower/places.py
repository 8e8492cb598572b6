"""What an assignment can change: a local, an element, a field or some bits of one, a part of an array."""

import ast
from dataclasses import dataclass

from spatial.ir.mlir import memref
from spatial.ir.packing import as_bits, extract, insert, of_bits
from spatial.kernel.arrays.elements import check_writable, select
from spatial.kernel.arrays.tensor import copy_into
from spatial.kernel.arrays.views import load, store, view_of
from spatial.kernel.bits.slices import Selection, selection
from spatial.kernel.bits.structs import field_place
from spatial.kernel.errors import NotAssignable, WrongUse
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.kernel.lower.values import (
    Array,
    ArrayValue,
    Cell,
    Folded,
    Literal,
    Scalar,
    Tensor,
    Tuple,
    Value,
    Varying,
    View,
)
from spatial.meta.plain import Known
from spatial.types.dtype import DType

__all__ = ["Part", "Place", "assign", "place_of", "put_into", "read_place"]


@dataclass(frozen=True, slots=True)
class Part:
    """A field, or some bits, of what lies at `whole`."""

    whole: "Cell | View | Part"
    selection: Selection

    @property
    def dtype(self) -> DType:
        """The type of the part."""
        return self.selection.dtype


Place = Cell | View | Part


def assign(lowering: Lowering, target: ast.expr, value: Value, node: ast.expr) -> None:
    """`A[...] = value`, `p.x = value`, `w[0:8] = value`; what is stored takes the type of the place.

    The fill or copy of a part of an array is a loop nest, so it takes a cycle for each element.
    """
    place = place_of(lowering, target)
    with lowering.at(target):
        put_into(lowering, place, value, node)


def put_into(lowering: Lowering, place: Place, value: Value, node: ast.AST) -> None:
    """Stores a value, as the type of the place."""
    if isinstance(place, View):
        copy_into(lowering, place, value, node)
        return
    if isinstance(value, ArrayValue | Tuple):
        title, hint = "a field, or some bits, take one number", "store an element of it"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    _write(place, lowering.typed(value, place.dtype, node))


def place_of(lowering: Lowering, target: ast.expr) -> Place:
    """Where an assignment stores; what leads there is evaluated once."""
    match target:
        case ast.Subscript(value=base):
            whole = _whole(lowering, base)
            if isinstance(whole, View) and whole.shape:
                return select(lowering, target, whole)
            return Part(whole, selection(lowering, _type(whole), target))
        case ast.Attribute(value=base, attr=attribute):
            whole = _whole(lowering, base)
            if isinstance(whole, View) and whole.shape and attribute == "T":
                raise _is_value(lowering, target)
            if isinstance(whole, View) and whole.shape:
                title, hint = f"`{ast.unparse(base)}` is an array, it has no fields", "assign to elements of an array"
                raise lowering.rejected(WrongUse(title=title, span=lowering.spans(base), hint=hint))
            offset, dtype = field_place(lowering, _type(whole), target)
            return Part(whole, Selection(offset, dtype.bits, dtype))
    raise lowering.unsupported("assigning to this", target, "assign to a name or to elements of an array")


def read_place(place: Place) -> Scalar:
    """The value that lies there."""
    match place:
        case Cell(memory=memory, dtype=dtype):
            return Scalar(memref.load(memory, []), dtype)
        case View():
            return load(place, [])
        case Part(whole=whole, selection=chosen):
            word = read_place(whole)
            bits = extract(as_bits(word.value, word.dtype), chosen.start, chosen.width)
            return Scalar(of_bits(bits, chosen.dtype), chosen.dtype)


def _write(place: Place, value: Scalar) -> None:
    """Stores a value of the place's type; a part is put into the whole, which is read and written."""
    match place:
        case Cell(memory=memory):
            memref.store(value.value, memory, [])
        case View():
            store(place, [], value)
        case Part(whole=whole, selection=chosen):
            old = read_place(whole)
            word = insert(as_bits(old.value, old.dtype), chosen.start, as_bits(value.value, value.dtype))
            _write(whole, Scalar(of_bits(word, old.dtype), old.dtype))


def _whole(lowering: Lowering, node: ast.expr) -> Place:
    """What stands in front of a dot or a bracket that is assigned to."""
    if isinstance(node, ast.Subscript | ast.Attribute):
        return place_of(lowering, node)
    value = lowering.expression(node)
    bound = lowering.names.get(node.id) if isinstance(node, ast.Name) else None
    if isinstance(bound, Cell):
        return bound
    match value:
        case Array() | View():
            view = view_of(value)
            check_writable(lowering, view.array, node)
            return view
        case Tensor() | Folded() | Tuple():
            raise _is_value(lowering, node)
        case Literal() | Varying():
            why, hint = "it is known at compile time", "declare a local with a type, as in `x: UInt(8) = 0`"
        case Scalar():
            why, hint = "this is no local that can change", "keep it in a local of its own first"
    written = node.written if isinstance(node, Known) else node
    raise lowering.rejected(NotAssignable(name=ast.unparse(written), why=why, span=lowering.spans(node), hint=hint))


def _is_value(lowering: Lowering, node: ast.expr) -> Rejected:
    title, hint = "this is a value of its own, not a part of an array", "assign to elements of an array"
    return lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))


def _type(place: Place) -> DType:
    return place.array.type.element if isinstance(place, View) else place.dtype
