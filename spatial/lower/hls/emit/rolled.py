"""Arrays of streams: the parameters of a function that are one, and choices among them that are one line."""

from dataclasses import dataclass

from spatial.ir.dialect import GetOp, PutOp
from spatial.ir.mlir import func, ir, scf

__all__ = ["Axis", "Rolled", "StreamArray", "rolled_from", "stream_arrays"]


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
    """A put or a get at the element of an array of streams that `axes` say; a put has a `value`."""

    stream: ir.Value
    axes: tuple["Axis", ...]
    value: ir.Value | None

    @property
    def operands(self) -> list[ir.Value]:
        """The values that writing it uses."""
        given = [self.value] if self.value is not None else []
        return [*(axis.chosen for axis in self.axes if axis.chosen is not None), *given]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """An axis of `extent` streams: the one that is meant is the one `chosen`, divided by `scale`, or all are."""

    extent: int
    chosen: ir.Value | None = None
    scale: int = 1


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
    axes: list[Axis] = []
    for extent, scale in zip(numbers[::2], numbers[1::2], strict=True):
        if extent <= 1:
            axes.append(Axis(extent=abs(extent)))
            continue
        axes.append(Axis(extent=extent, chosen=op.operands[0].owner.opview.lhs, scale=scale))
        left = extent
        while left > 1:
            op, left = _first(op), left // 2
    assert isinstance(op, GetOp | PutOp), "branches lead to a channel operation"
    return Rolled(stream=op.stream, axes=tuple(axes), value=op.value if isinstance(op, PutOp) else None)


def _first(choice: ir.OpView) -> ir.OpView:
    """What the first branch of a choice does."""
    assert isinstance(choice, scf.IfOp)
    return next(op for op in choice.then_block.operations if isinstance(op, scf.IfOp | GetOp | PutOp))
