"""Whether a chain of tokens orders the accesses of several actors to one element: vector clocks, as of the reference.

Actors whose accesses must be ordered are components of the clocks, the others pass on what they have seen.
"""

from spatial.lower.llvm.layout import (
    ACCESS_FIELDS,
    AccessField,
    ActorField,
    ActorHalf,
    ChannelField,
    ChannelHalf,
    RunField,
)
from spatial.lower.llvm.pointer import Pointer
from spatial.lower.llvm.queue import is_first, keep_fault

__all__ = ["ORDER"]


def acquire(run: Pointer, actor: Pointer, c: Pointer, n: int) -> None:
    """An actor sees what the writer of token `n` had seen."""
    width = run[RunField.WIDTH]
    carried = c.pointer(ChannelField.SEEN).at((n & c[ChannelHalf.MASK]) * width)
    seen = actor.pointer(ActorField.SEEN)
    for k in range(width):
        seen[k] = max(seen[k], carried[k])


def release(run: Pointer, actor: Pointer, c: Pointer) -> None:
    """The next token carries what the actor has seen; what it does from here on comes after it."""
    width = run[RunField.WIDTH]
    carried = c.pointer(ChannelField.SEEN).at((c[ChannelField.PUTS] & c[ChannelHalf.MASK]) * width)
    seen = actor.pointer(ActorField.SEEN)
    for k in range(width):
        carried[k] = seen[k]
    own = actor[ActorField.COMPONENT]
    if own >= 0:
        seen[own] += 1


def record(run: Pointer, records: Pointer, place: int) -> Pointer:
    """What is known of the accesses to an element."""
    return records.at(place * (run[RunField.WIDTH] + 1) * ACCESS_FIELDS)


def note(actor: Pointer, access: Pointer, t: int, site: int) -> None:
    """Writes down an access."""
    own = actor[ActorField.COMPONENT]
    access[AccessField.WHO] = own + 1
    access[AccessField.PUTS] = actor.pointer(ActorField.SEEN)[own]
    access[AccessField.CYCLE] = t
    access[AccessField.SITE] = site


def reading(run: Pointer, actor: Pointer, records: Pointer, place: int, t: int, site: int) -> None:
    """An actor reads an element."""
    accesses = record(run, records, place)
    check(run, actor, accesses, place, t, site)
    note(actor, accesses.at((actor[ActorField.COMPONENT] + 1) * ACCESS_FIELDS), t, site)


def writing(run: Pointer, actor: Pointer, records: Pointer, place: int, t: int, site: int) -> None:
    """An actor writes an element."""
    accesses = record(run, records, place)
    for k in range(run[RunField.WIDTH] + 1):
        earlier = accesses.at(k * ACCESS_FIELDS)
        check(run, actor, earlier, place, t, site)
        earlier[AccessField.WHO] = 0
    note(actor, accesses, t, site)


def reading_all(run: Pointer, actor: Pointer, records: Pointer, first: int, count: int, t: int, site: int) -> None:
    """An actor reads so many elements from the first on."""
    for place in range(first, first + count):
        reading(run, actor, records, place, t, site)


def writing_all(run: Pointer, actor: Pointer, records: Pointer, first: int, count: int, t: int, site: int) -> None:
    """An actor writes so many elements from the first on."""
    for place in range(first, first + count):
        writing(run, actor, records, place, t, site)


def check(run: Pointer, actor: Pointer, earlier: Pointer, place: int, t: int, site: int) -> None:
    """The actor must have seen a put that the earlier one made after its access."""
    who = earlier[AccessField.WHO] - 1
    if (
        who < 0
        or who == actor[ActorField.COMPONENT]
        or actor.pointer(ActorField.SEEN)[who] >= earlier[AccessField.PUTS]
    ):
        return
    other = run.pointer(RunField.COMPONENTS)[who]
    own = actor[ActorHalf.NUMBER]
    cycle, where = earlier[AccessField.CYCLE], earlier[AccessField.SITE]
    if cycle > t or (cycle == t and other > own):
        race(run, other, cycle, where, own, site, place)
    else:
        race(run, own, t, site, other, where, place)


def race(run: Pointer, number: int, t: int, site: int, other: int, other_site: int, place: int) -> None:
    """Keeps a race if nothing is known to go wrong before its second access."""
    if is_first(run, t, number):
        keep_fault(run, number, t, site)
        run[RunField.RACE_ACTOR] = other
        run[RunField.RACE_SITE] = other_site
        run[RunField.RACE_PLACE] = place


ORDER = (acquire, release, record, note, reading, writing, reading_all, writing_all, check, race)
