"""Writes how a core looks at tokens before it takes them: they wait in a ring of its own memory."""

from spatial.ir.mlir import arith, ir, memref, scf
from spatial.lower.aie.dialect.build import access, acquire, release
from spatial.lower.aie.dialect.ops import CONSUME
from spatial.lower.aie.emit.body import FifoEnd, Memory, Window
from spatial.lower.aie.emit.objects.copying import copy

__all__ = ["drop", "seen"]

COUNT, FIRST = 0, 1
"""What the two words of a ring's state are: how many tokens it holds, and the place of the oldest."""


def seen(end: FifoEnd, window: Window, position: ir.Value) -> Memory:
    """The token behind so many oldest ones, once it is there."""
    _fill(end, window, position)
    return Memory(value=window.ring, storage=end.storage, first=(_place(window, position),))


def drop(window: Window) -> None:
    """Takes the oldest token of the ring."""
    one = _index(1)
    _write(window, FIRST, _place(window, one))
    _write(window, COUNT, arith.subi(_read(window, COUNT), one))


def _fill(end: FifoEnd, window: Window, position: ir.Value) -> None:
    """Takes objects into the ring until it has one at a position."""
    loop = scf.WhileOp([], [])
    before, after = (region.blocks.append() for region in loop.regions)
    with ir.InsertionPoint(before):
        scf.ConditionOp(arith.cmpi(arith.CmpIPredicate.sle, _read(window, COUNT), position), [])
    with ir.InsertionPoint(after):
        count = _read(window, COUNT)
        token = access(acquire(end.name, CONSUME, 1, end.kind), 0, end.kind)
        ring = Memory(value=window.ring, storage=end.storage, first=(_place(window, count),))
        copy(Memory(value=token, storage=end.storage), ring)
        release(end.name, CONSUME)
        _write(window, COUNT, arith.addi(count, _index(1)))
        scf.YieldOp([])


def _place(window: Window, position: ir.Value) -> ir.Value:
    """The place in the ring of the token behind so many oldest ones."""
    return arith.remui(arith.addi(_read(window, FIRST), position), _index(window.size))


def _read(window: Window, word: int) -> ir.Value:
    return arith.index_cast(ir.IndexType.get(), memref.load(window.state, [_index(word)]))


def _write(window: Window, word: int, value: ir.Value) -> None:
    kind = ir.IntegerType.get_signless(32)
    memref.store(arith.index_cast(kind, value), window.state, [_index(word)])


def _index(number: int) -> ir.Value:
    return arith.constant(ir.IndexType.get(), number)
