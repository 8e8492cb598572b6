"""Random schedules of random programs: what is not refused computes the same, bit for bit, on every engine."""

import importlib.util
import random

import numpy as np
import pytest

import spatial as sp
from tests.customize.random_steps import PREPARED, PRIMITIVES, random_program, random_step

BATCHES, PROGRAMS, STEPS = 8, 9, 14
PROGRAMS_OF_EACH, ENOUGH = 80, 2
U280 = "xcu280@300"


def program_of(text, path):
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.program


def computed(program, **asked):
    """What is in the arrays after a run, and the cycles of that."""
    dice = np.random.default_rng(0)
    arrays = [dice.integers(-99, 99, shape, np.int16) for shape in ((9, 9), (9, 9), (9,))]
    run = sp.simulate(program, *arrays, **asked)
    return [array.tolist() for array in arrays], run.cycles


def takes(s, step):
    """Takes a step; whether it was not refused."""
    name, arguments, keywords = step
    try:
        getattr(s, name)(*arguments, **keywords)
    except sp.ProgramError:
        return False
    return True


@pytest.mark.parametrize("primitive", PRIMITIVES)
def test_every_primitive_keeps_values_amid_random_steps(primitive, tmp_path):
    choose, taken = random.Random(primitive), 0
    drawn = (primitive, *PREPARED.get(primitive, (choose.choice(PRIMITIVES),)))
    for number in range(PROGRAMS_OF_EACH):
        text = random_program(choose, primitive)
        program = program_of(text, tmp_path / f"{primitive}_{number}.py")
        s = sp.customize(program)
        expected, _ = computed(program, engine="simpy")
        for _ in range(STEPS):
            step = random_step(s, choose, drawn)
            if step is None:
                break
            if takes(s, step):
                taken += step[0] == primitive
                assert computed(s, engine="simpy")[0] == expected, f"{text}\n{s}\n{s.module}"
        if taken >= ENOUGH:
            return
    assert taken >= ENOUGH


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_schedules_keep_every_value(batch, tmp_path, record_property):
    choose = random.Random(batch)
    taken = dict.fromkeys(PRIMITIVES, 0)
    for number in range(PROGRAMS):
        text = random_program(choose)
        program = program_of(text, tmp_path / f"program_{number}.py")
        s = sp.customize(program)
        expected, _ = computed(program, engine="simpy")
        for _ in range(STEPS):
            step = random_step(s, choose)
            if step is None:
                break
            if takes(s, step):
                taken[step[0]] += 1
                assert computed(s, engine="simpy")[0] == expected, f"{text}\n{s}\n{s.module}"
        if number % 8 == 0 and s.history:
            assert computed(s, engine="native", device=U280) == computed(s, engine="simpy", device=U280), f"{text}\n{s}"
    record_property("steps", taken)
    assert sum(taken.values()) >= PROGRAMS, taken
