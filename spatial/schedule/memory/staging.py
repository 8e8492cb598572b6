"""A local copy of a box of an array: its memory, the loops that fill it and write it back, the accesses to it."""

import itertools
from collections.abc import Callable, Sequence

from spatial.ir.dialect import ActorOp
from spatial.ir.dtypes import memory_type, parse_type
from spatial.ir.function import parameters, region_function
from spatial.ir.mlir import func, ir, memref, scf
from spatial.schedule.copying import rename
from spatial.schedule.indices import Index, plus, times, value_of
from spatial.schedule.memory.footprint import Access, Side
from spatial.schedule.memory.requests import buffer_name
from spatial.schedule.naming import fresh_name
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, element_of

__all__ = ["Staged", "allocate", "copy_box", "in_place_of", "origin_of", "type_of", "users_of"]

Box = Sequence[Side]
Indices = Sequence[Index]


class Staged:
    """Part of an array in memory of its own: `box` with the dimensions that have more than one index."""

    def __init__(self, function: func.FuncOp, memory: ir.Value, box: Box, name: str) -> None:
        self.function = function
        self.memory = memory
        self.box = tuple(box)
        self.kept = tuple(dimension for dimension, side in enumerate(box) if side.extent > 1)
        shape = tuple(box[dimension].extent for dimension in self.kept)
        self.buffer = allocate(function, memory, shape, name)

    def fill(self, origin: Indices) -> None:
        """Loops at the insertion point that copy the box into the buffer; it begins at `origin`."""
        copy_box(self.function, self.box, buffer_name(self.buffer), lambda at: self.copy(at, origin, inward=True))

    def write_back(self, part: Box, origin: Indices) -> None:
        """Loops at the insertion point that copy a part of the buffer, of a box within its own, to the array."""
        first = [inner.low - outer.low for inner, outer in zip(part, self.box, strict=True)]

        def body(at: Indices) -> None:
            self.copy([plus(each, offset) for each, offset in zip(at, first, strict=True)], origin, inward=False)

        copy_box(self.function, part, buffer_name(self.buffer), body)

    def copy(self, at: Indices, origin: Indices, *, inward: bool) -> None:
        """Copies the element at these indices of the box."""
        there = [value_of(plus(first, each)) for first, each in zip(origin, at, strict=True)]
        here = self.within(at)
        if inward:
            memref.store(memref.load(self.memory, there), self.buffer, here)
        else:
            memref.store(memref.load(self.buffer, here), self.memory, there)

    def within(self, at: Indices) -> list[ir.Value]:
        """The indices in the buffer of an element of the box, at the insertion point."""
        return [value_of(at[dimension]) for dimension in self.kept]

    def redirect(self, access: Access) -> list[ir.Value]:
        """Lets an operation use the buffer instead of the array; the indices, which may be of no more use."""
        op = access.op
        with ir.InsertionPoint(op), op.location:
            at = [value_of(self.place(access.sides[dimension], self.box[dimension])) for dimension in self.kept]
            if isinstance(op, memref.LoadOp):
                op.result.replace_all_uses_with(memref.load(self.buffer, at))
            else:
                memref.store(op.operands[0], self.buffer, at)
        indices = list(op.indices)
        op.operation.erase()
        return indices

    def place(self, side: Side, box: Side) -> Index:
        """The index in the buffer of an access, at the insertion point."""
        found: Index = 0
        for variable, factor in side.inner.items():
            found = plus(found, times(variable, factor))
        return plus(found, side.constant - box.low)


def origin_of(box: Box) -> list[Index]:
    """The first indices of a box in its array, made at the insertion point."""
    found: list[Index] = []
    for side in box:
        first: Index = 0
        for value, factor in side.outer.items():
            first = plus(first, times(value, factor))
        found.append(plus(first, side.low))
    return found


def allocate(
    function: func.FuncOp, like: ir.Value, shape: Sequence[int], name: str, element: DType | None = None
) -> ir.Value:
    """Memory of elements as another one has, or of a type, at the top of a function; without extents a single one."""
    element = element or element_of(type_of(function, like))
    type_ = TensorType(element, tuple(shape)) if shape else element
    name = fresh_name(function, name)
    with ir.InsertionPoint.at_block_begin(function.entry_block), ir.Location.name(name, like.location):
        memory: ir.Value = memref.alloca(memory_type(type_), [], [])
    memory.owner.attributes["df.name"] = ir.StringAttr.get(name)
    memory.owner.attributes["df.type"] = ir.StringAttr.get(str(type_))
    return memory


def in_place_of(
    function: func.FuncOp, buffer: ir.Value, shape: Sequence[int], element: DType | None = None
) -> ir.Value:
    """Memory of another shape, or of other elements, that has the name and the storage of a local array from now on."""
    name, old = buffer_name(buffer), buffer.owner.attributes
    old["df.name"] = ir.StringAttr.get("")
    made = allocate(function, buffer, shape, name, element)
    if "df.storage" in old:
        made.owner.attributes["df.storage"] = old["df.storage"]
    return made


def copy_box(
    function: func.FuncOp, box: Box, name: str, body: Callable[[Indices], None], *, written_out: bool = False
) -> None:
    """Loops at the insertion point over the indices of a box from 0 on, around what `body` makes of them.

    If they are `written_out`, no loops but what is in them.
    """
    if written_out:
        for at in itertools.product(*(range(side.extent) for side in box)):
            body(at)
        return

    def build(dimension: int, at: Indices) -> None:
        if dimension == len(box):
            body(at)
        elif box[dimension].extent == 1:
            build(dimension + 1, [*at, 0])
        else:
            loop = scf.ForOp(value_of(0), value_of(box[dimension].extent), value_of(1))
            rename(loop, fresh_name(function, f"{name}_{dimension}"))
            with ir.InsertionPoint(loop.body):
                build(dimension + 1, [*at, loop.induction_variable])
                scf.yield_([])

    build(0, [])


def users_of(function: func.FuncOp, memory: ir.Value) -> list[tuple[str, int]]:
    """The actors that are given the memory of a function, each by its kernel, with how often it is given it."""
    if not isinstance(memory.owner, ir.Block):
        return []
    known = parameters(function)
    position = ir.BlockArgument(memory).arg_number
    place = [n for n, parameter in enumerate(known) if parameter.kind in ("array", "scalar")].index(position)
    region = region_function(function.operation.parent.opview)
    actors = [op for op in region.entry_block.operations if isinstance(op, ActorOp)]
    given = [(op, [each.value for each in op.arrays]) for op in actors]
    names = {arrays[place] for op, arrays in given if op.callee.value == function.name.value}
    return [(op.kernel.value, sum(name in names for name in arrays)) for op, arrays in given if names & set(arrays)]


def type_of(function: func.FuncOp, memory: ir.Value) -> DType | TensorType:
    if isinstance(memory.owner, ir.Block):
        position: int = ir.BlockArgument(memory).arg_number
        return parameters(function)[position].type
    return parse_type(memory.owner.attributes["df.type"].value)
