"""Channel operations as method calls of `hls::stream`."""

from collections.abc import Callable, Mapping

from spatial.ir.channels import PEEKS
from spatial.ir.dialect import (
    EmptyOp,
    FullOp,
    GetBlockOp,
    GetOp,
    PeekBlockOp,
    PeekOp,
    PutOp,
    SelectBlockOp,
    SelectOp,
    TryGetBlockOp,
    TryGetOp,
    TryPutOp,
)
from spatial.ir.location import span_of
from spatial.ir.mlir import ir
from spatial.lower.hls.emit.blocks import filled, token_of
from spatial.lower.hls.emit.body import Body
from spatial.lower.hls.emit.integers import signed, stored
from spatial.lower.hls.emit.kinds import INT, TRUTH, Kind, Point, Real, limits_of
from spatial.lower.hls.emit.points import assigned, variable
from spatial.lower.hls.emit.reals import kept, loaded
from spatial.lower.hls.emit.terms import Term, literal, named
from spatial.lower.hls.emit.types import held_kind, of_storage, token_type
from spatial.lower.hls.errors import NotInHls
from spatial.source.errors import ProgramError
from spatial.types.tensor import TensorType

__all__ = ["CHANNELS", "token_kind", "token_term", "token_value", "windows"]

Emit = Callable[[Body, ir.OpView], None]
INDEX_BITS = 64
WIDEST = 64  # tokens of a window


def windows(body: Body) -> None:
    """Declares, for each channel that is peeked into, the tokens that were read ahead of their `get`."""
    for stream in body.streams:
        positions = [body.reach(use.owner) for use in stream.uses if isinstance(use.owner, PEEKS)]
        if positions:
            if not max(positions) < WIDEST:
                peek = next(use.owner for use in stream.uses if isinstance(use.owner, PEEKS))
                title = "how far a `peek` looks must be known, and less than 64 tokens, for HLS"
                problem = NotInHls(title=title, span=span_of(peek.location), hint="keep the tokens in an array")
                raise ProgramError([problem])
            body.helpers.add("window")
            name = body.names.fresh(f"{body.streams[stream]}_ahead")
            body.windows[stream] = name
            static = "static " if body.endless else ""
            body.line(f"{static}window<{token_type(body.token_types[stream])}, {max(positions) + 1}> {name};")


def _read(body: Body, stream: ir.Value) -> str:
    """What takes a token."""
    if stream in body.windows:
        return f"{body.windows[stream]}.read({body.streams[stream]})"
    return f"{body.streams[stream]}.read()"


def _try(body: Body, stream: ir.Value, into: str) -> str:
    """What takes a token if there is one."""
    if stream in body.windows:
        return f"{body.windows[stream]}.read_nb({body.streams[stream]}, {into})"
    return f"{body.streams[stream]}.read_nb({into})"


def token_term(body: Body, stream: ir.Value, text: str, *, effect: bool = True) -> Term:
    """A token as a value."""
    kind, held = body.token_kinds[stream], token_kind(body, stream)
    if isinstance(held, Point):
        return variable(text, held, effect=effect)
    low, high = limits_of(kind)
    term = Term(text=text, kind=kind, low=low, high=high, effect=effect)
    return loaded(body, term, kind) if isinstance(kind, Real) else term


def token_kind(body: Body, stream: ir.Value) -> Kind:
    """The kind of the tokens of a channel as they lie in it."""
    token = body.token_types[stream]
    assert not isinstance(token, TensorType)
    return of_storage(held_kind(token))


def token_value(body: Body, stream: ir.Value, term: Term) -> Term:
    """A value as the token that is put."""
    kind = token_kind(body, stream)
    if isinstance(kind, Point):
        return assigned(term, kind, body.helpers)
    return kept(body, stored(term, body.token_kinds[stream]))


def _get(body: Body, op: GetOp) -> None:
    body.before_token()
    text = _read(body, op.stream)
    if not list(op.value.uses):
        body.line(f"{text};")
        return
    body.define(op.value, token_term(body, op.stream, text))


def _get_block(body: Body, op: GetBlockOp) -> None:
    body.before_store(op.block)
    filled(body, op.block, _read(body, op.stream))


def _peek(body: Body, op: PeekOp) -> None:
    position = signed(body.use(op.position), INDEX_BITS)
    body.before_token()
    text = f"{body.windows[op.stream]}.peek({body.streams[op.stream]}, {position.text})"
    body.define(op.value, token_term(body, op.stream, text))


def _peek_block(body: Body, op: PeekBlockOp) -> None:
    position = signed(body.use(op.position), INDEX_BITS)
    body.before_store(op.block)
    text = f"{body.windows[op.stream]}.peek({body.streams[op.stream]}, {position.text})"
    filled(body, op.block, text)


def _written(body: Body, op: PutOp | TryPutOp) -> str:
    """The token that is put."""
    if isinstance(op.value.type, ir.MemRefType):
        body.before_token()
        return token_of(body, op.value)
    return token_value(body, op.stream, body.use(op.value)).text


def _put(body: Body, op: PutOp) -> None:
    value = _written(body, op)
    body.before_token()
    body.line(f"{body.streams[op.stream]}.write({value});")


def _try_put(body: Body, op: TryPutOp) -> None:
    value = _written(body, op)
    body.before_token()
    done = Term(text=f"{body.streams[op.stream]}.write_nb({value})", kind=TRUTH, high=1, effect=True)
    body.define(op.done, done)


def _try_get(body: Body, op: TryGetOp) -> None:
    body.before_token()
    name = body.names.fresh(body.hint(op.value))
    body.line(f"{token_type(body.token_types[op.stream])} {name} = 0;")
    body.define(op.done, Term(text=_try(body, op.stream, name), kind=TRUTH, high=1, effect=True))
    body.before_token()
    body.define(op.value, token_term(body, op.stream, name, effect=False))


def _try_get_block(body: Body, op: TryGetBlockOp) -> None:
    body.before_store(op.block)
    name, done = body.names.fresh(f"{body.streams[op.stream]}_token"), body.names.fresh("done")
    kind = token_type(body.token_types[op.stream])
    body.line(f"{kind} {name} = {kind}();")
    body.line(f"const bool {done} = {_try(body, op.stream, name)};")
    body.line(f"if (!{done}) {{")
    body.line(f"    {name} = {kind}();")
    body.line("}")
    filled(body, op.block, name)
    body.define(op.done, named(done, TRUTH))


def _empty(body: Body, op: EmptyOp) -> None:
    body.before_token()
    stream = body.streams[op.stream]
    text = f"{body.windows[op.stream]}.empty({stream})" if op.stream in body.windows else f"{stream}.empty()"
    body.define(op.holds, Term(text=text, kind=TRUTH, high=1, effect=True))


def _full(body: Body, op: FullOp) -> None:
    body.before_token()
    body.define(op.holds, Term(text=f"{body.streams[op.stream]}.full()", kind=TRUTH, high=1, effect=True))


def _select(body: Body, op: SelectOp) -> None:
    stream = op.streams[0]
    name = body.names.fresh(body.hint(op.value))
    body.before_token()
    body.line(f"{token_type(body.token_types[stream])} {name} = 0;")
    _poll(body, op, name)
    body.define(op.value, token_term(body, stream, name, effect=False))


def _select_block(body: Body, op: SelectBlockOp) -> None:
    body.before_store(op.block)
    name = body.names.fresh(f"{body.streams[op.streams[0]]}_token")
    body.line(f"{token_type(body.token_types[op.streams[0]])} {name};")
    _poll(body, op, name)
    filled(body, op.block, name)


def _poll(body: Body, op: SelectOp | SelectBlockOp, into: str) -> None:
    """Asks the channels in turn until one has a token; the next time it begins behind that one."""
    streams = list(op.streams)
    if len(streams) == 1:
        body.line(f"{into} = {_read(body, streams[0])};")
        body.define(op.chosen, literal(0))
        return
    turn, taken = body.names.fresh("turn"), body.names.fresh("taken")
    body.early.append(f"{'static ' if body.endless else ''}int {turn} = 0;")
    step = f"{turn} = {turn} == {len(streams) - 1} ? 0 : {turn} + 1;"
    body.line(f"bool {taken} = false;")
    body.line(f"{body.label('poll')}: while (!{taken}) {{")
    body.bare("#pragma HLS pipeline II=1 style=flp")
    for number, stream in enumerate(streams):
        head = "if" if number == 0 else "} else if"
        body.line(f"    {head} ({turn} == {number}) {{" if number < len(streams) - 1 else "    } else {")
        body.line(f"        {taken} = {_try(body, stream, into)};")
    body.line("    }")
    body.line(f"    if (!{taken}) {{")
    body.line(f"        {step}")
    body.line("    }")
    body.line("}")
    chosen = body.names.fresh("chosen")
    body.line(f"const int {chosen} = {turn};")
    body.line(step)
    body.define(op.chosen, named(chosen, INT, 0, len(streams) - 1))


CHANNELS: Mapping[type, Emit] = {
    GetOp: _get,
    GetBlockOp: _get_block,
    PeekOp: _peek,
    PeekBlockOp: _peek_block,
    PutOp: _put,
    TryPutOp: _try_put,
    TryGetOp: _try_get,
    TryGetBlockOp: _try_get_block,
    EmptyOp: _empty,
    FullOp: _full,
    SelectOp: _select,
    SelectBlockOp: _select_block,
}
