"""Lowers loops and branches."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from spatial.ir.arithmetic import constant
from spatial.ir.mlir import ir, scf
from spatial.kernel.affine import LoopVariable, fixed, variable
from spatial.kernel.errors import NotAssignable, Redeclared, TypeMismatch, WrongArguments
from spatial.kernel.lowering import Lowering, Rejected
from spatial.kernel.markers import grid
from spatial.kernel.pipeline import Pipeline
from spatial.kernel.values import Array, Cell, Literal, Scalar, View
from spatial.kernel.views import view_of
from spatial.meta.plain import Known
from spatial.meta.trace import FAILED
from spatial.stream.stream import ChannelRef, Stream
from spatial.types.dtype import Bool, index, is_integer

__all__ = ["branch", "check_fresh", "for_loop", "while_loop"]

BY_TABLE = "the table of statements says so"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One loop of a nest: its variable, its bounds as integers, what its keywords say."""

    target: ast.Name
    start: Scalar
    stop: Scalar
    step: int
    attributes: Mapping[str, ir.Attribute]


def for_loop(lowering: Lowering, node: ast.stmt) -> None:
    """`for k in range(...)` or `for i, j in sp.grid(...)`."""
    assert isinstance(node, ast.For), BY_TABLE
    _check_no_else(lowering, node)
    call = node.iter
    function = lowering.scope.resolve(call.func) if isinstance(call, ast.Call) else None
    if isinstance(call, ast.Call) and function is range:
        _loop(lowering, node, [_range_level(lowering, node.target, call)])
    elif isinstance(call, ast.Call) and function is grid:
        _loop(lowering, node, _grid_levels(lowering, node.target, call))
    else:
        _refuse_iterable(lowering, call)


def while_loop(lowering: Lowering, node: ast.stmt) -> None:
    """`while condition:`; the condition is evaluated before each iteration.

    What the body gives a value counts as having one behind the loop: whether it runs only the run can tell.
    """
    assert isinstance(node, ast.While), BY_TABLE
    _check_no_else(lowering, node)
    loop = scf.WhileOp([], [])
    before, after = loop.regions[0].blocks.append(), loop.regions[1].blocks.append()
    with lowering.guarded(before):
        scf.condition(lowering.truth(node.test).value, [])
    with lowering.guarded(after):
        lowering.body(node.body)
        scf.yield_([])


def branch(lowering: Lowering, node: ast.stmt) -> None:
    """`if`, decided while the program runs."""
    assert isinstance(node, ast.If), BY_TABLE
    condition = lowering.truth(node.test)
    made = scf.IfOp(condition.value, [], has_else=bool(node.orelse))
    given = set(lowering.definite)
    with lowering.guarded(made.then_block):
        lowering.body(node.body)
        scf.yield_([])
    taken, lowering.definite = lowering.definite, given
    if node.orelse:
        with lowering.guarded(made.else_block):
            lowering.body(node.orelse)
            scf.yield_([])
    lowering.definite &= taken


def check_fresh(lowering: Lowering, name: str, type_: str, target: ast.expr) -> None:
    """A name means one thing in a kernel."""
    bound = lowering.names.get(name)
    span = lowering.spans(target)
    match bound:
        case Cell(dtype=first, span=where):
            redeclared = Redeclared(name=name, type=type_, span=span, first_type=str(first), first=where)
            raise lowering.rejected(redeclared)
        case Array(type=first, span=where):
            redeclared = Redeclared(name=name, type=type_, span=span, first_type=str(first), first=where)
            raise lowering.rejected(redeclared)
        case Scalar():
            why, hint = "this is the variable of a loop", "use another name"
            raise lowering.rejected(NotAssignable(name=name, why=why, span=span, hint=hint))


def _check_no_else(lowering: Lowering, node: ast.For | ast.While) -> None:
    if node.orelse:
        raise lowering.unsupported("`else` behind a loop", node.orelse[0], "put the statements behind the loop")


def _refuse_iterable(lowering: Lowering, node: ast.expr) -> NoReturn:
    """Why a loop cannot run over something; what is wrong within that is told instead."""
    if isinstance(node, Known) and isinstance(node.value, Stream | ChannelRef):
        hint = f"write `for k in range(n)`, and take a token in each turn: `x = {ast.unparse(node.written)}.get()`"
        raise lowering.unsupported("a loop over a stream", node, hint)
    if isinstance(node, ast.Call | ast.Name | ast.Subscript):
        value = lowering.expression(node)
        if isinstance(value, Array | View):
            hint = f"write `for k in range({view_of(value).shape[0]})`, and index with `k`"
            raise lowering.unsupported("a loop over an array", node, hint)
    hint = "write `for k in range(n)`, or `sp.meta_for(...)` to repeat the body for compile-time values"
    raise lowering.unsupported("a loop over this", node, hint)


def _range_level(lowering: Lowering, target: ast.expr, call: ast.Call) -> Level:
    if not isinstance(target, ast.Name):
        raise lowering.unsupported("this loop target", target, "write one name: `for k in range(n)`")
    if not 1 <= len(call.args) <= 3:
        title = "`range` takes a stop, or a start, a stop and a step"
        raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(call), hint="write `range(n)`"))
    attributes = _attributes(lowering, call, "range")
    if len(call.args) == 1:
        return Level(target=target, start=_zero(), stop=_bound(lowering, call.args[0]), step=1, attributes=attributes)
    start, stop = _bound(lowering, call.args[0]), _bound(lowering, call.args[1])
    step = _step(lowering, call.args[2]) if len(call.args) == 3 else 1
    return Level(target=target, start=start, stop=stop, step=step, attributes=attributes)


def _grid_levels(lowering: Lowering, target: ast.expr, call: ast.Call) -> list[Level]:
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    names = [element for element in targets if isinstance(element, ast.Name)]
    if not call.args or len(names) != len(call.args):
        extents = f"{len(call.args)} extent{'s' if len(call.args) != 1 else ''}"
        title = f"`sp.grid` of {extents} needs as many names, there are {len(names)}"
        hint = "write `for i, j in sp.grid(m, n):`"
        raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(target), hint=hint))
    inner = _attributes(lowering, call, "sp.grid")
    stops = [_bound(lowering, argument) for argument in call.args]
    return [
        Level(target=name, start=_zero(), stop=stop, step=1, attributes=inner if name is names[-1] else {})
        for name, stop in zip(names, stops, strict=True)
    ]


def _zero() -> Scalar:
    return Scalar(constant(index, 0), index, fixed(0))


def _loop(lowering: Lowering, node: ast.For, levels: Sequence[Level]) -> None:
    """The nest of the levels, outermost first, around the statement's body.

    As with `while`, what the body gives a value counts as having one behind the loop.
    """
    level, *inner = levels
    name = level.target.id
    check_fresh(lowering, name, str(index), level.target)
    loop = scf.ForOp(level.start.value, level.stop.value, constant(index, level.step))
    loop.attributes["df.name"] = ir.StringAttr.get(name)
    for key, attribute in level.attributes.items():
        loop.attributes[key] = attribute
    loop.induction_variable.set_location(ir.Location.name(name, ir.Location.current))
    ranges = _ranges(lowering, level)
    counter = LoopVariable(ranges[0][0], ranges[0][-1]) if ranges and len(set(ranges)) == 1 else None
    lowering.names[name] = Scalar(loop.induction_variable, index, variable(counter) if counter else None)
    lowering.loops[name] = lowering.spans(level.target)
    lowering.guards += not ranges
    with ir.InsertionPoint(loop.body):
        if inner:
            _loop(lowering, node, inner)
        else:
            lowering.body(node.body)
        scf.yield_([])
    lowering.guards -= not ranges
    del lowering.names[name]


def _ranges(lowering: Lowering, level: Level) -> list[range]:
    """What the loop runs through in each PE (once, if all do the same); empty where it is unknown or may not run."""
    start, stop = level.start.affine, level.stop.affine
    if start is None or stop is None or start.loops or stop.loops:
        return []
    pes = len(lowering.labels) if start.differs or stop.differs else 1
    ranges = [range(start.bounds(pe)[0], stop.bounds(pe)[0], level.step) for pe in range(pes)]
    return ranges if all(ranges) else []


def _bound(lowering: Lowering, node: ast.expr) -> Scalar:
    """A bound of a loop; it counts, so it is an integer."""
    value = lowering.scalar(node)
    settled = value if isinstance(value, Literal) else lowering.settled(value, node)
    if isinstance(settled, Literal):
        whole = isinstance(settled.value, int) and not isinstance(settled.value, bool)
        if whole:
            return lowering.typed(settled, index, node)
        settled = lowering.settled(settled, node)
    if not is_integer(settled.dtype) or isinstance(settled.dtype, Bool):
        hint = "a loop counts with integers: cast it, as in `int32(x)`"
        mismatch = TypeMismatch(given=str(settled.dtype), wanted=str(index), span=lowering.spans(node), hint=hint)
        raise lowering.rejected(mismatch)
    return lowering.typed(settled, index, node, cast=True)


def _step(lowering: Lowering, node: ast.expr) -> int:
    step = lowering.scalar(node)
    if not isinstance(step, Literal) or not isinstance(step.value, int) or step.value < 1:
        hint = "count upwards, and compute what counts down: `n - 1 - k`"
        raise lowering.unsupported("a step that is not a positive compile-time integer", node, hint)
    return step.value


def _attributes(lowering: Lowering, call: ast.Call, word: str) -> dict[str, ir.Attribute]:
    """What the keywords of `range` and `grid` say of the loop."""
    found: dict[str, ir.Attribute] = {}
    for keyword in call.keywords:
        value = getattr(keyword.value, "value", None)
        if value is FAILED:
            raise Rejected
        match keyword.arg, value:
            case "name", str():
                found["df.label"] = ir.StringAttr.get(value)
            case "pipeline", bool():
                found["df.pipelined"] = ir.BoolAttr.get(value)
            case "pipeline", int() if value >= 1:
                found["df.pipeline"] = _pipeline(Pipeline(ii=value))
            case "pipeline", Pipeline():
                found["df.pipeline"] = _pipeline(value)
            case "unroll", _:
                raise lowering.unsupported("`unroll`", keyword, "repeat the body with `sp.meta_for(...)`")
            case _:
                raise _bad_keyword(lowering, keyword, word)
    return found


def _bad_keyword(lowering: Lowering, keyword: ast.keyword, word: str) -> Rejected:
    takes = {"name": "a text", "pipeline": "False, an interval of at least 1, or `sp.Pipeline(...)`"}
    if keyword.arg in takes:
        title, span = f"`{keyword.arg}=` of a loop takes {takes[keyword.arg]}", lowering.spans(keyword.value)
        return lowering.rejected(WrongArguments(title=title, span=span))
    title = f"`{word}` takes no `{keyword.arg}`" if keyword.arg else f"`{word}` takes no `**`"
    hint = "a loop takes `name=` and `pipeline=`"
    return lowering.rejected(WrongArguments(title=title, span=lowering.spans(keyword), hint=hint))


def _pipeline(pipeline: Pipeline) -> ir.Attribute:
    i64 = ir.IntegerType.get_signless(64)
    fields: dict[str, ir.Attribute] = {"style": ir.StringAttr.get(pipeline.style)}
    if pipeline.ii is not None:
        fields["ii"] = ir.IntegerAttr.get(i64, pipeline.ii)
    if pipeline.latency is not None:
        fields["latency"] = ir.IntegerAttr.get(i64, pipeline.latency)
    stages = {name: ir.IntegerAttr.get(i64, stage) for name, stage in pipeline.stages.items()}
    fields["stages"] = ir.DictAttr.get(stages)
    return ir.DictAttr.get(fields)
