"""Puts the texts of `print` and `assert` together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from spatial.ir.dialect import AssertOp, PrintOp, TextOp
from spatial.ir.dtypes import parse_dtype
from spatial.ir.mlir import ir
from spatial.sim.values import decode
from spatial.types.dtype import DType

__all__ = ["Form", "Printed", "form_of", "joined"]

CONVERTED: Mapping[str, Callable[[object], object]] = {"s": str, "r": repr, "a": ascii}


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A text that an actor printed, at the place that the number `site` means."""

    cycle: int
    actor: str
    text: str
    site: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a value becomes text: by its type, a conversion and a format."""

    dtype: DType
    conversion: str
    form: str

    def __call__(self, value: object) -> str:
        """The text of a value as the engine holds it."""
        known = decode(value, self.dtype)
        return format(CONVERTED[self.conversion](known) if self.conversion else known, self.form)


def form_of(op: TextOp) -> Form:
    """The form that an operation keeps."""
    return Form(dtype=parse_dtype(op.dtype.value), conversion=op.conversion.value, form=op.form.value)


def joined(op: PrintOp | AssertOp, texts: list[str]) -> str:
    """The Python expression of a message; `texts` are those of its values."""
    given = iter(texts)
    pieces = [repr(piece.value) if isinstance(piece, ir.StringAttr) else next(given) for piece in op.pieces]
    return " + ".join(pieces) or "''"
