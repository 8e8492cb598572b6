"""Follows the elements that an actor moves, without a run."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.analysis.control.expression import Undefined, Value, evaluate
from spatial.ir.graph import Actor
from spatial.lower.aie.movers.affine import Affine, Pattern, affine_of, pattern_of
from spatial.lower.aie.movers.linear import is_linear, written_in
from spatial.lower.aie.movers.locals import NOTHING, Locals
from spatial.lower.aie.movers.log import Log, continued
from spatial.lower.aie.movers.steps import (
    Branch,
    Endless,
    Fetch,
    Give,
    Let,
    Loop,
    Program,
    Read,
    Receive,
    Send,
    Step,
    Steps,
    Take,
    Unfit,
    Write,
)
from spatial.lower.aie.movers.stores import Moved
from spatial.lower.aie.movers.tokens import BASE, Numbers, Tokens
from spatial.source.span import Span

__all__ = ["NoMover", "Traced", "traced"]

MOST_STEPS = 1 << 21  # that are looked at one by one
TRIED = 3  # iterations that show what all do


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMover:
    """Why an actor is no mover: `why` goes on from "it"."""

    why: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Traced:
    """What an actor moves, by the positions of its channels and arrays.

    `puts` are tokens that it puts, made of elements of arrays and of tokens it gets, of which `gets` says how many.
    `stores` is what is written into arrays, in order. One that is `endless` does that again and again.
    """

    puts: Mapping[int, Tokens]
    gets: Mapping[int, int]
    stores: Mapping[int, Sequence[Moved]]
    endless: bool = False


class Stopped(Exception):
    """Something is no moving."""

    def __init__(self, why: str, span: Span) -> None:
        super().__init__(why)
        self.reason = NoMover(why=why, span=span)


def traced(program: Program, actor: Actor) -> Traced | NoMover:
    """What an actor moves; or why it is no mover."""
    tracer = Tracer(program, actor)
    try:
        tracer.block(program.steps)
    except Stopped as stopped:
        return stopped.reason
    except Undefined:
        return NoMover(why="uses an index out of bounds", span=actor.span)
    return tracer.found()


class Known(dict[int, Value]):
    """The integers that are known, by the numbers of variables; any other depends on data."""

    def __init__(self, actor: Actor) -> None:
        super().__init__({n: each for n, each in enumerate(actor.values) if isinstance(each, int)})
        self.span = actor.span

    def __missing__(self, variable: int) -> Value:
        raise Stopped("depends on data", self.span)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a tracer knows at some time."""

    known: dict[int, Value]
    values: dict[int, Numbers]
    locals: Locals
    log: Log
    written: set[int]
    left: int


class Tracer:
    """Goes through the steps of an actor; an element is the number of the place it comes from."""

    def __init__(self, program: Program, actor: Actor) -> None:
        self.program = program
        self.known = Known(actor)
        self.values: dict[int, Numbers] = {}
        self.locals = Locals()
        self.log = Log()
        self.written: set[int] = set()
        self.counts: tuple[int, ...] = ()
        self.axes = 0
        self.trips: tuple[range, ...] = ()
        self.sums: dict[Read | Write, tuple[Affine, ...] | None] = {}
        self.patterns: dict[tuple[Read | Write, tuple[range, ...]], Pattern] = {}
        self.linear: dict[Loop, bool] = {}
        self.left = MOST_STEPS
        self.endless = False

    def found(self) -> Traced:
        """What has been found."""
        puts = {channel: maker.made() for channel, maker in self.log.puts.items()}
        return Traced(puts=puts, gets=self.log.gets, stores=self.log.moved, endless=self.endless)

    def block(self, steps: Steps) -> None:
        for step in steps:
            self.left -= 1
            if self.left < 0:
                raise Stopped("takes too many steps to follow", step.span)
            self.step(step)

    def step(self, step: Step) -> None:
        match step:
            case Let():
                self.locals.numbers[step.memory] = evaluate(step.expression, self.known)
                self.locals.cells.pop(step.memory, None)
            case Fetch():
                self.fetch(step)
            case Read():
                self.values[step.value] = self.read(step)
            case Write():
                self.write(step)
            case Receive():
                self.values[step.value] = self.received(step.channel, self.count)
            case Send():
                self.send(step.channel, self.spread(self.value(step.value, step.span)), step.span)
            case Take():
                self.take(step)
            case Give():
                self.send(step.channel, self.given(step), step.span)
            case Loop():
                self.loop(step)
            case Branch():
                self.block(step.then if evaluate(step.condition, self.known) else step.other)
            case Endless():
                if not self.log.is_empty:
                    raise Stopped("does something before it begins to repeat", step.span)
                self.endless = True
                self.block(step.body)
            case Unfit():
                raise Stopped(step.why, step.span)

    # Loops

    def loop(self, step: Loop) -> None:
        low, high, by = (int(evaluate(bound, self.known)) for bound in step.bounds)
        trips = range(low, high, by)
        if not trips:
            return
        if step.even:
            self.axes = self.nest(step)
            self.together(step, trips)
            self.locals.cells = {cell: value.reshape(-1)[-1] for cell, value in self.locals.cells.items()}
            return
        if len(trips) > TRIED and self.is_linear(step) and self.leap(step, trips):
            return
        for number in trips:
            self.known[step.variable] = number
            self.block(step.body)

    def is_linear(self, step: Loop) -> bool:
        """Whether iterations of a loop may be alike."""
        if step not in self.linear:
            self.linear[step] = is_linear(step)
        return self.linear[step]

    def leap(self, step: Loop, trips: range) -> bool:
        """Follows the first iterations and the last one; whether that tells what all do.

        Where something depends on what another iteration left in locals, it does not, and nothing has happened.
        """
        before, changed = self.held(), written_in(step.body)
        first = Log(gets=dict(before.log.gets))
        self.iteration(step, trips[0], first)
        left = self.locals.filled(changed)
        each = {channel: count - before.log.gets.get(channel, 0) for channel, count in first.gets.items()}
        second = Log(gets=dict(first.gets))
        last = Log(gets={channel: first.gets[channel] + (len(trips) - 2) * count for channel, count in each.items()})
        whole = None
        if self.alone(step, trips[1], second, changed) and self.alone(step, trips[-1], last, changed):
            whole = continued(first, second, last, len(trips)) if self.locals.filled(changed) == left else None
        if whole is None:
            self.take_back(before)
            return False
        self.log = before.log
        self.log.extend(whole)
        return True

    def iteration(self, step: Loop, number: int, log: Log) -> None:
        """What one iteration does."""
        self.known[step.variable], self.log = number, log
        self.block(step.body)

    def alone(self, step: Loop, number: int, log: Log, changed: set[int]) -> bool:
        """Follows an iteration that knows nothing of what others left in locals; whether it needs nothing of that."""
        self.locals.forget(changed)
        try:
            self.iteration(step, number, log)
        except (Stopped, Undefined):
            return False
        return self.locals.is_whole(changed)

    def held(self) -> Held:
        """All that is known now."""
        return Held(
            known=dict(self.known),
            values=dict(self.values),
            locals=self.locals.copy(),
            log=self.log,
            written=set(self.written),
            left=self.left,
        )

    def take_back(self, held: Held) -> None:
        """Goes back to what was known."""
        self.known.clear()
        self.known.update(held.known)
        self.values, self.locals, self.log, self.written = held.values, held.locals, held.log, held.written
        self.left = held.left
        self.counts, self.axes, self.trips = (), 0, ()

    def nest(self, step: Loop) -> int:
        """How many loops are inside each other."""
        return 1 + max((self.nest(inner) for inner in step.body if isinstance(inner, Loop)), default=0)

    def together(self, step: Loop, trips: range) -> None:
        """All iterations of a loop at once: its variable lies along an axis of its own."""
        shape = [1] * self.axes
        shape[len(self.counts)] = len(trips)
        self.known[step.variable] = np.arange(trips.start, trips.stop, trips.step, dtype=np.int64).reshape(shape)
        before, outer = self.counts, self.trips
        self.counts, self.trips = (*before, len(trips)), (*outer, trips)
        for inner in step.body:
            if isinstance(inner, Loop):
                low, high, by = (int(evaluate(bound, self.known)) for bound in inner.bounds)
                if range(low, high, by):
                    self.together(inner, range(low, high, by))
            else:
                self.step(inner)
        self.counts, self.trips = before, outer
        self.axes = self.axes if before else 0

    @property
    def count(self) -> int:
        """How many iterations are looked at."""
        return math.prod(self.counts)

    def spread(self, found: Numbers) -> Numbers:
        """A number for each iteration that is looked at."""
        flat = found.reshape(found.shape[: len(self.counts)] if found.ndim else ())
        return np.broadcast_to(flat, self.counts).reshape(-1)

    # Memories and channels

    def take(self, step: Take) -> None:
        """A block becomes all that a local holds, or all of an array."""
        block = self.received(step.channel, 1).reshape(-1)
        if step.memory < self.program.parameters:
            self.store(step.memory, np.arange(len(block), dtype=np.int64), block)
        else:
            self.locals.memories[step.memory] = block

    def given(self, step: Give) -> Numbers:
        """All elements of a local or of an array."""
        if step.memory >= self.program.parameters:
            return self.memory(step.memory)
        return self.hosted(step, np.arange(math.prod(self.program.shapes[step.memory]), dtype=np.int64))

    def hosted(self, step: Read | Give, at: Numbers) -> Numbers:
        """Elements of an array by their flat indices."""
        if step.memory in self.written:
            raise Stopped("reads an array that it writes", step.span)
        return at + (step.memory << BASE)

    def store(self, array: int, at: Numbers, value: Numbers) -> None:
        """Elements of an array become what comes from other places."""
        self.written.add(array)
        self.log.write(array, at, value)

    def read(self, step: Read) -> Numbers:
        at = self.at(step)
        hosted = step.memory < self.program.parameters
        found = self.hosted(step, at) if hosted else self.memory(step.memory)[at]
        return found.reshape(self.counts + (1,) * (self.axes - len(self.counts)))

    def fetch(self, step: Fetch) -> None:
        """What a local holds: a number that is known, or an element that is moved."""
        self.known.pop(step.variable, None)
        self.values.pop(step.variable, None)
        if step.memory in self.locals.numbers:
            self.known[step.variable] = self.locals.numbers[step.memory]
        elif step.memory in self.locals.cells:
            self.values[step.variable] = self.locals.cells[step.memory]

    def value(self, number: int, span: Span) -> Numbers:
        """The element that a value is."""
        if number not in self.values:
            raise Stopped("computes what it passes on", span)
        return self.values[number]

    def write(self, step: Write) -> None:
        found = self.value(step.value, step.span)
        if step.memory >= self.program.parameters and not self.program.shapes[step.memory]:
            self.locals.cells[step.memory] = found
            self.locals.numbers.pop(step.memory, None)
            return
        at, value = self.at(step), self.spread(found)
        if step.memory < self.program.parameters:
            if np.any(value < 0):
                raise Stopped("passes on what it did not get", step.span)
            self.store(step.memory, at, value)
        else:
            held = self.memory(step.memory)
            if len(at) == len(held) and np.array_equal(at, np.arange(len(at))):
                self.locals.memories[step.memory] = value
                return
            self.locals.memories[step.memory] = held.copy()
            self.locals.memories[step.memory][at] = value

    def memory(self, number: int) -> Numbers:
        """What a local holds."""
        if number not in self.locals.memories:
            self.locals.memories[number] = np.full(math.prod(self.program.shapes[number]), NOTHING, np.int64)
        return self.locals.memories[number]

    def at(self, step: Read | Write) -> Numbers:
        """The flat index of an element in each iteration that is looked at."""
        shape = self.program.shapes[step.memory]
        if step not in self.sums:
            found = tuple(each for each in map(affine_of, step.at) if each is not None)
            self.sums[step] = found if len(found) == len(step.at) else None
        sums = self.sums[step]
        if sums is not None:
            return self.shifted(step, sums, shape)
        flat: Value = 0
        for index, extent in zip(step.at, shape, strict=True):
            place = evaluate(index, self.known)
            if np.any(np.asarray(place) < 0) or np.any(np.asarray(place) >= extent):
                raise Undefined
            flat = flat * extent + place
        return self.spread(np.asarray(flat, np.int64))

    def shifted(self, step: Read | Write, sums: Sequence[Affine], shape: Sequence[int]) -> Numbers:
        """The flat index where indices are sums: a pattern that is kept, and how far it is moved."""
        key = (step, self.trips)
        if key not in self.patterns:
            self.patterns[key] = pattern_of(sums, shape, self.known, self.counts)
        pattern, moved = self.patterns[key], 0
        for index, extent, (least, most) in zip(sums, shape, pattern.ends, strict=True):
            place = index.base
            for variable, times in index.terms.items():
                value = self.known[variable]
                place += 0 if isinstance(value, np.ndarray) else times * value
            if place + least < 0 or place + most >= extent:
                raise Undefined
            moved = moved * extent + place
        return pattern.places + moved if moved else pattern.places

    def received(self, channel: int, count: int) -> Numbers:
        """The next tokens of a channel, an axis for each loop."""
        size = self.program.sizes[channel]
        first = self.log.gets.get(channel, 0)
        self.log.gets[channel] = first + count
        places = (channel << BASE) + np.arange(first * size, (first + count) * size, dtype=np.int64)
        return places if size > 1 else places.reshape(self.counts + (1,) * (self.axes - len(self.counts)))

    def send(self, channel: int, places: Numbers, span: Span) -> None:
        if np.any(places < 0):
            raise Stopped("passes on what it did not get", span)
        self.log.put(channel, self.program.sizes[channel], places)
