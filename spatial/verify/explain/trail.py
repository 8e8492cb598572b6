"""What an actor has written down, as expressions."""

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatial.source.span import Span
from spatial.types.bits import from_bits
from spatial.types.dtype import float64
from spatial.verify.domain import Words
from spatial.verify.explain.recorded import ENTRIES, FIELDS, LOOP, NUMBER, Site

__all__ = ["Step", "Trail", "trail_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An operation that an actor did as its `number`th: what it is called, its operands' tokens, and where.

    A number that became a token has it in `value`. `iteration` has the counters of the loops around by name.
    """

    number: int
    actor: str
    name: str
    operands: tuple[int, ...]
    span: Span
    iteration: tuple[tuple[str, int], ...]
    value: int | float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The last entries of an actor, the oldest first; `made` has the last one of each token."""

    actor: str
    sites: Sequence[Site]
    entries: Words
    made: Mapping[int, int]
    loops: Mapping[int, list[int]]

    def step(self, token: int) -> Step | None:
        """How a token was made, if that is known."""
        number = self.made.get(token)
        if number is None:
            return None
        row = self.entries[number].tolist()
        site = self.sites[row[0]]
        value: int | float | None = None
        if site.kind == NUMBER:
            value = from_bits(row[2] & ((1 << 64) - 1), float64) if site.what == "real" else row[2]
        return Step(
            number=number,
            actor=self.actor,
            name=site.what,
            operands=() if site.kind == NUMBER else tuple(row[2 : 2 + site.operands]),
            span=site.span,
            iteration=tuple(self._iteration(site, number)),
            value=value,
        )

    def _iteration(self, site: Site, number: int) -> list[tuple[str, int]]:
        """The counters of the loops around an entry, as far as their entries are still there."""
        found = []
        for loop in site.loops:
            begun = self.loops.get(loop, [])
            place = bisect.bisect_left(begun, number) - 1
            if place >= 0 and self.sites[loop].what:
                found.append((self.sites[loop].what, int(self.entries[begun[place], 1])))
        return found


def trail_of(actor: str, sites: Sequence[Site], written: Words) -> Trail:
    """Reads what an actor has written down."""
    count = int(written[0])
    entries = written[1:].reshape(ENTRIES, FIELDS)
    if count > ENTRIES:
        begin = count % ENTRIES
        order = [*range(begin, ENTRIES), *range(begin)]
        entries = entries[order]
    entries = entries[: min(count, ENTRIES)]
    kinds = [site.kind == LOOP for site in sites]
    made: dict[int, int] = {}
    loops: dict[int, list[int]] = {}
    for number, (site, token) in enumerate(entries[:, :2].tolist()):
        if kinds[site]:
            loops.setdefault(site, []).append(number)
        else:
            made[token] = number
    return Trail(actor=actor, sites=sites, entries=entries, made=made, loops=loops)
