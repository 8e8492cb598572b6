"""Sums of loop variables, as sets of integers have them and as index arithmetic."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import islpy

from spatial.analysis.dependence.affine import Affine, Floor, Leaf, plus, text
from spatial.analysis.dependence.sets import IN
from spatial.ir.mlir import ir
from spatial.schedule import indices
from spatial.schedule.indices import Index

__all__ = ["Extreme", "extreme_of", "index_of", "sum_of"]

PARAM, DIV = islpy.dim_type.param, islpy.dim_type.div


@dataclass(frozen=True, slots=True, kw_only=True)
class Extreme:
    """The greatest or the least of some sums."""

    sums: tuple[Affine, ...]
    greatest: bool

    @property
    def number(self) -> int | None:
        """Its value where that is always the same."""
        return self.sums[0].constant if len(self.sums) == 1 and not self.sums[0].terms else None

    def text(self, names: Mapping[ir.Value, str]) -> str:
        """As isl writes it."""
        parts = [f"({text(each, names)})" for each in self.sums]
        word = "max" if self.greatest else "min"
        return functools.reduce(lambda one, other: f"{word}({one}, {other})", parts)

    def index(self, values: Mapping[ir.Value, ir.Value]) -> Index:
        """Its value at the insertion point, where `values` stand for variables."""
        chosen = indices.greatest if self.greatest else indices.least
        return functools.reduce(chosen, [index_of(each, values) for each in self.sums])


def extreme_of(function: islpy.PwAff, variables: Sequence[ir.Value], parameters: Sequence[ir.Value]) -> Extreme | None:
    """What a function of loop variables is, wherever it is defined; None if neither the greatest nor the least of sums.

    The variables are those of its dimensions.
    """
    pieces: list[islpy.Aff] = []
    function = function.coalesce()
    function.foreach_piece(lambda _, piece: pieces.append(piece))
    domain = function.domain()
    whole = [islpy.PwAff.from_aff(piece).intersect_domain(domain) for piece in pieces]
    for greatest in (True, False):
        chosen = functools.reduce(islpy.PwAff.max if greatest else islpy.PwAff.min, whole)
        if domain.is_subset(function.eq_set(chosen)):
            return Extreme(sums=tuple(sum_of(each, variables, parameters) for each in pieces), greatest=greatest)
    return None


def sum_of(given: islpy.Aff, variables: Sequence[ir.Value], parameters: Sequence[ir.Value]) -> Affine:
    """A quasi-affine function as a sum of loop variables, of values fixed before the loops, and of quotients."""
    scale = int(given.get_denominator_val().to_python())
    found = _plain(given.scale_val(given.get_denominator_val()), variables, parameters)
    return _quotient(found, scale)


def _plain(given: islpy.Aff, variables: Sequence[ir.Value], parameters: Sequence[ir.Value]) -> Affine:
    """A function with whole factors."""
    found = Affine(constant=int(given.get_constant_val().to_python()))
    leaves: list[tuple[islpy.dim_type, int, Leaf]] = []
    leaves += [(PARAM, place, value) for place, value in enumerate(parameters)]
    leaves += [(IN, place, value) for place, value in enumerate(variables)]
    for kind, place, leaf in leaves:
        found = _added(found, given, kind, place, leaf)
    for place in range(given.dim(DIV)):
        if not given.get_coefficient_val(DIV, place).is_zero():
            inside = given.get_div(place)
            divisor = int(inside.get_denominator_val().to_python())
            dividend = _plain(inside.scale_val(inside.get_denominator_val()), variables, parameters)
            found = _added(found, given, DIV, place, Floor(dividend=dividend, divisor=divisor))
    return found


def _added(found: Affine, given: islpy.Aff, kind: islpy.dim_type, place: int, leaf: Leaf) -> Affine:
    count = int(given.get_coefficient_val(kind, place).to_python())
    return plus(found, Affine(constant=0, terms=frozenset({(leaf, 1)})), count) if count else found


def _quotient(found: Affine, divisor: int) -> Affine:
    """A sum by what it is surely a multiple of."""
    if divisor == 1:
        return found
    return Affine(constant=0, terms=frozenset({(Floor(dividend=found, divisor=divisor), 1)}))


def index_of(given: Affine, values: Mapping[ir.Value, ir.Value]) -> Index:
    """A sum at the insertion point, where `values` stand for variables."""
    found: Index = 0
    for leaf, count in sorted(given.terms, key=lambda term: -term[1]):
        if isinstance(leaf, Floor):
            part = indices.divided(index_of(leaf.dividend, values), leaf.divisor)
        else:
            part = values.get(leaf, leaf)
        found = indices.plus(found, indices.times(part, count))
    low = given.constant < 0
    return indices.minus(found, -given.constant) if low else indices.plus(found, given.constant)
