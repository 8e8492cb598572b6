"""Numbers in fixed point: integers of the program that count units, written as the `ap_fixed` that they are.

The program computes with units. A term of units keeps beside it an expression of exactly the same number in `ap_fixed`,
as long as there is one; what needs the units themselves takes those.
"""

from dataclasses import replace
from fractions import Fraction

from spatial.ir.mlir import ir
from spatial.lower.hls.emit.kinds import TRUTH, Kind, Native, Point, Whole, limits_of
from spatial.lower.hls.emit.terms import Level, Term, infix, joined, literal, narrowest, parenthesized, prefix, ternary

__all__ = [
    "absolute_number",
    "assigned",
    "both",
    "called_number",
    "chosen_number",
    "compared_numbers",
    "divided_numbers",
    "floored",
    "joint_numbers",
    "moved",
    "negated_number",
    "number_of",
    "quantized",
    "units_of",
    "variable",
    "with_number",
]

WIDEST = 1024  # bits of an `ap_fixed` unless a program asks for more
EXACT = 53  # bits of a literal of C++


def variable(text: str, kind: Point, *, effect: bool = False, reads: frozenset[ir.Value] = frozenset()) -> Term:
    """The units of a variable of fixed point, or of something like one."""
    number = Term(text=text, kind=kind, effect=effect, reads=reads, simple=not effect and text.isidentifier())
    return units_of(number, kind.fraction)


def units_of(number: Term, unit: int, low: int | None = None, high: int | None = None) -> Term:
    """The units of 2**-`unit` that a number in fixed point counts."""
    kind = number.kind
    assert isinstance(kind, Point)
    whole = Whole(width=kind.width, signed=kind.signed)
    text = f"{whole}({parenthesized(number, Level.PRIMARY)}.range())"
    level = Level.PRIMARY
    if moved := unit - kind.fraction:
        whole = Whole(width=kind.width + moved, signed=kind.signed)
        text, level = f"{whole}({text}) << {moved}", Level.SHIFT
    least, greatest = (limit << moved for limit in limits_of(kind))
    return Term(
        text=text,
        kind=whole,
        low=least if low is None else max(low, least),
        high=greatest if high is None else min(high, greatest),
        level=level,
        simple=number.simple,
        number=number,
        unit=unit,
        **joined(number),
    )


def number_of(term: Term) -> tuple[Term, int] | None:
    """A term as a number, and how many fraction bits its units have: an integer has none."""
    if term.number is not None:
        return term.number, term.unit
    whole = term.constant is None and isinstance(term.kind, Whole | Native)
    return (replace(term, source=None), 0) if whole else None


def both(a: Term, b: Term) -> tuple[Term, Term, int] | None:
    """Two terms as numbers of the same units, where one of them is in fixed point; a constant becomes one."""
    found = _numbers(a, b)
    return (found[0], found[2], found[1]) if found and found[1] == found[3] else None


def _numbers(a: Term, b: Term) -> tuple[Term, int, Term, int] | None:
    """Two numbers, each with its units."""
    first, second = number_of(a), number_of(b)
    if first is None and second is not None:
        first = _constant(a, *second)
    if second is None and first is not None:
        second = _constant(b, *first)
    if first is None or second is None or not (_is_point(first[0]) or _is_point(second[0])):
        return None
    return *first, *second


def _is_point(term: Term) -> bool:
    return isinstance(term.kind, Point)


def _constant(term: Term, partner: Term, unit: int) -> tuple[Term, int] | None:
    """A constant as a number of the type of its partner, if that holds it."""
    if term.constant is None or not isinstance(partner.kind, Point):
        return None
    return _typed(term.constant, unit, partner)


def _typed(units: int, unit: int, partner: Term) -> tuple[Term, int] | None:
    """A number of so many units of 2**-`unit`, of the type of its partner if that has it."""
    value = Fraction(units) / Fraction(2) ** unit
    shape = _as_point(partner.kind)
    kind = Point(width=shape.width, fraction=shape.fraction, signed=shape.signed)
    if not _holds(kind, value):
        tight = narrowest(units, units)
        kind = Point(width=tight.width, fraction=unit, signed=tight.signed)
    text = _literal(value)
    return (Term(text=f"{kind}({text})", kind=kind, simple=True), unit) if text else None


def _holds(kind: Point, value: Fraction) -> bool:
    low, high = limits_of(kind)
    units = value * Fraction(2) ** kind.fraction
    return units.denominator == 1 and low <= units <= high


def _literal(value: Fraction) -> str:
    """A number as C++ spells it; empty where a `double` does not hold it."""
    if abs(value.numerator).bit_length() > EXACT or value.denominator.bit_length() > EXACT:
        return ""
    return str(value.numerator) if value.denominator == 1 and abs(value) < 1 << 31 else repr(float(value))


# Arithmetic


def with_number(term: Term, operator: str, a: Term, b: Term) -> Term:
    """A sum, a difference or a product with its number."""
    if a.number is None and b.number is None:
        return term
    found = _numbers(a, b)
    if operator not in "+-*" or found is None:
        return term
    x, unit, y, other = found
    kind = _result(operator, x.kind, y.kind)
    if kind.width > WIDEST or (operator != "*" and unit != other):
        return term
    return replace(term, number=infix(operator, x, y, kind), unit=unit + other if operator == "*" else unit)


def _result(operator: str, a: Kind, b: Kind) -> Point:
    """The type of an operation on two numbers (UG1399, arbitrary precision fixed-point types)."""
    x, y = _as_point(a), _as_point(b)
    either = x.signed or y.signed
    if operator == "*":
        return Point(width=x.width + y.width, fraction=x.fraction + y.fraction, signed=either)
    common = _common(x, y)
    return Point(width=common.width + 1, fraction=common.fraction, signed=either or operator == "-")


def _as_point(kind: Kind) -> Point:
    match kind:
        case Point():
            return kind
        case Whole(width=width):
            return Point(width=width, fraction=0, signed=kind.signed)
        case Native(width=width):
            return Point(width=width, fraction=0, signed=True)
    raise AssertionError(f"`{kind}` is no number in fixed point")


def _common(x: Point, y: Point) -> Point:
    """The least type that holds the values of two."""
    fraction, signed = max(x.fraction, y.fraction), x.signed or y.signed
    whole = max(each.width - each.fraction + (signed and not each.signed) for each in (x, y))
    return Point(width=whole + fraction, fraction=fraction, signed=signed)


def negated_number(term: Term, a: Term) -> Term:
    """What is below zero what a term is above."""
    if a.number is None or not isinstance(a.number.kind, Point):
        return term
    kind = replace(
        _as_point(a.number.kind), signed=True, width=a.number.kind.width + 1, rounding="floor", overflow="wrap"
    )
    return replace(term, number=prefix("-", a.number, kind), unit=a.unit)


def absolute_number(term: Term, a: Term) -> Term:
    """A call of the helper function `absolute` with its number."""
    if a.number is None or not isinstance(a.number.kind, Point):
        return term
    kind = Point(width=a.number.kind.width + 1, fraction=a.number.kind.fraction, signed=True)
    number = Term(text=f"absolute<{kind}>({a.number.text})", kind=kind, **joined(a))
    return replace(term, number=number, unit=a.unit)


def divided_numbers(term: Term, operator: str, a: Term, b: Term) -> Term:
    """The quotient of two numbers with its number: C++ gives the dividend as many fraction bits as the divisor has."""
    if operator != "/" or (a.number is None and b.number is None):
        return replace(term, number=None)
    if a.number is not None and b.constant is not None:
        fraction = a.unit - _as_point(a.number.kind).fraction
        found = (a.number, a.unit, *divisor) if (divisor := _typed(b.constant, fraction, a.number)) else None
    else:
        found = _numbers(a, b)
    if found is None:
        return term
    x, unit, y, other = found
    first, second = _as_point(x.kind), _as_point(y.kind)
    more = max(second.fraction, 0)
    width = first.width + more + second.signed
    if other != second.fraction or unit != first.fraction + more or width > WIDEST:
        return term
    kind = Point(width=width, fraction=unit - other, signed=first.signed or second.signed)
    return replace(term, number=infix("/", x, y, kind), unit=unit - other)


def compared_numbers(operator: str, a: Term, b: Term) -> Term | None:
    """A comparison of two exact terms as numbers."""
    found = both(a, b) if a.number is not None or b.number is not None else None
    if found is None:
        return None
    x, y = (_as_integer(term, number, found[2]) for term, number in zip((a, b), found[:2], strict=True))
    return infix(operator, x, y, TRUTH, 0, 1)


def _as_integer(term: Term, number: Term, unit: int) -> Term:
    """A constant that has no fraction as a literal."""
    if term.constant is None:
        return number
    value = Fraction(term.constant) / Fraction(2) ** unit
    return literal(value.numerator) if value.denominator == 1 and abs(value) < 1 << 31 else number


def chosen_number(term: Term, condition: Term, a: Term, b: Term) -> Term:
    """One of two terms with its number, both arms of one type."""
    found = both(a, b) if a.number is not None or b.number is not None else None
    if found is None:
        return term
    kind = _joint(found[0].kind, found[1].kind)
    x, y = (number if number.kind == kind else _converted(number, kind) for number in found[:2])
    return replace(term, number=ternary(condition, x, y, kind), unit=found[2])


def called_number(term: Term, helper: str, *terms: Term) -> Term:
    """A call of a helper function, whose arguments and result are of one type, with its number."""
    numbers = both(*terms) if len(terms) == 2 and any(each.number for each in terms) else None
    if numbers is None:
        return term
    kind = _joint(numbers[0].kind, numbers[1].kind)
    text = f"{helper}<{kind}>({numbers[0].text}, {numbers[1].text})"
    return replace(term, number=Term(text=text, kind=kind, **joined(*terms)), unit=numbers[2])


def joint_numbers(a: Term, b: Term) -> tuple[Point, int, tuple[str, str]] | None:
    """A type that holds either of two numbers, the units that they count, and how they are written."""
    if (found := both(a, b)) is None:
        return None
    return _joint(found[0].kind, found[1].kind), found[2], (found[0].text, found[1].text)


def _joint(a: Kind, b: Kind) -> Point:
    return a if a == b and isinstance(a, Point) else _common(_as_point(a), _as_point(b))


def _converted(number: Term, kind: Point) -> Term:
    return Term(text=f"{kind}({number.text})", kind=kind, source=number, **joined(number))


# Shifts, which only change what the units are


def moved(term: Term, a: Term, amount: int) -> Term:
    """A term shifted to the left without a loss: the same number in smaller units."""
    found = number_of(a)
    return term if found is None else replace(term, number=found[0], unit=found[1] + amount)


def floored(term: Term, a: Term, amount: int) -> Term:
    """A term shifted to the right."""
    found = quantized(a, amount, None, "floor")
    return term if found is None else replace(term, number=found.number, unit=found.unit)


def quantized(term: Term, cut: int, target: Point | None, rounding: str) -> Term | None:
    """Exact units without their lowest bits, rounded and brought into the range of a type, if there is one."""
    number, unit = term.number, term.unit - cut
    if number is None or _as_point(number.kind).fraction - unit >= _as_point(number.kind).width:
        return None  # the open headers do not round what lies below the last bit altogether
    least, greatest = (term.low >> cut, -(-term.high >> cut)) if cut > 0 else (term.low << -cut, term.high << -cut)
    if target is None:
        tight = narrowest(least, greatest)
        kind = Point(width=tight.width, fraction=unit, signed=tight.signed, rounding=rounding)
    else:
        if target.width == 1:
            return None  # the limits of a single bit differ in the open headers
        kind = replace(target, fraction=unit, rounding=rounding)
        least, greatest = (min(max(each, limits_of(kind)[0]), limits_of(kind)[1]) for each in (least, greatest))
    return units_of(_converted(number, kind), unit, least, greatest)


# Variables


def assigned(term: Term, kind: Point, helpers: set[str]) -> Term:
    """What a variable of a kind is assigned so that it holds a term's units."""
    found = _constant_for(term.constant, kind) if term.constant is not None else _number_for(term, kind)
    if found is not None:
        return found
    helpers.add("from_units")
    return Term(text=f"from_units<{kind}>({term.text})", kind=kind, **joined(term))


def _constant_for(units: int, kind: Point) -> Term | None:
    least = limits_of(kind)[0]
    units = (units - least) % (1 << kind.width) + least
    text = _literal(Fraction(units) / Fraction(2) ** kind.fraction)
    return Term(text=text, kind=kind, simple=True) if text and _keeps(kind, units, units) else None


def _number_for(term: Term, kind: Point) -> Term | None:
    """A term as the number that a variable takes and keeps; none where only the units will do."""
    found = number_of(term)
    if found is None or found[1] != kind.fraction:
        return None
    number = found[0]
    if number.source is not None and _converts_alike(number, kind):
        return number.source
    return number if number.kind == kind or _keeps(kind, term.low, term.high) else None


def _keeps(kind: Point, low: int, high: int) -> bool:
    """Whether a variable takes units between two as the program does, which cuts them."""
    least, greatest = limits_of(kind)
    if kind.overflow == "symmetric" and kind.signed:
        least = -greatest
    return kind.overflow == "wrap" or (least <= low and high <= greatest)


def _converts_alike(number: Term, kind: Point) -> bool:
    """Whether a variable of a kind rounds and cuts what it is given as a conversion does."""
    made, source = number.kind, number.source
    assert isinstance(made, Point)
    assert source is not None
    rounds = made.rounding == kind.rounding or _as_point(source.kind).fraction <= kind.fraction
    if kind.overflow == "wrap":
        return rounds and made.overflow == "wrap" and made.fraction == kind.fraction
    return rounds and replace(made, rounding=kind.rounding) == kind
