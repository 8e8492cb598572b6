"""Puts and gets at elements of an array of streams.

Hardware has no stream that an index chooses: loops that are unrolled compare the index with each place.
"""

from spatial.ir.mlir import ir
from spatial.lower.hls.emit.body import Body
from spatial.lower.hls.emit.channels import token_kind, token_term, token_value
from spatial.lower.hls.emit.rolled import Axis, Rolled
from spatial.lower.hls.emit.terms import Term

__all__ = ["write_rolled"]


def write_rolled(body: Body, op: ir.OpView, rolled: Rolled) -> None:
    """A put or a get at the elements that the axes say."""
    kind = token_kind(body, rolled.stream)
    if rolled.value is None:
        body.before_token()
        if all(axis.extent == 1 for axis in rolled.axes):
            body.define(op.results[0], token_term(body, rolled.stream, f"{_element(body, rolled)}.read()"))
            return
        name = body.names.fresh("taken")
        body.line(f"{kind} {name} = 0;")
        _at_each(body, rolled, f"{name} = {{}}.read();")
        body.define(op.results[0], token_term(body, rolled.stream, name, effect=False))
        return
    value = token_value(body, rolled.stream, body.use(rolled.value))
    if not value.simple and any(axis.extent > 1 for axis in rolled.axes):
        name = body.names.fresh("value")
        body.line(f"const {kind} {name} = {value.text};")
        value = Term(text=name, kind=kind, low=value.low, high=value.high)
    body.before_token()
    _at_each(body, rolled, f"{{}}.write({value.text});")


def _at_each(body: Body, rolled: Rolled, statement: str) -> None:
    """A statement about each element that is meant, in loops over the axes."""
    body.names.enter()
    indices: list[str] = []
    conditions: list[str] = []
    for axis in rolled.axes:
        if axis.extent == 1:
            indices.append("0")
            continue
        counter = body.names.fresh("pqr"[len(conditions) % 3])
        indices.append(counter)
        if axis.chosen is not None:
            conditions.append(f"{counter} == {_place(body, axis.chosen, axis)}")
        body.line(f"for (int {counter} = 0; {counter} < {axis.extent}; {counter}++) {{")
        body.bare("#pragma HLS unroll")
        body.depth += 1
    guard = f"if ({' && '.join(conditions)}) " if conditions else ""
    body.line(guard + statement.format(_element(body, rolled, indices)))
    for index in indices:
        if index != "0":
            body.depth -= 1
            body.line("}")
    body.names.leave()


def _place(body: Body, chosen: ir.Value, axis: Axis) -> str:
    """The place along an axis that a value says."""
    term = body.use(chosen)
    if axis.scale == 1:
        return term.text
    return f"{term.text} / {axis.scale}" if term.simple else f"({term.text}) / {axis.scale}"


def _element(body: Body, rolled: Rolled, indices: list[str] | None = None) -> str:
    places = indices or ["0"] * len(rolled.axes)
    return body.streams[rolled.stream] + "".join(f"[{text}]" for text in places)
