"""Writes the host's sequence: parameters first, then transfers and waits."""

from collections.abc import Mapping, Sequence

from spatial.ir.mlir import ir
from spatial.lower.aie.design import Parameter
from spatial.lower.aie.dialect.build import memcpy, rtp_write, sequence, set_lock, wait
from spatial.lower.aie.emit.fabric import Fabric
from spatial.lower.aie.emit.numbers.held import integer
from spatial.lower.aie.emit.parameters import parameters_of, word_count
from spatial.lower.aie.emit.sequence import Step
from spatial.lower.aie.emit.storage import WORD
from spatial.lower.aie.emit.transfers import begun_at

__all__ = ["PLACEHOLDER", "write_sequence"]

PLACEHOLDER = 0x5CA1A000
"""Stands for the first word of a run-time parameter in a sequence, the next number for the next word."""


def write_sequence(fabric: Fabric, steps: Sequence[Step], arrays: Mapping[str, int]) -> None:
    """The sequence on the arrays of these sizes in bytes."""
    types = [_type_of(fabric, name, size) for name, size in arrays.items()]
    block = sequence("sequence", types)
    given = dict(zip(arrays, block.arguments, strict=True))
    with ir.InsertionPoint(block):
        _write_parameters(fabric)
        for step in steps:
            if step.task is None:
                wait(fabric.symbol(step.fifo))
            else:
                task, (offsets, walk) = step.task, begun_at(*step.task.piece)
                array = given[task.array]
                memcpy(array, fabric.symbol(step.fifo), offsets, walk, task.number, token=task.token)


def _type_of(fabric: Fabric, name: str, size: int) -> ir.Type:
    """The type of an array of the host: one dimension, of words where its elements are larger."""
    storage = fabric.stores.arrays[name]
    if storage.bytes > WORD:
        return ir.MemRefType.get([size // WORD], integer(8 * WORD))
    return storage.memref([size // storage.bytes])


def _write_parameters(fabric: Fabric) -> None:
    """The numbers of each core, which may go on once they are there."""
    for node in fabric.buffers:
        for each, first in parameters_of(fabric.mapped, node):
            for word, number in enumerate(_numbers(fabric, each), first):
                rtp_write(fabric.buffers[node], word, number)
    for node in fabric.buffers:
        set_lock(fabric.locks[node], 1)


def _numbers(fabric: Fabric, each: Parameter) -> tuple[int, ...]:
    """What stands in the sequence for the words of a parameter, the lowest first."""
    if each.scalar not in fabric.scalars:
        first = PLACEHOLDER + sum(map(len, fabric.scalars.values()))
        fabric.scalars[each.scalar] = tuple(range(first, first + word_count(each.type)))
    return fabric.scalars[each.scalar]
