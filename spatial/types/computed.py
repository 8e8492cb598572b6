"""Computes the algorithms of `spatial.types.elementary` on NumPy arrays."""

from collections.abc import Callable, Mapping
from typing import Self

import numpy as np
import numpy.typing as npt

from spatial.types.terms import Kind, Step, Term

__all__ = ["Computed", "computed"]

Array = npt.NDArray[np.generic]
Reals = npt.NDArray[np.float64]


def computed(algorithm: Callable[["Computed"], "Computed"], values: npt.ArrayLike) -> Reals:
    """What an algorithm makes of numbers, in float64: to the bit what its emission computes."""
    with np.errstate(all="ignore"):
        made = algorithm(Computed(np.asarray(values, np.float64), Kind.REAL))
        return np.asarray(made.value, np.float64)


class Computed(Term):
    """A term with its values."""

    def __init__(self, value: Array, kind: Kind) -> None:
        self.value = value
        self.kind = kind

    def constant(self, number: float, kind: Kind) -> Self:
        return type(self)(np.asarray(number, np.float64 if kind is Kind.REAL else np.int64), kind)

    def made(self, step: Step, kind: Kind, *operands: Self) -> Self:
        return type(self)(np.asarray(STEPS[step](*(operand.value for operand in operands))), kind)


def _truncated(x: Array) -> Array:
    return np.where(np.isnan(x), 0.0, x).astype(np.int64)


STEPS: Mapping[Step, Callable[..., Array]] = {
    Step.ADD: np.add,
    Step.SUBTRACT: np.subtract,
    Step.MULTIPLY: np.multiply,
    Step.DIVIDE: np.divide,
    Step.LESS: np.less,
    Step.EQUAL: np.equal,
    Step.ABSOLUTE: np.abs,
    Step.SIGNED_LIKE: np.copysign,
    Step.ROOT: np.sqrt,
    Step.CHOOSE: np.where,
    Step.TRUNCATE: _truncated,
    Step.CONVERT: lambda n: n.astype(np.float64),
    Step.TO_BITS: lambda x: x.view(np.int64),
    Step.FROM_BITS: lambda n: n.view(np.float64),
    Step.WHOLE_ADD: np.add,
    Step.WHOLE_SUBTRACT: np.subtract,
    Step.WHOLE_AND: np.bitwise_and,
    Step.SHIFT_LEFT: np.left_shift,
    Step.SHIFT_RIGHT: np.right_shift,
}
