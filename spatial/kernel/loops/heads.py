"""Reads the heads of `for` loops: what they count through, what their keywords say."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace

from spatial.ir.arithmetic import constant
from spatial.ir.mlir import ir
from spatial.kernel.arrays.views import view_of
from spatial.kernel.declared.pipeline import Pipeline
from spatial.kernel.errors import TypeMismatch, WrongArguments
from spatial.kernel.lower.affine import fixed
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.kernel.lower.values import Array, Literal, Scalar, View
from spatial.kernel.words.markers import grid, reduction
from spatial.meta.plain import Known
from spatial.meta.trace import FAILED
from spatial.stream.stream import Channels
from spatial.types.dtype import Bool, index, is_integer

__all__ = ["Level", "levels_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One loop of a nest: its variable, its bounds as integers, what its keywords say.

    The body is repeated `unroll` times in an iteration; 0 stands for all repetitions at once.
    """

    target: ast.Name
    start: Scalar
    stop: Scalar
    step: int = 1
    attributes: Mapping[str, ir.Attribute]
    unroll: int = 1


@dataclass(frozen=True, slots=True)
class Keywords:
    """What the keywords of `range` and `grid` say."""

    attributes: Mapping[str, ir.Attribute]
    unroll: int


def levels_of(lowering: Lowering, node: ast.For) -> list[Level]:
    """The loops that a `for` stands for, outermost first."""
    call = node.iter
    function = lowering.scope.resolve(call.func) if isinstance(call, ast.Call) else None
    if isinstance(call, ast.Call) and function is range:
        return [_range_level(lowering, node.target, call)]
    if isinstance(call, ast.Call) and function is reduction:
        level = _range_level(lowering, node.target, call, "sp.reduction")
        return [replace(level, attributes={**level.attributes, "df.reduction": ir.UnitAttr.get()})]
    if isinstance(call, ast.Call) and function is grid:
        return _grid_levels(lowering, node.target, call)
    raise _refused(lowering, call)


def _refused(lowering: Lowering, node: ast.expr) -> Rejected:
    """Why a loop cannot run over something; what is wrong within that is told instead."""
    if isinstance(node, Known) and isinstance(node.value, Channels):
        if getattr(node.value, "shape", ()):
            hint = f"write `for fifo in sp.meta_for({ast.unparse(node.written)})`, which repeats its body for each"
            return lowering.unsupported("a loop over an array of channels", node, hint)
        hint = f"write `for k in range(n)`, and take a token in each turn: `x = {ast.unparse(node.written)}.get()`"
        return lowering.unsupported("a loop over a stream", node, hint)
    if isinstance(node, ast.Call | ast.Name | ast.Subscript):
        value = lowering.expression(node)
        if isinstance(value, Array | View):
            hint = f"write `for k in range({view_of(value).shape[0]})`, and index with `k`"
            return lowering.unsupported("a loop over an array", node, hint)
    hint = "write `for k in range(n)`, or `sp.meta_for(...)` to repeat the body for compile-time values"
    return lowering.unsupported("a loop over anything but `range`, `sp.grid` and `sp.reduction`", node, hint)


def _range_level(lowering: Lowering, target: ast.expr, call: ast.Call, word: str = "range") -> Level:
    if not isinstance(target, ast.Name):
        hint = f"write one name, `for k in {word}(n)`, or `for i, j in sp.grid(m, n)`"
        raise lowering.unsupported(f"several names for what `{word}` counts", target, hint)
    if not 1 <= len(call.args) <= 3:
        title = f"`{word}` takes a stop, or a start, a stop and a step"
        raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(call), hint=f"write `{word}(n)`"))
    said = _keywords(lowering, call, word)
    start = _bound(lowering, call.args[0]) if len(call.args) > 1 else _zero()
    stop = _bound(lowering, call.args[min(len(call.args) - 1, 1)])
    step = _step(lowering, call.args[2]) if len(call.args) == 3 else 1
    return Level(target=target, start=start, stop=stop, step=step, attributes=said.attributes, unroll=said.unroll)


def _grid_levels(lowering: Lowering, target: ast.expr, call: ast.Call) -> list[Level]:
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    names = [element for element in targets if isinstance(element, ast.Name)]
    said = _keywords(lowering, call, "sp.grid")
    bounds, label = _named_extents(call, said.attributes.get("df.label"))
    if not bounds or len(names) != len(bounds):
        extents = f"{len(bounds)} extent{'s' if len(bounds) != 1 else ''}"
        title = f"`sp.grid` of {extents} needs as many names, there are {len(names)}"
        hint = "write `for i, j in sp.grid(m, n):`"
        raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(target), hint=hint))
    stops = [_bound(lowering, argument) for argument in bounds]
    levels = [
        Level(target=name, start=_zero(), stop=stop, attributes={}) for name, stop in zip(names, stops, strict=True)
    ]
    inner = {key: attribute for key, attribute in said.attributes.items() if key != "df.label"}
    levels[-1] = replace(levels[-1], attributes=inner, unroll=said.unroll)
    if label is not None:
        size = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), len(levels))
        levels[0] = replace(levels[0], attributes={**levels[0].attributes, "df.label": label, "df.band": size})
    return levels


def _named_extents(call: ast.Call, label: ir.Attribute | None) -> tuple[list[ast.expr], ir.Attribute | None]:
    """The extents of a `grid` and its name, which may stand behind them."""
    last = getattr(call.args[-1], "value", None) if call.args else None
    if isinstance(last, str) and label is None:
        return call.args[:-1], ir.StringAttr.get(last)
    return call.args, label


def _zero() -> Scalar:
    return Scalar(constant(index, 0), index, fixed(0))


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
    if isinstance(step, Literal) and isinstance(step.value, int) and step.value:
        return step.value
    hint = "write a number, such as `range(n - 1, -1, -1)`, or use a `while` loop"
    raise lowering.unsupported("a step that is not a compile-time integer other than 0", node, hint)


def _keywords(lowering: Lowering, call: ast.Call, word: str) -> Keywords:
    """What the keywords of `range` and `grid` say of the loop."""
    found: dict[str, ir.Attribute] = {}
    unroll = 1
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
            case "unroll", bool():
                unroll = 0 if value else 1
            case "unroll", int() if value >= 1:
                unroll = value
            case _:
                raise _bad_keyword(lowering, keyword, word)
    return Keywords(found, unroll)


def _bad_keyword(lowering: Lowering, keyword: ast.keyword, word: str) -> Rejected:
    takes = {
        "name": "a text",
        "pipeline": "False, an interval of at least 1, or `sp.Pipeline(...)`",
        "unroll": "True, or how often the body is repeated in an iteration",
    }
    if keyword.arg in takes:
        title, span = f"`{keyword.arg}=` of a loop takes {takes[keyword.arg]}", lowering.spans(keyword.value)
        example = {"name": '"rows"', "pipeline": "1", "unroll": "4"}[keyword.arg]
        return lowering.rejected(WrongArguments(title=title, span=span, hint=f"write `{keyword.arg}={example}`"))
    title = f"`{word}` takes no `{keyword.arg}`" if keyword.arg else f"`{word}` takes no `**`"
    hint = "a loop takes `name=`, `pipeline=` and `unroll=`"
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
