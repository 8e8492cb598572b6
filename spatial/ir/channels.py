"""How each channel operation uses the channel ends it is given."""

from spatial.ir.dialect import (
    EmptyOp,
    FullOp,
    GetBlockOp,
    GetOp,
    PeekBlockOp,
    PeekOp,
    PutOp,
    SelectBlockOp,
    SelectOp,
    TryGetBlockOp,
    TryGetOp,
    TryPutOp,
)
from spatial.ir.mlir import ir

__all__ = [
    "CHANNEL_OPERATIONS",
    "CLOCK_DEPENDENT",
    "LOOKS",
    "PEEKS",
    "POLLS",
    "PUTS",
    "READS",
    "SELECTS",
    "TAKES",
    "WAITING_READS",
    "WRITES",
    "fills",
    "streams_of",
    "writes_channel",
]

PUTS = (PutOp, TryPutOp)
WRITES = (*PUTS, FullOp)
"""The operations at the writer's end of a channel."""

PEEKS = (PeekOp, PeekBlockOp)
SELECTS = (SelectOp, SelectBlockOp)
WAITING_READS = (GetOp, GetBlockOp, *PEEKS, *SELECTS)
TAKES = (*WAITING_READS, TryGetOp, TryGetBlockOp)
"""The operations that see a token, and with it what its writer did before."""

READS = (*TAKES, EmptyOp)
"""The operations at the reader's end."""

CHANNEL_OPERATIONS = (*WRITES, *READS)
LOOKS = (EmptyOp, FullOp, *PEEKS)
"""The operations that move no token."""

POLLS = (TryPutOp, TryGetOp, TryGetBlockOp, EmptyOp, FullOp)
"""The operations that never wait: they answer by what the channel holds now."""

CLOCK_DEPENDENT = (*POLLS, *SELECTS)
"""The operations whose outcome depends on time."""

FILLS = (GetBlockOp, PeekBlockOp, TryGetBlockOp, SelectBlockOp)


def streams_of(op: ir.OpView) -> list[ir.Value]:
    """The channel ends a channel operation uses."""
    return list(op.streams) if isinstance(op, SELECTS) else [op.stream]


def writes_channel(op: ir.OpView) -> bool:
    """Whether a channel operation stands at the writer's end."""
    return isinstance(op, WRITES)


def fills(op: ir.OpView) -> bool:
    """Whether a channel operation stores its token into memory."""
    return isinstance(op, FILLS)
