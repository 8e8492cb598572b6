"""Writes what the host has the shims do in a run, and in which order."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spatial.device.npu import Npu
from spatial.lower.aie.design import Mapped, Placement
from spatial.lower.aie.emit.rounds import in_rounds
from spatial.lower.aie.emit.storage import WORD, Stores, bytes_of
from spatial.lower.aie.emit.tasks import Task
from spatial.lower.aie.emit.transfers import Piece, pieces_of

__all__ = ["Queue", "Step", "host_arrays", "passes_whole", "steps_of"]


EXACT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A transfer that is queued, or, without one, a wait for the oldest that issues a token."""

    fifo: str
    task: Task | None = None


@dataclass(slots=True)
class Queue:
    """What is under way while the sequence is planned."""

    npu: Npu
    running: list[Task] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def add(self, task: Task) -> None:
        """Queues a transfer as soon as its channel and its tile have room."""
        while (own := [each for each in self.running if each.fifo == task.fifo]) and len(own) >= self.npu.queue:
            self.wait(own[0])
        limit = self.npu.shim.descriptors
        while len(there := [each for each in self.running if each.tile == task.tile]) >= limit:
            self.wait(min(there, key=lambda each: each.ends))
        used = {each.number for each in there}
        task.number = next(number for number in range(limit) if number not in used)
        task.token = not task.inward
        self.running.append(task)
        self.steps.append(Step(fifo=task.fifo, task=task))

    def wait(self, task: Task) -> None:
        """Waits for a transfer, and so for those of its channel before it."""
        done = [each for each in self.running if each.fifo == task.fifo]
        task.token = True
        for each in done[: done.index(task) + 1]:
            if each.token:
                self.steps.append(Step(fifo=each.fifo))
            self.running.remove(each)


def steps_of(mapped: Mapped, placement: Placement, npu: Npu, stores: Stores, *, ahead: bool = False) -> Sequence[Step]:
    """The whole sequence, in rounds, or with transfers as early as queues allow.

    In rounds, what leaves the array in one is waited for before the next is queued, as published designs do, so that
    memory never has to serve more than one. `ahead` queues the next ones meanwhile, in the order in which their objects
    pass. At most `npu.queue` transfers of a channel are queued, and no descriptor is used again before it is through.
    All that leaves the array is waited for at the end.
    """
    queue = Queue(npu)
    tasks = [task for name in _in_use(mapped) for task in _tasks(mapped, placement, npu, stores, name)]
    for batch in [sorted(tasks, key=lambda each: each.begins)] if ahead else in_rounds(tasks):
        for task in batch:
            queue.add(task)
        end = max((task.ends for task in batch if task.inward), default=1.0)
        for task in [each for each in queue.running if not each.inward and (ahead or each.ends <= end + EXACT)]:
            if task in queue.running:
                queue.wait(task)
    for task in [each for each in queue.running if not each.inward]:
        if task in queue.running:
            queue.wait(task)
    return queue.steps


def passes_whole(mapped: Mapped, steps: Sequence[Step]) -> bool:
    """Whether each transfer moves whole objects, so that a wait for one never waits for a part of the next."""
    size = {fifo.name: math.prod(fifo.shape) * max(1, bytes_of(fifo.element) // WORD) for fifo in mapped.fifos}
    return all(step.task is None or _elements(step.task.piece) % size[step.fifo] == 0 for step in steps)


def host_arrays(mapped: Mapped, stores: Stores) -> Mapping[str, int]:
    """The arrays that the host hands over, in the order of the program's parameters, with their sizes in bytes."""
    used = {transfer.array for transfer in mapped.transfers}
    arrays = {array.name: array.type.size for array in mapped.graph.arrays}
    streams = [parameter.name for parameter in mapped.graph.parameters if parameter.stream]
    arrays |= {name: sum(each.size for each in mapped.transfers if each.array == name) for name in streams}
    return {name: size * stores.arrays[name].bytes for name, size in arrays.items() if name in used}


def _in_use(mapped: Mapped) -> Sequence[str]:
    return list(dict.fromkeys(transfer.fifo for transfer in mapped.transfers))


def _tasks(mapped: Mapped, placement: Placement, npu: Npu, stores: Stores, name: str) -> list[Task]:
    """The transfers of a fifo in order, as the DMA of its shim takes them."""
    fifo = mapped.fifo[name]
    shim_first = fifo.producer.node in {node.name for node in mapped.nodes if placement.tiles[node.name][1] == 0}
    end = fifo.producer if shim_first else fifo.consumers[0]
    size, factor = stores.fifos[name].bytes, 1
    if size > WORD:
        size, factor = WORD, size // WORD
    found: list[tuple[str, Piece]] = []
    for transfer in mapped.transfers:
        if transfer.fifo == name:
            walk = list(transfer.walk) if factor == 1 else _in_words(transfer.walk, factor)
            pieces = pieces_of(transfer.offset * factor, walk, size, npu.shim.most_size)
            found += [(transfer.array, piece) for piece in pieces]
    whole = sum(_elements(piece) for _, piece in found)
    tasks, done = [], 0
    for array, piece in found:
        begins, done = done, done + _elements(piece)
        tasks.append(
            Task(
                fifo=name,
                array=array,
                piece=piece,
                tile=placement.tiles[end.node],
                inward=shim_first,
                begins=begins / whole,
                ends=done / whole,
            )
        )
    return tasks


def _in_words(walk: Sequence[tuple[int, int]], factor: int) -> list[tuple[int, int]]:
    """A walk over elements of several words as one over words."""
    wide = [(count, stride * factor) for count, stride in walk]
    return [*wide, (factor, 1)]


def _elements(piece: Piece) -> int:
    return math.prod(count for count, _ in piece[1])
