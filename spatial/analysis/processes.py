"""Process networks: what is left of a program when only time matters.

A process does channel operations in an order, and at distances, that no value decides. So a network of
them tells when everything happens, where it deadlocks, and what other depths would change. The timing is
that of `docs/timing.md`; all times are cycles.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from spatial.analysis.series import Series, count_of
from spatial.device.model import Device, FifoTiming
from spatial.ir.location import Call
from spatial.source.span import Span

__all__ = [
    "Body",
    "Delay",
    "Link",
    "NotStatic",
    "Operation",
    "Pipeline",
    "Process",
    "ProcessNetwork",
    "Repeat",
    "Step",
    "runs_freely",
    "uses_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A token put or taken in stage `stage` of iterations of a pipeline.

    `port` is the place of the link in `Process.links`. It happens once in each of `iterations` (which
    ascend from one series to the next), in all if that is None.
    """

    port: int
    puts: bool
    stage: int = 0
    iterations: tuple[Series, ...] | None = None
    span: Span | None = field(default=None, compare=False)
    calls: tuple[Call, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """`count` iterations, one begun every `ii` cycles, of `latency` stages of a cycle each.

    The operations of one iteration and stage happen together; they are waited for in the order of `operations`.
    Of one iteration, no two use the same end of a link in the same stage.

    `style` says what happens to the other iterations when a stage must wait. "elastic": stage s of iteration i
    begins when its stage s - 1 is over and iteration i - 1 has done its stage s + ii (behind the last
    stage it does one more each cycle). "rigid": operations of the cycle `i * ii + s` of the pipeline's own
    clock happen together, those of older iterations are waited for first, and the clock stands still while any
    waits. Where `latency <= ii` the two are alike, and an iteration that was late delays those behind
    it in both. What follows begins when the last stage of the last iteration is over: `ii * (count - 1) + latency`
    after the start where nothing waits. A `count` of 0 takes no time.

    An operation outside of pipelined loops is a pipeline of one iteration with one stage.
    """

    count: int
    ii: int = 1
    latency: int = 1
    style: str = "elastic"
    operations: tuple[Operation, ...] = ()
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Cycles in which a process works for itself."""

    cycles: int
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """The steps of `body` one after the other, `count` times; for ever if that is None.

    What repeats for ever stands last in its process, in no other `Repeat`, and takes time in each round.
    """

    count: int | None
    body: tuple["Step", ...]
    span: Span | None = field(default=None, compare=False)


Step: TypeAlias = Pipeline | Delay | Repeat
Body: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process: it starts in cycle 0, or `handoff` cycles after all processes of `after` have ended.

    It does the steps of `body` one after the other and ends where the last one does. `links` are the
    names of those that its operations use, by port. Processes that do the same share one
    `body` object, so that it can be prepared once.
    """

    name: str
    body: Body
    links: tuple[str, ...]
    after: tuple[str, ...] = ()
    handoff: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A bounded FIFO of tokens of `bits` bits from the process `writer` to the process `reader`.

    It holds at most `depth` tokens, any number if that is 0. The `initial` ones are there from cycle 0, as if put in
    cycle -1. `role` and `storage` are those of `Channel`.
    """

    name: str
    writer: str
    reader: str
    depth: int
    bits: int
    initial: int = 0
    role: str = ""
    storage: str = ""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessNetwork:
    """Processes and the links between them, each in the order of the program, on a device."""

    name: str
    processes: tuple[Process, ...]
    links: tuple[Link, ...]
    device: Device

    def timing_of(self, link: Link, depth: int) -> FifoTiming:
        """How long a link of so many tokens (0: any number) holds a token and a slot."""
        return self.device.fifo(depth or 1 << 40, link.bits, link.storage)

    def with_depths(self, depths: Mapping[str, int]) -> "ProcessNetwork":
        """The same network with other depths of the links named."""
        links = (replace(link, depth=depths[link.name]) if link.name in depths else link for link in self.links)
        return replace(self, links=tuple(links))


@dataclass(frozen=True, slots=True, kw_only=True)
class NotStatic:
    """Why an actor is no process: `why` is a fragment about the place, "this `try_get` asks the clock"."""

    actor: str
    why: str
    span: Span


def runs_freely(process: Process) -> bool:
    """Whether a process never ends: a run is over when the others have ended and it waits."""
    return any(isinstance(step, Repeat) and step.count is None for step in process.body)


def uses_of(body: Body) -> dict[tuple[int, bool], int]:
    """How often a body uses each end, by port and whether it puts; one round of what repeats for ever."""
    found: dict[tuple[int, bool], int] = {}
    for step in body:
        for end, count in _uses_of_step(step):
            found[end] = found.get(end, 0) + count
    return found


def _uses_of_step(step: Step) -> list[tuple[tuple[int, bool], int]]:
    match step:
        case Delay():
            return []
        case Repeat(count=count, body=body):
            return [(end, uses * (1 if count is None else count)) for end, uses in uses_of(body).items()]
        case Pipeline(count=count, operations=operations):
            return [((op.port, op.puts), _times(op, count)) for op in operations]


def _times(operation: Operation, count: int) -> int:
    return count if operation.iterations is None else count_of(operation.iterations)
