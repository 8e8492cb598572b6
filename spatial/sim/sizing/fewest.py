"""Finds the fewest cycles that any depths reach.

Where memories are slower than registers, more depth is better only as long as a channel stays what it is.
For each choice of what is a memory, the best depths are the greatest ones. No choice is faster than
a run where memories are as quick as registers and as deep as can be; a choice that is as fast is one of the best.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from spatial.sim.sizing.search import Search, Vector, replaced

__all__ = ["Fewest", "fewest"]

ALL_CHOICES = 6  # groups of which each may be a memory or not, for all choices of which the cycles are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Fewest:
    """The fewest cycles found, depths that reach them, and whether it is known that no depths take fewer."""

    cycles: int
    vector: Vector
    proven: bool


def fewest(search: Search, optimistic: Search) -> Fewest | None:
    """The fewest cycles; None where the program deadlocks however deep its channels are."""
    deep = search.vector(lambda group: group.deep)
    bound = optimistic.cycles([deep])[0]
    if bound is None:
        return None
    needs = optimistic.needs(deep)
    wide = [n for n, group in enumerate(search.groups) if group.memories(needs[n])]
    if search.one_latency or not wide:
        return Fewest(cycles=bound, vector=needs, proven=True)
    return best_choice(search, needs, wide, bound)


def best_choice(search: Search, needs: Vector, wide: list[int], bound: int) -> Fewest:
    """The best choice of the channels that are memories, among those that need more than a register holds."""
    start = as_chosen(search, frozenset(wide))
    best = better(search, start, choices(search, wide))
    while best[0] > bound and len(wide) > ALL_CHOICES:
        cycles, vector = best
        found = better(search, vector, (flipped(search, vector, position) for position in wide))
        if found[0] == cycles:
            break
        best = found
    cycles, vector = best
    used = search.needs(vector)
    tight = tuple(
        max(need, group.register + 1) if group.memories(depth) else need
        for group, depth, need in zip(search.groups, vector, used, strict=True)
    )
    complete = search.vector(lambda group: group.deep)
    every = all(n in wide or not group.memories(complete[n]) for n, group in enumerate(search.groups))
    return Fewest(cycles=cycles, vector=tight, proven=cycles == bound or (every and len(wide) <= ALL_CHOICES))


def choices(search: Search, wide: list[int]) -> Iterator[Vector]:
    """All choices of memories if there are few, else none at all and all that can be."""
    yield as_chosen(search, frozenset())
    yield as_chosen(search, frozenset(range(len(search.groups))))
    for number in range(1 << len(wide) if len(wide) <= ALL_CHOICES else 0):
        yield as_chosen(search, frozenset(place for bit, place in enumerate(wide) if number >> bit & 1))


def as_chosen(search: Search, memories: frozenset[int]) -> Vector:
    """The greatest depths with which the chosen groups are memories, and the others are not."""
    return tuple(
        max(group.deep, group.register + 1) if number in memories else max(group.least, min(group.deep, group.register))
        for number, group in enumerate(search.groups)
    )


def flipped(search: Search, vector: Vector, position: int) -> Vector:
    """The other choice for one group."""
    group = search.groups[position]
    other = group.register if group.memories(vector[position]) else max(group.deep, group.register + 1)
    return replaced(vector, {position: max(group.least, other)})


def better(search: Search, vector: Vector, others: Iterator[Vector]) -> tuple[int, Vector]:
    """The first of the vectors that takes the fewest cycles; `vector` does not deadlock."""
    every = [vector, *others]
    timed = [(cycles, each) for each, cycles in zip(every, search.cycles(every), strict=True) if cycles is not None]
    return min(timed, key=lambda found: found[0])
