"""Lowers loops and branches."""

import ast
from collections.abc import Sequence

from spatial.ir.arithmetic import constant
from spatial.ir.mlir import ir, scf
from spatial.kernel.errors import WrongArguments
from spatial.kernel.lowering import Lowering
from spatial.kernel.markers import grid
from spatial.kernel.pipeline import Pipeline
from spatial.kernel.values import Literal, Scalar, Varying
from spatial.meta.scope import Scope
from spatial.types.dtype import index

__all__ = ["branch", "for_loop", "while_loop"]

Bound = Scalar | Literal | Varying


def for_loop(lowering: Lowering, node: ast.stmt) -> None:
    """`for k in range(...)` or `for i, j in sp.grid(...)`."""
    assert isinstance(node, ast.For)
    if node.orelse:
        lowering.unsupported("`else` behind a loop", node.orelse[0], "put the statements behind the loop")
    call = node.iter
    scope = Scope(environment=lowering.environment, local=frozenset(lowering.names))
    function = scope.resolve(call.func) if isinstance(call, ast.Call) else None
    if isinstance(call, ast.Call) and function is range:
        _range_loop(lowering, node, call)
    elif isinstance(call, ast.Call) and function is grid:
        _grid_loops(lowering, node, call)
    else:
        hint = "write `for k in range(n)`, `sp.grid(m, n)`, or `sp.meta_for(...)` for compile-time values"
        lowering.unsupported("a loop over this", node.iter, hint)


def while_loop(lowering: Lowering, node: ast.stmt) -> None:
    """`while condition:`; the condition is evaluated before each iteration."""
    assert isinstance(node, ast.While)
    if node.orelse:
        lowering.unsupported("`else` behind a loop", node.orelse[0], "put the statements behind the loop")
    loop = scf.WhileOp([], [])
    before, after = loop.regions[0].blocks.append(), loop.regions[1].blocks.append()
    with lowering.guarded(before):
        scf.condition(lowering.truth(node.test).value, [])
    with lowering.guarded(after):
        lowering.body(node.body)
        scf.yield_([])


def branch(lowering: Lowering, node: ast.stmt) -> None:
    """`if`, decided while the program runs."""
    assert isinstance(node, ast.If)
    condition = lowering.truth(node.test)
    made = scf.IfOp(condition.value, [], has_else=bool(node.orelse))
    with lowering.guarded(made.then_block):
        lowering.body(node.body)
        scf.yield_([])
    if node.orelse:
        with lowering.guarded(made.else_block):
            lowering.body(node.orelse)
            scf.yield_([])


def _range_loop(lowering: Lowering, node: ast.For, call: ast.Call) -> None:
    if not isinstance(node.target, ast.Name):
        lowering.unsupported("this loop target", node.target, "write one name: `for k in range(n)`")
    bounds = [lowering.scalar(argument) for argument in call.args]
    if not 1 <= len(bounds) <= 3:
        title = "`range` takes a stop, or a start, a stop and a step"
        lowering.reject(WrongArguments(title=title, span=lowering.spans(call), hint="write `range(n)`"))
    start, stop = (bounds[0], bounds[1]) if len(bounds) > 1 else (Literal(0), bounds[0])
    step = _step(lowering, call, bounds)
    attributes = _attributes(lowering, call, node.target.id)
    _loop(lowering, node, [(node.target.id, start, stop, step, attributes)])


def _grid_loops(lowering: Lowering, node: ast.For, call: ast.Call) -> None:
    targets = node.target.elts if isinstance(node.target, ast.Tuple) else [node.target]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    if not call.args or len(names) != len(call.args):
        title = f"`sp.grid` of {len(call.args)} extents needs as many names, there are {len(targets)}"
        lowering.reject(
            WrongArguments(title=title, span=lowering.spans(node.target), hint="write `for i, j in sp.grid(m, n)`")
        )
    stops = [lowering.scalar(argument) for argument in call.args]
    outer: dict[str, ir.Attribute] = {}
    inner = _attributes(lowering, call, names[-1])
    levels = []
    for position, (name, stop) in enumerate(zip(names, stops, strict=True)):
        last = position == len(names) - 1
        levels.append((name, Literal(0), stop, 1, inner if last else outer))
    _loop(lowering, node, levels)


def _loop(
    lowering: Lowering, node: ast.For, levels: Sequence[tuple[str, Bound, Bound, int, dict[str, ir.Attribute]]]
) -> None:
    """The nest of the levels, outermost first, around the statement's body."""
    (name, start, stop, step, attributes), *inner = levels
    call = node.iter
    low, high = lowering.typed(start, index, call, cast=True), lowering.typed(stop, index, call, cast=True)
    loop = scf.ForOp(low.value, high.value, constant(index, step))
    loop.attributes["df.name"] = ir.StringAttr.get(name)
    for key, attribute in attributes.items():
        loop.attributes[key] = attribute
    loop.induction_variable.set_location(ir.Location.name(name, ir.Location.current))
    interval = _interval(start, stop, step)
    outside = dict(lowering.names)
    lowering.names[name] = Scalar(loop.induction_variable, index, interval)
    lowering.guards += interval is None
    with ir.InsertionPoint(loop.body):
        if inner:
            _loop(lowering, node, inner)
        else:
            lowering.body(node.body)
        scf.yield_([])
    lowering.guards -= interval is None
    lowering.names.pop(name, None)
    if name in outside:
        lowering.names[name] = outside[name]


def _interval(start: Bound, stop: Bound, step: int) -> tuple[int, int] | None:
    """The values of the loop variable, where the bounds are known and there are any."""
    if not (isinstance(start, Literal) and isinstance(stop, Literal)):
        return None
    values = range(int(start.value), int(stop.value), step)
    return (values[0], values[-1]) if values else None


def _step(lowering: Lowering, call: ast.Call, bounds: list[Bound]) -> int:
    if len(bounds) < 3:
        return 1
    step = bounds[2]
    if not isinstance(step, Literal) or step.value < 1:
        lowering.unsupported("a step that is not a positive compile-time integer", call.args[2], "count upwards")
    return int(step.value)


def _attributes(lowering: Lowering, call: ast.Call, name: str) -> dict[str, ir.Attribute]:
    """What the keywords of `range` and `grid` say of the loop."""
    found: dict[str, ir.Attribute] = {}
    for keyword in call.keywords:
        value = getattr(keyword.value, "value", None)
        match keyword.arg, value:
            case "name", str():
                found["df.label"] = ir.StringAttr.get(value)
            case "pipeline", bool():
                found["df.pipelined"] = ir.BoolAttr.get(value)
            case "pipeline", int():
                found["df.pipeline"] = _pipeline(Pipeline(ii=value))
            case "pipeline", Pipeline():
                found["df.pipeline"] = _pipeline(value)
            case "unroll", _:
                lowering.unsupported("`unroll`", keyword.value, "repeat the body with `sp.meta_for(...)`")
            case _:
                title = f"`{keyword.arg}` is no argument of this loop, or its value is none it takes"
                hint = "a loop takes `name=`, and `pipeline=` with False, an interval or `sp.Pipeline(...)`"
                lowering.reject(WrongArguments(title=title, span=lowering.spans(keyword.value), hint=hint))
    return found


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
