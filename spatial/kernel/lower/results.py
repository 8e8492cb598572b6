"""Lowers what a function returns that is a program by itself: memory that a run gives back."""

import ast
from collections.abc import Sequence

from spatial.ir.arithmetic import constant
from spatial.ir.mlir import ir, memref
from spatial.kernel.arrays.tensor import copy_into, element_type, shape_of
from spatial.kernel.arrays.views import store, view_of
from spatial.kernel.declared.references import ArrayRef
from spatial.kernel.declared.results import Result
from spatial.kernel.errors import NoSuchValue, ShapeMismatch, TypeMismatch, WrongUse
from spatial.kernel.loops.exits import ends
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.returning import Place, Results
from spatial.kernel.lower.values import Array, ArrayValue, Number, Single, Tuple
from spatial.source.span import Span
from spatial.types.dtype import DType, index
from spatial.types.tensor import TensorType

__all__ = ["given_back", "keep"]


def keep(lowering: Lowering, results: Results, node: ast.Return) -> None:
    """Keeps the values of a `return` in the memory that a run gives back.

    A local array is that memory itself, an array that the function is given stays where it is; anything else is copied.
    """
    nodes = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] if node.value else []
    values = _values(lowering, nodes)
    nodes = nodes if len(nodes) == len(values) else [*nodes] * len(values)
    if results.declared is not None and len(results.declared) != len(values):
        raise _declared_otherwise(lowering, results, len(values), node)
    if results.places is None:
        pairs = zip(values, nodes, strict=True)
        results.places = [_place(lowering, results, position, *pair) for position, pair in enumerate(pairs)]
        return
    if len(results.places) != len(values):
        raise _differs(lowering, results, lowering.spans(node))
    for place, value, written in zip(results.places, values, nodes, strict=True):
        _put(lowering, results, place, value, written)


def given_back(lowering: Lowering, results: Results, body: Sequence[ast.stmt], span: Span) -> tuple[Result, ...]:
    """What the function gives back, once its body is lowered: each place becomes memory that it is given."""
    if results.places and not ends(body):
        _differs(lowering, results, span)
    if results.places is None and results.declared and not lowering.problems:
        told = ", ".join(map(str, results.declared))
        title = f"`{results.function}` is declared to return `{told}`, and returns nothing"
        lowering.rejected(NoSuchValue(title=title, span=span, hint="end it with `return`, or leave out the type"))
    if lowering.problems:
        return ()
    places, taken = results.places or [], {*results.taken}
    firsts = [next(at for at, other in enumerate(places) if other.array.memory == each.array.memory) for each in places]
    made = {at: _result(lowering, places[at], taken) for at in dict.fromkeys(firsts)}
    return tuple(made[at] for at in firsts)


def _values(lowering: Lowering, nodes: Sequence[ast.expr]) -> list[Single]:
    found: list[Single] = []
    for node in nodes:
        value = lowering.expression(node)
        parts = value.parts if isinstance(value, Tuple) else (value,)
        if (len(nodes) > 1 and isinstance(value, Tuple)) or any(isinstance(part, Tuple) for part in parts):
            title, hint = "several values are returned as one", "give each a name: `a, b = ...`"
            raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
        found += [part for part in parts if not isinstance(part, Tuple)]
    return found


def _place(lowering: Lowering, results: Results, position: int, value: Single, node: ast.expr) -> Place:
    """The memory for one of the values, which is in it."""
    declared = results.declared[position] if results.declared is not None else None
    name = _name(node, results)
    if not isinstance(value, ArrayValue):
        dtype = _number_type(lowering, value, declared, node)
        type_ = TensorType(dtype, (1,))
        array = Array(name, lowering.allocate(type_, name), type_, lowering.spans(node))
        place = Place(array=array, number=True)
        _put(lowering, results, place, value, node)
        return place
    found = TensorType(element_type(value), shape_of(value))
    if isinstance(value, Array) and _is_itself(lowering, value):
        _check_type(lowering, found, declared, node)
        return Place(array=value)
    if declared is not None and (not isinstance(declared, TensorType) or declared.shape != found.shape):
        _check_type(lowering, found, declared, node)
    type_ = declared if isinstance(declared, TensorType) else found
    place = Place(array=Array(name, lowering.allocate(type_, name), type_, lowering.spans(node)))
    _put(lowering, results, place, value, node)
    return place


def _put(lowering: Lowering, results: Results, place: Place, value: Single, node: ast.expr) -> None:
    """Stores a value in its place, unless it is there."""
    array = place.array
    if isinstance(value, ArrayValue) == place.number:
        raise _differs(lowering, results, lowering.spans(node))
    if not isinstance(value, ArrayValue):
        typed = lowering.typed(value, array.type.element, node)
        store(view_of(array), [constant(index, 0)], typed)
        return
    if isinstance(value, Array) and value.memory == array.memory:
        return
    if isinstance(value, Array) and _is_itself(lowering, value):
        title = f"`{results.function}` returns `{array.name}` on one way, and another array on this"
        hint = "write into one array on all ways, and return that"
        raise lowering.rejected(NoSuchValue(title=title, span=lowering.spans(node), hint=hint))
    if shape_of(value) != array.type.shape:
        title = f"`{results.function}` returns an array of type `{array.type}` on another way"
        label = f"this has the shape {list(shape_of(value))}"
        raise lowering.rejected(ShapeMismatch(title=title, label=label, span=lowering.spans(node)))
    copy_into(lowering, view_of(array), value, node)


def _is_itself(lowering: Lowering, array: Array) -> bool:
    """Whether an array is all of a local, or all of what the function is given."""
    if array.constant or array.origin or array.taken:
        return False
    owner = array.memory.owner
    return (
        array.name in lowering.parameters if isinstance(owner, ir.Block) else isinstance(owner.opview, memref.AllocaOp)
    )


def _number_type(lowering: Lowering, value: Number, declared: TensorType | DType | None, node: ast.expr) -> DType:
    if isinstance(declared, TensorType):
        title = f"the function is declared to return `{declared}`, this is a number"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node)))
    return declared if declared is not None else lowering.settled(value, node).dtype


def _check_type(lowering: Lowering, found: TensorType, declared: TensorType | DType | None, node: ast.expr) -> None:
    if declared is None or found == declared:
        return
    span, hint = lowering.spans(node), f"declare the function as `-> {found}`"
    mismatch = TypeMismatch(given=str(found), wanted=str(declared), span=span, hint=hint)
    raise lowering.rejected(mismatch)


def _name(node: ast.expr, results: Results) -> str:
    name = node.id if isinstance(node, ast.Name) else "result"
    return "result" if name in results.taken else name


def _result(lowering: Lowering, place: Place, taken: set[str]) -> Result:
    """A place as memory that the function is given."""
    memory, name = place.array.memory, place.array.name
    if isinstance(memory.owner, ir.Block):
        return Result(name=name)
    numbered = (name, *(f"{name}_{n}" for n in range(1, len(taken) + 2)))
    name = next(each for each in numbered if each not in taken)
    taken.add(name)
    attributes = memory.owner.attributes
    storage = attributes["df.storage"].value if "df.storage" in attributes else ""
    array = ArrayRef(name=name, type=place.array.type, span=place.array.span, storage=storage)
    memory.replace_all_uses_with(lowering.take(array, array.type))
    lowering.release(memory)
    return Result(name=name, array=array, number=place.number)


def _declared_otherwise(lowering: Lowering, results: Results, count: int, node: ast.Return) -> Exception:
    declared = len(results.declared or ())
    wanted = f"{declared} value{'s' if declared != 1 else ''}"
    title = f"`{results.function}` is declared to return {wanted if declared else 'nothing'}, this returns {count}"
    return lowering.rejected(
        NoSuchValue(title=title, span=lowering.spans(node), hint="declare the type of each: `-> tuple[int32, int32]`")
    )


def _differs(lowering: Lowering, results: Results, span: Span) -> Exception:
    title = f"`{results.function}` returns different values on its ways"
    return lowering.rejected(NoSuchValue(title=title, span=span, hint="end every way with a `return` alike"))
