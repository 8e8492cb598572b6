"""Finds what fewer cycles cost in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spatial.device.storage import Memory
from spatial.sim.sizing.exact import Exact
from spatial.sim.sizing.fewest import Fewest
from spatial.sim.sizing.search import Search, Vector
from spatial.sim.sizing.trim import trimmed

__all__ = ["Point", "exact_front", "trimmed_front"]

LOOSER = (1.0, 1.01, 1.02, 1.05, 1.1, 1.2, 1.5, 2.0, 3.0, 5.0)  # times the fewest cycles
POINTS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Cycles that the depths of a vector take, and their memory."""

    cycles: int
    memory: Memory
    vector: Vector


def exact_front(exact: Exact, least: int) -> list[Point] | None:
    """All depths of which no others take neither more cycles nor more memory, down to `least` cycles.

    None where that is too much work.
    """
    points: list[Point] = []
    target = None
    while not points or points[-1].cycles > least:
        vector = exact.cheapest(target)
        if vector is None or len(points) == POINTS:
            return None
        points.append(_point(exact.search, vector))
        target = points[-1].cycles - 1
    return undominated(points)


def trimmed_front(search: Search, best: Fewest) -> list[Point]:
    """Depths that cannot be made smaller one at a time, for some numbers of cycles from the fewest on."""

    def points() -> Iterator[Point]:
        vector = best.vector
        for factor in LOOSER:
            vector = trimmed(search, vector, int(best.cycles * factor))
            yield _point(search, vector)
        yield _point(search, trimmed(search, vector, None))

    return undominated(points())


def undominated(points: Iterable[Point]) -> list[Point]:
    """The points, fewest cycles first, of which each takes less memory than those before."""
    found: list[Point] = []
    for point in sorted(points, key=lambda point: (point.cycles, point.memory)):
        if not found or point.memory < found[-1].memory:
            found.append(point)
    return found


def _point(search: Search, vector: Vector) -> Point:
    cycles = search.cycles([vector])[0]
    assert cycles is not None, "only depths that run are found"
    return Point(cycles=cycles, memory=search.memory(vector), vector=vector)
