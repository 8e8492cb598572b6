"""Arithmetic on integers whose terms need only agree with them in their lowest bits.

An integer of `width` bits of the program is written as a term whose value agrees with it modulo 2**width. So widening
and cutting cost no cast: one is written only where an operation needs the value itself.
"""

from dataclasses import replace

from spatial.lower.hls.emit.kinds import INT, LONG, TRUTH, Kind, Native, Truth, Whole, limits_of
from spatial.lower.hls.emit.points import (
    chosen_number,
    compared_numbers,
    divided_numbers,
    floored,
    moved,
    negated_number,
    with_number,
)
from spatial.lower.hls.emit.terms import Term, cast, infix, literal, narrowest, prefix, ternary

__all__ = [
    "bitwise",
    "chosen",
    "compared",
    "difference",
    "divided",
    "negation",
    "product",
    "shifted_left",
    "shifted_right",
    "signed",
    "stored",
    "sum_of",
    "truth",
    "unsigned",
]

WIDEST = 1024  # bits of an `ap_int` unless a program asks for more


def signed(term: Term, width: int) -> Term:
    """The integer of so many bits itself, read with a sign."""
    return _exact(term, Whole(width=width, signed=True))


def unsigned(term: Term, width: int) -> Term:
    """The integer of so many bits itself, read without a sign."""
    return _exact(term, Whole(width=width, signed=False))


def _exact(term: Term, kind: Whole) -> Term:
    low, high = limits_of(kind)
    if low <= term.low and term.high <= high:
        return term
    if term.constant is not None:
        return literal((term.constant - low) % (1 << kind.width) + low)
    return cast(term, kind)


def stored(term: Term, kind: Kind) -> Term:
    """A term for a variable of a kind, which takes what it needs of it."""
    if isinstance(kind, Truth):
        return truth(term)
    if isinstance(term.kind, Truth) or not isinstance(kind, Native):
        return term
    low, high = limits_of(kind)
    return term if isinstance(term.kind, Native) and low <= term.low and term.high <= high else cast(term, kind)


def truth(term: Term) -> Term:
    """The lowest bit as a `bool`."""
    if isinstance(term.kind, Truth):
        return term
    if term.constant is not None:
        return Term(text="true" if term.constant & 1 else "false", kind=TRUTH, low=0, high=1, simple=True)
    one = term if (term.low, term.high) in {(0, 1), (-1, 0)} else cast(term, Whole(width=1, signed=False))
    return infix("!=", one, literal(0), TRUTH, 0, 1)


def negation(term: Term) -> Term:
    """The opposite of a condition."""
    if term.parts is not None and isinstance(term.parts[1].kind, Truth | Native | Whole) and term.parts[0] in OPPOSITE:
        operator, a, b = term.parts
        return infix(OPPOSITE[operator], a, b, TRUTH, 0, 1)
    return prefix("!", truth(term), TRUTH, 0, 1)


OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def sum_of(a: Term, b: Term, width: int) -> Term:
    if b.constant == 0 and not isinstance(a.kind, Truth):
        return a
    if a.constant == 0 and not isinstance(b.kind, Truth):
        return b
    if b.negated is not None:
        return difference(a, b.negated, width)
    if b.constant is not None and b.constant < 0:
        return difference(a, literal(-b.constant), width)
    return _widened("+", a, b, a.low + b.low, a.high + b.high, width)


def difference(a: Term, b: Term, width: int) -> Term:
    if a.constant == 0 and not isinstance(b.kind, Truth):
        return _negated(b, width)
    if b.constant == 0 and not isinstance(a.kind, Truth):
        return a
    return _widened("-", a, b, a.low - b.high, a.high - b.low, width)


def product(a: Term, b: Term, width: int) -> Term:
    if b.constant == 1 and not isinstance(a.kind, Truth):
        return a
    corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    return _widened("*", a, b, min(corners), max(corners), width)


def divided(operator: str, a: Term, b: Term, width: int) -> Term:
    """The quotient toward zero, or the remainder that belongs to it, of two exact terms."""
    reach = max(abs(a.low), abs(a.high))
    if operator == "%":
        reach = min(reach, max(abs(b.low), abs(b.high)) - 1)
    low, high = (0 if a.low >= 0 and (operator == "%" or b.low >= 0) else -reach), reach
    if operator == "%" and a.high <= 0:
        high = 0
    if (a.constant, b.constant) != (None, None) and _native(a, b) and b.low <= 0 <= b.high:
        a = cast(a, narrowest(a.low, a.high))
    return divided_numbers(_widened(operator, a, b, low, high, width), operator, a, b)


def _negated(term: Term, width: int) -> Term:
    if isinstance(term.kind, Native) and not _fits_native(-term.high, -term.low, (term,)):
        term = cast(term, narrowest(term.low, term.high))
    kind = term.kind
    if isinstance(kind, Whole):
        kind = Whole(width=kind.width + 1, signed=True)
    opposite = negated_number(prefix("-", term, kind, -term.high, -term.low), term)
    return replace(_capped(opposite, width), negated=term)


def _widened(operator: str, a: Term, b: Term, low: int, high: int, width: int) -> Term:
    """An operation whose result lies between `low` and `high`, in a kind that holds it."""
    if a.constant is not None and b.constant is not None and operator in "+-*":
        return literal(low)
    if _native(a, b):
        if _fits_native(low, high, (a, b)):
            kind = LONG if LONG in (a.kind, b.kind) else INT
            return infix(operator, a, b, kind, low, high)
        a = cast(a, narrowest(a.low, a.high))
    term = infix(operator, a, b, _result(operator, a, b), low, high)
    return _capped(with_number(term, operator, a, b), width)


def _native(*terms: Term) -> bool:
    return all(isinstance(term.kind, Native | Truth) for term in terms)


def _fits_native(low: int, high: int, terms: tuple[Term, ...]) -> bool:
    least, greatest = limits_of(LONG if any(term.kind == LONG for term in terms) else INT)
    return least <= low and high <= greatest


def _capped(term: Term, width: int) -> Term:
    """The term, cut to the width of the program where it has become far wider."""
    if isinstance(term.kind, Whole) and term.kind.width > max(min(2 * width, WIDEST), width + 40):
        return cast(term, Whole(width=width, signed=True))
    return term


def _as_whole(term: Term) -> Whole:
    """How an operand of an `ap_int` counts."""
    match term.kind:
        case Whole():
            return term.kind
        case Truth():
            return Whole(width=1, signed=False)
        case Native(width=width):
            return Whole(width=width, signed=True)
    raise AssertionError("a float is no integer")


def _result(operator: str, a: Term, b: Term) -> Whole:
    """The type of an operation on two `ap_int` (UG1399, arbitrary precision integers)."""
    x, y = _as_whole(a), _as_whole(b)
    either = x.signed or y.signed
    common = max(x.width + (y.signed and not x.signed), y.width + (x.signed and not y.signed))
    match operator:
        case "+":
            return Whole(width=common + 1, signed=either)
        case "-":
            return Whole(width=common + 1, signed=True)
        case "*":
            return Whole(width=x.width + y.width, signed=either)
        case "/":
            return Whole(width=x.width + y.signed, signed=either)
        case "%":
            return Whole(width=min(x.width, y.width + (x.signed and not y.signed)), signed=x.signed)
    return Whole(width=common, signed=either)


def bitwise(operator: str, a: Term, b: Term, width: int) -> Term:
    """`&`, `|` or `^`; terms agree in the lowest bits, so the results do."""
    if isinstance(a.kind, Truth) and isinstance(b.kind, Truth):
        if operator == "^" and b.text == "true":
            return negation(a)
        return infix({"&": "&&", "|": "||", "^": "!="}[operator], a, b, TRUTH, 0, 1)
    if isinstance(a.kind, Truth) or isinstance(b.kind, Truth):
        a, b = _without_truth(a, b), _without_truth(b, a)
    if b.constant == -1 and operator == "^" and not isinstance(a.kind, Truth):
        return _complement(a, width)
    low, high = _bit_range(operator, a, b)
    kind = (LONG if LONG in (a.kind, b.kind) else INT) if _native(a, b) else _result(operator, a, b)
    return infix(operator, a, b, kind, low, high)


def _complement(a: Term, width: int) -> Term:
    """The term with all bits turned; an `ap_uint` has no bits above its own, so it gets them where they count."""
    kind = a.kind
    if isinstance(kind, Whole) and not kind.signed and kind.width < width:
        a = cast(a, Whole(width=kind.width + 1, signed=True))
    top = 1 << a.kind.width if isinstance(a.kind, Whole) and not a.kind.signed else 0
    return prefix("~", a, a.kind, top + ~a.high, top + ~a.low)


def _bit_range(operator: str, a: Term, b: Term) -> tuple[int, int]:
    if operator == "&" and (a.low >= 0 or b.low >= 0):
        return 0, min(term.high for term in (a, b) if term.low >= 0)
    bits = max(narrowest(min(term.low, -1), term.high).width for term in (a, b))
    return (0 if a.low >= 0 and b.low >= 0 else -(1 << (bits - 1))), (1 << (bits - 1)) - 1


def shifted_left(a: Term, b: Term, width: int) -> Term:
    """Shifts to the left by less than the width; bits above it are lost."""
    amount, given = b.constant, a
    if amount is not None and a.constant is not None and abs(a.constant) << amount < 1 << (width - 1):
        return literal(a.constant << amount)
    if amount is not None and _native(a) and a.low >= 0 and _fits_native(0, a.high << amount, (a,)):
        kind = a.kind if isinstance(a.kind, Native) else INT
        return moved(infix("<<", a, b, kind, a.low << amount, a.high << amount), a, amount)
    if not isinstance(a.kind, Whole) or a.kind.width < width:
        a = cast(a, Whole(width=width, signed=not isinstance(a.kind, Whole) or a.kind.signed))
    low, high = limits_of(a.kind)
    if amount is not None and low <= a.low << amount and a.high << amount <= high:
        return moved(infix("<<", a, _amount(b), a.kind, a.low << amount, a.high << amount), given, amount)
    return infix("<<", a, _amount(b), a.kind, low, high)


def shifted_right(a: Term, b: Term) -> Term:
    """Shifts an exact term to the right by less than its width."""
    amount = b.constant
    if _native(a) and (a.low < 0 or not isinstance(a.kind, Native)):
        a = cast(a, narrowest(a.low, a.high))
    low, high = (a.low >> amount, a.high >> amount) if amount is not None else (min(a.low, 0), max(a.high, 0))
    shifted = infix(">>", a, _amount(b), a.kind, low, high)
    return shifted if amount is None else floored(shifted, a, amount)


def _amount(term: Term) -> Term:
    return term if isinstance(term.kind, Native) else cast(term, INT)


def compared(operator: str, a: Term, b: Term) -> Term:
    """A comparison of two exact terms; where their types differ in sign both get one."""
    if a.text == b.text and not a.effect:
        return truth(literal(int(operator in ("==", "<=", ">="))))
    if numbers := compared_numbers(operator, a, b):
        return numbers
    if isinstance(a.kind, Truth) != isinstance(b.kind, Truth):
        a, b = _without_truth(a, b), _without_truth(b, a)
    if not isinstance(a.kind, Truth) and not isinstance(b.kind, Truth):
        a, b = _with_sign_of(a, b), _with_sign_of(b, a)
    return infix(operator, a, b, TRUTH, 0, 1)


def _without_truth(term: Term, _: Term) -> Term:
    return cast(term, INT) if isinstance(term.kind, Truth) else term


def _with_sign_of(term: Term, other: Term) -> Term:
    """A term without a sign, with one where it meets a term that may be negative."""
    kind = term.kind
    if not isinstance(kind, Whole) or kind.signed:
        return term
    if (isinstance(other.kind, Whole) and not other.kind.signed) or (isinstance(other.kind, Native) and other.low >= 0):
        return term
    return cast(term, Whole(width=kind.width + 1, signed=True))


def chosen(condition: Term, a: Term, b: Term, width: int) -> Term:
    """One of two terms; both arms are of one type."""
    if a.kind != b.kind:
        kind = _common(a, b, width)
        a, b = (term if _native(term) and isinstance(kind, Native) else _recast(term, kind) for term in (a, b))
    else:
        kind = a.kind
    term = ternary(condition, a, b, kind, min(a.low, b.low), max(a.high, b.high))
    return chosen_number(term, condition, a, b)


def _recast(term: Term, kind: Kind) -> Term:
    """A term as another kind, which knows a constant still."""
    made = cast(term, kind)
    return replace(made, constant=term.constant) if (made.low, made.high) == (term.low, term.high) else made


def _common(a: Term, b: Term, width: int) -> Kind:
    """A kind that two terms agree in as integers of a width."""
    low, high = min(a.low, b.low), max(a.high, b.high)
    if _native(a, b):
        return LONG if LONG in (a.kind, b.kind) else INT
    for kind in (term.kind for term in (a, b) if isinstance(term.kind, Whole)):
        least, greatest = limits_of(kind)
        if kind.width == width or (least <= low and high <= greatest):
            return kind
    return Whole(width=width, signed=low < 0)
