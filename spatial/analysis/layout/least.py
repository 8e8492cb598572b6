"""The least layout with which all accesses of an iteration find a port."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from spatial.analysis.pipelining.banks import Part, may_agree, part_of
from spatial.analysis.pipelining.places import Place
from spatial.ir.mlir import ir
from spatial.types.layout import Cut, Layout, whole

__all__ = ["Access", "cuts_of", "least_layout"]

SPARE = 4  # how many times as many banks as accesses are tried before each index gets a bank of its own
FEW = 64  # banks up to which everything is tried

Exclusive = Callable[[ir.OpView, ir.OpView], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """An access to memory; `places` are its indices, None where they are not known before the program runs."""

    op: ir.OpView
    places: tuple[Place, ...] | None
    stores: bool


def least_layout(accesses: Sequence[Access], shape: tuple[int, ...], room: int, exclusive: Exclusive) -> Layout | None:
    """The layout with the fewest banks of which none is used more often than `room` in an iteration.

    What is read and what is stored may meet in a bank in any iteration. Where each access is to an element that never
    changes, as in a window, these are registers if ports do not do. None where one bank is enough, and where no layout
    helps: several accesses to one element of many, or indices that are not known.
    """
    search = Search(accesses, room, exclusive)
    if any(access.places is None for access in accesses) or search.serves(whole(shape)):
        return None
    found = next((layout for layout in _candidates(accesses, shape, room) if search.serves(layout)), None)
    return found or _registers(accesses, shape)


def _registers(accesses: Sequence[Access], shape: tuple[int, ...]) -> Layout | None:
    """A register for each element, which any number of accesses use at once, where each access is to a fixed one."""
    moving = any(place.terms for access in accesses for place in access.places or ())
    if moving or math.prod(shape) > _most(accesses):
        return None
    return Layout(cuts=tuple(Cut(extent=extent, blocks=extent) for extent in shape))


def _most(accesses: Sequence[Access]) -> int:
    """How many banks are worth trying."""
    return max(FEW, SPARE * len(accesses))


def cuts_of(extent: int) -> list[Cut]:
    """All ways to cut a dimension, those with few banks first, of these the cyclic ones first."""
    divisors = [number for number in range(1, extent + 1) if extent % number == 0]
    pairs = ((blocks, ways) for blocks in divisors for ways in divisors if blocks * ways <= extent)
    found = {Cut(extent=extent, blocks=blocks, ways=ways) for blocks, ways in pairs}
    return sorted(found, key=lambda cut: (cut.banks, cut.blocks))


def _candidates(accesses: Sequence[Access], shape: tuple[int, ...], room: int) -> Iterator[Layout]:
    """Layouts to try, those with few banks first; only dimensions in which accesses differ are cut."""
    most = _most(accesses)
    least = -(-len(accesses) // (2 * room))
    chosen: list[tuple[Cut, ...]] = [()]
    last: list[Cut] = []
    for dimension, extent in enumerate(shape):
        places = [access.places[dimension] for access in accesses if access.places]
        cuts = [Cut(extent=extent)] if all(place == places[0] for place in places) else cuts_of(extent)
        chosen = [(*cut, new) for cut in chosen for new in cuts if math.prod(c.banks for c in cut) * new.banks <= most]
        last.append(cuts[-1])
    found = [layout for cuts in chosen if (layout := Layout(cuts=cuts)).banks >= least]
    yield from sorted(found, key=lambda layout: (layout.banks, [cut.blocks for cut in layout.cuts]))
    if (finest := Layout(cuts=tuple(last))).banks > most:
        yield finest


class Search:
    """Tells whether a layout serves; what is known of two indices and a cut is kept."""

    def __init__(self, accesses: Sequence[Access], room: int, exclusive: Exclusive) -> None:
        self.accesses = accesses
        self.room = room
        self.exclusive = exclusive
        self.parts: dict[tuple[int, int, Cut], Part] = {}
        self.agreed: dict[tuple[int, int, int, Cut], bool] = {}

    def serves(self, layout: Layout) -> bool:
        """Whether no bank is used more often than there is room for, reads and stores counted at their most."""
        most = {True: 0, False: 0}
        for one, access in enumerate(self.accesses):
            users = sum(self.clash(one, other, layout) for other in range(len(self.accesses)))
            most[access.stores] = max(most[access.stores], users)
            if most[True] + most[False] > self.room:
                return False
        return True

    def clash(self, one: int, other: int, layout: Layout) -> bool:
        """Whether two accesses of a kind may need one bank in one cycle."""
        first, second = self.accesses[one], self.accesses[other]
        if one == other:
            return True
        if first.stores != second.stores or self.exclusive(first.op, second.op):
            return False
        return all(self.agree(dimension, cut, one, other) for dimension, cut in enumerate(layout.cuts))

    def agree(self, dimension: int, cut: Cut, one: int, other: int) -> bool:
        """Whether two accesses may need one bank as far as a dimension goes."""
        key = (dimension, min(one, other), max(one, other), cut)
        if key not in self.agreed:
            first, second = self.part(dimension, one, cut), self.part(dimension, other, cut)
            self.agreed[key] = may_agree(first, second, {})
        return self.agreed[key]

    def part(self, dimension: int, access: int, cut: Cut) -> Part:
        key = (dimension, access, cut)
        if key not in self.parts:
            places = self.accesses[access].places
            assert places is not None, "layouts are looked for where all indices are known"
            self.parts[key] = part_of(places[dimension], cut)
        return self.parts[key]
