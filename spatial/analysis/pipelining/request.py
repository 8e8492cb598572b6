"""What the user asked of a loop's pipeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from spatial.ir.channels import CHANNEL_OPERATIONS, streams_of
from spatial.ir.mlir import ir

__all__ = ["Request", "asked_stage", "request_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked of a loop's pipeline."""

    ii: int | None = None
    latency: int | None = None
    style: str = "elastic"
    stages: Mapping[str, int] = field(default_factory=dict)


def request_of(loop: ir.OpView) -> Request:
    """The request that a loop carries."""
    if "df.pipeline" not in loop.attributes:
        return Request()
    asked = loop.attributes["df.pipeline"]
    return Request(
        ii=asked["ii"].value if "ii" in asked else None,
        latency=asked["latency"].value if "latency" in asked else None,
        style=asked["style"].value,
        stages={entry.name: entry.attr.value for entry in asked["stages"]},
    )


def asked_stage(request: Request, op: ir.OpView, streams: Mapping[ir.Value, str]) -> int | None:
    """The stage the user gave a channel operation."""
    used = streams_of(op) if isinstance(op, CHANNEL_OPERATIONS) else []
    names = [streams[stream] for stream in used]
    return max((request.stages[name] for name in names if name in request.stages), default=None)
