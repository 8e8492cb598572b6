"""Rules about objects, their number, stacks, and what the host hands over."""

import math
from collections.abc import Iterator

from spatial.device.npu import Kind
from spatial.lower.aie.design import Mapped
from spatial.lower.aie.footprint import WORD, bytes_of, element_bytes, in_memory
from spatial.lower.aie.placement.demand import Carrier, carrier_of
from spatial.lower.aie.rules.errors import Breach, SmallToken
from spatial.lower.aie.rules.subject import Subject

__all__ = ["at_least_one", "host_buffers", "lock_values", "object_lengths", "object_words", "small_tokens", "stacks"]

SMALL = 64
STACK_WORDS = 32


def at_least_one(subject: Subject) -> Iterator[Breach]:
    """Each end of a fifo holds an object at least."""
    for fifo, end, _ in subject.ends():
        if end.depth < 1:
            yield Breach(
                title=f"`{fifo.name}` holds {end.depth} objects at `{end.node}`, 1 is the least", span=fifo.span
            )


def lock_values(subject: Subject) -> Iterator[Breach]:
    """The objects at an end are counted by a lock."""
    for fifo, end, limits in subject.ends():
        if end.depth > limits.most_lock:
            yield Breach(
                title=f"`{fifo.name}` holds {end.depth} objects at `{end.node}`, a lock counts to {limits.most_lock}",
                span=fifo.span,
                hint=f"give the stream a depth of {limits.most_lock} at most",
            )


def object_words(subject: Subject) -> Iterator[Breach]:
    """DMA moves words."""
    for fifo in subject.mapped.fifos:
        if carrier_of(subject.mapped, fifo) is not Carrier.OWN and bytes_of(fifo) % WORD:
            each = element_bytes(fifo.element)
            yield Breach(
                title=f"an object of `{fifo.name}` has {bytes_of(fifo)} bytes, DMA moves words of {WORD}",
                span=fifo.span,
                hint=f"put multiples of {WORD // math.gcd(WORD, each)} elements",
            )


def object_lengths(subject: Subject) -> Iterator[Breach]:
    """An object is as long as a descriptor's counter of words."""
    for fifo, end, limits in subject.ends():
        words, most = bytes_of(fifo) // WORD, (1 << limits.length_bits) - 1
        if words > most and carrier_of(subject.mapped, fifo) is Carrier.DMA:
            kind = subject.mapped.node[end.node].kind
            yield Breach(
                title=f"an object of `{fifo.name}` has {words} words, a descriptor of a {_tile(kind)} counts to {most}",
                span=fifo.span,
                hint=f"put smaller blocks, of {most * WORD} bytes at most",
            )


def _tile(kind: Kind) -> str:
    return "core tile" if kind is Kind.CORE else kind.value


def stacks(subject: Subject) -> Iterator[Breach]:
    """A stack is a whole number of vectors, and lies in the memory of its tile."""
    most = subject.npu.core.memory
    for node in subject.mapped.nodes:
        if node.stack is None:
            continue
        if node.stack <= 0 or node.stack % STACK_WORDS:
            yield Breach(
                title=f"the stack of `{node.name}` is {node.stack} bytes, it is a multiple of {STACK_WORDS}",
                span=node.span,
                hint=f"write `stack={max(1, -(-node.stack // STACK_WORDS)) * STACK_WORDS}`",
            )
        elif node.stack > most:
            yield Breach(
                title=f"the stack of `{node.name}` is {node.stack} bytes, a core tile has {most} bytes of data memory",
                span=node.span,
                hint=f"write `stack={subject.npu.core.stack}`",
            )


def host_buffers(subject: Subject) -> Iterator[Breach]:
    """The driver hands over few arrays."""
    mapped, most = subject.mapped, subject.npu.host_buffers
    arrays = list(dict.fromkeys(transfer.array for transfer in mapped.transfers))
    if len(arrays) > most:
        users = [next(each for each in mapped.transfers if each.array == name) for name in arrays]
        spans = [(mapped.fifo[each.fifo].span, f"`{each.array}` is moved here") for each in users]
        yield Breach(
            title=f"`{mapped.name}` moves {len(arrays)} arrays of the host, a run hands over {most}",
            span=spans[most][0],
            label=f"`{arrays[most]}` is one too many",
            others=tuple(spans[:most]),
            hint="put arrays of one type behind each other into one",
        )


def small_tokens(mapped: Mapped) -> Iterator[SmallToken]:
    """The fifos that DMA carries in objects of less than 64 bytes, each stream once."""
    told: set[str] = set()
    for fifo in in_memory(mapped).fifos:
        size = bytes_of(fifo)
        channel = next((mapped.graph.channel[name] for name in fifo.channels if name in mapped.graph.channel), None)
        stream = channel.stream if channel else fifo.name
        if size < SMALL and carrier_of(mapped, fifo) is Carrier.DMA and stream not in told:
            told.add(stream)
            yield SmallToken(
                stream=stream,
                bytes=size,
                few=SMALL,
                element=str(mapped.fifo[fifo.name].element),
                count=SMALL // element_bytes(mapped.fifo[fifo.name].element),
                span=fifo.span,
            )
