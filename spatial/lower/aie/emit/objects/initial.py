"""Tokens that fifos begin with: as first values of all their objects, or put by their core before anything else."""

import math
from collections.abc import Sequence

from spatial.lower.aie.design import Fifo, Node
from spatial.lower.aie.dialect.build import access, acquire, release
from spatial.lower.aie.dialect.ops import PRODUCE
from spatial.lower.aie.emit.body import Memory, Owner
from spatial.lower.aie.emit.fabric import Fabric, begins_full, dense, kind_of
from spatial.lower.aie.emit.objects.copying import copy

__all__ = ["put_initial"]


def put_initial(fabric: Fabric, owner: Owner, node: Node) -> None:
    """Puts the tokens that the fifos of a core begin with, where these have room for more than that."""
    for fifo in fabric.mapped.fifos:
        if fifo.producer.node == node.name and fifo.initial and not begins_full(fifo):
            for values in _tokens(fifo):
                _put(fabric, owner, fifo, values)


def _put(fabric: Fabric, owner: Owner, fifo: Fifo, values: Sequence[int | float]) -> None:
    symbol, kind, storage = fabric.symbol(fifo.name), kind_of(fabric, fifo.name), fabric.stores.fifos[fifo.name]
    first = owner.buffer(f"{symbol}_first", kind, dense(values, kind.shape, storage))
    token = access(acquire(symbol, PRODUCE, 1, kind), 0, kind)
    copy(Memory(value=first, storage=storage), Memory(value=token, storage=storage))
    release(symbol, PRODUCE)


def _tokens(fifo: Fifo) -> Sequence[Sequence[int | float]]:
    size = math.prod(fifo.shape)
    return [fifo.initial[first : first + size] for first in range(0, len(fifo.initial), size)]
