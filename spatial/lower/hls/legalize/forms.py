"""Indices as affine forms of a function's arguments and loop variables."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from spatial.ir.dialect import WithinOp
from spatial.ir.mlir import arith, ir

__all__ = ["Form", "FormOf", "forms", "guards_of"]

Guards = tuple["Form", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`base` and for each symbol its factor: an argument by its position, a loop by -1, -2, ..."""

    base: int
    terms: tuple[tuple[int, int], ...] = ()

    @property
    def loops(self) -> tuple[tuple[int, int], ...]:
        """The terms of loop variables."""
        return tuple(term for term in self.terms if term[0] < 0)

    def settled(self, values: Mapping[int, int]) -> "Form | None":
        """The form for known arguments, of loop variables alone; None where one is not known."""
        base, loops = self.base, []
        for symbol, factor in self.terms:
            if symbol < 0:
                loops.append((symbol, factor))
            elif symbol in values:
                base += factor * values[symbol]
            else:
                return None
        return Form(base=base, terms=tuple(loops))


FormOf = Callable[[ir.Value], Form | None]


def forms(symbols: Mapping[ir.Value, int]) -> FormOf:
    """What gives the form of an integer, None where it is not affine in the `symbols`, which may grow."""
    known: dict[ir.Value, Form | None] = {}

    def form_of(value: ir.Value) -> Form | None:
        if value in symbols:
            return Form(base=0, terms=((symbols[value], 1),))
        if value not in known:
            known[value] = _computed(value, form_of)
        return known[value]

    return form_of


def guards_of(condition: ir.Value, form_of: FormOf) -> tuple[Guards | None, Guards | None]:
    """Forms of which none is negative where a condition holds, and where it does not; None where they do not tell."""
    owner = condition.owner
    if isinstance(owner, ir.Block) or not isinstance(owner.opview, arith.CmpIOp):
        return None, None
    left, right = (form_of(operand) for operand in owner.opview.operands)
    if left is None or right is None:
        return None, None
    below, above = _difference(right, left), _difference(left, right)  # of which one is negative unless both are 0
    less, more = _sum(below, Form(base=-1)), _sum(above, Form(base=-1))
    match arith.CmpIPredicate(owner.opview.attributes["predicate"].value):
        case arith.CmpIPredicate.slt:
            return (less,), (above,)
        case arith.CmpIPredicate.sle:
            return (below,), (more,)
        case arith.CmpIPredicate.sgt:
            return (more,), (below,)
        case arith.CmpIPredicate.sge:
            return (above,), (less,)
        case arith.CmpIPredicate.eq:
            return (below, above), None
        case arith.CmpIPredicate.ne:
            return None, (below, above)
    return None, None


def _computed(value: ir.Value, form_of: FormOf) -> Form | None:
    if isinstance(value.owner, ir.Block):
        return None
    op = value.owner.opview
    if isinstance(op, arith.ConstantOp):
        number = op.attributes["value"]
        return Form(base=int(number.value)) if isinstance(number, ir.IntegerAttr) else None
    compute = OPERATIONS.get(type(op))
    if compute is None:
        return None
    operands = [form_of(operand) for operand in op.operands]
    found = [operand for operand in operands if operand is not None]
    return compute(*found) if len(found) == len(operands) else None


def _sum(left: Form, right: Form) -> Form:
    return Form(base=left.base + right.base, terms=_merged((*left.terms, *right.terms)))


def _difference(left: Form, right: Form) -> Form:
    return _sum(left, _scaled(right, -1))


def _product(left: Form, right: Form) -> Form | None:
    if not right.terms:
        return _scaled(left, right.base)
    return _scaled(right, left.base) if not left.terms else None


def _scaled(form: Form, factor: int) -> Form:
    return Form(base=form.base * factor, terms=_merged((symbol, each * factor) for symbol, each in form.terms))


def _merged(terms: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    factors: dict[int, int] = {}
    for symbol, factor in terms:
        factors[symbol] = factors.get(symbol, 0) + factor
    return tuple((symbol, factor) for symbol, factor in factors.items() if factor)


OPERATIONS: Mapping[type[ir.OpView], Callable[..., Form | None]] = {
    arith.AddIOp: _sum,
    arith.SubIOp: _difference,
    arith.MulIOp: _product,
    arith.ExtSIOp: lambda form: form,
    arith.IndexCastOp: lambda form: form,
    WithinOp: lambda form: form,
}
