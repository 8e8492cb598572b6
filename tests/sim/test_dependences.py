"""Loops whose iterations overlap read what earlier iterations stored, wherever their indices meet."""

import random

import numpy as np
import pytest

import spatial as sp
from tests.sim.programs import region_of


def index(rng, variables):
    """A sum of loop variables, as they come."""
    parts = [f"{rng.choice((1, 1, 2))} * {variable}" for variable in variables if rng.random() < 0.6]
    return " + ".join([str(rng.randint(0, 4)), *parts])


def element(rng, variables, dimensions):
    return f"M[{', '.join(index(rng, variables) for _ in range(dimensions))}]"


def statements(rng, element):
    """What one iteration does with the array."""
    for _ in range(rng.randint(1, 3)):
        kind = rng.choice(("if", "add", "set", "set"))
        target, one, other = element(), element(), element()
        if kind == "if":
            yield f"if i % 2 == 0:\n    {target} = {one} {rng.choice('+-')} {other}"
        else:
            yield f"{target} += {one}" if kind == "add" else f"{target} = {one} * 3 - {other}"


def program(seed):
    """A nest of loops over one array, given or local, with random indices."""
    rng = random.Random(seed)
    dimensions = rng.choice((1, 2))
    variables = ("i", "j", "k")[: rng.choice((1, 2, 3))]
    body = list(statements(rng, lambda: element(rng, variables, dimensions)))
    shape, dtype = ("[40]", "[20, 20]")[dimensions - 1], rng.choice(("int32", "float32"))
    lines = []
    for depth, variable in enumerate(variables):
        low, step = rng.choice((0, 0, 1)), rng.choice((1, 1, 1, 2))
        lines.append(f"{'    ' * depth}for {variable} in range({low}, {low + rng.randint(2, 4)}, {step}):")
    lines += ["    " * len(variables) + line for text in body for line in text.splitlines()]
    lines = [f"M: {dtype}{shape} = A", *lines, "A[:] = M"] if rng.random() < 0.5 else lines
    if not lines[0].startswith("M:"):
        lines = [line.replace("M[", "A[") for line in lines]
    text = ["@sp.region()", f"def net(A: {dtype}{shape}):", "    @sp.kernel()", f"    def pe(A: {dtype}{shape}):"]
    start = np.arange(40 if dimensions == 1 else 400).astype(dtype) % 11
    region = region_of("\n".join([*text, *("        " + line for line in lines)]) + "\n")
    return region, start if dimensions == 1 else start.reshape(20, 20)


@pytest.mark.parametrize("seed", range(12))
def test_random_indices_give_the_values_of_loops_that_do_not_overlap(seed):
    region, start = program(seed)
    wanted, cycles = start.copy(), set()
    sp.simulate(region, wanted)
    for engine in ("simpy", "native"):
        found = start.copy()
        cycles.add(sp.simulate(region, found, device="xcu280@300", engine=engine).cycles)
        assert np.array_equal(found, wanted, equal_nan=True), engine
    assert len(cycles) == 1
