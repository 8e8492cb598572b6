"""A channel while the program runs: its tokens, its free slots, and what is counted of them."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import simpy

from spatial.device.model import FifoTiming
from spatial.sim.reference.room import MOST_HELD, too_full

__all__ = ["BEFORE", "Clock", "Fifo"]

Clock = dict[int, int]
BEFORE = -1


@dataclass(slots=True)
class Fifo:
    """A bounded FIFO; `depth` None means unbounded.

    `tokens` holds for each token the cycle from which it can be taken, its value and the writer's
    clock; `unused` counts the slots never filled yet, `slots` holds the cycle from which each other free
    one can be filled; `initial` counts the tokens it started with. At most one actor waits at each end.
    `seen` is told each put and get.
    """

    name: str
    depth: int | None
    timing: FifoTiming
    tokens: deque[tuple[float, object, Clock | None]] = field(default_factory=deque)
    slots: deque[float] = field(default_factory=deque)
    unused: int = 0
    initial: int = 0
    reader_waits: simpy.Event | None = None
    writer_waits: simpy.Event | None = None
    puts: int = 0
    gets: int = 0
    held: int = 0
    most: int = 0
    since: float = 0
    cycles_full: float = 0
    cycles_empty: float = 0
    history: list[tuple[float, object]] | None = None
    taken: list[float] | None = None
    seen: Callable[[float, bool, object], None] | None = None

    def __post_init__(self) -> None:
        self.unused = self.depth or 0

    def start_with(self, tokens: Iterable[object]) -> None:
        """The tokens it holds from the start; they count as put in the cycle before the first."""
        for value in tokens:
            self.tokens.append((0, value, None))
            self.held += 1
            self.initial += 1
            if self.depth is not None:
                self.unused -= 1
            if self.history is not None:
                self.history.append((BEFORE, value))
        self.most = self.held

    def holds(self, now: float) -> bool:
        """Whether a token can be taken now; it was put in an earlier cycle."""
        return bool(self.tokens) and self.tokens[0][0] <= now

    def has_room(self, now: float) -> bool:
        """Whether a token can be put now; the slot was free in an earlier cycle."""
        return (free := self.next_slot()) is not None and free <= now

    def age(self) -> float:
        """The cycle in which the oldest token was put."""
        return max(BEFORE, self.tokens[0][0] - self.timing.read_after_write)

    def next_slot(self) -> float | None:
        """The cycle from which the next token can be put; None while no slot is free."""
        if self.unused or self.depth is None:
            return 0
        return self.slots[0] if self.slots else None

    def put(self, now: float, value: object, clock: Clock | None) -> None:
        """A token goes in at `now`; the slot has been waited for."""
        self.count(now)
        if self.unused:
            self.unused -= 1
        elif self.depth is not None:
            self.slots.popleft()
        self.tokens.append((now + self.timing.read_after_write, value, clock))
        self.puts += 1
        self.held += 1
        if self.held > MOST_HELD:
            raise too_full(self.name, MOST_HELD)
        if self.history is not None:
            self.history.append((now, value))
        if self.seen is not None:
            self.seen(now, True, value)
        if self.reader_waits is not None:
            event, self.reader_waits = self.reader_waits, None
            event.succeed()

    def get(self, now: float) -> None:
        """The oldest token goes out at `now`; it has been waited for."""
        self.count(now)
        self.tokens.popleft()
        if self.depth is not None:
            self.slots.append(now + self.timing.write_after_read)
        self.gets += 1
        self.held -= 1
        if self.taken is not None:
            self.taken.append(now)
        if self.seen is not None:
            self.seen(now, False, None)
        if self.writer_waits is not None:
            event, self.writer_waits = self.writer_waits, None
            event.succeed()

    def count(self, now: float) -> None:
        """Accounts the cycles since the last change, in which the fill was `held`."""
        if now == self.since:
            return
        self.most = max(self.most, self.held)
        if self.held == self.depth:
            self.cycles_full += now - self.since
        elif self.held == 0:
            self.cycles_empty += now - self.since
        self.since = now
