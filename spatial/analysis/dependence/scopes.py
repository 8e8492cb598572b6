"""For which iterations a local is new: what every one of them writes before it reads, no other one needs."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from spatial.analysis.dependence.accesses import Access, common_loops
from spatial.analysis.dependence.conditions import implies
from spatial.analysis.dependence.sets import Names, Undecided, before, bounded, same, touched

__all__ = ["Scope", "scopes_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scope:
    """Accesses to a local between which values pass, within one iteration of the `depth` outer loops that they share.

    Every element that one of them reads, another one has surely written before, in the same iteration of
    those loops. So what the local holds passes neither from one iteration to another nor to another scope.
    """

    accesses: tuple[Access, ...]
    depth: int


def scopes_of(accesses: Sequence[Access], parameters: Names) -> list[Scope]:
    """The scopes of one local, as small as they can be seen to be.

    None are found where something may be read that was never written.
    """
    return (
        _scopes(sorted(accesses, key=lambda access: access.order), len(accesses[0].resource.owners), parameters) or []
    )


def _scopes(accesses: Sequence[Access], depth: int, parameters: Names) -> list[Scope] | None:
    """The scopes of what one iteration of `depth` loops accesses; None where it reads what an earlier one wrote."""
    found: list[list[Scope]] = []
    for _, item in itertools.groupby(accesses, key=lambda access: access.place[: depth + 1]):
        part = tuple(item)
        looped = len(part[0].loops) > depth
        scopes = _scopes(part, depth + 1, parameters) if looped else _alone(part, depth)
        while scopes is None:
            if _covered(part, depth, parameters):
                scopes = [Scope(accesses=part, depth=depth)]
            elif found:
                earlier = (access for scope in found.pop() for access in scope.accesses)
                part = (*sorted(earlier, key=lambda access: access.order), *part)
            else:
                return None
        found.append(scopes)
    return [scope for scopes in found for scope in scopes]


def _alone(accesses: tuple[Access, ...], depth: int) -> list[Scope] | None:
    """A scope of what is not in a further loop, where it only writes."""
    return None if any(access.reads for access in accesses) else [Scope(accesses=accesses, depth=depth)]


def _covered(accesses: Sequence[Access], depth: int, parameters: Names) -> bool:
    """Whether all that is read was written before, in the same iteration of `depth` loops."""
    writes = [access for access in accesses if access.writes]
    return all(_written(access, writes, depth, parameters) for access in accesses if access.reads)


def _written(read: Access, writes: Sequence[Access], depth: int, parameters: Names) -> bool:
    if any(_just_before(write, read, depth) for write in writes):
        return True
    try:
        with bounded():
            return _covers(read, writes, depth, parameters)
    except Undecided:
        return False


def _just_before(write: Access, read: Access, depth: int) -> bool:
    """Whether a read surely follows a write of its element, by the text alone."""
    inside = depth <= len(write.loops) == common_loops(write, read) and implies(read.guard, write.guard)
    known = write.whole or (None not in write.indices and write.indices == read.indices)
    return inside and known and write.order < read.order


def _covers(read: Access, writes: Sequence[Access], depth: int, parameters: Names) -> bool:
    needed = touched(read, parameters)
    given = needed.subtract(needed)
    for write in writes:
        sizes = len(write.loops), len(read.loops)
        pairs = before(*sizes, common_loops(write, read), write.order < read.order)
        pairs = pairs.intersect(same(*sizes, tuple(range(depth)))).reverse()
        given = given.union(pairs.apply_range(touched(write, parameters, surely=True)))
    return bool(needed.is_subset(given))
