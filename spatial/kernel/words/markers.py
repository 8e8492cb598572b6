"""The words of the language that are lowered with a kernel's body."""

from typing import Any

from spatial.meta.markers import channel_word, marker
from spatial.source.errors import outside_kernel

__all__ = ["bitcast", "grid", "pack", "reduction", "select", "unpack"]


@marker
def grid(*extents: int | str, name: str | None = None, pipeline: object = None) -> Any:
    """`for i, j in sp.grid(m, n):` runs over all positions of a box, the last axis fastest.

    A schedule calls its loops by the name, `sp.grid(m, n, name="PE")` or `sp.grid(m, n, "PE")`.
    """
    raise outside_kernel("grid")


@marker
def reduction(*bounds: int, name: str | None = None, pipeline: object = None) -> Any:
    """`for k in sp.reduction(n):` counts as `range` does; a schedule may change the order, also of sums of floats."""
    raise outside_kernel("reduction")


@marker
def bitcast(value: object, dtype: object) -> Any:
    """`sp.bitcast(x, T)` reads the bits of `x` as a `T`, which has as many; every NaN has the bits of the quiet one."""
    raise outside_kernel("bitcast")


@marker
def pack(*values: object) -> Any:
    """`sp.pack(a, b, A[0, :])` is one `UInt` of all the bits, at most 1024, the first value in the lowest."""
    raise outside_kernel("pack")


@marker
def unpack(word: object, *types: object) -> Any:
    """`a, b = sp.unpack(w, int8, int16)` takes a word apart, the lowest bits first.

    With a single type as many as there are: `v: int8[4] = sp.unpack(w, int8)`. A part of an array type is an
    array: `sp.sum(sp.unpack(w, int8[4]))`.
    """
    raise outside_kernel("unpack")


@channel_word
def select(*channels: Any) -> Any:
    """`k, token = sp.select(a, b)` takes a token from the channel whose oldest token was put first.

    `k` counts the channels in the order given; an array of channels, or a part of one, stands for all of
    its channels: `sp.select(fifo)`, `sp.select(fifo[i, :])`. Waits while all are empty. Of tokens put in
    the same cycle that comes first whose channel follows, in turn, the one chosen last.
    """
    raise outside_kernel("select")
