"""Where an integer expression of one loop variable repeats itself.

Sums, differences, products with constants, divisions and remainders by constants, and comparisons of them grow
by a fixed amount every so many iterations, but for a few places. Between these places a condition is periodic, so
that one period tells all: the cost does not depend on the number of iterations.
"""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from spatial.analysis.control.expression import Expression, Undefined, evaluate
from spatial.analysis.series import Numbers
from spatial.ir.dialect import WithinOp
from spatial.ir.mlir import arith, ir

__all__ = ["Counter", "Segment", "segments"]

MOST_PLACES = 1 << 12
LONGEST_PERIOD = 1 << 12
SIGNED_PREDICATES = range(6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A loop variable: it is `first + step * n` in iteration n, `0 <= n < count`."""

    variable: int
    first: int
    step: int
    count: int

    def at(self, iterations: Numbers) -> Numbers:
        """Its values in some iterations."""
        return self.first + self.step * iterations


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Iterations from `start` on, `length` of them, in which everything repeats every `period` iterations."""

    start: int
    length: int
    period: int

    @property
    def sample(self) -> Numbers:
        """The iterations of the first period."""
        return np.arange(self.start, self.start + min(self.period, self.length), dtype=np.int64)


def segments(
    expressions: Sequence[Expression], counter: Counter, known: Mapping[int, int], most: int
) -> list[Segment] | None:
    """The segments, in order, in each of which none of the expressions changes from period to period.

    Where that is not known, all iterations are one period of their own; None where they are more than `most`.
    """
    try:
        growth = Growth(counter, known)
        pieces = [growth.of(expression) for expression in expressions]
        if any(piece.drift for piece in pieces):
            raise Unruly
        period = _common(pieces)
        cuts = sorted({0, counter.count, *(cut for piece in pieces for cut in piece.cuts)})
        if len(cuts) > MOST_PLACES:
            raise Unruly
    except (Undefined, Unruly):
        if counter.count > most:
            return None
        return [Segment(start=0, length=counter.count, period=counter.count)] if counter.count else []
    return _coalesced([Segment(start=a, length=b - a, period=period) for a, b in itertools.pairwise(cuts)])


def _coalesced(found: Sequence[Segment]) -> list[Segment]:
    """The same with neighbours that are shorter than two periods as one segment, in which nothing repeats."""
    rows: list[Segment] = []
    for each in found:
        last = rows[-1] if rows else None
        if last is not None and each.length < 2 * each.period and last.length < 2 * last.period:
            length = last.length + each.length
            rows[-1] = Segment(start=last.start, length=length, period=length)
        else:
            rows.append(each)
    return rows


class Unruly(Exception):
    """No period is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A value from `low` to `high` that grows by `drift` every `period` iterations, but across `cuts`."""

    period: int
    drift: int
    cuts: frozenset[int]
    low: int
    high: int

    def over(self, period: int) -> int:
        """How much it grows in a multiple of its period."""
        return self.drift * (period // self.period)


@dataclass(frozen=True, slots=True)
class Growth:
    """Finds the pieces of expressions of one counter; all else is `known`."""

    counter: Counter
    known: Mapping[int, int]
    found: dict[Expression, Piece] = field(default_factory=dict)

    def of(self, expression: Expression) -> Piece:
        if expression not in self.found:
            self.found[expression] = self.computed(expression)
        return self.found[expression]

    def computed(self, expression: Expression) -> Piece:
        if self.counter.variable not in expression.variables:
            value = int(evaluate(expression, self.known))
            return Piece(period=1, drift=0, cuts=frozenset(), low=value, high=value)
        if expression.kind is None:
            counter = self.counter
            last = counter.first + counter.step * (counter.count - 1)
            return Piece(period=1, drift=counter.step, cuts=frozenset(), low=counter.first, high=last)
        rule = RULES.get(expression.kind)
        if rule is None:
            raise Unruly
        piece = rule(self, expression, [self.of(operand) for operand in expression.operands])
        if piece.period > LONGEST_PERIOD or len(piece.cuts) > MOST_PLACES or not _fits(piece, expression.width):
            raise Unruly
        return piece

    def values(self, expression: Expression, iterations: Numbers) -> Numbers:
        found = evaluate(expression, {**self.known, self.counter.variable: self.counter.at(iterations)})
        return np.broadcast_to(np.asarray(found, np.int64), iterations.shape)

    def crossings(self, left: Expression, right: Expression, pieces: Sequence[Piece]) -> frozenset[int]:
        """The cuts of two values, and where the sign of their difference changes."""
        period = _common(pieces)
        drift = pieces[0].over(period) - pieces[1].over(period)
        cuts = {0, self.counter.count}.union(*(piece.cuts for piece in pieces))
        if drift == 0:
            return frozenset(cuts)
        if period > LONGEST_PERIOD or len(cuts) * period > MOST_PLACES:
            raise Unruly
        found = set(cuts)
        ends = sorted(cuts)
        for start, end in itertools.pairwise(ends):
            sample = np.arange(start, min(start + period, end), dtype=np.int64)
            gaps = (self.values(left, sample) - self.values(right, sample)) * (1 if drift > 0 else -1)
            for first, gap in zip(sample.tolist(), gaps.tolist(), strict=True):
                for periods in (_ceiling(-gap, abs(drift)), _ceiling(1 - gap, abs(drift))):
                    place = first + period * max(0, periods)
                    found |= {cut for cut in (place, place + 1) if start < cut < end}
        return frozenset(found)


def _ceiling(a: int, b: int) -> int:
    return -(-a // b)


def _common(pieces: Sequence[Piece]) -> int:
    return math.lcm(*(piece.period for piece in pieces))


def _fits(piece: Piece, width: int) -> bool:
    low, high = (0, 1) if width == 1 else (-(1 << (width - 1)), (1 << (width - 1)) - 1)
    return low <= piece.low <= piece.high <= high


def _joined(pieces: Sequence[Piece], drift: int, low: int, high: int) -> Piece:
    cuts = frozenset[int]().union(*(piece.cuts for piece in pieces))
    return Piece(period=_common(pieces), drift=drift, cuts=cuts, low=low, high=high)


def _sum(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    a, b = pieces
    period = _common(pieces)
    return _joined(pieces, a.over(period) + b.over(period), a.low + b.low, a.high + b.high)


def _difference(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    a, b = pieces
    period = _common(pieces)
    return _joined(pieces, a.over(period) - b.over(period), a.low - b.high, a.high - b.low)


def _product(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    a, b = pieces
    corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    if a.drift == b.drift == 0:
        drift = 0
    elif a.low == a.high:
        drift = a.low * b.drift
    elif b.low == b.high:
        drift = b.low * a.drift
    else:
        raise Unruly
    return _joined(pieces, drift, min(corners), max(corners))


def _bits(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    """What depends on the values alone, and can be any number of the width."""
    if any(piece.drift for piece in pieces):
        raise Unruly
    half = 1 << (expression.width - 1)
    return _joined(pieces, 0, *((0, 1) if expression.width == 1 else (-half, half - 1)))


def _comparison(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    if expression.value not in SIGNED_PREDICATES and min(piece.low for piece in pieces) < 0:
        raise Unruly
    cuts = growth.crossings(expression.operands[0], expression.operands[1], pieces)
    return Piece(period=_common(pieces), drift=0, cuts=cuts, low=0, high=1)


def _choice(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    condition, a, b = pieces
    period = _common(pieces)
    if condition.drift or a.over(period) != b.over(period):
        raise Unruly
    return _joined(pieces, a.over(period), min(a.low, b.low), max(a.high, b.high))


def _extreme(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    a, b = pieces
    period = _common(pieces)
    if a.over(period) != b.over(period):
        raise Unruly
    return _joined(pieces, a.over(period), min(a.low, b.low), max(a.high, b.high))


def _divisor(piece: Piece) -> int:
    if piece.low != piece.high or piece.low <= 0:
        raise Unruly
    return piece.low


def _floor(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    a, divisor = pieces[0], _divisor(pieces[1])
    times = divisor // math.gcd(a.drift, divisor)
    low, high = a.low // divisor, a.high // divisor
    return Piece(period=a.period * times, drift=a.drift * times // divisor, cuts=a.cuts, low=low, high=high)


def _remainder(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    a, divisor = pieces[0], _divisor(pieces[1])
    times = divisor // math.gcd(a.drift, divisor)
    low, high = min(0, 1 - divisor if a.low < 0 else 0), divisor - 1
    return Piece(period=a.period * times, drift=0, cuts=_signs(growth, expression, a), low=low, high=high)


def _quotient(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    a, divisor = pieces[0], _divisor(pieces[1])
    times = divisor // math.gcd(a.drift, divisor)
    low, high = min(0, -(-a.low // divisor)), max(0, a.high // divisor)
    cuts = _signs(growth, expression, a)
    return Piece(period=a.period * times, drift=a.drift * times // divisor, cuts=cuts, low=low, high=high)


def _signs(growth: Growth, expression: Expression, piece: Piece) -> frozenset[int]:
    """The cuts of a dividend, and where its sign changes."""
    if piece.low >= 0 or piece.high <= 0:
        return piece.cuts
    dividend = expression.operands[0]
    zero = Expression(kind=arith.ConstantOp, width=dividend.width)
    nothing = Piece(period=1, drift=0, cuts=frozenset(), low=0, high=0)
    return growth.crossings(dividend, zero, [piece, nothing])


def _same(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    (piece,) = pieces
    return piece


def _sign_extended(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    if expression.operands[0].width == 1:
        raise Unruly
    return pieces[0]


def _same_sign(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    (piece,) = pieces
    if piece.low < 0:
        raise Unruly
    return piece


def _inside(growth: Growth, expression: Expression, pieces: list[Piece]) -> Piece:
    (piece,) = pieces
    if piece.low < 0 or piece.high >= expression.value:
        raise Unruly
    return piece


RULES: Mapping[type[ir.OpView], Callable[[Growth, Expression, list[Piece]], Piece]] = {
    arith.AddIOp: _sum,
    arith.SubIOp: _difference,
    arith.MulIOp: _product,
    arith.AndIOp: _bits,
    arith.OrIOp: _bits,
    arith.XOrIOp: _bits,
    arith.MinSIOp: _extreme,
    arith.MaxSIOp: _extreme,
    arith.FloorDivSIOp: _floor,
    arith.DivSIOp: _quotient,
    arith.RemSIOp: _remainder,
    arith.SelectOp: _choice,
    arith.CmpIOp: _comparison,
    arith.ExtSIOp: _sign_extended,
    arith.ExtUIOp: _same_sign,
    arith.TruncIOp: _same,
    arith.IndexCastOp: _same,
    arith.IndexCastUIOp: _same_sign,
    WithinOp: _inside,
}
"""How each operation passes growth on."""
