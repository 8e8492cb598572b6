"""For which iterations a local is new: what every one of them writes before it reads, no other one needs."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import islpy

from spatial.analysis.dependence.accesses import Access, common_loops
from spatial.analysis.dependence.conditions import implies
from spatial.analysis.dependence.sets import Names, Undecided, before, bounded, touched

__all__ = ["Scope", "scopes_of", "unwritten"]

Need = tuple[Access, islpy.Map]  # a read, and what it reads in which iterations


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
        inner = _scopes(part, depth + 1, parameters) if len(part[0].loops) > depth else None
        scopes = inner if inner is not None else _joined(part, found, depth, parameters)
        if scopes is None:
            return None
        found.append(scopes)
    return [scope for scopes in found for scope in scopes]


def _joined(part: tuple[Access, ...], found: list[list[Scope]], depth: int, parameters: Names) -> list[Scope] | None:
    """One scope of accesses and of as much of what was found before them as they need, which is taken from there."""
    needs = [(access, touched(access, parameters)) for access in part if access.reads]
    added: Sequence[Access] = part
    while needs := unwritten(needs, [access for access in added if access.writes], depth, parameters):
        if not found:
            return None
        added = [access for scope in found.pop() for access in scope.accesses]
        part = (*added, *part)
    return [Scope(accesses=tuple(sorted(part, key=lambda access: access.order)), depth=depth)]


def unwritten(needs: Sequence[Need], writes: Sequence[Access], depth: int, parameters: Names) -> list[Need]:
    """What is read and not yet written, in the same iteration of `depth` loops, once writes are taken into account."""
    found = []
    for read, elements in needs:
        if any(_just_before(write, read) for write in writes):
            continue
        try:
            with bounded():
                left = _unwritten(read, elements, writes, depth, parameters)
                if not left.is_empty():
                    found.append((read, left))
        except Undecided:
            found.append((read, elements))
    return found


def _just_before(write: Access, read: Access) -> bool:
    """Whether a read surely follows a write of its element, by the text alone."""
    inside = len(write.loops) == common_loops(write, read) and implies(read.guard, write.guard)
    known = write.whole or (None not in write.indices and write.indices == read.indices)
    return inside and known and write.order < read.order


def _unwritten(read: Access, elements: islpy.Map, writes: Sequence[Access], depth: int, parameters: Names) -> islpy.Map:
    """The elements that no write before a read, in the same iteration of `depth` loops, surely writes."""
    for write in writes:
        sizes = len(write.loops), len(read.loops)
        common = common_loops(write, read)
        pairs = before(*sizes, tuple(range(depth, common)), common if write.order < read.order else None)
        elements = elements.subtract(pairs.reverse().apply_range(touched(write, parameters, surely=True)))
    return elements
