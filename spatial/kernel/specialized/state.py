"""Locals that keep their values over the calls of a built module."""

import ast

from spatial.ir.mlir import ir
from spatial.kernel.bits.structs import fields_of
from spatial.kernel.declared.references import Kept
from spatial.kernel.errors import BadInitialValue, WrongUse
from spatial.kernel.loops.statements import check_fresh
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.kernel.lower.values import Array, Cell
from spatial.meta.plain import Argument, Known
from spatial.meta.running import running
from spatial.meta.scope import MISSING
from spatial.meta.trace import FAILED
from spatial.types.conversion import Value
from spatial.types.dtype import DType, Struct
from spatial.types.initial import initial_values
from spatial.types.qualifiers import Qualified
from spatial.types.tensor import TensorType

__all__ = ["check_local", "keep", "split_annotation"]

Initial = tuple[Value, ...]


def split_annotation(annotation: ast.expr) -> tuple[ast.expr, Qualified]:
    """A declared type, and what stands behind its `@`."""
    if isinstance(annotation, Known) and isinstance(annotation.value, Qualified):
        return Known(annotation.value.type, annotation), annotation.value
    return annotation, Qualified(type=None)


def check_local(lowering: Lowering, type_: DType | TensorType, said: Qualified, node: ast.expr) -> None:
    """Gives the statement up where a local is none of what is said of it."""
    title, hint = "", ""
    if said.placements:
        title, hint = "a local belongs to one PE, it is not cut over the mapping", "cut a parameter of the kernel"
    elif said.storage is not None and not isinstance(type_, TensorType):
        title, hint = "a scalar is not bound to storage", f"declare an array: `{type_}[1]`"
    if title:
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))


def keep(lowering: Lowering, node: ast.AnnAssign, name: str, type_: DType | TensorType, storage: str) -> None:
    """`name: T @ sp.Stateful = value`: memory of the PE's own, which begins with the value when the module is built.

    In a function each call in the text has its own, however often it runs.
    """
    check_fresh(lowering, name, str(type_), node.target)
    span = lowering.spans(node.target)
    if ir.InsertionPoint.current.block != lowering.top:
        title = f"`{name}` keeps its value over calls, so it is declared once, outside of loops and branches"
        hint = f"declare it at the top of the {'function' if lowering.callee else 'kernel'}"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
    memory = lowering.kept.get(node)
    if memory is None:  # the copies of an unrolled loop share it
        initial = _initial(lowering, name, type_, node.value)
        kept = Kept(name=name, type=type_, span=span, initial=initial, storage=storage)
        memory = lowering.kept[node] = lowering.take(kept, type_)
    made = Array(name, memory, type_, span) if isinstance(type_, TensorType) else Cell(memory, type_, span)
    lowering.names[name] = made
    lowering.definite.add(name)


def _initial(lowering: Lowering, name: str, type_: DType | TensorType, node: ast.expr | None) -> tuple[Initial, ...]:
    """What it begins with in each PE."""
    given: tuple[object, ...]
    match node:
        case None:
            return ((),) * len(lowering.labels)
        case Argument(column=column):
            given = lowering.columns[column]
        case _ if (value := _known(lowering, node)) is not MISSING:
            given = (value,) * len(lowering.labels)
        case _:
            culprit = lowering.scope.first_running(node)
            what = "what a `Stateful` local begins with"
            hint = "give a constant, and assign the value behind the declaration"
            raise lowering.rejected(running(culprit, what, hint, lowering.scope, lowering.spans))
    if any(each is FAILED for each in given):
        raise Rejected
    try:
        return tuple(initial_values(each, type_) for each in given)
    except ValueError as error:
        raise lowering.rejected(BadInitialValue(name=name, told=str(error), span=lowering.spans(node))) from None


def _known(lowering: Lowering, node: ast.expr) -> object:
    """The value of an expression that is compile-time in all its parts, `MISSING` for any other."""
    match node:
        case Known(value=value) | ast.Constant(value=value):
            return value
        case ast.Tuple(elts=elements):
            parts = tuple(_known(lowering, element) for element in elements)
            return MISSING if any(part is MISSING for part in parts) else parts
        case ast.List(elts=elements):
            items = [_known(lowering, element) for element in elements]
            return MISSING if any(item is MISSING for item in items) else items
        case ast.Call(func=function) if isinstance(struct := lowering.scope.resolve(function), Struct):
            fields = fields_of(lowering, node, struct)
            values = [_known(lowering, fields[name]) for name, _ in struct.fields]
            return MISSING if any(value is MISSING for value in values) else struct(*values)
    return MISSING
