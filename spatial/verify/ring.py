"""The domain in which equal tokens mean equal polynomials: their values at one random point, modulo 2**61 - 1.

The numbers that a program is given are the variables; what is no sum, difference or product is a function of which
nothing is known, whose value is a hash of those of its operands. Two polynomials of degree d that are not the same have
one value with a probability of at most d / 2**61 (Schwartz and Zippel).
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from spatial.ir.mlir import arith, ir
from spatial.verify.domain import Domain, Words, bits_of, fold, folded, keys, word

__all__ = ["PRIME", "Ring"]

BITS = 61
PRIME = (1 << BITS) - 1
FRACTION = 52  # the bits of a 64-bit float behind the first one
BIAS = 1075  # what the exponent of a 64-bit float stands above that of its last bit


class Ring(Domain):
    """Polynomials of integers, and with `reassociate` of floats as if they did not round."""

    name = "ring"
    words = 1
    wraps = False

    def __init__(self, seed: int, *, reassociate: bool = False) -> None:
        super().__init__(seed)
        self.reassociate = reassociate

    def fitted(self, words: npt.NDArray[np.uint64]) -> Words:
        return (words % np.uint64(PRIME)).view(np.int64)

    def number(self, value: float | int) -> int:
        if isinstance(value, int):
            return value % PRIME
        if not self.reassociate or not np.isfinite(value):
            return self._hashed_bits(bits_of(value))
        exact = Fraction(value)
        return exact.numerator * pow(exact.denominator, -1, PRIME) % PRIME

    def _hashed_bits(self, bits: int) -> int:
        first, second, third, fourth = keys(self.seed, "real number", 4)
        return folded(folded(bits ^ first, second) ^ third, fourth) % PRIME

    def lifted(self, value: ir.Value, *, real: bool) -> ir.Value:
        if not real:
            return _residue(value)
        return _rounded_off(value) if self.reassociate else self._mixed("real number", value, word(0))

    def lifted_wide(self, low: ir.Value, high: ir.Value) -> ir.Value:
        above = self.product("mul", _residue(high), word((1 << 64) % PRIME))
        return self.sum("add", _below(_halves(low)), above)

    def apply(self, name: str, operands: Sequence[ir.Value], *, symmetric: bool = False) -> ir.Value:
        first, *rest = operands
        if not rest:
            return self._mixed(name, first, word(0))
        for count, each in enumerate(rest):
            first = self._mixed(f"{name} {count}", first, each, symmetric=symmetric)
        return first

    def _mixed(self, name: str, a: ir.Value, b: ir.Value, *, symmetric: bool = False) -> ir.Value:
        """A hash of two numbers, as a number below the prime."""
        first, second, third, fourth = keys(self.seed, name, 4)
        other = word(first if symmetric else second)
        mixed = fold(arith.xori(a, word(first)), arith.xori(b, other))
        again = fold(arith.xori(mixed, word(third)), word(fourth))
        return _below(_halves(again))

    def sum(self, name: str, a: ir.Value, b: ir.Value) -> ir.Value:
        if not self._is_ring(name):
            return self.apply(name, [a, b], symmetric=True)
        return _below(arith.addi(a, b))

    def difference(self, name: str, a: ir.Value, b: ir.Value) -> ir.Value:
        if not self._is_ring(name):
            return self.apply(name, [a, b])
        less = arith.subi(a, b)
        return arith.minui(less, arith.addi(less, word(PRIME)))

    def product(self, name: str, a: ir.Value, b: ir.Value) -> ir.Value:
        if not self._is_ring(name):
            return self.apply(name, [a, b], symmetric=True)
        short, long = ir.IntegerType.get_signless(64), ir.IntegerType.get_signless(128)
        whole = arith.muli(arith.extui(long, a), arith.extui(long, b))
        places = arith.constant(long, ir.Attribute.parse(f"{BITS} : i128"))
        low = arith.andi(arith.trunci(short, whole), word(PRIME))
        return _below(arith.addi(low, arith.trunci(short, arith.shrui(whole, places))))

    def opposite(self, name: str, a: ir.Value) -> ir.Value:
        if not self._is_ring(name):
            return self.apply(name, [a])
        return self.difference("sub", word(0), a)

    def _is_ring(self, name: str) -> bool:
        """Whether an operation follows the rules of a ring: those of integers do."""
        return self.reassociate or not name.startswith(("addf", "subf", "mulf", "negf"))


def _below(number: ir.Value) -> ir.Value:
    """A number of less than twice the prime, modulo the prime."""
    return arith.minui(number, arith.subi(number, word(PRIME)))


def _halves(number: ir.Value) -> ir.Value:
    """A number of 64 bits as one of less than twice the prime, equal modulo the prime."""
    return arith.addi(arith.andi(number, word(PRIME)), arith.shrui(number, word(BITS)))


def _residue(value: ir.Value) -> ir.Value:
    """An integer of 64 bits with a sign, modulo the prime."""
    zero, prime = word(0), word(PRIME)
    negative = arith.cmpi(arith.CmpIPredicate.slt, value, zero)
    size = arith.select(negative, arith.subi(zero, value), value)
    found = _below(_halves(size))
    return arith.select(negative, _below(arith.subi(prime, found)), found)


def _rounded_off(bits: ir.Value) -> ir.Value:
    """A 64-bit float, given by its bits, modulo the prime: to multiply by a power of two turns its 61 bits."""
    exponent = arith.andi(arith.shrui(bits, word(FRACTION)), word((1 << 11) - 1))
    none = arith.cmpi(arith.CmpIPredicate.eq, exponent, word(0))
    first = arith.select(none, word(0), word(1 << FRACTION))
    significand = arith.ori(arith.andi(bits, word((1 << FRACTION) - 1)), first)
    places = arith.addi(arith.select(none, word(1), exponent), word(BITS * 18 - BIAS))
    turn = arith.remui(places, word(BITS))
    up = arith.andi(arith.shli(significand, turn), word(PRIME))
    down = arith.shrui(significand, arith.subi(word(BITS), turn))
    turned = _below(arith.ori(up, down))
    negative = arith.cmpi(arith.CmpIPredicate.slt, bits, word(0))
    return arith.select(negative, _below(arith.subi(word(PRIME), turned)), turned)
