"""What becomes of a program on its way to Vitis."""

from dataclasses import dataclass, field

from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import ir
from spatial.lower.hls.calling.parts import Parts

__all__ = ["Legal", "Note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What was done to an array, for reports.

    `told` says it: "direct" (its actor uses it where it is), "buffered" (in its actor), "shared" (loaded into shares
    of `actors`, or stored from them, or both), "handed on", "constant". `added` are the actors that were added,
    `channels` how many channels with them, of `channel_bits` bits in all; `buffers` are local ones, of `buffer_bits`.
    The array is `filled` if it is only written, every element, and `moved` if it is both loaded and stored.
    """

    array: str
    told: str
    actors: tuple[str, ...]
    added: tuple[str, ...] = ()
    channels: int = 0
    channel_bits: int = 0
    buffers: int = 0
    buffer_bits: int = 0
    filled: bool = False
    moved: bool = False


@dataclass(frozen=True, kw_only=True)
class Legal:
    """A module in which each array belongs to one actor; its graph, and what was done for that.

    Where one kernel starts all others that holds of its `parts`, which the module puts together for engines.
    """

    module: ir.Module
    graph: ActorGraph
    notes: tuple[Note, ...] = field(default=())
    parts: Parts | None = None
