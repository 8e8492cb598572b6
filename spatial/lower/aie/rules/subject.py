"""What rules look at, and how they say what they found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from spatial.device.npu import Npu, TileLimits
from spatial.ir.mlir import ir
from spatial.lower.aie.design import End, Fifo, Mapped, Placement
from spatial.lower.aie.emit.sequence import Step
from spatial.lower.aie.rules.errors import Breach

__all__ = ["Check", "Rule", "Subject"]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A mapped program for a device; later also its placement, what the host does in a run, and what was written."""

    mapped: Mapped
    npu: Npu
    placement: Placement | None = None
    steps: Sequence[Step] = field(default=())
    module: ir.Module | None = field(default=None, compare=False)

    def ends(self) -> Iterator[tuple[Fifo, End, TileLimits]]:
        """Every end of every fifo, with the limits of its tile; not those of nodes that are missing."""
        for fifo in self.mapped.fifos:
            for end in fifo.ends:
                if end.node in self.mapped.node:
                    yield fifo, end, self.npu.limits(self.mapped.node[end.node].kind)


Check = Callable[[Subject], Iterator[Breach]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule `says` what must hold, and `otherwise` what happens on the device if it does not."""

    name: str
    says: str
    otherwise: str
    check: Check
