"""How far the elementary functions are from the true values, and from NumPy and `math`."""

import decimal
import math
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest

from spatial.types import elementary, error_function
from spatial.types.computed import Computed, computed

Algorithm = Callable[[Computed], Computed]
DRAW = np.random.default_rng(11)
DIGITS = decimal.Context(prec=70)
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803")


def exact_tanh(x: Decimal) -> Decimal:
    power = (2 * x).exp()
    return (power - 1) / (power + 1)


def exact_erf(x: Decimal) -> Decimal:
    """The power series, for magnitudes up to 6."""
    term = total = x
    n = 0
    while abs(term) > Decimal(10) ** -66:
        n += 1
        term = -term * x * x / n
        total += term / (2 * n + 1)
    return 2 * total / PI.sqrt()


def exact_erfc(x: Decimal) -> Decimal:
    """The continued fraction where it converges fast, for arguments from -6 on."""
    if x < 6:
        return 1 - exact_erf(x)
    fraction = Decimal(0)
    for k in range(300, 0, -1):
        fraction = Decimal(k) / 2 / (x + fraction)
    return (-x * x).exp() / PI.sqrt() / (x + fraction)


def exact_gelu(x: Decimal) -> Decimal:
    return x * exact_erfc(-x / Decimal(2).sqrt()) / 2


def exact_sigmoid(x: Decimal) -> Decimal:
    return 1 / (1 + (-x).exp())


def error(found: np.ndarray, exact: list[Decimal]) -> float:
    """The greatest distance, in units of the last place of the true value."""
    return max(
        abs(float((Decimal(f) - e) / Decimal(math.ulp(float(e))))) for f, e in zip(found.tolist(), exact, strict=True)
    )


CASES: list[tuple[Algorithm, Callable[[Decimal], Decimal], tuple[float, float], float]] = [
    (elementary.exp, Decimal.exp, (-1, 1), 0.9),
    (elementary.exp, Decimal.exp, (-745, 709.7), 0.9),
    (elementary.log, Decimal.ln, (0.5, 2), 0.8),
    (elementary.log, Decimal.ln, (1e-300, 1e300), 0.8),
    (elementary.tanh, exact_tanh, (-0.625, 0.625), 1.5),
    (elementary.tanh, exact_tanh, (0.6, 23), 1.5),
    (elementary.sigmoid, exact_sigmoid, (-40, 40), 2),
    (elementary.sigmoid, exact_sigmoid, (-700, 1), 2),
    (elementary.rsqrt, lambda x: 1 / x.sqrt(), (0.25, 4), 1.5),
    (error_function.erf, exact_erf, (-0.84375, 0.84375), 1),
    (error_function.erf, exact_erf, (0.84375, 6), 1),
    (error_function.erfc, exact_erfc, (-6, 1.25), 2),
    (error_function.erfc, exact_erfc, (1.25, 26), 2),
    (error_function.gelu, exact_gelu, (-37, -1.7), 2.6),
    (error_function.gelu, exact_gelu, (-1.8, 0.9), 2.6),
    (error_function.gelu, exact_gelu, (0.8, 8), 2.6),
]


@pytest.mark.parametrize(("algorithm", "exact", "interval", "bound"), CASES)
def test_function_is_as_precise_as_its_docstring_says(algorithm, exact, interval, bound):
    grid = np.linspace(*interval, 151)
    samples = np.concatenate([grid, DRAW.uniform(*interval, 300)])
    with decimal.localcontext(DIGITS):
        assert error(computed(algorithm, samples), [exact(Decimal(x)) for x in samples.tolist()]) < bound


FAMILIAR: list[tuple[Algorithm, Callable[[float], float], tuple[float, float]]] = [
    (elementary.exp, math.exp, (-745, 709.7)),
    (elementary.exp, lambda x: float(np.exp(x)), (-2, 2)),
    (elementary.log, math.log, (1e-308, 1e308)),
    (elementary.log, lambda x: float(np.log(x)), (0.3, 3)),
    (elementary.tanh, math.tanh, (-25, 25)),
    (elementary.tanh, lambda x: float(np.tanh(x)), (-1, 1)),
    (error_function.erf, math.erf, (-7, 7)),
]


@pytest.mark.parametrize(("algorithm", "familiar", "interval"), FAMILIAR)
def test_function_is_within_two_ulp_of_numpy_and_math(algorithm, familiar, interval):
    samples = np.concatenate([np.linspace(*interval, 2001), DRAW.uniform(*interval, 20000)])
    expected = np.array([familiar(x) for x in samples.tolist()])
    assert (np.abs(computed(algorithm, samples) - expected) <= 2 * np.spacing(np.abs(expected))).all()


INF, NAN, LEAST = math.inf, math.nan, 5e-324
EDGES: list[tuple[Algorithm, list[tuple[float, float]]]] = [
    (
        elementary.exp,
        [(0.0, 1), (-0.0, 1), (INF, INF), (-INF, 0), (NAN, NAN), (LEAST, 1), (-1e308, 0), (1e308, INF)],
    ),
    (elementary.exp, [(709.782712893384, 1.797693134862273e308), (709.7827128933841, INF), (-745.14, 0)]),
    (elementary.log, [(0.0, -INF), (-0.0, -INF), (INF, INF), (-INF, NAN), (-1, NAN), (NAN, NAN), (1, 0)]),
    (elementary.log, [(LEAST, -744.4400719213812), (2.0**-1022, -708.3964185322641), (2.0**1023, 709.0895657128241)]),
    (elementary.tanh, [(0.0, 0.0), (-0.0, -0.0), (INF, 1), (-INF, -1), (NAN, NAN), (-LEAST, -LEAST), (1e308, 1)]),
    (elementary.sigmoid, [(0.0, 0.5), (INF, 1), (-INF, 0), (NAN, NAN), (-746, 0), (1e308, 1)]),
    (elementary.rsqrt, [(0.0, INF), (-0.0, -INF), (INF, 0), (-1, NAN), (NAN, NAN), (4, 0.5)]),
    (error_function.erf, [(0.0, 0.0), (-0.0, -0.0), (INF, 1), (-INF, -1), (NAN, NAN), (LEAST, LEAST), (6, 1)]),
    (error_function.erfc, [(0.0, 1), (-0.0, 1), (INF, 0), (-INF, 2), (NAN, NAN), (28, 0), (-7, 2)]),
    (error_function.gelu, [(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -0.0), (NAN, NAN), (-40, -0.0), (9, 9)]),
]


@pytest.mark.parametrize(("algorithm", "pairs"), EDGES)
def test_function_keeps_zeros_infinities_and_nan(algorithm, pairs):
    for x, expected in pairs:
        found = float(computed(algorithm, x))
        assert math.isnan(found) if math.isnan(expected) else found == pytest.approx(expected, rel=3e-16, abs=0)
        assert math.isnan(expected) or math.copysign(1, found) == math.copysign(1, expected)


@pytest.mark.parametrize("algorithm", [elementary.exp, elementary.sigmoid, elementary.tanh])
def test_function_never_falls(algorithm):
    samples = np.sort(DRAW.uniform(-50, 50, 50000))
    found = computed(algorithm, samples)
    assert (np.diff(found) >= -2 * np.spacing(np.abs(found[1:]))).all()
