"""Indices that are sums of multiples of variables, and the places they give many iterations at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.analysis.control.expression import Expression, Value
from spatial.ir.mlir import arith
from spatial.lower.aie.movers.tokens import Numbers

__all__ = ["Affine", "Pattern", "affine_of", "pattern_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Affine:
    """A number and multiples of variables."""

    base: int
    terms: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pattern:
    """The flat indices of iterations that are looked at together, but for what other variables add.

    `ends` are the least and the greatest index in each dimension; it is `dense` if it counts from 0 up.
    """

    places: Numbers
    ends: tuple[tuple[int, int], ...]
    dense: bool


def affine_of(expression: Expression) -> Affine | None:
    """The expression as a sum; None where it is none, or is checked to be in bounds of its own."""
    match expression.kind:
        case None:
            return Affine(base=0, terms={expression.value: 1})
        case arith.ConstantOp:
            return Affine(base=expression.value, terms={})
        case arith.AddIOp | arith.SubIOp | arith.MulIOp if expression.width == 64:
            left, right = (affine_of(operand) for operand in expression.operands)
            return None if left is None or right is None else _combined(expression.kind, left, right)
        case arith.IndexCastOp if expression.operands[0].width == 64:
            return affine_of(expression.operands[0])
    return None


def _combined(kind: object, left: Affine, right: Affine) -> Affine | None:
    if kind is not arith.MulIOp:
        sign = -1 if kind is arith.SubIOp else 1
        return _sum(left, right, sign)
    if left.terms and right.terms:
        return None
    factor, other = (left.base, right) if not left.terms else (right.base, left)
    return _sum(Affine(base=0, terms={}), other, factor)


def _sum(left: Affine, right: Affine, factor: int) -> Affine:
    terms = dict(left.terms)
    for variable, times in right.terms.items():
        terms[variable] = terms.get(variable, 0) + times * factor
    return Affine(base=left.base + right.base * factor, terms=terms)


def pattern_of(
    indices: Sequence[Affine], shape: Sequence[int], known: Mapping[int, Value], counts: tuple[int, ...]
) -> Pattern:
    """What variables along axes of iterations give; those that are numbers count as 0."""
    flat = np.zeros(counts, np.int64)
    ends = []
    for index, extent in zip(indices, shape, strict=True):
        place = np.zeros(counts, np.int64)
        for variable, times in index.terms.items():
            value = known[variable]
            if isinstance(value, np.ndarray):
                place += times * value.reshape(value.shape[: len(counts)])
        ends.append((int(place.min()), int(place.max())))
        flat = flat * extent + place
    flat = flat.reshape(-1)
    dense = bool(np.array_equal(flat, np.arange(len(flat))))
    return Pattern(places=flat, ends=tuple(ends), dense=dense)
