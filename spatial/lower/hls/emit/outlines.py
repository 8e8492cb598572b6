"""Elementary functions, which the program has written out, as C++ functions of their own."""

import linecache
import re
from collections.abc import Callable, Mapping, Sequence

from spatial.ir.function import operations
from spatial.ir.location import span_of
from spatial.ir.mlir import arith, func, ir
from spatial.lower.hls.emit.body import Body
from spatial.lower.hls.emit.idioms import Idiom, Idioms
from spatial.lower.hls.emit.reals import REALS
from spatial.lower.hls.emit.scalars import IDIOMS, SCALARS
from spatial.lower.hls.emit.terms import Term, call, named
from spatial.source.span import Span

__all__ = ["OUTLINES", "find_outlines"]

SHORTEST = 8  # operations that are worth a function
CALLED = re.compile(r"(?:\w+\.)*(\w+)\(")
NAMES = frozenset({"exp", "log", "rsqrt", "sigmoid", "tanh", "erf", "gelu", "silu", "sin", "cos", "pow"})


def find_outlines(function: func.FuncOp, idioms: Idioms) -> None:
    """Adds the elementary functions of a function to its idioms.

    One is computed in float64 between an extension and the truncation that undoes it, all where the user calls it.
    """
    blocks = {op.operation.block for op in operations(function.entry_block)}
    for block in blocks:
        ops = list(block.operations)
        for begin, op in enumerate(ops):
            if isinstance(op, arith.ExtFOp) and (name := _called(span_of(op.location))):
                group = _group(ops, begin)
                if len(group) >= SHORTEST and _is_closed(group):
                    last = group[-1].operation
                    idioms.made[last] = Idiom(name=name, operands=(op.operands[0],), group=tuple(group))
                    idioms.skipped.update(each.operation for each in group[:-1])


def _called(span: Span) -> str:
    """The elementary function that the user calls at a place."""
    found = CALLED.match(linecache.getline(span.file, span.line)[max(span.column - 1, 0) :]) if span.line else None
    return found[1] if found and found[1] in NAMES else ""


def _group(ops: Sequence[ir.OpView], begin: int) -> list[ir.OpView]:
    """The operations from an extension on to the truncation of the same call; none where something else is between."""
    span, narrow = span_of(ops[begin].location), str(ops[begin].operands[0].type)
    group: list[ir.OpView] = []
    for op in ops[begin:]:
        if type(op) not in SCALARS or span_of(op.location) != span:
            return []
        group.append(op)
        if isinstance(op, arith.TruncFOp) and str(op.result.type) == narrow:
            return group
    return []


def _is_closed(group: Sequence[ir.OpView]) -> bool:
    """Whether a group depends on nothing but what its first operation does, and nothing on its inside."""
    inside = {op.operation for op in group}
    known = {group[0].operands[0], *(op.results[0] for op in group)}
    given = all(operand in known for op in group for operand in op.operands)
    return given and all(use.owner.operation in inside for op in group[:-1] for use in op.results[0].uses)


def _outlined(body: Body, op: ir.OpView, operands: Sequence[ir.Value]) -> Term:
    """A call of the function, whose text is the helper."""
    idiom = body.idioms.made[op.operation]
    given = body.use(operands[0])
    kind = REALS[str(op.results[0].type)]
    name = f"{idiom.name}_{op.results[0].type}"
    inner = Body(body.function, body.timings, _inside(body.idioms, idiom))
    inner.names.fresh(name)
    inner.terms[operands[0]] = named(inner.names.fresh("x"), kind)
    for each in idiom.group:
        if each.operation not in inner.idioms.skipped:
            inner.define(each.results[0], _term(inner, each))
    lines = [*inner.lines, f"    return {inner.terms[op.results[0]].text};"]
    text = "\n".join([f"static {kind} {name}({kind} x) {{", *lines, "}"])
    body.helpers |= {*inner.helpers, f"{text}\n"}
    body.headers |= inner.headers
    return call(name, given, kind=kind)


def _term(inner: Body, op: ir.OpView) -> Term:
    idiom = inner.idioms.made.get(op.operation)
    return IDIOMS[idiom.name](inner, op, idiom.operands) if idiom else SCALARS[type(op)](inner, op)


def _inside(idioms: Idioms, outline: Idiom) -> Idioms:
    """The idioms of a group by itself."""
    group = {op.operation for op in outline.group}
    made = {op: idiom for op, idiom in idioms.made.items() if op in group and idiom is not outline}
    skipped = {each.operation for idiom in made.values() for each in idiom.group[:-1]}
    return Idioms(made=made, skipped=skipped, ops=outline.group)


OUTLINES: Mapping[str, Callable[[Body, ir.OpView, Sequence[ir.Value]], Term]] = dict.fromkeys(NAMES, _outlined)
