"""One transfer that a shim's DMA is given, as it is planned."""

from dataclasses import dataclass

from spatial.lower.aie.design import Tile
from spatial.lower.aie.emit.transfers import Piece

__all__ = ["Task"]


@dataclass(slots=True, kw_only=True)
class Task:
    """One transfer of a queue: what it moves, the share of its fifo's objects that are through before and after it.

    It has the descriptor `number`, and issues a `token` where it is waited for.
    """

    fifo: str
    array: str
    piece: Piece
    tile: Tile
    inward: bool
    begins: float
    ends: float
    number: int = 0
    token: bool = False
