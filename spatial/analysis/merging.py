"""Links that always do the same at the same time, as one: a smaller network with exactly the same figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from spatial.analysis.figures import Figures, ProcessFigures, Waiting
from spatial.analysis.processes import Body, Operation, Pipeline, Process, ProcessNetwork, Repeat, Step

__all__ = ["Merged", "merged"]

Key: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Merged:
    """A `network` with one link for each group of alike ones of the `original`.

    `members` has the groups by the name of the link that stands for them, all of one in the order of the original;
    `operations` what an operation of the network stands for, by its `id`: the first of those that were alike.
    """

    original: ProcessNetwork
    network: ProcessNetwork
    members: Mapping[str, tuple[str, ...]]
    operations: Mapping[int, Operation]

    def expanded(self, figures: Figures) -> Figures:
        """The figures of the original network, from those of the merged one."""
        links = {each.name: each.links for each in self.original.processes}
        owner = {name: key for key, names in self.members.items() for name in names}
        return replace(
            figures,
            processes={name: self._expanded(each, links[name]) for name, each in figures.processes.items()},
            links={link.name: figures.links[owner[link.name]] for link in self.original.links},
        )

    def _expanded(self, figures: ProcessFigures, links: Sequence[str]) -> ProcessFigures:
        waits = [self.operations[id(wait.operation)] for wait in figures.waits]
        return replace(figures, waits=tuple(Waiting(link=links[op.port], operation=op) for op in waits))


def merged(network: ProcessNetwork) -> Merged:
    """Merges links of the same ends and depth whose operations, latencies and initial tokens are the same too."""
    alike = {id(process.body): _alike(process.body) for process in network.processes}
    process = {each.name: each for each in network.processes}
    port = {each.name: {name: n for n, name in enumerate(each.links)} for each in network.processes}
    groups: dict[Key, list[str]] = {}
    for link in network.links:
        ends = tuple(alike[id(process[name].body)].get(port[name][link.name]) for name in (link.writer, link.reader))
        timing = network.timing_of(link, link.depth)
        delays = timing.read_after_write, timing.write_after_read
        key = (link.writer, link.reader, *ends, link.depth, *delays, link.initial, link.role, link.storage)
        groups.setdefault(key, []).append(link.name)
    members = {names[0]: tuple(names) for names in groups.values()}
    reduction = Reduction({name: key for key, names in members.items() for name in names})
    processes = tuple(reduction.process(each) for each in network.processes)
    links = tuple(link for link in network.links if link.name in members)
    smaller = replace(network, processes=processes, links=links)
    return Merged(original=network, network=smaller, members=members, operations=reduction.operations)


def _alike(body: Body) -> dict[int, int]:
    """For each port a number that ports have in common whose operations are the same."""
    uses: dict[int, list[Key]] = {}
    for number, pipeline in enumerate(_pipelines(body)):
        for op in pipeline.operations:
            uses.setdefault(op.port, []).append((number, op.puts, op.stage, op.iterations))
    numbers: dict[tuple[Key, ...], int] = {}
    return {port: numbers.setdefault(tuple(keys), len(numbers)) for port, keys in uses.items()}


def _pipelines(body: Body) -> Iterator[Pipeline]:
    for step in body:
        match step:
            case Pipeline():
                yield step
            case Repeat(body=inner):
                yield from _pipelines(inner)


class Reduction:
    """Keeps one of alike operations; `owner` names for each link the one that stands for it."""

    def __init__(self, owner: Mapping[str, str]) -> None:
        self.owner = owner
        self.bodies: dict[Key, Body] = {}
        self.operations: dict[int, Operation] = {}

    def process(self, process: Process) -> Process:
        """A process that uses one link of each group."""
        links = tuple(dict.fromkeys(self.owner[name] for name in process.links))
        number = {name: n for n, name in enumerate(links)}
        ports = tuple(number[self.owner[name]] for name in process.links)
        key = (id(process.body), ports)
        if key not in self.bodies:
            self.bodies[key] = self.body(process.body, ports)
        return replace(process, body=self.bodies[key], links=links)

    def body(self, body: Body, ports: Sequence[int]) -> Body:
        return tuple(self.step(step, ports) for step in body)

    def step(self, step: Step, ports: Sequence[int]) -> Step:
        match step:
            case Repeat(body=body):
                return replace(step, body=self.body(body, ports))
            case Pipeline(operations=operations):
                kept: dict[Operation, Operation] = {}
                for operation in operations:
                    kept.setdefault(replace(operation, port=ports[operation.port]), operation)
                self.operations.update((id(new), old) for new, old in kept.items())
                return replace(step, operations=tuple(kept))
        return step
