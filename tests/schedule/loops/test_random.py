"""Random schedules of random nests: what is not refused computes the same, bit for bit."""

import importlib.util
import random

import pytest

import spatial as sp
from spatial.region.program import compile_region
from tests.schedule.loops.random_nests import EXTENT, random_step, source
from tests.schedule.programs import Nests, results

BATCHES, PROGRAMS, STEPS = 8, 8, 12


def region_of(text, path):
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.nests


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_schedules_keep_every_value(batch, tmp_path, record_property):
    """Each step of a schedule is refused, or leaves a module that verifies and computes the same on random arrays."""
    random_ = random.Random(batch)
    taken: dict[str, int] = {}
    for number in range(PROGRAMS):
        text = source(random_)
        nests = Nests(compile_region(region_of(text, tmp_path / f"nests_{number}.py")).module)
        arrays = [[random_.randrange(-99, 99) for _ in range(size)] for size in (EXTENT**2, EXTENT**2, EXTENT)]
        expected = results(nests, arrays, [[]])
        done = []
        for _ in range(STEPS):
            if not nests.names:
                break
            step, keywords = random_step(nests, random_)
            following = Nests(nests.module)
            try:
                following.step(*step, **keywords)
            except sp.ProgramError:
                taken["refused"] = taken.get("refused", 0) + 1
                continue
            done.append((step[0].__name__, *step[1:], keywords))
            assert results(following, arrays, [[]]) == expected, f"{text}\n{done}\n{following.module}"
            taken[step[0].__name__] = taken.get(step[0].__name__, 0) + 1
            nests = following
    record_property("steps", taken)
    assert sum(taken.values()) - taken.get("refused", 0) >= PROGRAMS
