"""Puts and gets at elements of an array of streams."""

from spatial.ir.mlir import ir
from spatial.lower.hls.emit.body import Body
from spatial.lower.hls.emit.channels import token_term
from spatial.lower.hls.emit.integers import stored
from spatial.lower.hls.emit.reals import kept
from spatial.lower.hls.emit.rolled import Rolled
from spatial.lower.hls.emit.terms import Term

__all__ = ["write_rolled"]


def write_rolled(body: Body, op: ir.OpView, rolled: Rolled) -> None:
    """A put or a get at the element that indices say, a put at all of an axis as an unrolled loop."""
    indices = [_index(body, *each) if isinstance(each, tuple) else "0" for each in rolled.indices]
    if rolled.value is None:
        body.before_token()
        body.define(op.results[0], token_term(body, rolled.stream, f"{_element(body, rolled, indices)}.read()"))
        return
    kind = body.token_kinds[rolled.stream]
    value = kept(body, stored(body.use(rolled.value), kind))
    axes = [axis for axis, each in enumerate(rolled.indices) if isinstance(each, int)]
    if axes and not value.simple:
        name = body.names.fresh("value")
        body.line(f"const {kind} {name} = {value.text};")
        value = Term(text=name, kind=kind, low=value.low, high=value.high)
    body.before_token()
    body.names.enter()
    for axis in axes:
        indices[axis] = body.names.fresh("p")
        counter = indices[axis]
        body.line(f"for (int {counter} = 0; {counter} < {rolled.indices[axis]}; {counter}++) {{")
        body.bare("#pragma HLS unroll")
        body.depth += 1
    body.line(f"{_element(body, rolled, indices)}.write({value.text});")
    for _ in axes:
        body.depth -= 1
        body.line("}")
    body.names.leave()


def _index(body: Body, place: ir.Value, scale: int) -> str:
    term = body.use(place)
    if scale == 1:
        return term.text
    return f"{term.text} / {scale}" if term.simple else f"({term.text}) / {scale}"


def _element(body: Body, rolled: Rolled, indices: list[str]) -> str:
    return body.streams[rolled.stream] + "".join(f"[{text}]" for text in indices)
