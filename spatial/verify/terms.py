"""What is known of a value while its function is rewritten: its token, and between which integers it lies."""

from dataclasses import dataclass

from spatial.ir.mlir import ir

__all__ = ["Range", "Term", "fits", "hull", "range_of", "width_of"]

Range = tuple[int, int] | None
"""The least and the greatest integer; None where a token is only equal to its value modulo a power of two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A value of the type `kind`: its token stands for an integer in `range` whose low bits are the value's.

    A float is what its token stands for.
    """

    token: ir.Value
    kind: ir.Type
    range: Range = None

    @property
    def point(self) -> int | None:
        """The integer, if it is known."""
        return self.range[0] if self.range is not None and self.range[0] == self.range[1] else None


def width_of(kind: ir.Type) -> int:
    """The bits of an integer; an index has as many as a word."""
    return 64 if isinstance(kind, ir.IndexType) else int(kind.width)


def range_of(width: int, signed: bool) -> tuple[int, int]:
    """All integers of so many bits."""
    return (-(1 << width - 1), (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)


def fits(found: Range, allowed: tuple[int, int]) -> bool:
    """Whether a value surely lies between two others."""
    return found is not None and allowed[0] <= found[0] and found[1] <= allowed[1]


def hull(*ranges: Range) -> Range:
    """The smallest range around all."""
    known = [each for each in ranges if each is not None]
    if len(known) != len(ranges):
        return None
    return min(low for low, _ in known), max(high for _, high in known)
