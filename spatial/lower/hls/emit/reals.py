"""Floats as terms: constants and comparisons."""

import math
import struct

from spatial.lower.hls.emit.kinds import FLOAT, HALF, TRUTH, Real
from spatial.lower.hls.emit.terms import Level, Term, infix

__all__ = ["compared_reals", "real_constant"]

ORDERED = {"OLT": "<", "OLE": "<=", "OGT": ">", "OGE": ">=", "OEQ": "==", "UNE": "!="}


def real_constant(value: float, kind: Real) -> Term:
    """A float known now."""
    if math.isnan(value) or math.isinf(value):
        text = "NAN" if math.isnan(value) else "INFINITY" if value > 0 else "-INFINITY"
        return Term(text=f"{kind}({text})", kind=kind, simple=True)
    text = repr(value)
    if kind == FLOAT:
        text = f"{_shortest(value)}f"
    if kind == HALF:
        return Term(text=f"half({text})", kind=kind, simple=True)
    level = Level.PREFIX if text.startswith("-") else Level.PRIMARY
    return Term(text=text, kind=kind, level=level, simple=True)


def _shortest(value: float) -> str:
    """The fewest digits that give a float32 back."""
    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        if _as_float32(float(text)) == value:
            return repr(float(text))
    return repr(value)


def _as_float32(value: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.inf


def compared_reals(predicate: str, a: Term, b: Term) -> Term:
    """A comparison of two floats, false where one is NaN but for `!=`."""
    if predicate in ORDERED:
        return infix(ORDERED[predicate], a, b, TRUTH, 0, 1)
    raise KeyError(predicate)
