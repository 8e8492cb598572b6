"""Lowers calls of the user's functions by writing out what they do."""

import ast
from collections.abc import Mapping, Sequence

from spatial.ir.mlir import ir, memref
from spatial.kernel.arrays.elementwise import joined_type
from spatial.kernel.arrays.tensor import materialized
from spatial.kernel.arrays.views import view_of
from spatial.kernel.checks.unwritten import check_unwritten
from spatial.kernel.errors import NoSuchValue, ShapeMismatch, TypeMismatch, WrongUse
from spatial.kernel.loops.exits import returns_in_loops, without_jumps
from spatial.kernel.lower.either import either
from spatial.kernel.lower.external_calls import arguments_of, called
from spatial.kernel.lower.held import held
from spatial.kernel.lower.locals import assigned_once, changed_in_part, first_assignments
from spatial.kernel.lower.lowering import Lowering, Naming
from spatial.kernel.lower.returns import values_from_loops
from spatial.kernel.lower.values import Array, ArrayValue, Cell, Folded, Number, Single, Tensor, Tuple, Value, View
from spatial.meta.errors import CalledFrom
from spatial.meta.external import External
from spatial.meta.plain import Inlined
from spatial.source.span import Span
from spatial.stream.stream import StreamType
from spatial.types.dtype import DType, as_dtype
from spatial.types.tensor import TensorType

__all__ = ["inlined", "results"]


def inlined(lowering: Lowering, node: ast.expr) -> Value:
    """A call whose value is used, or whose values are."""
    assert isinstance(node, Inlined), "the table of expressions says so"
    values = results(lowering, node)
    if values:
        return values[0] if len(values) == 1 else Tuple(tuple(values))
    external = node.callee.closure.external
    name = external.symbol if external else node.callee.name
    title, hint = f"`{name}` returns nothing", "write the call on a line of its own"
    raise lowering.rejected(NoSuchValue(title=title, span=lowering.spans(node), hint=hint))


def results(lowering: Lowering, node: Inlined) -> list[Single]:
    """Does what the function does; the values it returns. Problems in its text tell of the call too."""
    if (external := node.callee.closure.external) is not None:
        return _called_instead(lowering, node, external)
    given = {
        name: _argument(lowering, name, argument, node)
        for name, argument in zip(node.parameters, node.arguments, strict=True)
    }
    return held(lowering, node, given, lambda: _written_out(lowering, node, given))


def _called_instead(lowering: Lowering, node: Inlined, external: External) -> list[Single]:
    """Calls a function in C++; the one that is written out is its reference."""
    arguments = arguments_of(lowering, external, node.arguments)
    for name, value, argument in zip(node.parameters, arguments, node.arguments, strict=True):
        if isinstance(value, View):
            _check_array(lowering, node, name, value, argument)
    with called(lowering, external, arguments, node.arguments):
        values = _written_out(lowering, node, dict(zip(node.parameters, arguments, strict=True)))
    if values:
        title = f"the reference of `{external.symbol}` returns a value, which a function in C++ does not"
        span, hint = node.callee.closure.definition.text.name_span(), "write it into an array: `sp.Out(int32[1])`"
        raise lowering.rejected(NoSuchValue(title=title, span=span, hint=hint))
    return []


def _written_out(lowering: Lowering, node: Inlined, given: Mapping[str, Single]) -> list[Single]:
    """Does what the function does with its parameters given."""
    begun, call = len(lowering.problems), lowering.spans(node)
    try:
        with lowering.named(_naming(lowering, node, given)):
            _make_cells(lowering, node, given)
            values = _typed_results(lowering, _outcome(lowering, node), node)
            lowering.problems += check_unwritten(node.body, frozenset(), lowering.spans)
            return values
    finally:
        found = lowering.problems[begun:]
        lowering.problems[begun:] = [CalledFrom(problem=p, name=node.callee.name, call=call) for p in found]


def _argument(lowering: Lowering, name: str, argument: ast.expr, node: Inlined) -> Single:
    """The value a parameter is given; scalars as the type it is declared with."""
    value, declared = _stored(lowering, lowering.operand(argument), name, argument), node.types.get(name)
    if isinstance(value, Array | View):
        _check_array(lowering, node, name, value, argument)
        return value
    dtype = as_dtype(declared)
    if isinstance(declared, TensorType):
        title = f"`{name}` of `{node.callee.name}` is an array of type `{declared}`, this is a number"
        raise lowering.rejected(WrongUse(title=title, span=lowering.spans(argument)))
    return lowering.typed(value, dtype, argument) if dtype is not None else value


def _stored(lowering: Lowering, value: Single, name: str, node: ast.expr) -> Number | Array | View:
    """A value that stays as it is: an array that is still to be computed becomes a local one."""
    return materialized(lowering, value, name, node) if isinstance(value, Tensor | Folded) else value


def _check_array(lowering: Lowering, node: Inlined, name: str, value: Array | View, argument: ast.expr) -> None:
    view, declared, callee = view_of(value), node.types.get(name), node.callee.name
    element, span = view.array.type.element, lowering.spans(argument)
    given = TensorType(element, view.shape)
    if isinstance(declared, TensorType) and given != declared:
        title = f"the parameter `{name}` has the type `{declared}`, this is `{given}`"
        hint = "arrays are passed by reference: declare both alike, or leave the parameter's type out"
        raise lowering.rejected(ShapeMismatch(title=title, label="", span=span, hint=hint))
    if isinstance(declared, StreamType):
        title = f"`{callee}` takes a stream for `{name}`, this is an array of type `{given}`"
        asked = f'`s.dataflow()` and `s.to(s.{view.array.name}, "{callee}")`'
        hint = f"let it take the array, `{name}: {given}`, and a schedule make a channel of it: {asked}"
        raise lowering.rejected(WrongUse(title=title, span=span, hint=hint))
    if as_dtype(declared) is not None:
        mismatch = TypeMismatch(given=str(given), wanted=str(declared), span=span, hint="index it down to one element")
        raise lowering.rejected(mismatch)


def _naming(lowering: Lowering, node: Inlined, given: Mapping[str, Single]) -> Naming:
    """The names of the function's text: its parameters, and those of what it is defined in."""
    definition, scope = node.callee.closure.definition, node.callee.scope
    spans = node.callee.text.span
    names: dict[str, Value | Cell | None] = {}
    parameters = frozenset(name for name, value in given.items() if isinstance(value, ArrayValue))
    definite: set[str] = set()
    assigned: dict[str, Span] = {}
    if definition.parent is not None:
        home = _home(lowering, node)
        names = {name: value for name, value in home.names.items() if name not in scope.local}
        parameters |= {name for name in home.parameters if name not in scope.local}
        assigned = dict(home.assigned)
        definite = {name for name in home.definite if name not in scope.local}
    return Naming(
        spans=spans,
        names={**names, **given},
        parameters=parameters,
        scope=scope,
        around=definition.surroundings.around,
        once=assigned_once(node.body) - frozenset(definition.parameters),
        assigned=assigned | {name: spans(place) for name, place in first_assignments(node.body).items()},
        top=ir.InsertionPoint.current.block,
        callee=node.callee,
        inside_of=((node.callee.name, lowering.spans(node)), *lowering.inside_of),
        definite=definite | set(given),
    )


def _home(lowering: Lowering, node: Inlined) -> Naming:
    """The names of the function that this one is defined in, in the call that defined it."""
    home = node.callee.closure.home
    current = lowering.naming()
    return next(naming for naming in (current, *reversed(lowering.callers)) if naming.callee is home)


def _make_cells(lowering: Lowering, node: Inlined, given: Mapping[str, Single]) -> None:
    """A parameter that the function assigns, or a part of it, is a local of its own, of the type it is given."""
    stores, changed = node.callee.scope.stores, set(changed_in_part(node.body))
    for name, value in given.items():
        if (name in stores or name in changed) and not isinstance(value, ArrayValue):
            settled = lowering.settled(value, node)
            text = node.callee.closure.definition.text
            span = lowering.spans(stores[name][0]) if name in stores else text.name_span()
            cell = Cell(lowering.allocate(settled.dtype, name), settled.dtype, span)
            memref.store(settled.value, cell.memory, [])
            lowering.names[name] = cell


def _outcome(lowering: Lowering, node: Inlined) -> list[Single]:
    """Does what the body says; the values it returns."""
    if returns_in_loops(node.body):
        declared = tuple(as_dtype(type_) for type_ in _declared(node))
        return list(values_from_loops(lowering, node, declared))
    return _body(lowering, without_jumps(node.body), node)


def _body(lowering: Lowering, body: Sequence[ast.stmt], node: Inlined) -> list[Single]:
    """Lowers statements up to the `return` they end in; the values it returns.

    Where one branch of an `if` returns, what stands behind the `if` belongs to the other branch.
    """
    for position, statement in enumerate(body):
        match statement:
            case ast.Return(value=None):
                return []
            case ast.Return(value=ast.Tuple(elts=elements)):
                return [_returned(lowering, element) for element in elements]
            case ast.Return(value=ast.expr() as value):
                return results(lowering, value) if isinstance(value, Inlined) else [_returned(lowering, value)]
            case ast.If(body=then, orelse=otherwise) if _returns(then) or _returns(otherwise):
                rest = body[position + 1 :]
                yes = then if _returns(then) else [*then, *rest]
                no = otherwise if _returns(otherwise) else [*otherwise, *rest]
                with lowering.at(statement):
                    return _chosen(lowering, statement.test, (yes, no), node)
        lowering.body([statement])
    return []


def _returned(lowering: Lowering, node: ast.expr) -> Single:
    return _stored(lowering, lowering.operand(node), "returned", node)


def _returns(body: Sequence[ast.stmt]) -> bool:
    """Whether a body surely ends in a `return`."""
    return any(
        isinstance(statement, ast.Return)
        or (isinstance(statement, ast.If) and _returns(statement.body) and _returns(statement.orelse))
        for statement in body
    )


def _chosen(
    lowering: Lowering, test: ast.expr, ways: tuple[Sequence[ast.stmt], Sequence[ast.stmt]], node: Inlined
) -> list[Single]:
    """The values of the way that the condition chooses."""
    counts: set[int] = set()

    def values_of(way: Sequence[ast.stmt]) -> list[Number]:
        values = [_number(lowering, value, node) for value in _body(lowering, way, node)]
        counts.add(len(values))
        if len(counts) > 1:
            title = f"`{node.callee.name}` returns a different number of values on its ways"
            span = node.callee.closure.definition.text.name_span()
            raise lowering.rejected(NoSuchValue(title=title, span=span, hint="end every way with a `return` alike"))
        return values

    def common(position: int, values: Sequence[Number]) -> DType:
        return _common(lowering, values, position, node)

    first, second = ways
    condition = lowering.truth(test)
    return list(either(lowering, condition, (lambda: values_of(first), lambda: values_of(second)), node, common))


def _number(lowering: Lowering, value: Single, node: Inlined) -> Number:
    if isinstance(value, ArrayValue):
        title = f"`{node.callee.name}` returns an array on one of several ways"
        hint = "give it the array to write into as an argument"
        span = node.callee.closure.definition.text.name_span()
        raise lowering.rejected(NoSuchValue(title=title, span=span, hint=hint))
    return value


def _common(lowering: Lowering, values: Sequence[Number], position: int, node: Inlined) -> DType:
    declared = _declared(node)
    dtype = as_dtype(declared[position]) if position < len(declared) else None
    return dtype if dtype is not None else joined_type(lowering, values, node)


def _declared(node: Inlined) -> tuple[object, ...]:
    """The types that the function's head declares for its values."""
    declared = node.types.get(None)
    parts = getattr(declared, "__args__", None)
    if isinstance(declared, tuple | list):
        return tuple(declared)
    return parts if isinstance(parts, tuple) else (declared,)


def _typed_results(lowering: Lowering, values: list[Single], node: Inlined) -> list[Single]:
    declared = _declared(node)
    if len(declared) != len(values):
        return values
    return [_typed_result(lowering, value, type_, node) for value, type_ in zip(values, declared, strict=True)]


def _typed_result(lowering: Lowering, value: Single, declared: object, node: Inlined) -> Single:
    dtype = as_dtype(declared)
    if dtype is None or isinstance(value, ArrayValue):
        return value
    return lowering.typed(value, dtype, node)
