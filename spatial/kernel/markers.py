"""The words of the language that are lowered with a kernel's body."""

from typing import Any

from spatial.meta.markers import marker
from spatial.source.errors import outside_kernel

__all__ = ["grid"]


@marker
def grid(*extents: int, name: str | None = None, pipeline: object = None) -> Any:
    """`for i, j in sp.grid(m, n):` runs over all positions of a box, the last axis fastest."""
    raise outside_kernel("grid")
