"""The domain in which equal tokens mean the same tree of operations: keyed hashes of 128 bits.

A token is two lanes of 64 bits, each hashed by itself with keys of its own: an operation folds the product of its
operands, each mixed with a key of the operation. Operands that may be swapped are mixed with the same key.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from spatial.ir.mlir import arith, ir
from spatial.verify.domain import WORD, Domain, Words, bits_of, fold, folded, keys, word

__all__ = ["Exact"]

LANES = 2


class Exact(Domain):
    """Trees of operations up to a hash of 128 bits."""

    name = "exact"
    words = LANES
    wraps = True

    def fitted(self, words: npt.NDArray[np.uint64]) -> Words:
        return words.view(np.int64)

    def number(self, value: float | int) -> int:
        real = isinstance(value, float)
        limbs = [bits_of(value)] if isinstance(value, float) else _limbs(value)
        first = limbs.pop(0)
        lanes = [first, first]
        for count, limb in enumerate([*limbs, None]):
            keyed = self._number_keys(real, count)
            lanes = [folded(lane ^ keyed[2 * at], keyed[2 * at + 1]) for at, lane in enumerate(lanes)]
            if limb is not None:
                lanes = [lane ^ limb for lane in lanes]
        return lanes[0] | lanes[1] << 64

    def lifted(self, value: ir.Value, *, real: bool) -> ir.Value:
        keyed = self._number_keys(real, 0)
        return _packed([fold(arith.xori(value, word(keyed[2 * at])), word(keyed[2 * at + 1])) for at in range(LANES)])

    def lifted_wide(self, low: ir.Value, high: ir.Value) -> ir.Value:
        short = self.lifted(low, real=False)
        long = self._number_keys(real=False, count=1)
        lanes = [
            fold(arith.xori(arith.xori(lane, high), word(long[2 * at])), word(long[2 * at + 1]))
            for at, lane in enumerate(_lanes(short))
        ]
        fits = arith.cmpi(arith.CmpIPredicate.eq, high, arith.shrsi(low, word(63)))
        return arith.select(fits, short, _packed(lanes))

    def _number_keys(self, real: bool, count: int) -> list[int]:
        return keys(self.seed, f"{'real' if real else 'whole'} number {count}", 2 * LANES)

    def apply(self, name: str, operands: Sequence[ir.Value], *, symmetric: bool = False) -> ir.Value:
        first, *rest = operands
        if not rest:
            return self._unary(name, first)
        for count, each in enumerate(rest):
            first = self._binary(f"{name} {count}", first, each, symmetric)
        return first

    def _unary(self, name: str, operand: ir.Value) -> ir.Value:
        keyed = keys(self.seed, name, 2 * LANES)
        lanes = enumerate(_lanes(operand))
        return _packed([fold(arith.xori(lane, word(keyed[2 * at])), word(keyed[2 * at + 1])) for at, lane in lanes])

    def _binary(self, name: str, a: ir.Value, b: ir.Value, symmetric: bool) -> ir.Value:
        keyed = keys(self.seed, name, 2 * LANES)
        made = []
        for at, (one, other) in enumerate(zip(_lanes(a), _lanes(b), strict=True)):
            left = keyed[2 * at]
            right = left if symmetric else keyed[2 * at + 1]
            made.append(fold(arith.xori(one, word(left)), arith.xori(other, word(right))))
        return _packed(made)

    def sum(self, name: str, a: ir.Value, b: ir.Value) -> ir.Value:
        return self.apply(name, [a, b], symmetric=True)

    def difference(self, name: str, a: ir.Value, b: ir.Value) -> ir.Value:
        return self.apply(name, [a, b])

    def product(self, name: str, a: ir.Value, b: ir.Value) -> ir.Value:
        return self.apply(name, [a, b], symmetric=True)

    def opposite(self, name: str, a: ir.Value) -> ir.Value:
        return self.apply(name, [a])


def _limbs(value: int) -> list[int]:
    """An integer as words of 64 bits, as few as hold it in two's complement."""
    count = value.bit_length() // 64 + 1
    return [value >> 64 * at & WORD for at in range(count)]


def _lanes(token: ir.Value) -> list[ir.Value]:
    """The two words of a token."""
    short = ir.IntegerType.get_signless(64)
    width = arith.constant(token.type, ir.Attribute.parse("64 : i128"))
    return [arith.trunci(short, token), arith.trunci(short, arith.shrui(token, width))]


def _packed(lanes: Sequence[ir.Value]) -> ir.Value:
    """The token of two words."""
    long = ir.IntegerType.get_signless(128)
    width = arith.constant(long, ir.Attribute.parse("64 : i128"))
    low, high = (arith.extui(long, lane) for lane in lanes)
    return arith.ori(low, arith.shli(high, width))
