"""Rules about what the host tells the shims in a run."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from spatial.lower.aie.design import Tile
from spatial.lower.aie.emit.sequence import Step
from spatial.lower.aie.emit.tasks import Task
from spatial.lower.aie.footprint import WORD, element_bytes
from spatial.lower.aie.rules.errors import Breach
from spatial.lower.aie.rules.subject import Subject

__all__ = ["descriptor_numbers", "finished", "numbers_in_use", "queues", "repeats", "waits"]

REPEAT = 64


@dataclass
class _Running:
    """The transfers that are not known to be through."""

    tasks: list[Task] = field(default_factory=list)

    def take(self, step: Step) -> None:
        """Goes over a step: a wait ends the transfers of its fifo up to the oldest that issues a token."""
        if step.task is not None:
            self.tasks.append(step.task)
            return
        own = [task for task in self.tasks if task.fifo == step.fifo]
        last = next((number for number, task in enumerate(own) if task.token), -1)
        ended = {id(task) for task in own[: last + 1]}
        self.tasks = [task for task in self.tasks if id(task) not in ended]

    def on(self, tile: Tile) -> list[Task]:
        """Those of a shim."""
        return [task for task in self.tasks if task.tile == tile]


def descriptor_numbers(subject: Subject) -> Iterator[Breach]:
    """A shim has descriptors 0 to 15."""
    most = subject.npu.shim.descriptors
    for step in subject.steps:
        if step.task and not 0 <= step.task.number < most:
            yield _breach(subject, step.fifo, f"uses descriptor {step.task.number}, a shim has {most}, from 0")


def numbers_in_use(subject: Subject) -> Iterator[Breach]:
    """A descriptor is written again only when its transfer was waited for."""
    running = _Running()
    for step in subject.steps:
        if step.task:
            same = [task for task in running.on(step.task.tile) if task.number == step.task.number]
            if same:
                yield _breach(
                    subject,
                    step.fifo,
                    f"uses descriptor {step.task.number} of shim {step.task.tile} again, 1 transfer of "
                    f"`{same[0].fifo}` that has it was not waited for",
                )
        running.take(step)


def queues(subject: Subject) -> Iterator[Breach]:
    """A channel queues few transfers."""
    running, most = _Running(), subject.npu.queue
    for step in subject.steps:
        running.take(step)
        queued = [task for task in running.tasks if task.fifo == step.fifo]
        if step.task and len(queued) > most:
            yield _breach(subject, step.fifo, f"is queued as {len(queued)} tasks at once, a channel queues {most}")


def waits(subject: Subject) -> Iterator[Breach]:
    """A wait has a transfer that tells when it is through."""
    running = _Running()
    for step in subject.steps:
        if step.task is None and not any(task.token for task in running.tasks if task.fifo == step.fifo):
            yield _breach(subject, step.fifo, "is waited for, 0 of its transfers issue a token")
        running.take(step)


def finished(subject: Subject) -> Iterator[Breach]:
    """All that leaves the array was waited for when a run ends."""
    running = _Running()
    for step in subject.steps:
        running.take(step)
    for name in dict.fromkeys(task.fifo for task in running.tasks if not task.inward):
        open_ = sum(task.fifo == name for task in running.tasks)
        yield _breach(subject, name, f"has {open_} transfers to the host that nothing waits for, 0 may be left")


def repeats(subject: Subject) -> Iterator[Breach]:
    """A transfer has four dimensions, which fit the counters of a shim."""
    limits = subject.npu.shim
    for step in subject.steps:
        if step.task is None:
            continue
        outer, second, rows, (count, stride) = step.task.piece[1]
        if outer[0] > REPEAT:
            yield _breach(subject, step.fifo, f"repeats {outer[0]} times, a shim repeats a descriptor {REPEAT} times")
        if rows[0] > limits.most_size:
            yield _breach(subject, step.fifo, f"takes {rows[0]} rows, a shim counts to {limits.most_size}")
        linear = stride == 1 and all(size == 1 for size, _ in (outer, second, rows))
        words = count * min(WORD, element_bytes(subject.mapped.fifo[step.fifo].element)) // WORD
        if not linear and words > limits.most_size:
            yield _breach(subject, step.fifo, f"takes rows of {words} words, a shim counts to {limits.most_size}")


def _breach(subject: Subject, name: str, does: str) -> Breach:
    fifo = subject.mapped.fifo[name]
    return Breach(title=f"the transfer of `{name}` {does}", span=fifo.span)
