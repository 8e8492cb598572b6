"""The engine's scalars against the one table of arithmetic, on random typed expressions."""

import math
import random
from itertools import islice

import numpy as np
import pytest

import spatial as sp
from spatial.types.arithmetic import Value
from spatial.types.values import from_values, numpy_dtype, to_values
from tests.sim.expressions import (
    Expression,
    Row,
    fields_of,
    operands,
    random_dtype,
    random_expression,
    random_struct,
    random_value,
)
from tests.sim.programs import region_of

SEEDS, OPERANDS, EXPRESSIONS, ROWS = 24, 8, 130, 8


def is_defined(expression: Expression, rows: list[Row]) -> bool:
    """Whether no row divides an integer by zero."""
    try:
        for row in rows:
            expression.value(row)
    except ZeroDivisionError:
        return False
    return True


def same(found: Value, expected: Value) -> bool:
    """Equal to the bit, but for what a NaN carries."""
    if isinstance(expected, float) and math.isnan(expected):
        return isinstance(found, float) and math.isnan(found)
    return found == expected and math.copysign(1, found) == math.copysign(1, expected)


@pytest.mark.parametrize(("engine", "count"), [("simpy", EXPRESSIONS), ("native", EXPRESSIONS // 6)])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_expressions_have_the_values_of_the_table(seed, engine, count):
    draw = random.Random(f"{seed} {engine}" if engine == "native" else seed)
    dtypes = [random_dtype(draw) for _ in range(OPERANDS)] + [random_struct(draw, f"T{n}") for n in range(2)]
    rows: list[Row] = [[random_value(draw, dtype) for dtype in dtypes] for _ in range(ROWS)]
    names: dict[str, object] = {}
    given = operands(dtypes)
    leaves = [*given[:OPERANDS], *(field for struct in given[OPERANDS:] for field in fields_of(struct))]
    drawn = (random_expression(draw, leaves, names) for _ in range(10 * EXPRESSIONS))
    expressions = list(islice((expression for expression in drawn if is_defined(expression, rows)), count))
    parameters = [(f"x{n}", dtype) for n, dtype in enumerate(dtypes)]
    parameters += [(f"y{n}", expression.dtype) for n, expression in enumerate(expressions)]
    declared = ", ".join(f"{name}: {name}_type[{ROWS}]" for name, _ in parameters)
    lines = ["@sp.region()", "def net():", "    @sp.kernel()", f"    def only({declared}):"]
    lines.append(f"        for k in range({ROWS}):")
    lines += [f"            y{n}[k] = {expression.text}" for n, expression in enumerate(expressions)]
    types = {f"{name}_type": dtype for name, dtype in parameters}
    region = region_of("\n".join(lines) + "\n", **{**names, **types})
    columns = [from_values([row[n] for row in rows], dtype, (ROWS,)) for n, dtype in enumerate(dtypes)]
    outputs = [np.zeros(ROWS, numpy_dtype(expression.dtype)) for expression in expressions]
    sp.simulate(region, *columns, *outputs, engine=engine)
    for expression, output in zip(expressions, outputs, strict=True):
        for row, found in zip(rows, to_values(output, expression.dtype), strict=True):
            expected = expression.value(row)
            told = ", ".join(
                f"x{n}: {dtype} = {value}" for n, (dtype, value) in enumerate(zip(dtypes, row, strict=True))
            )
            assert same(found, expected), f"{expression.text} is {found}, not {expected}, for {told}"
