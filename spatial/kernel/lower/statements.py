"""Lowers statements: declarations, assignments, expression statements."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from spatial.ir.arithmetic import convert
from spatial.ir.mlir import ir, memref
from spatial.kernel.arrays.contraction import matmul
from spatial.kernel.arrays.elements import check_writable
from spatial.kernel.arrays.elementwise import binary, power
from spatial.kernel.arrays.tensor import copy_into, element_type, fill, shape_of, undisturbed
from spatial.kernel.arrays.views import load, store, view_of
from spatial.kernel.errors import MOST_ELEMENTS, ArrayTooLarge, NotAssignable, ShapeMismatch, TypeMismatch, WrongUse
from spatial.kernel.loops.exits import StoppedFor
from spatial.kernel.loops.jumps import JUMPS
from spatial.kernel.loops.statements import branch, check_fresh, for_loop, while_loop
from spatial.kernel.lower.destination import aim
from spatial.kernel.lower.dropped import expression_statement
from spatial.kernel.lower.expressions import BINARY
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.kernel.lower.messages import assert_
from spatial.kernel.lower.places import Part, assign, place_of, put_into, read_place
from spatial.kernel.lower.returns import return_
from spatial.kernel.lower.tables import is_table, typed_table
from spatial.kernel.lower.unpacking import evaluated, parts_for, several_for_one, values_of
from spatial.kernel.lower.values import (
    Array,
    ArrayValue,
    Cell,
    Folded,
    Number,
    Position,
    Scalar,
    Single,
    Tensor,
    Tuple,
    Value,
    View,
)
from spatial.kernel.specialized.state import check_local, keep, split_annotation
from spatial.meta.plain import Known, written
from spatial.meta.running import running
from spatial.meta.trace import FAILED
from spatial.stream.stream import StreamType
from spatial.types.dtype import DType, Fixed, Float, Index, Int, Struct, as_dtype, is_float, is_integer
from spatial.types.tensor import TensorType

__all__ = ["STATEMENTS"]

BY_TABLE = "the table of statements says so"


def _declare(lowering: Lowering, node: ast.stmt) -> None:
    """`name: T = value` or `name: T`."""
    assert isinstance(node, ast.AnnAssign), BY_TABLE
    if not isinstance(node.target, ast.Name):
        raise lowering.unsupported("a type on anything but a name", node.target, "leave the type out")
    annotation, said = split_annotation(node.annotation)
    declared = _declared_type(lowering, annotation)
    name, storage = node.target.id, str(said.storage or "")
    check_local(lowering, declared, said, node.annotation)
    if said.stateful:
        keep(lowering, node, name, declared, storage)
        return
    if isinstance(declared, TensorType):
        _declare_array(lowering, node, name, declared, storage)
        return
    if node.value is None:
        if not isinstance(lowering.names.get(name), Cell):
            lowering.bare.add(name)
        _cell(lowering, name, declared, node.target)
        return
    aim(lowering, node.value, declared)
    given = lowering.scalar(node.value, name)
    with lowering.at(node.value, name if name in lowering.once else None):
        value = lowering.typed(given, declared, node.value)
    _bind(lowering, name, value, node.target, declared=True)


def _declared_type(lowering: Lowering, annotation: ast.expr) -> DType | TensorType:
    if isinstance(annotation, ast.Constant):
        title, hint = (
            f"`{ast.unparse(annotation)}` is no type of a local",
            "write a type without quotes, such as `int32`",
        )
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(annotation), hint=hint))
    if not isinstance(annotation, Known):
        culprit = lowering.scope.first_running(annotation)
        if isinstance(culprit, ast.Name) and not lowering.scope.is_local(culprit.id):
            raise lowering.undefined(culprit)
        hint = "give the extent as a constant: `float32[4]`"
        raise lowering.rejected(running(culprit, "the type of a local", hint, lowering.scope, lowering.spans))
    value = annotation.value
    if value is FAILED:
        raise Rejected
    dtype = as_dtype(value)
    if dtype is not None:
        return dtype
    if isinstance(value, TensorType) and value.size > MOST_ELEMENTS:
        raise lowering.rejected(ArrayTooLarge(span=lowering.spans(annotation)))
    if isinstance(value, TensorType):
        return value
    if isinstance(value, StreamType):
        title, hint = "a stream is declared in the region, not in a kernel", "move the line in front of the kernel"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(annotation), hint=hint))
    better = {int: "int32", float: "float32"}.get(value, "float32") if isinstance(value, type) else "int32"
    title = f"`{getattr(value, '__name__', value)}` is no type of a local"
    hint = f"write a type of the language, such as `{better}` or `{better}[4]`"
    if isinstance(value, type) and issubclass(value, np.number):
        title, hint = f"`{written(annotation)}` is no type of a local", f"write `spatial.{value.__name__}`"
    raise lowering.rejected(WrongUse(title=title, span=lowering.spans(annotation), hint=hint))


def _declare_array(lowering: Lowering, node: ast.AnnAssign, name: str, type_: TensorType, storage: str) -> None:
    if node.value:
        aim(lowering, node.value, type_.element)
    value = _initial(lowering, node.value, type_) if node.value else None
    bound = lowering.names.get(name)
    if isinstance(bound, Array) and bound.type == type_ and name not in lowering.parameters:
        array = bound
    else:
        check_fresh(lowering, name, str(type_), node.target)
        call = lowering.callee.number if lowering.callee else 0
        handed = lowering.handed.get((call, name))
        memory = lowering.take(handed, type_) if handed else lowering.allocate(type_, name, storage)
        array = Array(name, memory, type_, lowering.spans(node.target))
        lowering.names[name] = array
    lowering.definite.add(name)
    if value is not None and node.value is not None:
        copy_into(lowering, view_of(array), value, node.value)


def _initial(lowering: Lowering, node: ast.expr, type_: TensorType) -> Value:
    """The first value of a local array; what is known at compile time becomes a table of its type."""
    match node:
        case Known(value=list() | tuple() as given):
            return typed_table(lowering, given, type_, node)
        case Known(value=np.ndarray() as given) if not is_table(given) or isinstance(type_.element, Fixed | Struct):
            return typed_table(lowering, given, type_, node)
        case ast.List() | ast.Tuple():
            return values_of(lowering, node)
    return lowering.expression(node)


def _assign(lowering: Lowering, node: ast.stmt) -> None:
    """`target = value`, `a = b = value`, `a, b = b, a`: the whole right side is evaluated first, and once."""
    assert isinstance(node, ast.Assign), BY_TABLE
    for target in node.targets:
        _check_targets(lowering, target)
    name = node.targets[0].id if isinstance(node.targets[0], ast.Name) else None
    several = isinstance(node.targets[0], ast.Tuple | ast.List)
    _aim_at(lowering, node.targets[0], node.value)
    value = values_of(lowering, node.value) if several else lowering.expression(node.value, name)
    if several or len(node.targets) > 1:
        value = evaluated(lowering, value, node.targets, node.value)
    if len(node.targets) > 1 and isinstance(value, Array):
        value = replace(value, taken=False)
    for target in node.targets:
        _give(lowering, target, value, node.value)


def _check_targets(lowering: Lowering, target: ast.expr) -> None:
    match target:
        case ast.Name(id=name):
            _check_target(lowering, name, target)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                _check_targets(lowering, element)
        case ast.Subscript() | ast.Attribute():
            pass
        case ast.Starred():
            raise lowering.unsupported("`*` in front of a target", target, "give every value a name of its own")
        case _:
            raise lowering.unsupported("assigning to this", target, "assign to a name or to elements of an array")


def _give(lowering: Lowering, target: ast.expr, value: Value, source: ast.expr) -> None:
    """Gives a target its value."""
    match target:
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element, part, origin in zip(elements, *parts_for(lowering, target, value, source), strict=True):
                _give(lowering, element, part, origin)
        case ast.Name(id=name):
            _give_name(lowering, name, value, source, target)
        case _:
            assign(lowering, target, value, source)


def _give_name(lowering: Lowering, name: str, value: Value, source: ast.expr, target: ast.expr) -> None:
    match value:
        case Tuple():
            raise several_for_one(lowering, target, value)
        case Array() | View() | Tensor() | Folded():
            _assign_array(lowering, name, value, source, target)
        case _:
            _assign_scalar(lowering, name, value, source, target)


def _aim_at(lowering: Lowering, target: ast.expr, value: ast.expr) -> None:
    """What has a type already is what its new value is computed for."""
    while isinstance(target, ast.Subscript):
        target = target.value
    match lowering.names.get(target.id) if isinstance(target, ast.Name) else None:
        case Cell(dtype=dtype) | Array(type=TensorType(element=dtype)):
            aim(lowering, value, dtype)


def _check_target(lowering: Lowering, name: str, target: ast.expr) -> None:
    """What is assigned as a whole is a local of the kernel's own."""
    bound = lowering.names.get(name)
    if name in lowering.parameters and isinstance(bound, Scalar):
        why, hint = "this is a scalar that the run is given, which is only read", "assign a local of another name"
    elif name in lowering.parameters:
        shape = bound.type.shape if isinstance(bound, Array) else (1,)
        hint = f"assign its elements, `{name}[{', '.join('ijklmn'[: len(shape)])}] = ...`, or `{name}[:] = ...` for all"
        why = "this is an array of the region"
    elif isinstance(bound, Scalar):
        why, hint = "this is the variable of a loop", "use another name"
    else:
        return
    raise lowering.rejected(NotAssignable(name=name, why=why, span=lowering.spans(target), hint=hint))


def _assign_scalar(lowering: Lowering, name: str, value: Number, source: ast.AST, target: ast.expr) -> None:
    bound = lowering.names.get(name)
    if isinstance(bound, Array):
        span, hint = lowering.spans(target), f"write `{name}[:] = ...` to fill it"
        raise lowering.rejected(NotAssignable(name=name, why="this is an array", span=span, hint=hint))
    if isinstance(bound, Cell):
        _check_kept(lowering, name, value, bound, source)
        typed = lowering.typed(value, bound.dtype, source)
    else:
        typed = lowering.settled(value, source)
    _bind(lowering, name, typed, target)


def _check_kept(lowering: Lowering, name: str, value: Number, bound: Cell, source: ast.AST) -> None:
    """A float does not become the integer that a local was first given."""
    if isinstance(value, Scalar) and is_float(value.dtype) and is_integer(bound.dtype):
        hint = f"declare it as a float, `{name}: {value.dtype} = ...`, or cast: `{bound.dtype}(...)`"
        span, given, wanted = lowering.spans(source), str(value.dtype), str(bound.dtype)
        raise lowering.rejected(TypeMismatch(given=given, wanted=wanted, span=span, hint=hint, declared=bound.span))


def _assign_array(lowering: Lowering, name: str, value: ArrayValue, source: ast.expr, target: ast.expr) -> None:
    """A name for an array is a local copy of it."""
    type_ = TensorType(element_type(value), shape_of(value))
    bound = lowering.names.get(name)
    if isinstance(bound, Array) and bound.type != type_:
        title = f"`{name}` has the type `{bound.type}`, this is `{type_}`"
        span = lowering.spans(source)
        raise lowering.rejected(ShapeMismatch(title=title, label="", span=span, hint="use another name"))
    if not isinstance(bound, Array):
        check_fresh(lowering, name, str(type_), target)
        bound = Array(name, lowering.allocate(type_, name), type_, lowering.spans(target))
        lowering.names[name] = bound
    lowering.definite.add(name)
    copy_into(lowering, view_of(bound), value, source)


def _augment(lowering: Lowering, node: ast.stmt) -> None:
    """`target op= value`: the outcome wraps to the target's type."""
    assert isinstance(node, ast.AugAssign), BY_TABLE
    match node.target:
        case ast.Subscript() | ast.Attribute():
            _augment_place(lowering, node)
        case ast.Name(id=name):
            bound = lowering.names.get(name)
            if isinstance(bound, Array):
                check_writable(lowering, bound, node.target)
                _augment_view(lowering, view_of(bound), bound, node)
                return
            _check_target(lowering, name, node.target)
            current = lowering.scalar(ast.copy_location(ast.Name(name, ast.Load()), node.target))
            if isinstance(current, Scalar):
                aim(lowering, node.value, current.dtype)
            changed = _changed(lowering, current, lowering.operand(node.value), node)
            if isinstance(changed, ArrayValue):
                title, hint = f"`{name}` is a number, this is an array", "use a name of its own"
                raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node.value), hint=hint))
            _assign_scalar(lowering, name, changed, node, node.target)
        case _:
            raise lowering.unsupported("assigning to this", node.target, "assign to a name or an element of an array")


def _augment_place(lowering: Lowering, node: ast.AugAssign) -> None:
    place = place_of(lowering, node.target)
    match place:
        case View():
            _augment_view(lowering, place, load(place, []) if not place.shape else place, node)
        case Part():
            current = read_place(place)
            aim(lowering, node.value, current.dtype)
            changed = _changed(lowering, current, lowering.operand(node.value), node)
            put_into(lowering, place, changed, node)


def _augment_view(lowering: Lowering, view: View, current: Single, node: ast.AugAssign) -> None:
    """Changes each element; what `@` or a reduction makes is added while it is made."""
    aim(lowering, node.value, view.array.type.element)
    value = lowering.operand(node.value)
    if not isinstance(value, Folded) or value.shape != view.shape or isinstance(node.op, ast.MatMult):
        copy_into(lowering, view, _changed(lowering, current, value, node), node)
        return
    element = view.array.type.element

    def change(at: Position, number: Scalar) -> None:
        changed = _changed(lowering, load(view, at), number, node)
        assert isinstance(changed, Scalar), "numbers make a number"
        store(view, at, lowering.typed(changed, element, node))

    fill(undisturbed(lowering, view, value, node), change)


def _changed(lowering: Lowering, current: Single, value: Single, node: ast.AugAssign) -> Single:
    if isinstance(node.op, ast.MatMult):
        return matmul(lowering, current, value, node)
    if isinstance(node.op, ast.Pow):
        return power(lowering, current, value, (node.target, node.value), node)
    return binary(lowering, BINARY[type(node.op)], (current, value), (node.target, node.value), node)


def _pass(lowering: Lowering, node: ast.stmt) -> None:
    """Nothing."""


def _bind(lowering: Lowering, name: str, value: Scalar, target: ast.expr, *, declared: bool = False) -> None:
    """Gives a local its value: a name assigned once is the value itself, any other has a cell."""
    bound = lowering.names.get(name)
    if name in lowering.once and bound is None:
        _note_type(value)
        lowering.names[name] = value
        return
    match bound:
        case Cell(memory=memory, dtype=dtype) if not declared or dtype == value.dtype:
            memref.store(convert(value.value, value.dtype, dtype), memory, [])
        case _:
            cell = _cell(lowering, name, value.dtype, target)
            memref.store(value.value, cell.memory, [])
    lowering.definite.add(name)


def _note_type(value: Scalar) -> None:
    """Keeps how a value reads whose MLIR type does not tell."""
    owner = value.value.owner
    told = isinstance(value.dtype, Int | Float | Index) or isinstance(owner, ir.Block)
    if not told and len(owner.results) == 1:
        owner.attributes["df.type"] = ir.StringAttr.get(str(value.dtype))


def _cell(lowering: Lowering, name: str, dtype: DType, target: ast.expr) -> Cell:
    """The cell of a local scalar, made where the name is new."""
    bound = lowering.names.get(name)
    if isinstance(bound, Cell) and bound.dtype == dtype:
        return bound
    check_fresh(lowering, name, str(dtype), target)
    cell = Cell(lowering.allocate(dtype, name), dtype, lowering.spans(target))
    lowering.names[name] = cell
    return cell


STATEMENTS: Mapping[type[ast.stmt], Callable[[Lowering, ast.stmt], None]] = {
    ast.AnnAssign: _declare,
    ast.Assign: _assign,
    ast.AugAssign: _augment,
    ast.Expr: expression_statement,
    ast.Pass: _pass,
    ast.For: for_loop,
    StoppedFor: for_loop,
    ast.While: while_loop,
    ast.If: branch,
    ast.Assert: assert_,
    ast.Return: return_,
    **JUMPS,
}
