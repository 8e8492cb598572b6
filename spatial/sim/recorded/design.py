"""A recorded design: FIFOs, and processes with one pipelined loop each, as the file has them."""

from dataclasses import dataclass

from spatial.analysis.series import Series
from spatial.source.span import Span

__all__ = ["Design", "Fifo", "Recorded", "Use"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fifo:
    """A FIFO of `depth` tokens of `width_bits` bits, through which `tokens` pass from one process to another, by id."""

    id: int
    name: str
    width_bits: int
    depth: int
    writer: int
    reader: int
    tokens: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """The iterations in which a process uses a FIFO, by id."""

    fifo: int
    iterations: tuple[Series, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A process: `pre_cycles`, a pipelined loop, `post_cycles`. It starts when those of `after`, by id, are done."""

    id: int
    name: str
    ii: int
    iteration_latency: int
    iterations: int
    reads: tuple[Use, ...]
    writes: tuple[Use, ...]
    after: tuple[int, ...]
    pre_cycles: int
    post_cycles: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Everything in a file; `cosim_cycles` is what RTL co-simulation counted, where that is known."""

    name: str
    fifos: tuple[Fifo, ...]
    processes: tuple[Recorded, ...]
    cosim_cycles: int | None
    span: Span
