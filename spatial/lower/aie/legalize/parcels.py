"""Blocks of one type that pass between the host and a core together, as parts of one block."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import GetBlockOp, GetOp, PutOp
from spatial.ir.dtypes import scalar_type
from spatial.ir.mlir import arith, ir, memref
from spatial.lower.hls.legalize.build import Parameters, local, made_function, nest
from spatial.source.span import Span
from spatial.types.dtype import DType, index
from spatial.types.tensor import TensorType, element_of, shape_of, size_of

__all__ = ["Parcel", "made_mover"]

Types = tuple[DType | TensorType, ...]
Indices = Sequence[ir.Value]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One token of each of some types, which have elements alike, one behind the other in a block."""

    parts: Types

    @property
    def token(self) -> TensorType:
        """The type of the block."""
        return TensorType(element_of(self.parts[0]), (sum(map(size_of, self.parts)),))

    def offset(self, part: int) -> int:
        """Where in the block a part begins."""
        return sum(map(size_of, self.parts[:part]))

    def place(self, part: int, at: Indices) -> ir.Value:
        """The index in the block of an element of a part, to which its last index is added last."""
        shape = shape_of(self.parts[part])
        found = constant(index, self.offset(part))
        for axis, each in enumerate(at):
            stride = math.prod(shape[axis + 1 :])
            found = arith.addi(found, each if stride == 1 else arith.muli(each, constant(index, stride)))
        return found

    def take(self, whole: ir.Value, part: int, block: ir.Value) -> None:
        """Copies a part of the block into one of its own."""
        self._nest(part, lambda at: _store(memref.load(whole, [self.place(part, at)]), block, at))

    def give(self, value: ir.Value, part: int, whole: ir.Value) -> None:
        """Makes a part of the block what a value, or another block, is."""
        if not isinstance(value.type, ir.MemRefType):
            memref.store(value, whole, [self.place(part, ())])
            return
        self._nest(part, lambda at: _store(memref.load(value, list(at)), whole, [self.place(part, at)]))

    def _nest(self, part: int, body: Callable[[Indices], None]) -> None:
        shape = shape_of(self.parts[part])
        nest(shape, [f"part_{axis}" for axis in range(len(shape))], body, ours=True)


def _store(value: ir.Value, memory: ir.Value, at: Indices) -> None:
    memref.store(value, memory, list(at))


def made_mover(parcel: Parcel, count: int, name: str, kernel: str, span: Span, *, joins: bool) -> str:
    """A function at the insertion point that makes `count` blocks of tokens of each part, or takes blocks apart."""
    streams: Parameters = [(f"part_{n}", "stream", each) for n, each in enumerate(parcel.parts)]
    whole: Parameters = [("whole", "stream", parcel.token)]

    def body(arguments: Sequence[ir.Value]) -> None:
        ends, block = (arguments[:-1], arguments[-1]) if joins else (arguments[1:], arguments[0])
        made = local("whole", parcel.token)
        own = list(_locals(parcel.parts))

        def turn(_: Indices) -> None:
            if not joins:
                GetBlockOp(block, made)
            for part, (end, memory) in enumerate(zip(ends, own, strict=True)):
                (_join if joins else _split)(parcel, part, end, memory, made)
            if joins:
                PutOp(block, made)

        nest([count], ["turn"], turn, ours=True)

    return made_function(name, kernel, [*streams, *whole] if joins else [*whole, *streams], span, body)


def _locals(types: Types) -> Iterator[ir.Value | None]:
    for number, type_ in enumerate(types):
        yield local(f"token_{number}", type_) if isinstance(type_, TensorType) else None


def _join(parcel: Parcel, part: int, end: ir.Value, memory: ir.Value | None, whole: ir.Value) -> None:
    if memory is None:
        element = scalar_type(element_of(parcel.parts[part]))
        parcel.give(GetOp(end, element).value, part, whole)
    else:
        GetBlockOp(end, memory)
        parcel.give(memory, part, whole)


def _split(parcel: Parcel, part: int, end: ir.Value, memory: ir.Value | None, whole: ir.Value) -> None:
    if memory is None:
        PutOp(end, memref.load(whole, [parcel.place(part, ())]))
    else:
        parcel.take(whole, part, memory)
        PutOp(end, memory)
