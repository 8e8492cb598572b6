"""Sums of products, in which the solver finds the same product on both sides without knowing how one multiplies."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from spatial.ir.mlir import arith, ir
from spatial.verify.lemmas.solver import Term
from spatial.verify.lemmas.terms import width_of

__all__ = ["FORMS", "Bits", "Form", "Forms"]

MOST_PRODUCTS = 4096
MOST_SHIFT = 4096
Product = tuple[int, ...]
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Form:
    """An integer: a sum of products of unknown integers, each with a factor, and between which limits it lies."""

    products: Mapping[Product, int]
    limits: Range

    @property
    def number(self) -> int | None:
        """The integer, where it is known."""
        return self.products.get((), 0) if not any(self.products) else None


@dataclass(slots=True)
class Bits:
    """Bits that, read with a sign, are an integer of a known form, or that only the solver's expression tells."""

    forms: "Forms"
    width: int
    form: Form | None = None
    made: Term | None = None

    @property
    def term(self) -> Term:
        """The solver's expression."""
        if self.made is None:
            assert self.form is not None
            self.made = self.forms.expression(self.form, self.width)
        return self.made

    @property
    def integer(self) -> Form:
        """The integer that the bits are, read with a sign; an unknown of its own where there is no form."""
        if self.form is None:
            half = 1 << self.width - 1
            self.form = self.forms.unknown(self.term, (-half, half - 1))
        return self.form

    @property
    def number(self) -> int | None:
        """The integer that the bits are, read with a sign, where it depends on no input."""
        if self.form is not None:
            return self.form.number
        simple = self.forms.z3.simplify(self.term)
        return int(simple.as_signed_long()) if self.forms.z3.is_bv_value(simple) else None


@dataclass(slots=True)
class Forms:
    """The unknown integers of a lemma: expressions of the solver, by number."""

    z3: Any
    unknowns: dict[int, tuple[Term, Range]] = field(default_factory=dict)

    def unknown(self, term: Term, limits: Range) -> Form:
        """An expression as an integer between limits, read with a sign; equal expressions are one."""
        key = int(term.get_id())
        self.unknowns[key] = (term, limits)
        return Form({(key,): 1}, limits)

    def number(self, value: int, width: int) -> Bits:
        """A known number; its upper bits are dropped."""
        half = 1 << width - 1
        value = (value + half) % (1 << width) - half
        return Bits(self, width, Form({(): value} if value else {}, (value, value)))

    def bits(self, form: Form | None, width: int) -> Bits | None:
        """An integer as bits, where so many hold it."""
        half = 1 << width - 1
        if form is None or form.limits[0] < -half or form.limits[1] >= half:
            return None
        return Bits(self, width, form)

    def expression(self, form: Form, width: int) -> Term:
        """The sum of products in the solver's words, all sums in one order."""
        total = None
        for product, factor in sorted(form.products.items()):
            each = self._product(product, width)
            each = each if factor == 1 else each * self.z3.BitVecVal(factor, width)
            total = each if total is None else total + each
        return self.z3.BitVecVal(0, width) if total is None else total

    def _product(self, product: Product, width: int) -> Term:
        """Of two numbers the product has as many bits as both, whoever asks: so that it is the same one."""
        if not product:
            return self.z3.BitVecVal(1, width)
        terms = [self.unknowns[key][0] for key in product]
        exact = sum(term.size() for term in terms)
        made = self._resized(terms[0], exact)
        for term in terms[1:]:
            made = made * self._resized(term, exact)
        return self._resized(made, width)

    def _resized(self, term: Term, width: int) -> Term:
        if term.size() >= width:
            return self.z3.Extract(width - 1, 0, term)
        return self.z3.SignExt(width - term.size(), term)


def _sum(a: Form, b: Form, sign: int = 1) -> Form | None:
    products = dict(a.products)
    for product, factor in b.products.items():
        products[product] = products.get(product, 0) + sign * factor
        if not products[product]:
            del products[product]
    low, high = b.limits if sign == 1 else (-b.limits[1], -b.limits[0])
    return _limited(Form(products, (a.limits[0] + low, a.limits[1] + high)))


def _difference(a: Form, b: Form) -> Form | None:
    return _sum(a, b, -1)


def _product(a: Form, b: Form) -> Form | None:
    if len(a.products) * len(b.products) > MOST_PRODUCTS:
        return None
    products: dict[Product, int] = {}
    for (one, factor), (other, more) in itertools.product(a.products.items(), b.products.items()):
        key = tuple(sorted((*one, *other)))
        products[key] = products.get(key, 0) + factor * more
    corners = [x * y for x in a.limits for y in b.limits]
    return Form({key: factor for key, factor in products.items() if factor}, (min(corners), max(corners)))


def _shifted(a: Form, b: Form) -> Form | None:
    by = b.number
    return None if by is None or not 0 <= by <= MOST_SHIFT else _product(a, Form({(): 1 << by}, (1 << by, 1 << by)))


def _limited(form: Form) -> Form | None:
    return form if len(form.products) <= MOST_PRODUCTS else None


def _two(make: Callable[[Form, Form], Form | None]) -> Callable[[Forms, ir.OpView, list[Bits]], Bits | None]:
    """An operation that is one on integers as long as its result has room for them."""

    def made(forms: Forms, op: ir.OpView, operands: list[Bits]) -> Bits | None:
        a, b = operands
        return forms.bits(make(a.integer, b.integer), a.width)

    return made


def _resized(forms: Forms, op: ir.OpView, operands: list[Bits]) -> Bits | None:
    """Read with a sign it stays what it is, where it has room."""
    width = width_of(op.results[0].type)
    assert width is not None
    return forms.bits(operands[0].integer, width)


def _without_sign(forms: Forms, op: ir.OpView, operands: list[Bits]) -> Bits | None:
    """Read without a sign it is another integer, unless it cannot be negative."""
    (operand,), width = operands, width_of(op.results[0].type)
    assert width is not None
    if operand.form is not None and operand.form.limits[0] >= 0:
        return forms.bits(operand.form, width)
    if (known := operand.number) is not None:
        return forms.number(known % (1 << operand.width), width)
    if width <= operand.width:
        return None
    wide = forms.z3.ZeroExt(1, operand.term)
    return forms.bits(forms.unknown(wide, (0, (1 << operand.width) - 1)), width)


FORMS: Mapping[type, Callable[[Forms, ir.OpView, list[Bits]], Bits | None]] = {
    arith.AddIOp: _two(_sum),
    arith.SubIOp: _two(_difference),
    arith.MulIOp: _two(_product),
    arith.ShLIOp: _two(_shifted),
    arith.ExtSIOp: _resized,
    arith.TruncIOp: _resized,
    arith.IndexCastOp: _resized,
    arith.ExtUIOp: _without_sign,
    arith.IndexCastUIOp: _without_sign,
}
"""What an operation makes of integers; None where the result has no room for it, so that bits are lost."""
