"""Channel operations as method calls of `hls::stream`."""

from collections.abc import Callable, Mapping

from spatial.ir.dialect import GetBlockOp, GetOp, PutOp
from spatial.ir.mlir import ir
from spatial.lower.hls.emit.body import Body
from spatial.lower.hls.emit.integers import stored
from spatial.lower.hls.emit.kinds import Kind, Real, limits_of
from spatial.lower.hls.emit.reals import kept, loaded
from spatial.lower.hls.emit.terms import Term

__all__ = ["CHANNELS"]

Emit = Callable[[Body, ir.OpView], None]


def _get(body: Body, op: GetOp) -> None:
    body.before_token()
    kind: Kind = body.token_kinds[op.stream]
    low, high = limits_of(kind)
    term = Term(text=f"{body.streams[op.stream]}.read()", kind=kind, low=low, high=high, effect=True)
    if not list(op.value.uses):
        body.line(f"{term.text};")
        return
    body.define(op.value, loaded(body, term, kind) if isinstance(kind, Real) else term)


def _get_block(body: Body, op: GetBlockOp) -> None:
    body.before_store(op.block)
    body.line(f"{body.places[op.block].name} = {body.streams[op.stream]}.read();")


def _put(body: Body, op: PutOp) -> None:
    stream = body.streams[op.stream]
    if isinstance(op.value.type, ir.MemRefType):
        body.before_token()
        body.line(f"{stream}.write({body.places[op.value].name});")
        return
    value = kept(body, stored(body.use(op.value), body.token_kinds[op.stream]))
    body.before_token()
    body.line(f"{stream}.write({value.text});")


CHANNELS: Mapping[type, Emit] = {GetOp: _get, GetBlockOp: _get_block, PutOp: _put}
