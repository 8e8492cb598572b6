"""What a mover has done so far, and what it has done in the end where iterations of a loop do alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from spatial.lower.aie.movers.stores import Moved
from spatial.lower.aie.movers.tokens import Maker, Numbers

__all__ = ["Log", "continued"]


@dataclass(slots=True)
class Log:
    """Tokens put into channels, how many were got from each, and what was written into arrays."""

    puts: dict[int, Maker] = field(default_factory=dict)
    gets: dict[int, int] = field(default_factory=dict)
    moved: dict[int, list[Moved]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was done."""
        return not (self.puts or self.gets or self.moved)

    def put(self, channel: int, size: int, places: Numbers) -> None:
        """Puts tokens that are made of the elements at these places."""
        self.puts.setdefault(channel, Maker(size)).add(places)

    def write(self, array: int, at: Numbers, value: Numbers) -> None:
        """Elements of an array become what comes from other places."""
        moved = Moved(targets=at[:1], sources=value[:1], target=at - at[0], source=value - value[0])
        self.moved.setdefault(array, []).append(moved)

    def extend(self, later: "Log") -> None:
        """Does what was done later too; that has counted on with what was got here."""
        for channel, maker in later.puts.items():
            self.puts.setdefault(channel, Maker(maker.size)).extend(maker.made())
        self.gets |= later.gets
        for array, moved in later.moved.items():
            self.moved.setdefault(array, []).extend(moved)


def continued(first: Log, second: Log, last: Log, count: int) -> Log | None:
    """What `count` iterations do of which these are three; None where one does not go on as the others do."""
    found = Log(gets=dict(last.gets))
    if not first.puts.keys() == second.puts.keys() == last.puts.keys():
        return None
    for channel in first.puts:
        maker = _tokens([log.puts[channel] for log in (first, second, last)], count)
        if maker is None:
            return None
        found.puts[channel] = maker
    if not first.moved.keys() == second.moved.keys() == last.moved.keys():
        return None
    for array in first.moved:
        moved = _rows([log.moved[array] for log in (first, second, last)], count)
        if moved is None:
            return None
        found.moved[array] = moved
    return found


def _tokens(makers: Sequence[Maker], count: int) -> Maker | None:
    first, second, last = (maker.made() for maker in makers)
    offsets = _continued([first.offsets, second.offsets, last.offsets], count)
    if offsets is None or not first.alike(second) or not first.alike(last):
        return None
    found = Maker(first.size)
    found.extend(replace(first, offsets=offsets, kinds=np.tile(first.kinds, count)))
    return found


def _rows(moved: Sequence[Sequence[Moved]], count: int) -> list[Moved] | None:
    found = []
    if len({len(each) for each in moved}) > 1:
        return None
    for first, second, last in zip(*moved, strict=True):
        targets = _continued([each.targets for each in (first, second, last)], count)
        sources = _continued([each.sources for each in (first, second, last)], count)
        if targets is None or sources is None or not first.alike(second) or not first.alike(last):
            return None
        found.append(replace(first, targets=targets, sources=sources))
    return found


def _continued(three: Sequence[Numbers], count: int) -> Numbers | None:
    """Numbers of all iterations, one iteration behind the other."""
    first, second, last = three
    if not len(first) == len(second) == len(last):
        return None
    step = second - first
    if np.any(first + (count - 1) * step != last):
        return None
    return (first + np.arange(count, dtype=np.int64)[:, None] * step).reshape(-1)
