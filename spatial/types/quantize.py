"""Rounds the user's arrays to the values of a type."""

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.types.dtype import Fixed
from spatial.types.fixed import from_float, quantized
from spatial.types.values import from_values

__all__ = ["quantize"]


def quantize(array: npt.ArrayLike, dtype: Fixed) -> npt.NDArray[Any]:
    """A new array of the values that assigning each number to a `Fixed` gives, in the NumPy form of the type.

    Takes numbers or arrays of them, also `fractions.Fraction`; NaN becomes 0. Raises `ProgramError` (api/misuse) for
    another type, or for what is no number.
    """
    if not isinstance(dtype, Fixed):
        title = f"`quantize` rounds to a fixed-point type, not to `{dtype}`"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint="write `sp.quantize(x, sp.Fixed(16, 8))`")])
    given = np.asarray(array)
    values = [_raw(number, dtype) for number in given.astype(object).ravel().tolist()]
    return from_values(values, dtype, given.shape)


def _raw(number: object, dtype: Fixed) -> int:
    match number:
        case int() | np.integer() | np.bool_():
            return quantized(int(number), 0, dtype)
        case Fraction() if (cut := number.denominator.bit_length() - 1) >= 0:
            # Rounding to one unit in the last of many places first could tip a tie: below it stands a sticky bit.
            places = max(cut, dtype.fraction, 0) + 2
            units = number * 2**places
            return quantized(int(units // 1) | (units.denominator != 1), places, dtype)
    try:
        return from_float(float(number), dtype)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        title = f"`quantize` takes numbers, not `{number!r}`"
        raise ProgramError([Misuse(title=title, span=caller_span())]) from None
