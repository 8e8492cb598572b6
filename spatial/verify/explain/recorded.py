"""A domain that writes down what one actor computes, until a token that is looked for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spatial.ir.location import span_of
from spatial.ir.mlir import arith, ir, memref
from spatial.source.span import Span
from spatial.verify.domain import WORD, Domain, Words, word

__all__ = ["ENTRIES", "FIELDS", "LOOP", "NUMBER", "Recorded", "Site", "Wanted", "room"]

FIELDS = 5  # the words of an entry: its site, the first word of its token, then those of its operands
ENTRIES = 1 << 20  # of which the last are kept
NUMBER, LOOP = "number", "loop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A token, by its first word, and the `actor` that is written down; None to find out which one makes it."""

    token: int
    actor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What an entry is of: an operation on tokens, a number that became one, or a loop of the name `what`."""

    kind: str
    what: str
    operands: int
    span: Span
    loops: tuple[int, ...]


def room(wanted: Wanted) -> int:
    """The words that an actor writes: how many entries, then these; or whether it makes the token."""
    return 1 if wanted.actor is None else 1 + FIELDS * ENTRIES


class Recorded(Domain):
    """Tokens of another domain; each that is made is noted in `memory`."""

    def __init__(
        self, inner: Domain, wanted: Wanted, memory: ir.Value, sites: list[Site], constants: dict[int, int | float]
    ) -> None:
        super().__init__(inner.seed)
        self.name, self.words, self.wraps = inner.name, inner.words, inner.wraps
        self.inner = inner
        self.wanted = wanted
        self.memory = memory
        self.sites = sites
        self.constants = constants
        self.loops: list[int] = []
        self.count = _variable(ir.IndexType.get(), 0)
        self.open = _variable(ir.IntegerType.get_signless(1), 1)

    def fitted(self, words: npt.NDArray[np.uint64]) -> Words:
        return self.inner.fitted(words)

    def number(self, value: float | int) -> int:
        token = self.inner.number(value)
        first = token & WORD
        self.constants[first - (1 << 64) if first >> 63 else first] = value
        return token

    def lifted(self, value: ir.Value, *, real: bool) -> ir.Value:
        return self.noted("real" if real else NUMBER, [value], self.inner.lifted(value, real=real), kind=NUMBER)

    def lifted_wide(self, low: ir.Value, high: ir.Value) -> ir.Value:
        return self.noted(NUMBER, [low], self.inner.lifted_wide(low, high), kind=NUMBER)

    def apply(self, name: str, operands: Sequence[ir.Value], *, symmetric: bool = False) -> ir.Value:
        return self.noted(name, operands, self.inner.apply(name, operands, symmetric=symmetric))

    def sum(self, name: str, a: ir.Value, b: ir.Value) -> ir.Value:
        return self.noted(name, [a, b], self.inner.sum(name, a, b))

    def difference(self, name: str, a: ir.Value, b: ir.Value) -> ir.Value:
        return self.noted(name, [a, b], self.inner.difference(name, a, b))

    def product(self, name: str, a: ir.Value, b: ir.Value) -> ir.Value:
        return self.noted(name, [a, b], self.inner.product(name, a, b))

    def opposite(self, name: str, a: ir.Value) -> ir.Value:
        return self.noted(name, [a], self.inner.opposite(name, a))

    def enter(self, name: str, counter: ir.Value, span: Span) -> None:
        """Notes an iteration of a loop, in which all is that is noted until it is left."""
        short = ir.IntegerType.get_signless(64)
        self.sites.append(Site(kind=LOOP, what=name, operands=0, span=span, loops=tuple(self.loops)))
        self.loops.append(len(self.sites) - 1)
        if self.wanted.actor is not None:
            self._write([word(len(self.sites) - 1), arith.index_cast(short, counter)])

    def leave(self) -> None:
        self.loops.pop()

    def noted(self, name: str, operands: Sequence[ir.Value], token: ir.Value, kind: str = "") -> ir.Value:
        """Notes what a token is made of, if it is before the one that is looked for."""
        first = _first(token)
        found = arith.cmpi(arith.CmpIPredicate.eq, first, word(self.wanted.token & WORD))
        if self.wanted.actor is None:
            self._flag(found)
            return token
        span = span_of(ir.Location.current)
        self.sites.append(Site(kind=kind, what=name, operands=len(operands), span=span, loops=tuple(self.loops)))
        self._write([word(len(self.sites) - 1), first, *(_first(each) for each in operands)])
        yes = arith.constant(found.type, 1)
        still = arith.andi(memref.load(self.open, []), arith.xori(found, yes))
        memref.StoreOp(still, self.open, [])
        return token

    def _flag(self, found: ir.Value) -> None:
        """Keeps in mind that the token has been made."""
        begun = memref.load(self.open, [])
        yes = arith.constant(found.type, 1)
        memref.StoreOp(arith.andi(begun, arith.xori(found, yes)), self.open, [])
        missing = arith.extui(ir.IntegerType.get_signless(64), memref.load(self.open, []))
        memref.StoreOp(arith.subi(word(1), missing), self.memory, [_index(0)])

    def _write(self, words: Sequence[ir.Value]) -> None:
        """Writes an entry; the next one is written over it when nothing more is noted."""
        number = memref.load(self.count, [])
        begin = arith.addi(arith.muli(arith.remui(number, _index(ENTRIES)), _index(FIELDS)), _index(1))
        for place, value in enumerate(words):
            memref.StoreOp(value, self.memory, [arith.addi(begin, _index(place))])
        more = arith.index_castui(ir.IndexType.get(), memref.load(self.open, []))
        total = arith.addi(number, more)
        memref.StoreOp(total, self.count, [])
        memref.StoreOp(arith.index_cast(ir.IntegerType.get_signless(64), total), self.memory, [_index(0)])


def _first(token: ir.Value) -> ir.Value:
    """The first word of a token."""
    return token if token.type.width == 64 else arith.trunci(ir.IntegerType.get_signless(64), token)


def _index(value: int) -> ir.Value:
    return arith.constant(ir.IndexType.get(), value)


def _variable(kind: ir.Type, value: int) -> ir.Value:
    """A variable of the function at whose begin it stands."""
    made = memref.alloca(ir.MemRefType.get([], kind), [], [])
    made.owner.attributes["df.name"] = ir.StringAttr.get("recorded")
    made.owner.attributes["df.type"] = ir.StringAttr.get("index" if isinstance(kind, ir.IndexType) else "bool")
    memref.StoreOp(arith.constant(kind, value), made, [])
    return made
