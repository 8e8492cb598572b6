"""Arrays of streams: the parameters of a function that are one, and choices among them that are one line."""

from dataclasses import dataclass

from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.mlir import func, ir, scf

__all__ = ["Rolled", "StreamArray", "rolled_from", "stream_arrays"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamArray:
    """Channel parameters of a function, from position `first` on, that are an array of streams of this shape."""

    name: str
    first: int
    shape: tuple[int, ...]

    @property
    def others(self) -> range:
        """The positions behind the first."""
        count = 1
        for extent in self.shape:
            count *= extent
        return range(self.first + 1, self.first + count)

    @property
    def extents(self) -> str:
        """Its shape as C++ writes it."""
        return "".join(f"[{extent}]" for extent in self.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolled:
    """A put or a get at the element of an array of streams that indices say.

    `indices` are a value and what it is divided by, None where there is but one, or a number where all so many elements
    are meant.
    """

    stream: ir.Value
    indices: tuple[tuple[ir.Value, int] | int | None, ...]
    value: ir.Value | None

    @property
    def operands(self) -> list[ir.Value]:
        """The values that writing it uses."""
        given = [self.value] if self.value is not None else []
        return [*(each[0] for each in self.indices if isinstance(each, tuple)), *given]


def stream_arrays(function: func.FuncOp) -> list[StreamArray]:
    """The channel parameters of a function that are arrays of streams."""
    if "df.stream_arrays" not in function.attributes:
        return []
    found = []
    for each in function.attributes["df.stream_arrays"]:
        name, first, *shape = (part.value for part in each)
        found.append(StreamArray(name=name, first=first, shape=tuple(shape)))
    return found


def rolled_from(root: ir.OpView, numbers: list[int]) -> Rolled:
    """What a choice comes to, which by its first branches leads to the first element of the array.

    The `numbers` are, for each axis, its extent, negative where the operation is done to all of it, and the scale of
    what it is chosen by.
    """
    op = root
    indices: list[tuple[ir.Value, int] | int | None] = []
    for extent, scale in zip(numbers[::2], numbers[1::2], strict=True):
        if extent < -1:
            indices.append(-extent)
            continue
        indices.append((op.operands[0].owner.opview.lhs, scale) if extent > 1 else None)
        while extent > 1:
            op, extent = _first(op), extent // 2
    assert isinstance(op, GetOp | PutOp), "branches lead to a channel operation"
    return Rolled(stream=op.stream, indices=tuple(indices), value=op.value if isinstance(op, PutOp) else None)


def _first(choice: ir.OpView) -> ir.OpView:
    """What the first branch of a choice does."""
    assert isinstance(choice, scf.IfOp)
    return next(op for op in choice.then_block.operations if isinstance(op, scf.IfOp | GetOp | PutOp))
