"""Keeps the loops of a named `sp.grid` together: its outermost loop has the name, and how many loops they are."""

from collections.abc import Sequence

from spatial.ir.mlir import ir, scf

__all__ = ["lose_one", "rename_band", "split_one"]


def split_one(loop: scf.ForOp, outer: scf.ForOp) -> None:
    """A loop became two; `outer` has its attributes."""
    head = _head(loop)
    if head is not None:
        _count(outer if head.operation == loop.operation else head, _size(head) + 1)


def lose_one(loop: scf.ForOp) -> None:
    """A loop is about to be written out as a whole."""
    head = _head(loop)
    if head is not None and head.operation != loop.operation:
        _count(head, _size(head) - 1)


def rename_band(old: Sequence[scf.ForOp], new: Sequence[scf.ForOp], order: Sequence[int]) -> None:
    """The loops of a nest come in another order: at each place the old one of that number.

    The name of a band goes to the outermost of its loops, and is lost where others come between them.
    """
    heads = [number for number, loop in enumerate(old) if "df.label" in loop.attributes]
    for number in heads:
        size = _size(old[number])
        places = sorted(place for place, other in enumerate(order) if number <= other < number + size)
        here = new[order.index(number)]
        label = old[number].attributes["df.label"]
        for key in ("df.label", "df.band"):
            if key in here.attributes:
                del here.attributes[key]
        if len(places) == size and places[-1] - places[0] == size - 1:
            new[places[0]].attributes["df.label"] = label
            _count(new[places[0]], size)


def _head(loop: scf.ForOp) -> scf.ForOp | None:
    """The outermost loop of the band that a loop belongs to."""
    found, depth = loop.operation, 1
    while isinstance(found.opview, scf.ForOp | scf.IfOp):
        if "df.label" in found.attributes:
            return found.opview if depth <= _size(found.opview) else None
        found = found.parent
        depth += isinstance(found.opview, scf.ForOp)
    return None


def _size(head: scf.ForOp) -> int:
    return int(head.attributes["df.band"].value) if "df.band" in head.attributes else 1


def _count(head: scf.ForOp, size: int) -> None:
    with head.location:
        head.attributes["df.band"] = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), size)
