"""Cuts an array into banks, which are accessed in parallel."""

from collections.abc import Sequence

from spatial.ir.layouts import give_layout, layout_of
from spatial.ir.mlir import ir
from spatial.schedule.memory.requests import array_shape, buffer_name, dimension_of, refused, wrong
from spatial.types.layout import KINDS, Cut, Layout, whole

__all__ = ["partition"]

BANKS = 4096  # the most registers that published flows ask Vitis HLS to make of one array (hls4ml)
Dimensions = int | Sequence[int] | None


def partition(buffer: ir.Value, kind: str = "complete", dim: Dimensions = None, factor: int | None = None) -> Layout:
    """Cuts dimensions of an array, all of them if none is named; the layout that it has then.

    "complete" gives each index along the dimension a bank of its own; "block" cuts it into `factor` blocks; "cyclic"
    deals it out to `factor` banks in turn. What was said of the array before stays: the result serves both, as the
    least layout that does. Values do not change, and each bank has ports of its own.
    """
    array_shape(buffer, "partition")
    asked = _asked(buffer, kind, dim, factor)
    before = layout_of(buffer)
    made = before.join(asked) if before else asked
    if made.banks > BANKS:
        raise _too_many(buffer, made, before)
    give_layout(buffer, made)
    return made


def _asked(buffer: ir.Value, kind: str, dim: Dimensions, factor: int | None) -> Layout:
    """The layout that is asked for by itself."""
    if kind not in KINDS:
        names = ", ".join(f'"{each}"' for each in KINDS)
        raise wrong(f"there is no partition {kind!r}", f"there are {names}")
    if kind == "complete" and factor is not None:
        raise wrong('a "complete" partition takes no factor', 'leave it out, or write `kind="cyclic"`')
    shape = array_shape(buffer, "partition")
    given = range(len(shape)) if dim is None else dim if isinstance(dim, list | tuple | range) else [dim]
    dimensions = [dimension_of(buffer, each, "partition") for each in given]
    cuts = list(whole(shape).cuts)
    for each in dimensions:
        cuts[each] = _cut(buffer, each, kind, factor)
    return Layout(cuts=tuple(cuts))


def _cut(buffer: ir.Value, dimension: int, kind: str, factor: int | None) -> Cut:
    extent = buffer.type.shape[dimension]
    if kind == "complete":
        return Cut(extent=extent, blocks=extent)
    if isinstance(factor, bool) or not isinstance(factor, int) or factor < 1:
        title = f'`factor` of a "{kind}" partition is the number of banks, this is {factor!r}'
        raise wrong(title, "write `factor=2`")
    if extent % factor:
        name = buffer_name(buffer)
        title = f"{factor} banks do not divide the {extent} elements of dimension {dimension} of `{name}` evenly"
        raise refused(title, [(buffer, "declared here")], _factors(extent))
    return Cut(extent=extent, blocks=factor) if kind == "block" else Cut(extent=extent, ways=factor)


def _factors(extent: int) -> str:
    found = [str(number) for number in range(2, min(extent, BANKS) + 1) if extent % number == 0]
    return f"factors that do: {', '.join(found[:8])}{', ...' if len(found) > 8 else ''}" if found else ""


def _too_many(buffer: ir.Value, made: Layout, before: Layout | None) -> Exception:
    title = f"`{buffer_name(buffer)}` would lie in {made.banks:,} banks, at most {BANKS:,} are possible"
    why = f"it is cut as {before} already" if before else "declared here"
    return refused(title, [(buffer, why)], "cut fewer dimensions, or give a smaller `factor`")
