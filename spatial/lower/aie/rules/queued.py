"""Rules about the descriptors that the host's sequence writes: words, strides and lengths of each transfer."""

import math
from collections.abc import Iterator, Sequence

from spatial.lower.aie.design import Dimension
from spatial.lower.aie.emit.tasks import Task
from spatial.lower.aie.emit.transfers import begun_at
from spatial.lower.aie.footprint import WORD, element_bytes
from spatial.lower.aie.rules.errors import Breach
from spatial.lower.aie.rules.subject import Subject

__all__ = ["queued_lengths", "queued_strides", "queued_words"]


def queued_words(subject: Subject) -> Iterator[Breach]:
    """Elements of less than 32 bits lie beside each other; rows, strides and beginnings are whole words."""
    for task, size, walk in _queued(subject):
        if size == WORD:
            continue
        *outer, (count, stride) = walk
        if count > 1 and stride != 1:
            yield _breach(subject, task, f"steps by {stride} elements of {size} bytes, DMA moves words of {WORD}")
        if (begin := task.piece[0] * size) % WORD:
            yield _breach(subject, task, f"begins at byte {begin}, DMA moves words of {WORD}")
        for number in (count, *(step for extent, step in outer if extent > 1)):
            if number * size % WORD:
                yield _breach(subject, task, f"moves pieces of {number * size} bytes, DMA moves words of {WORD}")


def queued_strides(subject: Subject) -> Iterator[Breach]:
    """A stride leads on, as far as a descriptor goes; only the outermost may stand still."""
    most = 1 << subject.npu.shim.stride_bits
    for task, size, walk in _queued(subject):
        for place, (count, stride) in enumerate(walk):
            words = stride * size // WORD
            if count > 1 and stride < (0 if place == 0 else 1):
                yield _breach(subject, task, f"has a stride of {stride} elements, a shim steps by 1 at least")
            if count > 1 and words > most:
                yield _breach(subject, task, f"has a stride of {words} words, a shim steps by {most} at most")


def queued_lengths(subject: Subject) -> Iterator[Breach]:
    """A descriptor counts the words of what it moves once."""
    most = (1 << subject.npu.shim.length_bits) - 1
    for task, size, walk in _queued(subject):
        words = math.prod(count for count, _ in walk[1:]) * size // WORD
        if words > most:
            yield _breach(subject, task, f"moves {words} words at once, a descriptor of a shim counts to {most}")


def _queued(subject: Subject) -> Iterator[tuple[Task, int, Sequence[Dimension]]]:
    """Each transfer with the bytes of the elements that it counts, and its dimensions as they are written."""
    for step in subject.steps:
        if step.task is not None:
            size = min(WORD, element_bytes(subject.mapped.fifo[step.fifo].element))
            yield step.task, size, begun_at(*step.task.piece)[1]


def _breach(subject: Subject, task: Task, does: str) -> Breach:
    return Breach(title=f"the transfer of `{task.fifo}` {does}", span=subject.mapped.fifo[task.fifo].span)
