"""Marks on elements of memory that several actors touch.

An actor leaves 4 n + 1 on an element that it has read, 4 n + 2 on one that it has written, n being 1 more than its
number. An untouched element has 0, one that several have read 3.
"""

from spatial.lower.llvm.layout import ActorHalf, RunField
from spatial.lower.llvm.pointer import Pointer, inlined

__all__ = ["SHARING"]

SEVERAL, READ, WRITTEN = 3, 1, 2


@inlined
def mark(actor: Pointer, kind: int) -> int:
    """What an actor leaves on an element."""
    return 4 * actor[ActorHalf.NUMBER] + 4 + kind


@inlined
def reads(shadow: Pointer, place: int, actor: Pointer) -> bool:
    """Notes a read of an element; the answer is whether no other actor has written it."""
    old = shadow[place]
    if old == mark(actor, WRITTEN):
        return True
    if old == 0 or old == mark(actor, READ):
        shadow[place] = mark(actor, READ)
        return True
    shadow[place] = SEVERAL
    return (old & 3) != WRITTEN


@inlined
def writes(shadow: Pointer, place: int, actor: Pointer) -> bool:
    """Notes a write of an element; the answer is whether no other actor has touched it."""
    old = shadow[place]
    shadow[place] = mark(actor, WRITTEN)
    return old == 0 or old == mark(actor, READ) or old == mark(actor, WRITTEN)


def reads_all(shadow: Pointer, first: int, count: int, actor: Pointer) -> bool:
    """Notes reads of elements from the first on; whether no other actor has written one of them."""
    place = first
    while place < first + count and reads(shadow, place, actor):
        place += 1
    return place == first + count


def writes_all(shadow: Pointer, first: int, count: int, actor: Pointer) -> bool:
    """Notes writes of elements from the first on; whether no other actor has touched one of them."""
    place = first
    while place < first + count and writes(shadow, place, actor):
        place += 1
    return place == first + count


def shared(run: Pointer, actor: Pointer, site: int) -> None:
    """Ends the run: its accesses to shared memory must be ordered by tokens, which is not watched here."""
    run[RunField.SHARED_SITE] = site
    run[RunField.SHARED_ACTOR] = actor[ActorHalf.NUMBER]
    run[RunField.BUDGET] = 0


SHARING = (mark, reads, writes, reads_all, writes_all, shared)
