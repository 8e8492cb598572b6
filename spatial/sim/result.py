"""What a run tells the user."""

import functools
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from spatial.analysis.errors import TokensLeft
from spatial.ir.graph import Actor, ActorGraph, Channel, Memory
from spatial.ir.graph import Array as GraphArray
from spatial.sim.explain.critical import Critical
from spatial.sim.explain.deadlock import DeadlockReport
from spatial.sim.explain.leftover import tokens_left
from spatial.sim.explain.livelock import LivelockReport, livelock
from spatial.sim.messages import Printed
from spatial.sim.native.locals import Locals, locals_in
from spatial.sim.native.replay import Replay
from spatial.sim.outputs import outputs_of
from spatial.sim.reference.actor import ActorState
from spatial.sim.reference.calls import interval_of
from spatial.sim.reference.channel import Fifo
from spatial.sim.reference.compile import Compiled
from spatial.sim.reference.engine import Ending, Outcome
from spatial.sim.reference.network import Network
from spatial.sim.reference.writer import Site
from spatial.sim.timing.timing import Leap
from spatial.sim.values import decode_token, decoded
from spatial.source.render import render
from spatial.source.span import Span

__all__ = ["ActorResult", "ChannelResult", "Print", "Run", "Trace", "run_of"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]
SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorResult:
    """How an actor spent its time, in cycles; `done` is None and `waits_at` a place where it did not end.

    `locals` are its local variables where it stands, none where it has ended. The native engine finds them when they
    are asked for, by running that actor once more on the reference engine, which takes as long as that needs for it;
    functions in C++ that it calls are called again.
    They are those after the cycle `run.cycles` of a deadlock or a livelock. Of a run that was stopped or failed they
    are those before that cycle, but for the actor that failed; one that goes round in a circle for ever has none.
    """

    name: str
    kernel: str
    pid: tuple[int, ...]
    busy: int
    stalled_input: int
    stalled_output: int
    done: int | None
    waits_at: Span | None
    waits_for: str
    locals: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelResult:
    """What passed through a channel: `tokens` got out, `left` stayed in; `high_water` is the fullest it was."""

    name: str
    depth: int
    tokens: int
    left: int
    high_water: int
    cycles_full: int
    cycles_empty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """A text that an actor printed in a cycle, at `span`; what `print` ends it with is left out."""

    cycle: int
    actor: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The tokens of a recorded channel in order: their values, and the cycles of each put and each get.

    A block is a NumPy array. Initial tokens are put in cycle -1.
    """

    values: tuple[object, ...]
    puts: tuple[int, ...]
    gets: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """The result of a simulation; `print(run)` tabulates it.

    `cycles` counts through the last stage of the last actor, or to where a partial run ended. `arrays`
    holds every array's values after the run: those that no kernel writes are views of the arrays given, where these
    need no converting, and can only be read. `memories` has those of the region's own arrays and of stateful
    locals, `pe[0].acc`; `outputs` the tokens put into each stream that is a parameter, in order; `trace` has
    the channels asked for with `record=`; `warnings` tell of tokens that were left in channels whose both ends ended.
    `calls` has for each call of the program the cycle in which it ended; arrays are those of the last.
    `result` is what a function returns, a tuple of several values, None where the run did not finish.
    A run without values has no arrays, memories, outputs, result or traces; `extrapolated` are the stretches of cycles
    that it did not run through, since they repeat those before (the first ones, if there are very many).
    A pickled run comes back without the program, so its `critical` is None.
    """

    region: str
    device: str
    cycles: int
    ending: str
    actors: Mapping[str, ActorResult]
    channels: Mapping[str, ChannelResult]
    arrays: Mapping[str, Array]
    trace: Mapping[str, Trace]
    memories: Mapping[str, Array] = field(default_factory=dict)
    outputs: Mapping[str, Array] = field(default_factory=dict)
    result: object = None
    calls: tuple[int, ...] = ()
    prints: tuple[Print, ...] = ()
    deadlock: DeadlockReport | None = field(default=None, repr=False)
    livelock: LivelockReport | None = field(default=None, repr=False)
    warnings: tuple[TokensLeft, ...] = ()
    extrapolated: tuple[Leap, ...] = ()
    walk: Callable[[], Critical] | None = field(default=None, repr=False)

    @property
    def finished(self) -> bool:
        """Whether every actor came to its end."""
        return self.ending == Ending.FINISHED.value

    @property
    def latency(self) -> int | None:
        """The cycles of the first call, which nothing ran before; None where it did not end."""
        return self.calls[0] if self.calls else None

    @property
    def interval(self) -> float | None:
        """The cycles from the end of one call to that of the next, on average of the second half of the calls.

        None of a run with `calls=1`.
        """
        return interval_of(self.calls)

    @property
    def bottleneck(self) -> ActorResult | None:
        """The actor that was busy longest, so that the others waited for it; None in an empty run."""
        return max(self.actors.values(), key=lambda actor: (actor.busy, actor.done or 0), default=None)

    @property
    def critical(self) -> Critical | None:
        """What the run hangs on: its slowest actor or the waits that return, with their lines.

        Runs the program once more, and walks back from its last event. None where the run did not finish, or was
        pickled since.
        """
        return self.walk() if self.finished and self.walk is not None else None

    def __reduce__(self) -> tuple[object, ...]:
        figures = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "walk"}
        return functools.partial(Run, **figures), ()

    @property
    def tokens(self) -> int:
        """All tokens taken from channels."""
        return sum(channel.tokens for channel in self.channels.values())

    def __getstate__(self) -> list[object]:
        """What is copied of it: no way to run the program again."""
        return [None if each.name == "walk" else getattr(self, each.name) for each in fields(self)]

    def __str__(self) -> str:
        console = Console(file=io.StringIO(), width=100)
        console.print(f"{self.region} on {self.device}: {self.ending} after {self.cycles} cycles", highlight=False)
        for leap in self.extrapolated[:SHOWN]:
            console.print(f"extrapolated: {leap}", highlight=False)
        if self.deadlock is not None:
            console.print(f"{self.deadlock.summary()}: {self.deadlock.explanation()}", highlight=False, markup=False)
        elif self.livelock is not None:
            console.print(self.livelock.summary(), highlight=False, markup=False)
        elif (slowest := self.bottleneck) is not None:
            share = 100 * slowest.busy / max(1, self.cycles)
            told = f"bottleneck: {slowest.name}, busy {slowest.busy} cycles ({share:.0f} %)"
            console.print(told, highlight=False, markup=False)
        if self.interval is not None:
            told = f"{len(self.calls)} calls: the first takes {self.latency} cycles, then one ends every"
            console.print(f"{told} {self.interval:g} cycles", highlight=False)
        if self.channels:
            console.print(_channel_table(self))
        if self.actors:
            console.print(_actor_table(self))
        if self.prints:
            console.print(_print_table(self))
        assert isinstance(console.file, io.StringIO)
        lines = [line.rstrip() for line in console.file.getvalue().splitlines()]
        return "\n".join([*lines, *(render(warning.report()) for warning in self.warnings)])


def run_of(
    network: Network,
    outcome: Outcome,
    depths: Mapping[str, int],
    record: frozenset[str],
    deadlock: DeadlockReport | None = None,
    replay: Replay | None = None,
    unwritten: Mapping[str, Sequence[object]] = MappingProxyType({}),
) -> Run:
    """The result of an outcome; `record` are the channels whose tokens the user asked for.

    Where there is a `replay`, it knows the local variables of actors that have not ended. The arrays `unwritten` are as
    they were given.
    """
    graph = network.graph
    cycles = outcome.last if outcome.ending is Ending.FINISHED else outcome.now
    return Run(
        region=graph.name,
        device=network.device.title,
        cycles=int(cycles),
        ending=outcome.ending.value,
        actors={actor.name: _actor(actor, outcome, network, replay) for actor in graph.actors},
        channels={channel.name: _channel(channel, outcome, depths) for channel in graph.channels if not channel.role},
        arrays=_arrays(graph, outcome, unwritten),
        memories={name: array.copy() for name, array in _decoded(graph.memories, outcome.memory).items()},
        trace={name: _trace(graph, fifo) for name, fifo in outcome.fifos.items() if name in record},
        outputs=outputs_of(graph, outcome.fifos),
        warnings=tokens_left(graph, outcome),
        calls=tuple(outcome.ends),
        prints=tuple(_print(printed, network) for printed in outcome.prints),
        deadlock=deadlock,
        livelock=livelock(network, outcome, depths) if outcome.ending is Ending.LIVELOCK else None,
    )


def _arrays(graph: ActorGraph, outcome: Outcome, unwritten: Mapping[str, Sequence[object]]) -> Mapping[str, Array]:
    """The arrays, in the run's own memory or, if they are unwritten, in the user's, which can only be read."""
    found = _decoded(graph.arrays, {**outcome.memory, **unwritten})
    for name in unwritten:
        found[name].flags.writeable = False
    return found


def _decoded(arrays: Iterable[GraphArray | Memory], memory: Mapping[str, Sequence[object]]) -> Mapping[str, Array]:
    """The values of arrays, where the engine has any."""
    return decoded({array.name: array.type for array in arrays if array.name in memory}, memory)


def _print(printed: Printed, network: Network) -> Print:
    site = network.functions[network.graph.actor[printed.actor].function].sites[printed.site]
    return Print(cycle=printed.cycle, actor=printed.actor, text=printed.text, span=site.span)


def _actor(actor: Actor, outcome: Outcome, network: Network, replay: Replay | None) -> ActorResult:
    state = outcome.actors[actor.name]
    wait = state.waits[0] if state.waits else None
    site: Site | None = network.functions[actor.function].sites[wait.site] if wait else None
    purpose = f"{'put into' if wait.puts else 'get from'} {wait.fifo.name}" if wait else ""
    return ActorResult(
        name=actor.name,
        kernel=actor.kernel,
        pid=actor.pid,
        busy=int(state.busy),
        stalled_input=int(state.stalled_input),
        stalled_output=int(state.stalled_output),
        done=None if state.done is None else int(state.done),
        waits_at=site.span if site else None,
        waits_for=purpose,
        locals=_locals(state, network.functions[actor.function], replay),
    )


def _locals(state: ActorState, known: Compiled, replay: Replay | None) -> Mapping[str, object]:
    if replay is None or state.done is not None:
        return locals_in(state, known)
    return Locals(replay, state.name, known)


def _channel(channel: Channel, outcome: Outcome, depths: Mapping[str, int]) -> ChannelResult:
    fifo: Fifo = outcome.fifos[channel.name]
    return ChannelResult(
        name=channel.name,
        depth=depths[channel.name],
        tokens=fifo.gets,
        left=fifo.held,
        high_water=max(fifo.most, fifo.held),
        cycles_full=int(fifo.cycles_full),
        cycles_empty=int(fifo.cycles_empty),
    )


def _trace(graph: ActorGraph, fifo: Fifo) -> Trace:
    element = graph.channel[fifo.name].element
    history = fifo.history or []
    values = tuple(decode_token(value, element) for _, value in history)
    puts = tuple(int(cycle) for cycle, _ in history)
    return Trace(values=values, puts=puts, gets=tuple(int(cycle) for cycle in fifo.taken or ()))


def _channel_table(run: Run) -> Table:
    fullest = sorted(run.channels.values(), key=lambda c: (-c.high_water / c.depth, -c.cycles_full, c.name))
    table = Table(title=_title("channels", "fullest first", len(fullest)), title_justify="left")
    table.add_column("channel", no_wrap=True)
    for heading in ("tokens", "left", "most", "depth", "cycles full", "cycles empty"):
        table.add_column(heading, justify="right")
    for channel in fullest[:SHOWN]:
        figures = (channel.tokens, channel.left, channel.high_water, channel.depth)
        table.add_row(Text(channel.name), *map(str, (*figures, channel.cycles_full, channel.cycles_empty)))
    return table


def _actor_table(run: Run) -> Table:
    busiest = sorted(run.actors.values(), key=lambda a: (a.done is not None, -a.busy))
    table = Table(title=_title("actors", "busiest first", len(busiest)), title_justify="left")
    table.add_column("actor", no_wrap=True)
    for heading in ("busy", "waits for input", "waits for output", "done"):
        table.add_column(heading, justify="right")
    for actor in busiest[:SHOWN]:
        done = "never" if actor.done is None else str(actor.done)
        table.add_row(Text(actor.name), *map(str, (actor.busy, actor.stalled_input, actor.stalled_output)), done)
    return table


def _print_table(run: Run) -> Table:
    last = run.prints[-SHOWN:]
    count = len(run.prints)
    title = "printed" if count <= SHOWN else f"printed (the last {SHOWN} of {count})"
    table = Table(title=title, title_justify="left")
    table.add_column("cycle", justify="right")
    table.add_column("actor", no_wrap=True)
    table.add_column("text")
    for each in last:
        table.add_row(str(each.cycle), Text(each.actor), Text(each.text))
    return table


def _title(what: str, order: str, count: int) -> str:
    return f"{what}, {order}" if count <= SHOWN else f"{what}, {order} ({SHOWN} of {count})"
