"""Lowers statements: declarations, assignments, expression statements."""

import ast
from collections.abc import Callable, Mapping

from spatial.ir.arithmetic import convert
from spatial.ir.mlir import memref
from spatial.kernel.arrays import assign, check_writable, copy_into, load, select, view_of
from spatial.kernel.calls import put
from spatial.kernel.errors import NotAssignable, Redeclared, ShapeMismatch, WrongUse
from spatial.kernel.expressions import BINARY
from spatial.kernel.loops import branch, for_loop, while_loop
from spatial.kernel.lowering import Lowering
from spatial.kernel.operators import operate
from spatial.kernel.values import Array, Cell, Scalar, Value, View
from spatial.meta.plain import Known
from spatial.types.dtype import DType, as_dtype
from spatial.types.tensor import TensorType

__all__ = ["STATEMENTS"]


def _declare(lowering: Lowering, node: ast.stmt) -> None:
    """`name: T = value` or `name: T`."""
    assert isinstance(node, ast.AnnAssign)
    if not isinstance(node.target, ast.Name):
        lowering.unsupported("a type on anything but a name", node.target)
    declared = _declared_type(lowering, node.annotation)
    name = node.target.id
    if isinstance(declared, TensorType):
        _declare_array(lowering, node, name, declared)
        return
    if node.value is None:
        _cell(lowering, name, declared, node.target)
        return
    value = lowering.typed(lowering.scalar(node.value, name), declared, node.value)
    _bind(lowering, name, value, node.target, declared=True)


def _declared_type(lowering: Lowering, annotation: ast.expr) -> DType | TensorType:
    value = annotation.value if isinstance(annotation, Known) else None
    dtype = as_dtype(value)
    if dtype is not None or isinstance(value, TensorType):
        return dtype or value  # type: ignore[return-value]
    written = ast.unparse(annotation) if not isinstance(annotation, Known) else getattr(value, "__name__", str(value))
    title = f"`{written}` is no type of a local"
    better = {int: "int32", float: "float32"}.get(value, "float32[4]") if isinstance(value, type) else "int32"
    lowering.reject(
        WrongUse(title=title, span=lowering.spans(annotation), hint=f"write a type of the language, such as `{better}`")
    )


def _declare_array(lowering: Lowering, node: ast.AnnAssign, name: str, type_: TensorType) -> None:
    value = lowering.expression(node.value) if node.value else None
    bound = lowering.names.get(name)
    if isinstance(bound, Array) and bound.type == type_ and not bound.constant:
        array = bound
    else:
        _check_fresh(lowering, name, str(type_), node.target)
        array = Array(name, lowering.allocate(type_, name), type_, lowering.spans(node.target))
        lowering.names[name] = array
    if value is not None and node.value is not None:
        copy_into(lowering, view_of(array), value, node.value)


def _assign(lowering: Lowering, node: ast.stmt) -> None:
    """`name = value`, `array[...] = value`."""
    assert isinstance(node, ast.Assign)
    if len(node.targets) != 1:
        lowering.unsupported("assigning to several targets", node, "write one assignment for each")
    (target,) = node.targets
    match target:
        case ast.Name(id=name):
            value = lowering.expression(node.value, name)
            if isinstance(value, Array | View):
                _assign_array(lowering, name, value, node, target)
            else:
                _assign_scalar(lowering, name, value, node.value, target)
        case ast.Subscript():
            assign(lowering, target, lowering.expression(node.value), node.value)
        case ast.Tuple():
            lowering.unsupported("assigning several names at once", target, "write one assignment for each")
        case _:
            lowering.unsupported("assigning to this", target, "assign to a name or to elements of an array")


def _assign_scalar(lowering: Lowering, name: str, value: Value, source: ast.expr, target: ast.expr) -> None:
    assert not isinstance(value, Array | View)
    bound = lowering.names.get(name)
    if isinstance(bound, Array):
        copy = f"`{name}[...] = value` fills it" if len(bound.type.shape) == 1 else f"write `{name}[i, j] = value`"
        lowering.reject(NotAssignable(name=name, why="this is an array", span=lowering.spans(target), hint=copy))
    typed = lowering.typed(value, bound.dtype, source) if isinstance(bound, Cell) else lowering.settled(value, source)
    _bind(lowering, name, typed, target)


def _assign_array(lowering: Lowering, name: str, value: Array | View, node: ast.Assign, target: ast.expr) -> None:
    """A name for an array is a local copy of it."""
    view = view_of(value)
    type_ = TensorType(view.array.type.element, view.shape)
    bound = lowering.names.get(name)
    if isinstance(bound, Array) and bound.type != type_:
        title = f"`{name}` has the type `{bound.type}`, this is `{type_}`"
        lowering.reject(ShapeMismatch(title=title, label="", span=lowering.spans(node.value)))
    if isinstance(bound, Array):
        check_writable(lowering, bound, target)
    else:
        _check_fresh(lowering, name, str(type_), target)
        bound = Array(name, lowering.allocate(type_, name), type_, lowering.spans(target))
        lowering.names[name] = bound
    copy_into(lowering, view_of(bound), value, node.value)


def _augment(lowering: Lowering, node: ast.stmt) -> None:
    """`target op= value`: the outcome wraps to the target's type."""
    assert isinstance(node, ast.AugAssign)
    operator = BINARY.get(type(node.op))
    if operator is None:
        lowering.unsupported("this operator", node, "write the multiplications out")
    if isinstance(node.target, ast.Subscript):
        view = select(lowering, node.target)
        check_writable(lowering, view.array, node.target)
        if view.shape:
            lowering.unsupported("arithmetic on a whole slice", node.target, "loop over its elements")
        changed = operate(lowering, operator, load(view, []), lowering.scalar(node.value), _infix(node))
        copy_into(lowering, view, changed, node.value)
        return
    if not isinstance(node.target, ast.Name):
        lowering.unsupported("assigning to this", node.target)
    name = node.target.id
    current = lowering.scalar(ast.copy_location(ast.Name(name, ast.Load()), node.target))
    changed = operate(lowering, operator, current, lowering.scalar(node.value), _infix(node))
    bound = lowering.names.get(name)
    typed = lowering.typed(changed, bound.dtype, node, cast=False) if isinstance(bound, Cell) else changed
    _bind(lowering, name, typed, node.target)


def _infix(node: ast.AugAssign) -> ast.expr:
    return ast.copy_location(ast.BinOp(node.target, node.op, node.value), node)


def _expression(lowering: Lowering, node: ast.stmt) -> None:
    """A channel operation, or an expression whose value is dropped."""
    assert isinstance(node, ast.Expr)
    if isinstance(node.value, ast.Constant):
        return
    if not (isinstance(node.value, ast.Call) and put(lowering, node.value)):
        lowering.expression(node.value)


def _pass(lowering: Lowering, node: ast.stmt) -> None:
    """Nothing."""


def _bind(lowering: Lowering, name: str, value: Scalar, target: ast.expr, *, declared: bool = False) -> None:
    """Gives a local its value: a name assigned once is the value itself, any other has a cell."""
    bound = lowering.names.get(name)
    if name in lowering.once and bound is None:
        lowering.names[name] = value
        return
    match bound:
        case Cell(memory=memory, dtype=dtype) if not declared or dtype == value.dtype:
            memref.store(convert(value.value, value.dtype, dtype), memory, [])
        case _:
            cell = _cell(lowering, name, value.dtype, target)
            memref.store(value.value, cell.memory, [])


def _cell(lowering: Lowering, name: str, dtype: DType, target: ast.expr) -> Cell:
    """The cell of a local scalar, made where the name is new."""
    bound = lowering.names.get(name)
    if isinstance(bound, Cell) and bound.dtype == dtype:
        return bound
    _check_fresh(lowering, name, str(dtype), target)
    cell = Cell(lowering.allocate(dtype, name), dtype, lowering.spans(target))
    lowering.names[name] = cell
    return cell


def _check_fresh(lowering: Lowering, name: str, type_: str, target: ast.expr) -> None:
    """A name means one thing in a kernel."""
    bound = lowering.names.get(name)
    span = lowering.spans(target)
    match bound:
        case Cell(dtype=first, span=where):
            lowering.reject(Redeclared(name=name, type=type_, span=span, first_type=str(first), first=where))
        case Array(type=first, span=where):
            lowering.reject(Redeclared(name=name, type=type_, span=span, first_type=str(first), first=where))
        case Scalar():
            why = "it is the variable of a loop around this, or a parameter"
            lowering.reject(NotAssignable(name=name, why=why, span=span, hint="use another name"))


STATEMENTS: Mapping[type[ast.stmt], Callable[[Lowering, ast.stmt], None]] = {
    ast.AnnAssign: _declare,
    ast.Assign: _assign,
    ast.AugAssign: _augment,
    ast.Expr: _expression,
    ast.Pass: _pass,
    ast.For: for_loop,
    ast.While: while_loop,
    ast.If: branch,
}
