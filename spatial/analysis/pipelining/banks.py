"""Which accesses may need the same bank of an array in the same cycle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spatial.analysis.pipelining.places import Nest, Place
from spatial.analysis.static import Arguments, evaluate
from spatial.ir.mlir import ir, scf
from spatial.types.layout import Cut, Layout

__all__ = ["Bank", "Part", "Terms", "bank_of", "may_agree", "part_of", "shares_bank", "span_of_place", "taken_by"]

Terms = Mapping[ir.Value, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Where an access goes along one dimension: its index, and the index at which the block begins if that is known."""

    cut: Cut
    index: Place
    block: Place | None

    @property
    def fixed(self) -> int | None:
        """The number of the bank along this dimension, where it is the same in every iteration."""
        way = _remainder(self.index, self.cut.ways)
        if self.block is None or self.block.terms or way is None:
            return None
        return self.block.constant // self.cut.length * self.cut.ways + way


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Where an access goes, dimension by dimension."""

    parts: tuple[Part, ...]

    @property
    def fixed(self) -> tuple[int, ...] | None:
        """The number of the bank along each dimension, where it is the same in every iteration."""
        numbers = [part.fixed for part in self.parts]
        known = tuple(number for number in numbers if number is not None)
        return known if len(known) == len(numbers) else None


def bank_of(places: tuple[Place, ...] | None, layout: Layout | None) -> Bank | None:
    """Where an access goes; None where its indices are not known, or nobody said how the array is cut."""
    if places is None or layout is None:
        return None
    return Bank(parts=tuple(part_of(place, cut) for place, cut in zip(places, layout.cuts, strict=True)))


def part_of(place: Place, cut: Cut) -> Part:
    """Where an access goes along one dimension that is cut."""
    index = _plain(place)
    return Part(cut=cut, index=index, block=_block(index, cut.length))


def shares_bank(first: Bank | None, later: Bank | None, distance: int, nest: Nest | None) -> bool:
    """Whether `later`, in an iteration so much further on than that of `first`, may need the bank that `first` does."""
    if first is None or later is None or nest is None:
        return True
    return any(
        all(may_agree(a, b, steps) for a, b in zip(first.parts, later.parts, strict=True))
        for steps in _steps(distance, nest)
    )


def _steps(distance: int, nest: Nest) -> Iterator[Terms]:
    """By how much the variables of a nest may have grown in so many iterations."""

    def outward(loop: int, left: int) -> Iterator[Terms]:
        variable, step, count = nest.variables[loop], nest.steps[loop], nest.counts[loop]
        if loop == 0:
            if count is None or abs(left) < count:
                yield {variable: left * step}
            return
        carry, rest = divmod(left, count or 1)
        for share, above in ((rest, carry), (rest - (count or 1), carry + 1)) if rest else ((0, carry),):
            for others in outward(loop - 1, above):
                yield {**others, variable: share * step}

    yield from outward(len(nest.variables) - 1, distance)


def may_agree(a: Part, b: Part, steps: Terms) -> bool:
    """Whether two accesses may need the same bank as far as one dimension goes."""
    apart = _minus(a.index, b.index, steps)
    if _remainder(apart, a.cut.ways):
        return False
    if a.block is None or b.block is None:
        near, (low, high) = a.cut.length - 1, span_of_place(apart)
    else:
        near, (low, high) = 0, span_of_place(_minus(a.block, b.block, steps))
    return low is None or high is None or (low <= near and high >= -near)


def _minus(a: Place, b: Place, steps: Terms) -> Place:
    """How far the first index lies behind the second, which is reached so many steps later."""
    later = b.constant + sum(times * steps.get(variable, 0) for variable, times in b.terms.items())
    values = {*a.terms, *b.terms}
    terms = {value: a.terms.get(value, 0) - b.terms.get(value, 0) for value in values}
    return _plain(Place(constant=a.constant - later, terms=terms))


def _plain(place: Place) -> Place:
    return Place(constant=place.constant, terms={value: times for value, times in place.terms.items() if times})


def _remainder(place: Place, ways: int) -> int | None:
    """What is left of an index modulo so many ways; None where it changes from iteration to iteration."""
    total = place.constant
    for value, times in place.terms.items():
        if times % ways == 0:
            continue
        taken = taken_by(value)
        if taken is None or times * taken.step % ways:
            return None
        total += times * taken.start
    return total % ways


def _block(place: Place, length: int) -> Place | None:
    """The index at which the block of an index begins: what is no multiple of its length stays within one block."""
    constant, low, high = 0, place.constant, place.constant
    terms = {}
    for value, times in place.terms.items():
        taken = taken_by(value)
        if times % length == 0:
            terms[value] = times
        elif taken is None:
            return None
        elif times * taken.step % length == 0:
            terms[value] = times
            constant -= times * taken.start
            low, high = low + times * taken.start, high + times * taken.start
        else:
            ends = (times * taken[0], times * taken[-1])
            low, high = low + min(ends), high + max(ends)
    return Place(constant=constant + low // length * length, terms=terms) if low // length == high // length else None


def span_of_place(place: Place) -> tuple[int | None, int | None]:
    """The least and the greatest that an index can be, where that is known."""
    low = high = place.constant
    for value, times in place.terms.items():
        taken = taken_by(value)
        if taken is None:
            return None, None
        ends = (times * taken[0], times * taken[-1])
        low, high = low + min(ends), high + max(ends)
    return low, high


def taken_by(value: ir.Value, known: Arguments | None = None) -> range | None:
    """What the variable of a counting loop goes through, where that follows from what is known and is not empty."""
    owner = value.owner
    loop = owner.owner if isinstance(owner, ir.Block) else None
    if not isinstance(loop, scf.ForOp) or value != loop.induction_variable:
        return None
    bounds = [evaluate(bound, known or Arguments({})) for bound in list(loop.operands)[:3]]
    found = [bound for bound in bounds if bound is not None]
    taken = range(*found) if len(found) == len(bounds) and found[2] > 0 else None
    return taken or None
