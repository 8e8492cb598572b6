"""Takes the several values of an assignment apart."""

import ast
from collections.abc import Iterator, Sequence

from spatial.kernel.arrays.tensor import materialized, tensor_of
from spatial.kernel.arrays.views import view_of
from spatial.kernel.errors import WrongUse
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.kernel.lower.values import Array, ArrayValue, Folded, Tuple, Value, View
from spatial.meta.plain import Known

__all__ = ["evaluated", "parts_for", "several_for_one", "values_of"]


def values_of(lowering: Lowering, node: ast.expr) -> Value:
    """Evaluates the right side of an assignment to several targets, from left to right."""
    parts = _written_parts(node)
    if parts is None:
        return lowering.expression(node)
    return Tuple(tuple(values_of(lowering, part) for part in parts))


def parts_for(
    lowering: Lowering, target: ast.Tuple | ast.List, value: Value, source: ast.expr
) -> tuple[tuple[Value, ...], list[ast.expr]]:
    """One value for each of several targets, and where each was written."""
    wanted = len(target.elts)
    if not isinstance(value, Tuple):
        title, hint = f"this is one value, there are {wanted} names", "write as many values as names: `a, b = x, y`"
        if isinstance(value, ArrayValue):
            title, hint = f"an array is not taken apart into {wanted} names", "index it: `a, b = A[0], A[1]`"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(source), hint=hint))
    given = len(value.parts)
    if given != wanted:
        title = f"{_counted(given, 'value')} for {_counted(wanted, 'name')}"
        hint = "write as many names as values"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(target), hint=hint))
    return value.parts, _written_parts(source) or [source] * given


def several_for_one(lowering: Lowering, target: ast.expr, value: Tuple) -> Rejected:
    """Notes that one target cannot take several values."""
    title = f"{_counted(len(value.parts), 'value')} for one name"
    hint = "give each a name, `a, b = ...`, or store each in an element of an array"
    return lowering.rejected(WrongUse(title=title, span=lowering.spans(target), hint=hint))


def evaluated(lowering: Lowering, value: Value, targets: Sequence[ast.expr], source: ast.expr) -> Value:
    """The value before anything is assigned.

    Arrays that are still to be computed, or that a target is part of, are copied.
    """
    if isinstance(value, Tuple):
        return Tuple(tuple(evaluated(lowering, part, targets, source) for part in value.parts))
    if not isinstance(value, ArrayValue):
        return value
    bound = [lowering.names.get(name) for target in targets for name in _bases(target)]
    written = {array.memory for array in bound if isinstance(array, Array)}
    if isinstance(value, Array | View) and view_of(value).array.memory not in written:
        return value
    lazy = value if isinstance(value, Folded) else tensor_of(lowering, value, source)
    return materialized(lowering, lazy, "copy", source)


def _written_parts(node: ast.expr) -> list[ast.expr] | None:
    """The expressions of a tuple as it is written, or None."""
    match node:
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return elements
        case Known(value=tuple() | list() as values):
            return [Known(value, node.written) for value in values]
    return None


def _bases(target: ast.expr) -> Iterator[str]:
    """The names of the arrays that a target stores into."""
    match target:
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                yield from _bases(element)
        case ast.Subscript(value=base):
            yield from _bases(base)
        case ast.Name(id=name):
            yield name


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
