"""How a function fills a local array from elsewhere, and uses it."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatial.ir.function import stores
from spatial.ir.mlir import func, ir, memref, scf
from spatial.schedule.building import bounds_of
from spatial.schedule.copying import is_pure
from spatial.schedule.loops.requests import refused

__all__ = ["Filling", "filling_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A nest of `loops` that stores each element of a buffer once, in order, and from which array.

    Where there is a `use`, it alone reads the buffer, in the same order, each element once.
    """

    buffer: ir.Value
    loops: tuple[scf.ForOp, ...]
    store: memref.StoreOp
    source: ir.Value
    use: memref.LoadOp | None


def filling_of(function: func.FuncOp, buffer: ir.Value, name: str) -> Filling:
    """How a local array is filled; raises `ProgramError` where that is no copy of a part of an array, in order."""
    if isinstance(buffer.owner, ir.Block):
        title = f"`{name}` is an array that `{function.attributes['df.kernel'].value}` is given, no buffer of its own"
        raise refused(title, (function, "given here"), hint="`buffer_at` makes a buffer for a part of it")
    users = [use.owner for use in buffer.uses]
    writes = [op for op in users if stores(op)]
    if not writes:
        raise refused(f"nothing fills `{name}`", (buffer.owner.opview, "this is only read"))
    if len(writes) > 1 or not isinstance(writes[0], memref.StoreOp):
        hint = "use `buffer_at`, which makes a copy that is filled once"
        raise refused(f"`{name}` is written in several places", *((op, "here") for op in writes), hint=hint)
    (store,) = writes
    loops = _in_order(store, buffer)
    if loops is None:
        raise refused(f"`{name}` is not filled in the order of its elements", (store, "by this"))
    source = _source(function, store, name)
    reads = [op for op in users if op != store]
    return Filling(buffer=buffer, loops=loops, store=store, source=source, use=_in_turn(reads, store, loops, buffer))


def _in_order(op: ir.OpView, buffer: ir.Value) -> tuple[scf.ForOp, ...] | None:
    """The loops around an access that go through all elements of a buffer in order, an element an iteration."""
    found: list[scf.ForOp] = []
    inner = op.operation
    for extent, at in zip(reversed(buffer.type.shape), reversed(list(op.indices)), strict=True):
        loop = inner.parent.opview
        bounds = bounds_of(loop) if isinstance(loop, scf.ForOp) else None
        if bounds is None or loop.induction_variable != at or (bounds.low, bounds.high, bounds.step) != (0, extent, 1):
            return None
        if found and not _only(loop, found[0]):
            return None
        found.insert(0, loop)
        inner = loop.operation
    return tuple(found)


def _only(loop: scf.ForOp, inside: scf.ForOp) -> bool:
    """Whether a loop does nothing but another loop."""
    return all(op == inside or isinstance(op, scf.YieldOp) or is_pure(op) for op in loop.body.operations)


def _source(function: func.FuncOp, store: memref.StoreOp, name: str) -> ir.Value:
    """The array that a buffer is filled from: one that the function is given, and does not write."""
    load = store.value.owner
    if isinstance(load, ir.Block) or not isinstance(load.opview, memref.LoadOp):
        raise refused(f"`{name}` is no copy of a part of an array", (store, "this stores something else"))
    source = load.opview.memref
    given = source in list(function.arguments)
    written = next((use.owner for use in source.uses if stores(use.owner)), None)
    if not given or written is not None:
        why = "it is copied from here" if not given else "the array is written here"
        title = f"what fills `{name}` comes from no array that is only read"
        raise refused(title, (load.opview if not given else written, why))
    return source


def _in_turn(
    reads: Sequence[ir.OpView], store: memref.StoreOp, loops: Sequence[scf.ForOp], buffer: ir.Value
) -> memref.LoadOp | None:
    """The only read of a buffer, if it goes through the elements as they come, behind the loops that fill it."""
    if len(reads) != 1 or not isinstance(reads[0], memref.LoadOp):
        return None
    around = _in_order(reads[0], buffer)
    if around is None:
        return None
    fill, use = (_once(nest[0] if nest else op) for nest, op in ((loops, store), (around, reads[0])))
    block = list(fill.operation.parent.regions[0].blocks[0].operations)
    return reads[0] if use in block[block.index(fill) :] else None


def _once(op: ir.OpView) -> ir.OpView:
    """An operation, or the outermost of the loops of one iteration around it."""
    parent = op.operation.parent.opview
    bounds = bounds_of(parent) if isinstance(parent, scf.ForOp) else None
    return op if bounds is None or bounds.trips != 1 else _once(parent)
