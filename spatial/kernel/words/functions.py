"""The words of the language for functions of floats."""

from typing import Any

from spatial.meta.markers import marker
from spatial.source.errors import outside_kernel

__all__ = [
    "erf",
    "erfc",
    "exp",
    "gelu",
    "layer_norm",
    "log",
    "relu",
    "rsqrt",
    "sigmoid",
    "softmax",
    "sqrt",
    "tanh",
]


@marker
def exp(x: Any) -> Any:
    """e to the power of `x`, a float or an array of floats.

    Error below 0.9 ulp in float64. Narrower floats are computed in float64 and rounded once: below 0.51 ulp, but for
    rare double roundings the float nearest to the true value. Every engine and target gives the same bits.
    `np.exp` and `math.exp` are the same.
    """
    raise outside_kernel("exp")


@marker
def log(x: Any) -> Any:
    """The natural logarithm of a float or of floats: -inf of zero, NaN of what is negative.

    Error below 0.8 ulp in float64; narrower floats as with `sp.exp`. `np.log` and `math.log` are the same.
    """
    raise outside_kernel("log")


@marker
def sqrt(x: Any) -> Any:
    """The square root of a float or of floats, correctly rounded; NaN of what is negative.

    `np.sqrt` and `math.sqrt` are the same.
    """
    raise outside_kernel("sqrt")


@marker
def rsqrt(x: Any) -> Any:
    """`1 / sqrt(x)` of a float or of floats: inf of zero with its sign, NaN of what is negative.

    Error below 1.5 ulp in float64; narrower floats as with `sp.exp`.
    """
    raise outside_kernel("rsqrt")


@marker
def tanh(x: Any) -> Any:
    """The hyperbolic tangent of a float or of floats.

    Error below 1.5 ulp in float64; narrower floats as with `sp.exp`. `np.tanh` and `math.tanh` are the same.
    """
    raise outside_kernel("tanh")


@marker
def sigmoid(x: Any) -> Any:
    """`1 / (1 + exp(-x))` of a float or of floats, without overflow.

    Error below 2 ulp in float64; narrower floats as with `sp.exp`.
    """
    raise outside_kernel("sigmoid")


@marker
def erf(x: Any) -> Any:
    """The error function of a float or of floats.

    Error below 1 ulp in float64; narrower floats as with `sp.exp`. `math.erf` is the same.
    """
    raise outside_kernel("erf")


@marker
def erfc(x: Any) -> Any:
    """`1 - erf(x)` of a float or of floats, as precise where that is small.

    Error below 2 ulp in float64; narrower floats as with `sp.exp`. `math.erfc` is the same.
    """
    raise outside_kernel("erfc")


@marker
def relu(x: Any) -> Any:
    """`maximum(x, 0)` of a number or an array, integers too, in the type of `x`; NaN of NaN."""
    raise outside_kernel("relu")


@marker
def gelu(x: Any) -> Any:
    """`x * erfc(-x / sqrt(2)) / 2` of a float or of floats: the exact GELU, no approximation by `tanh`.

    Error below 2.6 ulp in float64, also where the outcome is tiny; narrower floats as with `sp.exp`. -0.0 of -inf.
    """
    raise outside_kernel("gelu")


@marker
def softmax(x: Any, axis: int = -1) -> Any:
    """`exp(x - m) / sum(exp(x - m))` along an axis of an array of floats, where m is the greatest element there.

    All is computed in float64 in the order of the indices, and rounded once: for n elements, float64 is within
    n + 4 ulp, any narrower type within 0.51 ulp. Takes four cycles for each element, and a float64 array.
    """
    raise outside_kernel("softmax")


@marker
def layer_norm(x: Any, gamma: Any = 1.0, beta: Any = 0.0, eps: float = 1e-5, axis: int = -1) -> Any:
    """`(x - mean) / sqrt(variance + eps) * gamma + beta` of an array of floats.

    The mean and the variance, which divides by the number of elements, are taken along an axis. `gamma` and `beta`
    broadcast with `x`. All is computed in float64 in the order of the indices, and rounded once. Takes three cycles
    for each element.
    """
    raise outside_kernel("layer_norm")
