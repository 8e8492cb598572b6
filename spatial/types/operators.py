"""The operators of the language, with what a rule for one says."""

from dataclasses import dataclass
from enum import Enum

from spatial.types.checks import MAX_WIDTH
from spatial.types.dtype import DType, Fixed, Int, UInt, is_signed

__all__ = ["BITWISE", "COMPARISONS", "SHIFTS", "Operator", "Signature", "UnaryOperator", "common_width", "integer"]


class Operator(Enum):
    """What two operands can be joined by; `value` is how the user writes it."""

    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "/"
    FLOORDIV = "//"
    MOD = "%"
    AND = "&"
    OR = "|"
    XOR = "^"
    SHL = "<<"
    SHR = ">>"
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    EQ = "=="
    NE = "!="
    MIN = "min"
    MAX = "max"


class UnaryOperator(Enum):
    """What one operand can be put through; `value` is how the user writes it."""

    NEG = "-"
    INVERT = "~"
    NOT = "not"
    ABS = "abs"


SHIFTS = frozenset({Operator.SHL, Operator.SHR})
COMPARISONS = frozenset({Operator.LT, Operator.LE, Operator.GT, Operator.GE, Operator.EQ, Operator.NE})
BITWISE = frozenset({Operator.AND, Operator.OR, Operator.XOR})


@dataclass(frozen=True, slots=True)
class Signature:
    """Operands are converted to `working`, the operation is done there, its outcome is converted to `result`.

    Between integers all three are exact: only `Index` wraps, `~` and a run-time `<<` keep the type, and the `abs`
    of the least `Int(w)` is right once its bits are read as `UInt(w)`. Floats round at each step. A shift's
    amount keeps its own type.

    Fixed-point operands are first converted to the types `aligned`, which loses nothing; `working` is then
    the integer type in which their raw integers are computed, and the outcome is the raw integer of `result`.
    """

    working: DType
    result: DType
    aligned: tuple[Fixed, Fixed] | None = None


def integer(width: int, *, signed: bool) -> Int | UInt | None:
    if width > MAX_WIDTH:
        return None
    return Int(width) if signed else UInt(width)


def common_width(left: DType, right: DType) -> int:
    """Bits that hold both integers; an unsigned one beside a signed one needs a bit for the sign."""
    signed = is_signed(left) or is_signed(right)
    return max(dtype.bits + (signed and not is_signed(dtype)) for dtype in (left, right))
