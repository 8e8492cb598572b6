"""Writes the programs of the timing engine's agents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from spatial.analysis.processes import Operation, Pipeline
from spatial.sim.timing.layout import AgentField, Code, StepField
from spatial.sim.timing.pattern import Item, Moment, Round

__all__ = ["FOREVER", "Assembler", "Program", "Use", "Words"]

Words = npt.NDArray[np.int64]
Moments = Callable[[tuple[int, ...]], None]
FOREVER = 1 << 60
NOTHING = -1


@dataclass(frozen=True, slots=True)
class Use:
    """A token put to or taken from a port, for a pipeline, and for an operation of it or for its own sake."""

    port: object
    puts: bool
    pipeline: Pipeline | None = None
    operation: Operation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The words of a program, how many loops nest in it, and what it uses: `ports`, given by whoever wrote it.

    `ends` are the places of the ports in an agent, each with whether something is put there; `origins` what
    stands at a place among the words.
    """

    words: Words
    counters: int
    ports: tuple[object, ...]
    ends: frozenset[tuple[int, bool]]
    origins: Mapping[int, Use]


@dataclass(slots=True)
class Assembler:
    """A program under way; `behind` are cycles still to pass before the next step."""

    words: list[int] = field(default_factory=list)
    ports: dict[object, int] = field(default_factory=dict)
    uses: list[int] = field(default_factory=list)
    origins: dict[int, Use] = field(default_factory=dict)
    firsts: list[int] = field(default_factory=list)
    backs: list[int] = field(default_factory=list)
    last: int = NOTHING
    behind: int = 0
    counters: int = 0

    def instruction(self, kind: Code, **fields: int) -> int:
        """Writes an instruction without operations; its place."""
        place = len(self.words)
        self.words += [0] * StepField.OPERATIONS
        self.words[place] = kind
        for name, value in fields.items():
            self.words[place + StepField[name.upper()]] = value
        self.last = NOTHING
        return place

    def delay(self, cycles: int) -> None:
        """Passes time."""
        self.behind += cycles

    def settle(self) -> None:
        """Writes down the time that has passed: behind the last step, or as an instruction of its own."""
        if self.behind and self.last != NOTHING:
            self.words[self.last + StepField.CYCLES] += self.behind
        elif self.behind:
            self.instruction(Code.DELAY, cycles=self.behind)
        self.behind = 0

    def step(self, uses: Sequence[Use], *, staged: bool = False, internal: int = 0, first: object = None) -> None:
        """Writes operations that happen together."""
        self.settle()
        kind = Code.STAGE if staged else Code.STEP
        place = self.instruction(kind, count=len(uses), internal=internal)
        if first is not None:
            self.firsts.append(place + StepField.FIRST)
            self.words[place + StepField.FIRST] = self.port(first)
        for use in uses:
            self.origins[len(self.words)] = use
            self.uses.append(len(self.words))
            self.words.append(2 * self.port(use.port) + use.puts)
        self.last = place

    def port(self, port: object) -> int:
        return self.ports.setdefault(port, len(self.ports))

    def mark(self) -> None:
        """Notes at run time when a pipeline begins."""
        self.settle()
        self.instruction(Code.MARK)

    def begin(self, count: int) -> int:
        """Begins a loop; what `end` is given."""
        self.settle()
        counter = AgentField.FIRST + len(self.backs)
        self.instruction(Code.LOOP, counter=counter, count=count)
        self.backs.append(len(self.words))
        self.counters = max(self.counters, len(self.backs))
        return counter

    def end(self, counter: int) -> None:
        """Ends a loop, if it can be in its last step."""
        self.settle()
        back = self.backs.pop()
        place = self.last if self.last != NOTHING else self.instruction(Code.AGAIN)
        self.words[place + StepField.COUNTER] = counter
        self.words[place + StepField.BACK] = back
        self.last = NOTHING

    def items(self, items: Sequence[Item], length: int, write: Moments) -> None:
        """Writes what happens within so many cycles."""
        now = 0
        for item in items:
            self.delay(item.time - now)
            match item:
                case Moment(operations=operations):
                    write(operations)
                    now = item.time
                case Round(period=period, count=count, body=body):
                    counter = self.begin(count)
                    self.items(body, period, write)
                    self.end(counter)
                    now = item.time + count * period
        self.delay(length - now)

    def program(self) -> Program:
        """The whole program."""
        self.settle()
        self.instruction(Code.HALT)
        words = np.array(self.words, np.int64)
        before = AgentField.FIRST + self.counters
        words[self.uses] += 2 * before
        words[self.firsts] += before
        ends = frozenset((word >> 1, bool(word & 1)) for word in words[self.uses].tolist())
        return Program(words=words, counters=self.counters, ports=tuple(self.ports), ends=ends, origins=self.origins)
