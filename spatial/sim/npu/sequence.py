"""The order in which the runtime sequence starts transfers, and awaits their ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import TypeAlias

from spatial.lower.aie.design import Kind, Mapped, Transfer

__all__ = ["Await", "Instruction", "Start", "host_fifos", "rounds_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A transfer is described to its channel, and queued."""

    transfer: Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Await:
    """The end of `count` transfers of a fifo that ends at the host."""

    fifo: str
    count: int


Instruction: TypeAlias = Start | Await


def rounds_of(mapped: Mapped) -> tuple[Instruction, ...]:
    """Rounds: a transfer of each fifo, then the end of what comes to the host.

    A fifo with fewer transfers than others has its turns at the last rounds, where those are that it depends on.
    """
    return tuple(step for batch in _batches(mapped) for step in _round(mapped, batch))


def host_fifos(mapped: Mapped) -> dict[str, bool]:
    """The fifos that have an end at the host, and whether that is their producer."""
    found = {}
    for fifo in mapped.fifos:
        if mapped.node[fifo.producer.node].kind is Kind.SHIM:
            found[fifo.name] = True
        elif any(mapped.node[end.node].kind is Kind.SHIM for end in fifo.consumers):
            found[fifo.name] = False
    return found


def _batches(mapped: Mapped) -> Iterator[list[Transfer]]:
    by_fifo = [list(each) for _, each in groupby(_sorted(mapped), key=lambda transfer: transfer.fifo)]
    for batch in zip_longest(*by_fifo):
        yield [transfer for transfer in batch if transfer is not None]


def _sorted(mapped: Mapped) -> list[Transfer]:
    """Transfers fifo by fifo, those of inputs first."""
    from_host = host_fifos(mapped)
    order = {name: number for number, name in enumerate(sorted(from_host, key=lambda name: not from_host[name]))}
    return sorted(mapped.transfers, key=lambda transfer: order[transfer.fifo])


def _round(mapped: Mapped, batch: list[Transfer]) -> Iterator[Instruction]:
    from_host = host_fifos(mapped)
    yield from (Start(transfer=transfer) for transfer in batch)
    yield from (Await(fifo=each.fifo, count=1) for each in batch if not from_host[each.fifo])
