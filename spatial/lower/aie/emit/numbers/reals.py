"""Writes operations between floats and integers."""

from collections.abc import Callable, Mapping

from spatial.ir.dialect import ToIntegerOp
from spatial.ir.mlir import arith, ir
from spatial.lower.aie.emit.body import Body
from spatial.lower.aie.emit.numbers.held import container, integer, readable
from spatial.lower.aie.emit.storage import native

__all__ = ["REALS"]


def _from_signed(body: Body, op: arith.SIToFPOp) -> None:
    held = body.ints.signed(op.operands[0])
    body.values[op.results[0]] = arith.sitofp(op.results[0].type, held.value)


def _from_unsigned(body: Body, op: arith.UIToFPOp) -> None:
    held = body.ints.unsigned(op.operands[0])
    plain = held.span is not None and readable(held.span, held.width, signed=True)
    convert = arith.sitofp if plain else arith.uitofp
    body.values[op.results[0]] = convert(op.results[0].type, held.value)


def _bits(body: Body, op: arith.BitcastOp) -> None:
    source, result = op.operands[0], op.results[0]
    if isinstance(source.type, ir.IntegerType):
        body.define(result, arith.bitcast(result.type, body.ints.low(source, int(source.type.width))))
    else:
        body.define(result, arith.bitcast(result.type, body.value(source)))


def _to_integer(body: Body, op: ToIntegerOp) -> None:
    """Toward zero, to the nearest limit where it is beyond, NaN to 0."""
    bits, signed = int(op.value.type.width), op.sign.value == "signed"
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    width = container(bits if signed else bits + 1) or native(bits)
    number = body.value(op.operand)
    kind = number.type
    least, beyond = (arith.constant(kind, ir.FloatAttr.get(kind, float(end))) for end in (low, high + 1))
    limits = [arith.constant(integer(width), end) for end in (low, high)]
    inside = arith.fptosi(integer(width), number)
    below = arith.cmpf(arith.CmpFPredicate.OLT, number, least)
    above = arith.cmpf(arith.CmpFPredicate.OGE, number, beyond)
    odd = arith.cmpf(arith.CmpFPredicate.UNO, number, number)
    found = arith.select(above, limits[1], arith.select(below, limits[0], inside))
    made = arith.select(odd, arith.constant(integer(width), 0), found)
    body.ints.hold(op.value, made, (low, high))


REALS: Mapping[type[ir.OpView], Callable[..., None]] = {
    arith.SIToFPOp: _from_signed,
    arith.UIToFPOp: _from_unsigned,
    arith.BitcastOp: _bits,
    ToIntegerOp: _to_integer,
}
