"""Makes depths smaller, group after group, as long as a run stays within its cycles."""

from collections.abc import Sequence

from spatial.device.storage import Memory
from spatial.sim.sizing.search import Search, Target, Vector, replaced

__all__ = ["trimmed"]

PARTS = 8  # depths of a group that are looked at together


def trimmed(search: Search, vector: Vector, target: Target) -> Vector:
    """Depths of which no group can be a token shallower; `vector` reaches the target.

    The groups that take the most memory come first, and all that can are made least at once.
    """
    order = sorted(range(len(vector)), key=lambda place: taken(search, vector, place), reverse=True)
    lowered = lower(search, vector, target, order)
    while (fewer := shallower(search, lowered, target)) != lowered:
        lowered = lower(search, fewer, target, order)
    return lowered


def taken(search: Search, vector: Vector, place: int) -> tuple[Memory, int]:
    """How much there is to win by making a group shallower; of equals the first in the program."""
    return search.memory_of(search.groups[place], vector[place]), -place


def lower(search: Search, vector: Vector, target: Target, places: Sequence[int]) -> Vector:
    """The groups at those places one after the other as shallow as they can be, given the rest."""
    places = [place for place in places if vector[place] > search.groups[place].least]
    if not places:
        return vector
    bottom = replaced(vector, {place: search.groups[place].least for place in places})
    if search.reaches(bottom, target):
        return bottom
    if len(places) == 1:
        return lowest(search, vector, target, places[0])
    half = len(places) // 2
    return lower(search, lower(search, vector, target, places[:half]), target, places[half:])


def lowest(search: Search, vector: Vector, target: Target, place: int) -> Vector:
    """One group as shallow as it can be: a register where that reaches the target, else a memory."""
    group = search.groups[place]
    if group.memories(vector[place]):
        register = replaced(vector, {place: max(group.least, group.register)})
        if group.least > group.register or not search.reaches(register, target):
            return within(search, vector, target, place, max(group.least, group.register + 1))
        vector = register
    return within(search, vector, target, place, group.least)


def within(search: Search, vector: Vector, target: Target, place: int, low: int) -> Vector:
    """The least depth of a group from `low` on that reaches the target; up to there all are stored alike."""
    high = vector[place]
    while low < high:
        span = high - low
        tried = sorted({low + span * part // PARTS for part in range(PARTS)})
        found = search.reach([replaced(vector, {place: depth}) for depth in tried], target)
        good = next((number for number, reached in enumerate(found) if reached), None)
        if good is None:
            low = tried[-1] + 1
        else:
            high = tried[good]
            low = tried[good - 1] + 1 if good else high
    return replaced(vector, {place: high})


def shallower(search: Search, vector: Vector, target: Target) -> Vector:
    """The vector with the first group a token shallower that can be; the same where none can."""
    places = [place for place, group in enumerate(search.groups) if vector[place] > group.least]
    tried = [replaced(vector, {place: vector[place] - 1}) for place in places]
    found = search.reach(tried, target)
    return next((each for each, reached in zip(tried, found, strict=True) if reached), vector)
