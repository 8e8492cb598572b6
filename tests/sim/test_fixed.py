"""Fixed point through the simulator: arithmetic, assignments, floats, tables of values, against exact fractions."""

import random
from fractions import Fraction

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, UFixed, float32, float64, int32
from spatial.types.conversion import convert
from spatial.types.values import from_values, numpy_dtype
from tests.sim.programs import region_of
from tests.types.oracle import assigned, computed, random_type, random_value

CASES, ROWS = 60, 24


def exact(dtype, values):
    return from_values([int(value * Fraction(2) ** dtype.fraction) for value in values], dtype, (len(values),))


def run_lines(lines, parameters, arrays):
    """Runs `lines` for every `k` on arrays called as in `parameters`."""
    declared = ", ".join(f"{name}: {name}_type[{len(next(iter(arrays.values())))}]" for name in parameters)
    size = len(next(iter(arrays.values())))
    text = ["@sp.region()", "def net():", "    @sp.kernel()", f"    def only({declared}):"]
    text += [f"        for k in range({size}):", *(f"            {line}" for line in lines)]
    names = {f"{name}_type": dtype for name, dtype in parameters.items()}
    sp.simulate(region_of("\n".join(text) + "\n", **names), *arrays.values())


@pytest.mark.parametrize("seed", range(8))
def test_expressions_quantize_to_what_fractions_say(seed):
    draw = random.Random(seed)
    lines, parameters, arrays, expected = [], {}, {}, {}
    for case in range(CASES):
        left, right, target = (random_type(draw) for _ in range(3))
        operator = draw.choice(["+", "-", "*", "/", "min", "max"])
        pairs = [(random_value(draw, left), random_value(draw, right)) for _ in range(ROWS)]
        if operator == "/":
            pairs = [
                (a, b or Fraction(2) ** -right.fraction * (-1 if right.width == 1 and right.signed else 1))
                for a, b in pairs
            ]
        names = {f"a{case}": left, f"b{case}": right, f"y{case}": target}
        parameters |= names
        arrays |= {f"a{case}": exact(left, [a for a, _ in pairs]), f"b{case}": exact(right, [b for _, b in pairs])}
        arrays[f"y{case}"] = np.zeros(ROWS, numpy_dtype(target))
        joined = (
            f"{operator}(a{case}[k], b{case}[k])" if operator in ("min", "max") else f"a{case}[k] {operator} b{case}[k]"
        )
        lines.append(f"y{case}[k] = {joined}")
        results = [computed(operator, left, a, right, b) for a, b in pairs]
        expected[f"y{case}"] = [value if dtype == target else assigned(value, target) for value, dtype in results]
    run_lines(lines, parameters, arrays)
    for number, (name, wanted) in enumerate(expected.items()):
        found = [Fraction(x) for x in arrays[name].tolist()]
        assert found == wanted, f"{lines[number]}: {[str(parameters[n + name[1:]]) for n in 'aby']}"


@pytest.mark.parametrize("seed", range(3))
def test_floats_and_integers_become_fixed_point_as_the_table_says(seed):
    draw = random.Random(100 + seed)
    lines, parameters, arrays, expected = [], {}, {}, {}
    for case in range(CASES):
        source, target = draw.choice([float32, float64, int32]), random_type(draw)
        unit = 2.0**-target.fraction
        numbers = [draw.choice([draw.gauss(0, 9), draw.randint(-9, 9) + 0.5, 1e25]) * unit for _ in range(ROWS)]
        numbers += [float("nan"), float("inf"), float("-inf")]
        if source == int32:
            numbers = [draw.randint(-(2**20), 2**20) for _ in numbers]
        given = np.array(numbers, numpy_dtype(source))
        parameters |= {f"a{case}": source, f"y{case}": target, f"z{case}": source}
        arrays |= {
            f"a{case}": given,
            f"y{case}": np.zeros(len(given), numpy_dtype(target)),
            f"z{case}": np.zeros_like(given),
        }
        lines += [f"y{case}[k] = a{case}[k]", f"z{case}[k] = z{case}_type(y{case}[k])"]
        expected[f"y{case}"] = [convert(x, source, target) for x in given.tolist()]
        expected[f"z{case}"] = [convert(raw, target, source) for raw in expected[f"y{case}"]]
    run_lines(lines, parameters, arrays)
    for name, raws in expected.items():
        dtype = parameters[name]
        assert arrays[name].tolist() == from_values(raws, dtype, (len(raws),)).tolist(), f"{name}: {dtype}"


def test_a_running_sum_saturates_where_its_type_says():
    total = Fixed(8, 4, overflow="saturate")

    @sp.region()
    def top(A: Fixed(8, 4)[6], S: total[6]):
        @sp.kernel(args=[A, S])
        def add(A: Fixed(8, 4)[6], S: total[6]):
            acc: total = 0
            for k in range(6):
                acc += A[k]
                S[k] = acc

    S = np.zeros(6)
    sp.simulate(top, np.array([5.0, 2.5, 1.0, -3.0, -7.0, -7.0]), S)
    assert S.tolist() == [5.0, 7.5, 7.9375, 4.9375, -2.0625, -8.0]


def test_literals_take_the_type_of_their_partner_and_round_to_it():
    @sp.region()
    def top(A: Fixed(16, 8)[2], Y: Fixed(32, 16)[2], N: int32[2], F: sp.bool_[2]):
        @sp.kernel(args=[A, Y, N, F])
        def work(A: Fixed(16, 8)[2], Y: Fixed(32, 16)[2], N: int32[2], F: sp.bool_[2]):
            for k in range(2):
                Y[k] = A[k] * 0.1 + k
                N[k] = int32(A[k] * 3)
                F[k] = A[k] < 1 and A[k] != 0.5

    Y, N, F = np.zeros(2), np.zeros(2, np.int32), np.zeros(2, bool)
    sp.simulate(top, np.array([0.75, -1.5]), Y, N, F)
    assert Y.tolist() == [0.75 * 25 / 256, -1.5 * 25 / 256 + 1]
    assert N.tolist() == [2, -4]
    assert F.tolist() == [True, True]


def test_fixed_point_goes_through_channels_and_is_recorded_as_numbers():
    @sp.region()
    def top(A: UFixed(8, 8)[3], B: UFixed(8, 8)[3]):
        pipe: sp.Stream[UFixed(8, 8), 4]

        @sp.kernel(args=[A])
        def send(A: UFixed(8, 8)[3]):
            for k in range(3):
                pipe.put(A[k])

        @sp.kernel(args=[B])
        def receive(B: UFixed(8, 8)[3]):
            for k in range(3):
                B[k] = pipe.get()

    A, B = np.array([0.5, 0.99609375, 0.0]), np.zeros(3)
    run = sp.simulate(top, A, B, record=["pipe"])
    assert B.tolist() == A.tolist()
    assert run.trace["pipe"].values == (0.5, 0.99609375, 0.0)


def test_division_by_a_running_zero_is_a_fault():
    @sp.region()
    def top(A: Fixed(8, 4)[1]):
        @sp.kernel(args=[A])
        def work(A: Fixed(8, 4)[1]):
            for k in range(1):
                A[k] = 1 / A[k]

    with pytest.raises(sp.RunError, match="division by zero"):
        sp.simulate(top, np.zeros(1))


def test_an_array_with_other_values_is_refused_before_anything_runs():
    @sp.region()
    def top(A: Fixed(8, 4)[2]):
        @sp.kernel(args=[A])
        def work(A: Fixed(8, 4)[2]):
            A[0] = 1

    with pytest.raises(sp.ProgramError, match=r"the element at \[1\] is 0.1.*sp.quantize"):
        sp.simulate(top, np.array([0.5, 0.1]))
