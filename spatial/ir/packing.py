"""Emits what takes bits out of a word, puts them in, and joins values to one."""

from collections.abc import Sequence

from spatial.ir.dtypes import scalar_type
from spatial.ir.fixed import resized
from spatial.ir.mlir import arith, ir
from spatial.types.bits import nan_bits
from spatial.types.dtype import DType, Float, Index, int64

__all__ = ["as_bits", "extract", "insert", "joined", "of_bits"]


def as_bits(value: ir.Value, dtype: DType) -> ir.Value:
    """A value's bits as an integer of its width; every NaN has the same ones."""
    match dtype:
        case Float():
            kind = ir.IntegerType.get_signless(dtype.bits)
            odd = arith.cmpf(arith.CmpFPredicate.UNE, value, value)
            return arith.select(odd, arith.constant(kind, nan_bits(dtype)), arith.bitcast(kind, value))
        case Index():
            return arith.index_cast(scalar_type(int64), value)
    return value


def of_bits(bits: ir.Value, dtype: DType) -> ir.Value:
    """The value with these bits, an integer of its width."""
    match dtype:
        case Float():
            return arith.bitcast(scalar_type(dtype), bits)
        case Index():
            return arith.index_cast(scalar_type(dtype), bits)
    return bits


def extract(word: ir.Value, start: int | ir.Value, width: int) -> ir.Value:
    """`width` bits of a word from `start` on, a number or an index that lies within."""
    if start != 0:
        word = arith.shrui(word, _distance(word, start))
    return resized(word, width, signed=False)


def insert(word: ir.Value, start: int | ir.Value, part: ir.Value) -> ir.Value:
    """The word with the bits from `start` on replaced by those of `part`."""
    ones = _number(word, (1 << part.type.width) - 1)
    wide = resized(part, word.type.width, signed=False)
    if start != 0:
        distance = _distance(word, start)
        ones, wide = arith.shli(ones, distance), arith.shli(wide, distance)
    kept = arith.andi(word, arith.xori(ones, _number(word, -1)))
    return arith.ori(kept, wide)


def joined(parts: Sequence[ir.Value]) -> ir.Value:
    """One word of all the parts, the first in the lowest bits."""
    total = sum(part.type.width for part in parts)
    word, offset = resized(parts[0], total, signed=False), parts[0].type.width
    for part in parts[1:]:
        wide = resized(part, total, signed=False)
        word = arith.ori(word, arith.shli(wide, _number(wide, offset)))
        offset += part.type.width
    return word


def _distance(word: ir.Value, start: int | ir.Value) -> ir.Value:
    if isinstance(start, int):
        return _number(word, start)
    return resized(arith.index_cast(scalar_type(int64), start), word.type.width, signed=False)


def _number(like: ir.Value, value: int) -> ir.Value:
    return arith.constant(like.type, ir.Attribute.parse(f"{value} : {like.type}"))
