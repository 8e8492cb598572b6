"""Tensor expressions in the engine against the one table of arithmetic, on random ones."""

import math
import random

import numpy as np
import pytest

import spatial as sp
from spatial.types.dtype import is_float
from spatial.types.values import from_values, numpy_dtype, to_values
from tests.sim.expressions import random_value
from tests.sim.programs import region_of
from tests.sim.tensor_expressions import leaves, random_expression

SEEDS, EXPRESSIONS, LONGEST = 16, 24, 160


def same(found: float, expected: float) -> bool:
    if math.isnan(expected):
        return math.isnan(found)
    return found == expected and math.copysign(1, found) == math.copysign(1, expected)


@pytest.mark.parametrize(("engine", "count"), [("simpy", EXPRESSIONS), ("native", EXPRESSIONS // 3)])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_tensor_expressions_have_the_values_of_the_table(seed, engine, count):
    draw = random.Random(seed)
    inputs = leaves(draw, random_value)
    found = list(inputs)
    for _ in range(4000):
        made = random_expression(draw, found)
        if made is not None and len(made.text) < LONGEST:
            found.append(made)
        if len(found) == len(inputs) + count:
            break
    outputs = [expression for expression in found[len(inputs) :] if expression.value.ndim]
    parameters = [(each.text, each) for each in inputs] + [(f"y{n}", each) for n, each in enumerate(outputs)]
    declared = ", ".join(f"{name}: {name}_type[{', '.join(map(str, e.value.shape))}]" for name, e in parameters)
    lines = ["@sp.region()", "def net():", "    @sp.kernel()", f"    def only({declared}):"]
    for n, expression in enumerate(outputs):
        if is_float(expression.dtype):  # float sums within would be computed for the type of the destination
            lines += [f"        t{n} = {expression.text}", f"        y{n}[:] = t{n}"]
        else:
            lines.append(f"        y{n}[:] = {expression.text}")
    types = {f"{name}_type": expression.dtype for name, expression in parameters}
    region = region_of("\n".join(lines) + "\n", np=np, **types)
    arrays = [from_values(e.value.ravel().tolist(), e.dtype, e.value.shape) for e in inputs]
    results = [np.zeros(e.value.shape, numpy_dtype(e.dtype)) for e in outputs]
    sp.simulate(region, *arrays, *results, engine=engine)
    for expression, result in zip(outputs, results, strict=True):
        values = to_values(result, expression.dtype)
        wrong = [(f, e) for f, e in zip(values, expression.value.ravel(), strict=True) if not same(f, e)]
        assert not wrong, f"{expression.text}: {expression.dtype} has found, expected {wrong[:3]}"
