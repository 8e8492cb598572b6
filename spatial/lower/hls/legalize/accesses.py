"""Where a function touches its arrays, and in which loops."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spatial.analysis.loops import body_of, is_endless
from spatial.ir.dialect import GetBlockOp, PeekBlockOp, SelectBlockOp
from spatial.ir.function import loads, operations, stores
from spatial.ir.layouts import layout_of
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir, memref, scf
from spatial.lower.hls.legalize.forms import Form, FormOf, forms, guards_of
from spatial.source.span import Span

__all__ = ["Access", "Loop", "Touches", "touches_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A counted loop; what is not affine is None."""

    symbol: int
    low: Form | None
    high: Form | None
    step: Form | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A place that touches elements of the array at a parameter's position.

    `indices` are None where all elements may be touched, at once or in any order; an index is None where it is not
    affine. It is `certain` if it happens in each iteration of its `loops`, which are outermost first, in which no form
    of its `guards` is negative.
    """

    position: int
    reads: bool
    writes: bool
    indices: tuple[Form | None, ...] | None
    loops: tuple[Loop, ...]
    certain: bool
    span: Span
    guards: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a place: loops, outermost first, and guards; it is `certain` if nothing else decides."""

    loops: tuple[Loop, ...] = ()
    guards: tuple[Form, ...] = ()
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Touches:
    """All accesses of a function to its arrays, in the order of the text; `endless` if it never returns.

    The arrays at the positions `banked` are cut into banks.
    """

    accesses: tuple[Access, ...]
    endless: bool
    banked: frozenset[int] = frozenset()

    def at(self, position: int) -> tuple[Access, ...]:
        """Those to the array at a position."""
        return tuple(access for access in self.accesses if access.position == position)


def touches_of(function: func.FuncOp) -> Touches:
    """What a function does with its arrays."""
    arguments = list(function.arguments)
    arrays = {each: n for n, each in enumerate(arguments) if isinstance(each.type, ir.MemRefType)}
    walk = Walk(arrays, {each: n for n, each in enumerate(arguments) if is_integer(each.type)})
    found = tuple(walk.block(function.entry_block, Around()))
    return Touches(
        accesses=found,
        endless=any(map(is_endless, operations(function.entry_block))),
        banked=frozenset(n for array, n in arrays.items() if layout_of(array)),
    )


def is_integer(kind: ir.Type) -> bool:
    """Whether a value can be part of an index."""
    return isinstance(kind, ir.IndexType | ir.IntegerType)


FILLS = (GetBlockOp, PeekBlockOp, SelectBlockOp)
"""The operations that surely write all of a block."""


class Walk:
    """Goes through a function's text; `arrays` and `symbols` are its arguments by position."""

    def __init__(self, arrays: dict[ir.Value, int], symbols: dict[ir.Value, int]) -> None:
        self.arrays = arrays
        self.symbols = symbols
        self.form_of: FormOf = forms(symbols)
        self.loops = 0

    def block(self, block: ir.Block, around: Around) -> Iterator[Access]:
        for op in block.operations:
            yield from self.touched(op, around)
            if isinstance(op, scf.ForOp):
                yield from self.block(op.body, replace(around, loops=(*around.loops, self.loop(op))))
            elif isinstance(op, scf.IfOp):
                yield from self.branch(op, around)
            else:
                for inner in body_of(op):
                    yield from self.block(inner, replace(around, certain=False))

    def branch(self, op: scf.IfOp, around: Around) -> Iterator[Access]:
        """Both sides of a branch, each behind a guard where indices decide."""
        guards = guards_of(op.condition, self.form_of)
        for inner, guard in zip(body_of(op), guards, strict=False):
            certain = around.certain and guard is not None
            yield from self.block(inner, replace(around, guards=(*around.guards, *(guard or ())), certain=certain))

    def loop(self, op: scf.ForOp) -> Loop:
        self.loops += 1
        low, high, step = (self.form_of(bound) for bound in list(op.operands)[:3])
        self.symbols[op.induction_variable] = -self.loops
        return Loop(symbol=-self.loops, low=low, high=high, step=step)

    def touched(self, op: ir.OpView, around: Around) -> Iterator[Access]:
        """The arrays that an operation itself touches."""
        for position in sorted({self.arrays[each] for each in op.operands if each in self.arrays}):
            indices = None
            if isinstance(op, memref.LoadOp | memref.StoreOp):
                indices = tuple(map(self.form_of, op.indices))
            yield Access(
                position=position,
                reads=loads(op),
                writes=stores(op),
                indices=indices,
                loops=around.loops,
                guards=around.guards,
                certain=around.certain and (indices is not None or isinstance(op, FILLS)),
                span=span_of(op.location),
            )
