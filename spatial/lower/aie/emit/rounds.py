"""Cuts a runtime sequence into rounds, each of which ends before the next is described."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from spatial.lower.aie.emit.tasks import Task

__all__ = ["in_rounds"]


def in_rounds(tasks: Sequence[Task]) -> list[list[Task]]:
    """Transfers round by round: those of the fifo that has most begin one each, and others are cut where those begin.

    A transfer that cannot be cut there stays whole, in the round where it begins; what leaves the array comes last.
    """
    by_fifo: dict[str, list[Task]] = {}
    for task in tasks:
        by_fifo.setdefault(task.fifo, []).append(task)
    most = max(by_fifo.values(), key=len, default=[])
    begins = [task.begins for task in most]
    parts = [part for task in tasks for part in _cut(task, len(begins))]
    rounds: list[list[Task]] = [[] for _ in begins]
    for part in sorted(parts, key=lambda each: (not each.inward, each.begins)):
        rounds[_round(part.begins, begins)].append(part)
    return rounds


def _round(begin: float, begins: Sequence[float]) -> int:
    """The last round that does not begin later."""
    return max((number for number, each in enumerate(begins) if each <= begin + 1e-9), default=0)


def _cut(task: Task, rounds: int) -> Iterator[Task]:
    """A transfer as one for each round that it spans, along the first dimension that repeats."""
    spans = round((task.ends - task.begins) * rounds)
    offset, walk = task.piece
    place = next((number for number, (count, _) in enumerate(walk) if count > 1), 0)
    count, stride = walk[place]
    if spans <= 1 or count % spans:
        yield task
        return
    each = count // spans
    for part in range(spans):
        begins = Fraction(part, spans) * Fraction(task.ends - task.begins)
        ends = Fraction(part + 1, spans) * Fraction(task.ends - task.begins)
        yield replace(
            task,
            piece=(offset + part * each * stride, (*walk[:place], (each, stride), *walk[place + 1 :])),
            begins=float(task.begins + begins),
            ends=float(task.begins + ends),
        )
