"""Loops: their heads, labels and pragmas."""

from collections.abc import Callable
from pathlib import Path

from spatial.analysis.loops import halves_of, runs_apart
from spatial.analysis.loops import inner as inner_operations
from spatial.ir.channels import SELECTS
from spatial.ir.function import operations
from spatial.ir.location import span_of
from spatial.ir.mlir import ir, memref, scf
from spatial.lower.hls.emit.body import Body
from spatial.lower.hls.emit.integers import compared, negation, signed
from spatial.lower.hls.emit.kinds import INT, LONG, Native, limits_of
from spatial.lower.hls.emit.names import identifier
from spatial.lower.hls.emit.scalars import INDEX_BITS
from spatial.lower.hls.emit.terms import Term, named
from spatial.source.span import UNKNOWN

__all__ = ["counted", "free_running", "repeated"]

Block = Callable[[Body, ir.Block], None]


def counted(body: Body, op: scf.ForOp, inner: Block) -> None:
    """A `for`, labelled with what its counter is called."""
    start, stop, step = (signed(body.use(operand), INDEX_BITS) for operand in list(op.operands)[:3])
    body.before_nested(op, repeated=True)
    remark(body, op)
    own = op.attributes["df.name"].value if "df.name" in op.attributes else ""
    label = op.attributes["df.label"].value if "df.label" in op.attributes else own
    label = body.label(identifier(label) if label else _what_for(body, op))
    body.names.enter()
    name = body.names.fresh(own or "e")
    kind = INT if _holds(INT, start, stop, step) else LONG
    counter = named(name, kind, start.low, max(start.low, _last(start, stop, step)))
    body.terms[op.induction_variable] = counter
    test = compared("<", counter, stop)
    advance = f"{name}++" if step.constant == 1 else f"{name} += {step.text}"
    body.line(f"{label}: for ({kind} {name} = {start.text}; {test.text}; {advance}) {{")
    _loop_body(body, op, op.body, inner)
    body.names.leave()


def _last(start: Term, stop: Term, step: Term) -> int:
    """The greatest number that a counter may have in the body of its loop."""
    if start.constant is None or stop.constant is None or step.constant is None:
        return stop.high - 1
    return stop.constant - 1 - (stop.constant - 1 - start.constant) % step.constant


def _holds(kind: Native, start: Term, stop: Term, step: Term) -> bool:
    low, high = limits_of(kind)
    return low <= start.low and max(stop.high, start.high) + step.high - 1 <= high


def _what_for(body: Body, op: scf.ForOp) -> str:
    """A label for a loop that the user has not written: what it fills."""
    for each in operations(op.body):
        if isinstance(each, memref.StoreOp) and each.memref in body.places:
            return f"fill_{body.places[each.memref].name}"
    return "each"


def _loop_body(body: Body, op: ir.OpView, block: ir.Block, inner: Block) -> None:
    pragmas(body, op)
    with body.inside():
        inner(body, block)
    body.line("}")


def free_running(body: Body, op: scf.WhileOp, inner: Block) -> None:
    """The body of a `while True` as that of a function which runs again and again."""
    _, after = halves_of(op)
    body.before_nested(op, repeated=True)
    body.pragmas += pipeline(body, op)
    inner(body, after)
    body.before_token()


def repeated(body: Body, op: scf.WhileOp, inner: Block) -> None:
    """A `while`, whose condition stands in its head where it is an expression."""
    before, after = halves_of(op)
    body.before_nested(op, repeated=True)
    remark(body, op)
    condition = list(before.operations)[-1].operands[0]
    label = body.label("loop")
    with body.inside():
        with body.apart() as lines:
            inner(body, before)
            test = body.use(condition)
            body.before_token()
        head = len(body.lines)
        if lines:
            body.lines.extend(lines)
            body.line(f"if ({negation(test).text}) {{")
            body.line("    break;")
            body.line("}")
        inner(body, after)
        body.before_token()
        rest, body.lines[head:] = body.lines[head:], []
    body.line(f"{label}: while ({'true' if lines else test.text}) {{")
    pragmas(body, op)
    body.lines.extend(rest)
    body.line("}")


def remark(body: Body, op: ir.OpView) -> None:
    """Where in the user's text a loop stands, if what it stands in is elsewhere."""
    span, outer = span_of(op.location), span_of(op.operation.parent.location)
    if span != UNKNOWN and (span.file, span.line) != (outer.file, outer.line):
        body.line(f"// {Path(span.file).name}:{span.line}")


def pragmas(body: Body, op: ir.OpView) -> None:
    for line in pipeline(body, op):
        body.bare(line)


def pipeline(body: Body, op: ir.OpView) -> list[str]:
    """How a loop is pipelined: as analysis has laid it out."""
    if any(isinstance(each, SELECTS) for each in inner_operations(op)):
        return []  # nothing is pipelined around a loop that polls
    if timing := body.timings.get(op.operation):
        style = "stp" if timing.style == "rigid" else "flp"
        return [f"#pragma HLS pipeline II={timing.ii} style={style}"]
    return ["#pragma HLS pipeline off"] if runs_apart(op) else []
