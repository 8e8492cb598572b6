"""What things take on an NPU: launches, transfers, locks, pages of memory, products of matrices."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["NpuTimes", "Product", "product_of", "times_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """How a core multiplies matrices of a type: an instruction takes `rows` x `depth` by `depth` x `columns`.

    Four of them, two by two, go on together along the depth: a block of the result. `fill` are the cycles for its old
    values, for the pipeline to fill and drain, and for its new values.
    """

    rows: int
    depth: int
    columns: int
    fill: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NpuTimes:
    """What is no limit but takes time; sources are in `npu.toml` and `docs/npu-model.md`.

    `launch_us` microseconds pass in a call beside what runs, `issue_us` for a transfer to be described and
    queued by the runtime sequence, `await_us` for its end to be seen.
    A loop of a core takes `loop` cycles to begin and to end; where its iterations do not overlap, an operation takes
    `apart` cycles. A core's acquire or release takes `lock` cycles, a channel `descriptor` between two objects, a tile
    to the next `hop`, memory of the host `host` until the first word comes. All shims together get `ddr_gbps` of it.
    A page of `page_bytes` that is not among the last `reach` ones used takes `page_us`.
    """

    launch_us: float
    issue_us: float
    await_us: float
    loop: float
    apart: float
    lock: int
    descriptor: int
    hop: int
    host: int
    ddr_gbps: float
    page_bytes: int
    reach: int
    page_us: float


def times_of(entry: Mapping[str, object]) -> NpuTimes:
    """Times of an entry of the table."""
    return NpuTimes(**entry)  # type: ignore[arg-type]  # names and numbers as they stand in the file


def product_of(entry: Mapping[str, object]) -> Product:
    """A product of an entry of the table."""
    return Product(**entry)  # type: ignore[arg-type]  # names and numbers as they stand in the file
