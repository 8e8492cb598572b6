"""The part of an array that each PE is given: a window of it, or a tile of one that is cut over the mapping."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spatial.kernel.declared.references import ArrayRef
from spatial.source.report import Label, Problem, Report
from spatial.source.span import Span
from spatial.types.dtype import DType
from spatial.types.qualifiers import Placement, S
from spatial.types.tensor import TensorType, shape_of

__all__ = ["BadPlacement", "Tile", "check_placements", "part_of", "tile_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadPlacement:
    """A parameter that cannot be cut over its kernel's mapping as it says."""

    parameter: str
    told: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        title = f"the parameter `{self.parameter}` cannot be cut over the mapping like this"
        return Report(code="parameter/placement", title=title, primary=Label(self.span, self.told), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """What a kernel sees of the array it is given for a parameter: `type`, at an offset in each dimension of `memory`.

    An offset is the start in the array with the extent of a tile and the axis of the mapping that counts
    them; None where it is 0 for all PEs. Dimensions that are not `kept` were dropped by an index.
    """

    type: TensorType | DType
    memory: TensorType | DType
    span: Span
    storage: str = ""
    offsets: tuple[tuple[int, int, int] | None, ...] = ()
    kept: tuple[bool, ...] = ()

    def offset(self, dimension: int, pid: Sequence[int]) -> int:
        """Where the part that the PE `pid` sees begins."""
        start, extent, axis = self.offsets[dimension] or (0, 0, 0)
        return start + extent * pid[axis]


def check_placements(
    name: str, type_: TensorType, placements: Sequence[Placement], mapping: Sequence[int], span: Span
) -> Problem | None:
    """What is wrong with how an array is cut."""
    if len(placements) != len(type_.shape):
        told = f"{len(placements)} placements for {len(type_.shape)} dimensions"
        return BadPlacement(parameter=name, told=told, span=span, hint="give `sp.S(axis)` or `sp.R` for each dimension")
    axes = [placement.axis for placement in placements if isinstance(placement, S)]
    for placement, extent in zip(placements, type_.shape, strict=True):
        if not isinstance(placement, S):
            continue
        if placement.axis >= len(mapping):
            axes_told = "1 axis" if len(mapping) == 1 else f"{len(mapping)} axes"
            told = f"the mapping has {axes_told}, `{placement}` names none of them"
            return BadPlacement(parameter=name, told=told, span=span, hint="axes count from 0")
        if axes.count(placement.axis) > 1:
            told = f"`{placement}` cuts two dimensions, so that no PE would see most of the array"
            return BadPlacement(
                parameter=name, told=told, span=span, hint="cut one of them, and give `sp.R` for the other"
            )
        if extent % mapping[placement.axis]:
            told = f"{extent} elements do not divide into {mapping[placement.axis]} equal parts"
            hint = "make the extent a multiple of the mapping's"
            return BadPlacement(parameter=name, told=told, span=span, hint=hint)
    return None


def tile_of(given: ArrayRef, declared: Tile, placements: Sequence[Placement], mapping: Sequence[int]) -> Tile:
    """The part that a kernel's PEs see of the array given for what is declared."""
    extents = list(shape_of(given.type))
    steps = [(0, 0)] * len(extents)
    for dimension, placement in enumerate(placements):
        if isinstance(placement, S):
            extents[dimension] //= mapping[placement.axis]
            steps[dimension] = extents[dimension], placement.axis
    root, remaining = given.root, iter(steps)
    offsets = []
    for start in given.starts:
        extent, axis = next(remaining) if start.kept else (0, 0)
        whole = start.kept and not extent and not start.cut
        offsets.append(None if whole else (start.at, extent, axis))
    type_ = TensorType(given.type.element, tuple(extents)) if isinstance(given.type, TensorType) else given.type
    return replace(
        declared,
        type=type_,
        memory=root.type,
        offsets=tuple(offsets),
        kept=tuple(start.kept for start in given.starts),
    )


def part_of(given: ArrayRef, tile: Tile, pid: Sequence[int]) -> ArrayRef:
    """What the PE `pid` sees of an array, as the body of a region holds arrays."""
    if given.type == tile.type:
        return given
    origins = [tile.offset(dimension, pid) - start.at for dimension, start in enumerate(given.starts) if start.kept]
    extents = shape_of(tile.type)
    return given[tuple(slice(at, at + extent) for at, extent in zip(origins, extents, strict=True))]
