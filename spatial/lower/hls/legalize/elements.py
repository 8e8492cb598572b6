"""The very elements that actors touch, where boxes of them are too coarse."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from spatial.lower.hls.legalize.accesses import Access, Loop
from spatial.lower.hls.legalize.forms import Form
from spatial.lower.hls.legalize.seen import Program, Seen, Shared

__all__ = ["apart"]

MOST = 1 << 18  # accesses of all actors together that are looked at


class Unknown(Exception):
    """It takes a run to tell which elements are touched, or they are too many to look at."""


def apart(program: Program, array: Shared, seen: Sequence[Seen]) -> bool:
    """Whether surely no actor touches an element that another one writes."""
    owner = np.full(array.shape, -1, np.int32)
    budget = [MOST]
    try:
        for number, each in enumerate(seen):
            for at in touched(program, each, budget, writes=True):
                if min(at) < 0 or owner[at] not in (-1, number):
                    return False
                owner[at] = number
        return all(
            min(at) >= 0 and owner[at] in (-1, number)
            for number, each in enumerate(seen)
            for at in touched(program, each, budget, writes=False)
        )
    except (Unknown, IndexError):
        return False


def touched(program: Program, seen: Seen, budget: list[int], *, writes: bool) -> Iterator[tuple[int, ...]]:
    """The elements that an actor may write, or read."""
    known = {n: value for n, value in enumerate(seen.actor.values) if isinstance(value, int)}
    for access in program.touches[seen.actor.function].at(seen.use.position):
        if access.writes if writes else access.reads:
            yield from each_of(access, access.loops, known, budget)


def each_of(
    access: Access, loops: Sequence[Loop], known: Mapping[int, int], budget: list[int]
) -> Iterator[tuple[int, ...]]:
    """The elements of an access in all iterations of the loops around it."""
    if loops:
        loop = loops[0]
        for value in range(*(number(bound, known) for bound in (loop.low, loop.high, loop.step))):
            yield from each_of(access, loops[1:], {**known, loop.symbol: value}, budget)
        return
    budget[0] -= 1
    if access.indices is None or budget[0] < 0:
        raise Unknown
    yield tuple(number(index, known) for index in access.indices)


def number(form: Form | None, known: Mapping[int, int]) -> int:
    """The value of a form."""
    if form is None or any(symbol not in known for symbol, _ in form.terms):
        raise Unknown
    return form.base + sum(factor * known[symbol] for symbol, factor in form.terms)
