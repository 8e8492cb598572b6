"""Whatever a program says, it runs or is refused by a report: no other exception of ours, no hang.

`FUZZ=5000 pytest tests/region/test_fuzz.py -n 2` tries that many programs in place of some hundreds.
"""

import linecache
import os
import random
import signal
import traceback
import warnings
from pathlib import Path

import numpy as np
import pytest

import spatial as sp
from spatial.region.definition import Region
from spatial.region.program import compile_region
from spatial.types.tensor import TensorType
from spatial.types.values import numpy_dtype
from tests.region.mutants import mutant, sources

HERE = Path(__file__).parent
ACCEPTED = [HERE / "accepted.py", HERE / "accepted_postponed.py"]
REJECTED = sorted((HERE / "rejected").glob("*.py"))
PROGRAMS, WRONG = ([p for path in paths for p in sources(path.read_text("utf-8"))] for paths in (ACCEPTED, REJECTED))
COUNT = int(os.environ.get("FUZZ", "240"))
PORTIONS = 8
CYCLES = 60
SECONDS = 20


def is_ours(error: BaseException, file: str) -> bool:
    """Whether an exception comes from inside the package, not from the program's own text."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and frames[-1].filename != file and f"{os.sep}spatial{os.sep}" in frames[-1].filename


def attempt(text: str, name: str) -> str:
    """Executes a program and simulates its region on zeros; what came of it."""
    try:
        code = compile(text, name, "exec")
    except (SyntaxError, ValueError):
        return "no Python"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    names: dict[str, object] = {"__name__": "fuzzed"}
    try:
        exec(code, names)
        region = names.get("program")
        if not isinstance(region, Region):
            return "no region"
        graph = compile_region(region).graph
        arrays = [zeros(array.type) for array in graph.arrays]
        sp.simulate(region, *arrays, until=CYCLES, on_deadlock="return")
    except sp.ProgramError as error:
        return "refused" if str(error) else "refused without a word"
    except Exception as error:
        if is_ours(error, name):
            raise
        return "raised"
    finally:
        del linecache.cache[name]
    return "ran"


def zeros(type_):
    if isinstance(type_, TensorType):
        return np.zeros(type_.shape, numpy_dtype(type_.element))
    return numpy_dtype(type_).type(0)


def test_the_programs_are_found():
    assert len(PROGRAMS) > 15
    assert len(WRONG) > 150


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_mutants_are_run_or_refused(portion):
    outcomes: dict[str, int] = {}
    signal.signal(signal.SIGALRM, hang)
    for number in range(portion, COUNT, PORTIONS):
        rng = random.Random(number)
        text = mutant(rng.choice(rng.choice((PROGRAMS, WRONG))), rng.choice(PROGRAMS), rng)
        signal.alarm(SECONDS)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                outcome = attempt(text, f"<mutant {number}>")
        except BaseException as error:
            error.add_note(f"mutant {number}:\n{text}")
            raise
        finally:
            signal.alarm(0)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    assert "refused without a word" not in outcomes
    assert outcomes.get("ran", 0) + outcomes.get("refused", 0) > sum(outcomes.values()) // 3


def hang(number, frame):
    raise TimeoutError("the program was neither run nor refused in time")
