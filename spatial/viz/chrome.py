"""Timelines as Chrome's trace events, which Perfetto shows.

The format is that of "Trace Event Format" (Google, 2016): a complete event ("X") for each slice, counters ("C"), and
names as metadata ("M"). A cycle is written as a microsecond.
"""

import json
from collections.abc import Iterator

from spatial.ir.graph import ActorGraph
from spatial.sim.timeline import Ended, Event, Iterated, Moved, Waited, Waits
from spatial.source.span import Span
from spatial.viz.files import WholeFile

__all__ = ["ChromeTrace"]

ACTORS, CHANNELS = 1, 2  # the processes of the trace
ROWS = 1000  # threads that an actor may have: more iterations than are ever under way together


class ChromeTrace:
    """Writes a timeline as JSON: tracks for each actor with iterations and waits, a counter for each channel's fill."""

    def __init__(self, file: WholeFile, graph: ActorGraph) -> None:
        self.file = file
        self.graph = graph
        self.fill = [0] * len(graph.channels)
        self.rows: set[int] = set()

    def restart(self) -> None:
        self.file.restart()
        self.fill = [len(channel.initial_tokens) for channel in self.graph.channels]
        self.rows.clear()
        self.file.write('{"displayTimeUnit": "ms", "traceEvents": [\n')
        self.file.write(",\n".join(map(json.dumps, self.names())))
        for number, channel in enumerate(self.graph.channels):
            if channel.initial_tokens:
                self.count(0, number)

    def names(self) -> Iterator[dict[str, object]]:
        for process, name in ((ACTORS, f"{self.graph.name}: actors"), (CHANNELS, f"{self.graph.name}: channels")):
            yield {"ph": "M", "name": "process_name", "pid": process, "args": {"name": name}}
        for number, actor in enumerate(self.graph.actors):
            yield self.thread(number, 0, actor.name)

    def thread(self, actor: int, row: int, name: str) -> dict[str, object]:
        number = actor * ROWS + row
        return {"ph": "M", "name": "thread_name", "pid": ACTORS, "tid": number, "args": {"name": name}}

    def write(self, event: Event) -> None:
        match event:
            case Moved():
                self.fill[event.channel] += 1 if event.puts else -1
                self.count(event.cycle, event.channel)
            case Waited():
                name = f"{'put into' if event.puts else 'get from'} {event.channel}"
                kind = "waits for output" if event.puts else "waits for input"
                self.slice(event, name, kind, event.span)
            case Iterated():
                self.slice(event, f"line {event.span.line}", "iteration", event.span)
            case Ended():
                thread = event.actor * ROWS
                self.event({"ph": "i", "s": "t", "name": "done", "ts": event.cycle, "pid": ACTORS, "tid": thread})
            case Waits():
                pass

    def slice(self, event: Waited | Iterated, name: str, kind: str, span: Span) -> None:
        thread = event.actor * ROWS + event.row
        if event.row and thread not in self.rows:
            self.rows.add(thread)
            self.event(self.thread(event.actor, event.row, f"{self.graph.actors[event.actor].name} +{event.row}"))
        times = {"ts": event.begun, "dur": event.cycle - event.begun}
        place = {"file": span.file, "line": span.line}
        self.event({"ph": "X", "name": name, "cat": kind, **times, "pid": ACTORS, "tid": thread, "args": place})

    def count(self, cycle: int, channel: int) -> None:
        counter = {"ph": "C", "name": self.graph.channels[channel].name, "ts": cycle, "pid": CHANNELS}
        self.event({**counter, "args": {"tokens": self.fill[channel]}})

    def event(self, fields: dict[str, object]) -> None:
        self.file.write(",\n" + json.dumps(fields))

    def close(self, now: int) -> None:
        self.file.write(f'\n], "otherData": {{"cycles": "{now}"}}}}\n')
