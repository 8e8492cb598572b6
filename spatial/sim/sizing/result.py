"""What a search for depths tells the user."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rich.console import Console
from rich.table import Table
from rich.text import Text

from spatial.device.model import Device
from spatial.device.storage import Memory, memory_of
from spatial.sim.sizing.evaluator import Depths
from spatial.sim.sizing.search import Group
from spatial.sim.sizing.size import Sizer, Solution

__all__ = ["SizedChannel", "Sizing", "SizingPoint", "sizing_of"]

SHOWN = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedChannel:
    """The smallest `depth` found for a channel, the memory it takes, and how that is stored.

    `shallower` are the cycles of a run with this channel a token shallower and all others as found, None where
    that deadlocks or where the channel is as shallow as can be; `why` says it in words.
    """

    name: str
    declared: int
    depth: int
    bits: int
    memory: Memory
    storage: str
    shallower: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SizingPoint:
    """Depths, the cycles they take, and their memory."""

    cycles: int
    memory: Memory
    depths: Depths


@dataclass(frozen=True, kw_only=True, eq=False)
class Sizing:
    """The smallest depths with which a region takes at most `target` cycles; `print(sizing)` tabulates them.

    `cycles` is what it takes with them, `declared_cycles` with the depths as they were (None: it deadlocks),
    `fewest` what it takes with any depths found; `fewest_proven` says that no depths take fewer. Each channel a token
    shallower deadlocks or takes more than `target` cycles; with `smallest` no other depths at
    all that take as few cycles need less memory. `checked` says which engines ran the depths and every channel
    a token shallower. Pickling one finds its front, which takes as long as asking for it.
    """

    region: str
    device: str
    target: int
    cycles: int
    declared_cycles: int | None
    fewest: int
    fewest_proven: bool
    smallest: bool
    memory: Memory
    declared_memory: Memory
    channels: Mapping[str, SizedChannel]
    checked: str
    sizer: Sizer | None = field(repr=False)

    @property
    def depths(self) -> dict[str, int]:
        """The depth of each channel, to be given as `depths=`."""
        return {name: channel.depth for name, channel in self.channels.items()}

    @cached_property
    def front(self) -> tuple[SizingPoint, ...]:
        """What fewer cycles cost in memory, from the fewest cycles to the least memory that does not deadlock.

        No point takes both more cycles and more memory than another. Found when it is first asked for.
        """
        return self._found[0]

    @property
    def front_complete(self) -> bool:
        """Whether no depths improve on any point of the front; otherwise it holds the best that were found."""
        return self._found[1]

    @cached_property
    def _found(self) -> tuple[tuple[SizingPoint, ...], bool]:
        assert self.sizer is not None, "a pickled result has its front"
        points, complete = self.sizer.front()
        search = self.sizer.search
        return tuple(
            SizingPoint(cycles=point.cycles, memory=point.memory, depths=search.depths(point.vector))
            for point in points
        ), complete

    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "_found": self._found, "sizer": None}

    def __str__(self) -> str:
        console = Console(file=io.StringIO(), width=110)
        for line in self._summary():
            console.print(line, highlight=False, markup=False)
        if self.channels:
            console.print(_table(self))
        assert isinstance(console.file, io.StringIO)
        return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())

    def _summary(self) -> list[str]:
        before = "deadlocks" if self.declared_cycles is None else f"takes {self.declared_cycles} cycles"
        bound = "no depths take fewer than" if self.fewest_proven else "the fewest found for any depths are"
        least = "no depths with less memory take as few" if self.smallest else "no channel alone can be shallower"
        return [
            f"{self.region} on {self.device}: {self.cycles} cycles with the smallest depths; {bound} {self.fewest}",
            f"memory: {_told(self.memory)}; {least}",
            f"as declared it {before} with {_told(self.declared_memory)}",
            f"checked: {self.checked}",
        ]


def sizing_of(
    region: str,
    device: Device,
    sizer: Sizer,
    solution: Solution,
    *,
    target: int,
    declared_cycles: int | None,
    checked: str,
) -> Sizing:
    """The result of a search; channels in the order of the program."""
    search = sizer.search
    parts = zip(search.groups, solution.vector, solution.shallower, strict=True)
    found = {channel.name: channel for part in parts for channel in _channels(device, solution.cycles, *part)}
    declared = Memory()
    for channel in search.evaluator.channels:
        declared += memory_of(device, channel.declared, channel.bits, channel.storage)
    return Sizing(
        region=region,
        device=device.title,
        target=target,
        cycles=solution.cycles,
        declared_cycles=declared_cycles,
        fewest=min(sizer.best.cycles, solution.cycles),
        fewest_proven=sizer.best.proven,
        smallest=solution.least,
        memory=search.memory(solution.vector),
        declared_memory=declared,
        channels={channel.name: found[channel.name] for channel in search.evaluator.channels},
        checked=checked,
        sizer=sizer,
    )


def _channels(device: Device, cycles: int, group: Group, depth: int, shallower: int | None) -> list[SizedChannel]:
    return [
        SizedChannel(
            name=channel.name,
            declared=channel.declared,
            depth=depth,
            bits=channel.bits,
            memory=memory_of(device, depth, channel.bits, channel.storage),
            storage=device.fifo(depth, channel.bits, channel.storage).storage.value,
            shallower=shallower,
            why=_why(group, depth, shallower, cycles),
        )
        for channel in group.channels
    ]


def _why(group: Group, depth: int, shallower: int | None, cycles: int) -> str:
    if depth == group.least:
        return "it starts with as many tokens" if depth > 1 else "the least there is"
    if shallower is None:
        return f"{depth - 1} deadlocks"
    return f"{depth - 1} takes {shallower} cycles (+{shallower - cycles})"


def _told(memory: Memory) -> str:
    return f"{memory.bits} bits, {memory.blocks} block RAMs (18 Kb), {memory.tables} LUTs as shift registers"


def _table(sizing: Sizing) -> Table:
    """A row for each channel, one for all of a stream of which the same is told."""
    rows: dict[tuple[str, ...], list[str]] = {}
    order = sorted(sizing.channels.values(), key=lambda c: (c.memory, c.depth), reverse=True)
    for channel in order:
        blocks = f", {channel.memory.blocks} blocks" if channel.memory.blocks else ""
        figures = (channel.declared, channel.depth, channel.memory.bits)
        row = (channel.name.partition("[")[0], *map(str, figures), channel.storage + blocks, channel.why)
        rows.setdefault(row, []).append(channel.name)
    count = len(rows)
    title = "channels, most memory first" + (f" ({SHOWN} rows of {count})" if count > SHOWN else "")
    table = Table(title=title, title_justify="left")
    table.add_column("channel", no_wrap=True)
    for heading in ("declared", "smallest", "bits"):
        table.add_column(heading, justify="right")
    table.add_column("storage")
    table.add_column("why not shallower")
    for (_, *cells), names in list(rows.items())[:SHOWN]:
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        table.add_row(Text(names[0] + more), *cells)
    return table
