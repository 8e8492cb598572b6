"""What is known of memory between two operations: elements whose value is at hand, stores that nobody has read."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from spatial.ir.mlir import arith, ir
from spatial.schedule.indices import known

__all__ = ["NUMBER", "Element", "Held", "offset_of"]

NUMBER = ""  # values of MLIR cannot be compared with None
Offset = tuple[ir.Value | str, int]
"""An index: a value and a constant that is added to it, or `NUMBER` and a constant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """An element of memory, by what its indices are made of."""

    memory: ir.Value
    place: tuple[Offset, ...]

    def apart(self, other: "Element") -> bool:
        """Whether two elements of one array are surely two."""
        pairs = zip(self.place, other.place, strict=True)
        return any(one == another and here != there for (one, here), (another, there) in pairs)


@dataclass(slots=True, kw_only=True)
class Held:
    """The elements whose values are at hand, and the stores to elements that nobody can have read since.

    `alias` gives for memory that has several names one of them.
    """

    alias: dict[ir.Value, ir.Value]
    values: dict[Element, ir.Value] = field(default_factory=dict)
    unread: dict[Element, ir.OpView] = field(default_factory=dict)

    def inside(self) -> "Held":
        """What is known at the beginning of a block in an operation."""
        return Held(alias=self.alias, values=dict(self.values))

    def read(self, element: Element) -> None:
        """An element is read, as is whatever may be the same."""
        for other in self._meeting(element, self.unread):
            del self.unread[other]

    def written(self, element: Element) -> None:
        """An element is stored to: the values of what may be the same are not at hand any more."""
        for other in self._meeting(element, self.values):
            del self.values[other]

    def forget(self, memories: Collection[ir.Value]) -> None:
        """Someone may have stored to this memory."""
        lost = {self._root(memory) for memory in memories}
        self.values = {each: value for each, value in self.values.items() if self._root(each.memory) not in lost}

    def _meeting(self, element: Element, others: Collection[Element]) -> Iterator[Element]:
        root = self._root(element.memory)
        found = [each for each in others if self._root(each.memory) == root]
        yield from (each for each in found if each.memory != element.memory or not element.apart(each))

    def _root(self, memory: ir.Value) -> ir.Value:
        return self.alias.get(memory, memory)


def offset_of(index: ir.Value) -> Offset:
    """What an index is made of."""
    owner = index.owner
    if isinstance(owner, ir.Block):
        return index, 0
    op = owner.opview
    if isinstance(op, arith.AddIOp | arith.SubIOp) and isinstance(index.type, ir.IndexType):
        (base, constant), (other, more) = map(offset_of, op.operands)
        if isinstance(other, str):
            return base, constant + (more if isinstance(op, arith.AddIOp) else -more)
        if isinstance(base, str) and isinstance(op, arith.AddIOp):
            return other, constant + more
        return index, 0
    number = known(index)
    return (index, 0) if number is None else (NUMBER, number)
