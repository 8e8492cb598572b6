"""The array as one would model it by hand in SimPy: with its stores, and tuned."""

import time
from collections import deque
from collections.abc import Callable, Generator

import simpy

from benchmarks.program import DEPTH, Case

__all__ = ["seconds_tuned", "seconds_with_store"]

Life = Generator[simpy.Event, object, None]


def seconds_with_store(case: Case) -> float:
    """How long a model takes whose channels are `simpy.Store`, and whose actors wait a cycle in each step."""
    environment = simpy.Environment()
    right, down = grids(case, lambda: simpy.Store(environment, DEPTH))

    def source(channel: simpy.Store) -> Life:
        for k in range(case.steps):
            yield channel.put(k)
            yield environment.timeout(1)

    def drain(channel: simpy.Store) -> Life:
        for _ in range(case.steps):
            yield channel.get()
            yield environment.timeout(1)

    def pe(i: int, j: int) -> Life:
        total = 0
        for _ in range(case.steps):
            a = yield right[i][j].get()
            b = yield down[i][j].get()
            total += a * b
            yield right[i][j + 1].put(a)
            yield down[i + 1][j].put(b)
            yield environment.timeout(1)

    return seconds_of(environment, case, right, down, (source, drain, pe))


class Tuned:
    """A channel as lean as Python allows: a queue, and an event only where somebody waits."""

    def __init__(self, environment: simpy.Environment) -> None:
        self.environment = environment
        self.tokens: deque[int] = deque()
        self.reader: simpy.Event | None = None
        self.writer: simpy.Event | None = None

    def room(self) -> simpy.Event:
        """Happens when there is room."""
        self.writer = self.environment.event()
        return self.writer

    def token(self) -> simpy.Event:
        """Happens when there is a token."""
        self.reader = self.environment.event()
        return self.reader

    def put(self, value: int) -> None:
        self.tokens.append(value)
        if self.reader is not None:
            self.reader.succeed()
            self.reader = None

    def get(self) -> int:
        if self.writer is not None:
            self.writer.succeed()
            self.writer = None
        return self.tokens.popleft()


def seconds_tuned(case: Case) -> float:
    """How long a model takes that makes events only where an actor waits, and one for each step."""
    environment = simpy.Environment()
    right, down = grids(case, lambda: Tuned(environment))

    def source(channel: Tuned) -> Life:
        for k in range(case.steps):
            while len(channel.tokens) == DEPTH:
                yield channel.room()
            channel.put(k)
            yield environment.timeout(1)

    def drain(channel: Tuned) -> Life:
        for _ in range(case.steps):
            while not channel.tokens:
                yield channel.token()
            channel.get()
            yield environment.timeout(1)

    def pe(i: int, j: int) -> Life:
        left, top, east, south, total = right[i][j], down[i][j], right[i][j + 1], down[i + 1][j], 0
        for _ in range(case.steps):
            while not left.tokens:
                yield left.token()
            while not top.tokens:
                yield top.token()
            while len(east.tokens) == DEPTH:
                yield east.room()
            while len(south.tokens) == DEPTH:
                yield south.room()
            a, b = left.get(), top.get()
            total += a * b
            east.put(a)
            south.put(b)
            yield environment.timeout(1)

    return seconds_of(environment, case, right, down, (source, drain, pe))


def grids(case: Case, channel: Callable[[], object]) -> tuple[list[list], list[list]]:
    """The channels that go right, and those that go down."""
    P = case.size
    return [[channel() for _ in range(P + 1)] for _ in range(P)], [[channel() for _ in range(P)] for _ in range(P + 1)]


def seconds_of(
    environment: simpy.Environment,
    case: Case,
    right: list[list],
    down: list[list],
    kinds: tuple[Callable[..., Life], Callable[..., Life], Callable[..., Life]],
) -> float:
    """Starts every actor and runs them all; the time that takes on the processor."""
    source, drain, pe = kinds
    P = case.size
    for i in range(P):
        for life in (source(right[i][0]), source(down[0][i]), drain(right[i][P]), drain(down[P][i])):
            environment.process(life)
        for j in range(P):
            environment.process(pe(i, j))
    begun = time.process_time()
    environment.run()
    return time.process_time() - begun
