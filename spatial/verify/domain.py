"""What a symbolic run computes with in place of numbers: tokens, made by operations of MLIR."""

import hashlib
import struct
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from spatial.ir.mlir import arith, ir
from spatial.types.dtype import Int

__all__ = ["WORD", "Domain", "Words", "bits_of", "fold", "folded", "keys", "word"]

Words = npt.NDArray[np.int64]
WORD = (1 << 64) - 1
POISONED = (1 << 60) - 1


class Domain(ABC):
    """Tokens for the values of one verification: equal trees of operations have equal tokens.

    A `seed` chooses one of very many domains. A token is `words` words of 64 bits. What is stored in memory of
    integers is brought into the range of their type if the domain `wraps`, else it may be any integer that is equal to
    it modulo the numbers that the type has.
    """

    name: str
    words: int
    wraps: bool

    def __init__(self, seed: int) -> None:
        self.seed = seed

    @cached_property
    def dtype(self) -> Int:
        """The type of a token as the native engine holds it."""
        return Int(64 * self.words)

    @property
    def kind(self) -> ir.Type:
        """The type of a token in MLIR."""
        return ir.IntegerType.get_signless(64 * self.words)

    def fresh(self, name: str, count: int) -> Words:
        """So many tokens that stand for unknown numbers; a name always gives the same ones."""
        key = hashlib.blake2b(f"{self.seed}:{name}".encode(), digest_size=16).digest()
        generator = np.random.Generator(np.random.Philox(key=int.from_bytes(key, "little")))
        return self.fitted(generator.integers(0, WORD, count * self.words, np.uint64, endpoint=True))

    def poison(self, side: str) -> Words:
        """The words of the token that stands in memory of a side to which nothing was written."""
        number = int(self.fresh(f"poison {side}", 1)[0]) & POISONED
        return np.array([number, *(0 for _ in range(1, self.words))], np.int64)

    @abstractmethod
    def fitted(self, words: npt.NDArray[np.uint64]) -> Words:
        """Random words as tokens."""

    @abstractmethod
    def number(self, value: float | int) -> int:
        """The token of a known number, read as one integer; a float is told from an integer."""

    @abstractmethod
    def lifted(self, value: ir.Value, *, real: bool) -> ir.Value:
        """The token of a known number, given as an integer of 64 bits, or as the bits of a 64-bit float."""

    @abstractmethod
    def lifted_wide(self, low: ir.Value, high: ir.Value) -> ir.Value:
        """The token of a known integer, given as two words; that of one which fits into one is the same."""

    @abstractmethod
    def apply(self, name: str, operands: Sequence[ir.Value], *, symmetric: bool = False) -> ir.Value:
        """The token of an operation of which nothing is known but its name, and whether its operands may be swapped."""

    @abstractmethod
    def sum(self, name: str, a: ir.Value, b: ir.Value) -> ir.Value:
        """The token of an addition, of integers ("add") or of floats."""

    @abstractmethod
    def difference(self, name: str, a: ir.Value, b: ir.Value) -> ir.Value:
        """The token of a subtraction."""

    @abstractmethod
    def product(self, name: str, a: ir.Value, b: ir.Value) -> ir.Value:
        """The token of a multiplication."""

    @abstractmethod
    def opposite(self, name: str, a: ir.Value) -> ir.Value:
        """The token of a number of the other sign."""

    def known(self, value: float | int) -> ir.Value:
        """The token of a known number, as a constant."""
        return arith.constant(self.kind, ir.Attribute.parse(f"{self.number(value)} : {self.kind}"))

    def words_of(self, tokens: Sequence[int]) -> Words:
        """Tokens, each one integer in two's complement, as they lie in memory."""
        size = 8 * self.words
        return np.frombuffer(b"".join(each.to_bytes(size, "little", signed=True) for each in tokens), np.int64).copy()


def keys(seed: int, name: str, count: int) -> list[int]:
    """So many odd numbers of 64 bits, chosen by a seed and a name."""
    data = b"".join(
        hashlib.blake2b(f"{seed}:{name}:{number}".encode(), digest_size=8).digest() for number in range(count)
    )
    return [int.from_bytes(data[8 * at : 8 * at + 8], "little") | 1 for at in range(count)]


def bits_of(value: float) -> int:
    """The bits of a 64-bit float; every NaN has the same."""
    return int.from_bytes(struct.pack("<d", float("nan") if value != value else value), "little")


def word(value: int) -> ir.Value:
    """A constant of 64 bits."""
    kind = ir.IntegerType.get_signless(64)
    signed = value - (1 << 64) if value >> 63 else value
    return arith.constant(kind, ir.IntegerAttr.get(kind, signed))


def folded(a: int, b: int) -> int:
    """What `fold` gives of two words."""
    product = a * b
    return (product ^ product >> 64) & WORD


def fold(a: ir.Value, b: ir.Value) -> ir.Value:
    """The halves of the product of two words, one over the other."""
    short, long = ir.IntegerType.get_signless(64), ir.IntegerType.get_signless(128)
    product = arith.muli(arith.extui(long, a), arith.extui(long, b))
    width = arith.constant(long, ir.Attribute.parse("64 : i128"))
    return arith.xori(arith.trunci(short, product), arith.trunci(short, arith.shrui(product, width)))
