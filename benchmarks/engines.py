"""How long each engine takes for the array, on one core: the best of some repetitions."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

import spatial as sp
from benchmarks.program import Case
from spatial.build.simulate import Simulator, compile_simulator
from spatial.lower.llvm.layout import NEVER
from spatial.lower.llvm.module import compiled
from spatial.sim.native.compiled import NativeProgram, compile_native
from spatial.sim.native.engine import NativeRun

__all__ = [
    "NoCompiler",
    "run_by_hand",
    "seconds_by_hand",
    "seconds_of_calls",
    "seconds_of_reference",
    "seconds_timed",
    "seconds_to_compile",
    "seconds_to_first_result",
    "seconds_untimed",
]

REPETITIONS = 15


class NoCompiler(Exception):
    """There is no C compiler on this machine."""


def seconds_of_reference(case: Case) -> float:
    """The reference engine of the package, with compiling and results left out as far as a call allows."""
    module, arrays = compile_simulator(case.region(), engine="simpy"), case.arrays()
    begun = time.process_time()
    module(*arrays)
    return time.process_time() - begun


def seconds_timed(case: Case) -> float:
    """The native engine's machine code: values, time and all that is counted."""
    return _seconds_of_code(case, timed=True)


def seconds_untimed(case: Case) -> float:
    """The machine code of the target "cpu": values."""
    return _seconds_of_code(case, timed=False)


def _seconds_of_code(case: Case, *, timed: bool) -> float:
    simulator = compile_simulator(case.region())
    program = compile_native(simulator.network, timed=timed)
    return min(_run(simulator, program, case) for _ in range(REPETITIONS))


def _run(simulator: Simulator, program: NativeProgram, case: Case) -> float:
    A, B, C = case.arrays()
    _, _, memory = simulator.prepared((A, B, C), {})
    depths = {channel.name: channel.depth for channel in program.network.graph.channels}
    run = NativeRun(program, depths, memory, NEVER)
    begun = time.process_time()
    run.advance()
    seconds = time.process_time() - begun
    assert np.array_equal(np.reshape(run.image.arrays["C"], C.shape), A @ B)
    return seconds


def seconds_of_calls(case: Case, make: Callable[[Case], Callable[..., object]]) -> float:
    """The shortest of some whole calls of a built module, with everything that Python does for them."""
    module, (A, B, C) = make(case), case.arrays()
    found = []
    for _ in range(REPETITIONS):
        begun = time.process_time()
        module(A, B, C)
        found.append(time.process_time() - begun)
    assert np.array_equal(C, A @ B)
    return min(found)


def seconds_to_compile(case: Case) -> float:
    """Machine code for the five specializations, from the compiled module."""
    simulator = compile_simulator(case.region())
    compiled.cache_clear()
    begun = time.process_time()
    compile_native(simulator.network)
    return time.process_time() - begun


def seconds_to_first_result(case: Case) -> float:
    """From the Python source of the region to the results of its first run."""
    region, arrays = case.region(), case.arrays()
    compiled.cache_clear()
    begun = time.process_time()
    sp.simulate(region, *arrays, engine="native")
    return time.process_time() - begun


def seconds_by_hand(case: Case) -> float:
    """The same in C by hand, compiled by gcc; raises `NoCompiler` where there is none."""
    seconds, _ = run_by_hand(case)
    return seconds


def run_by_hand(case: Case) -> tuple[float, int]:
    """The seconds that the program by hand takes, and the cycle in which its last actor ends."""
    words = [str(_compiled_by_hand()), str(case.size), str(case.steps), str(REPETITIONS)]
    seconds, cycles, _ = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    return float(seconds), int(cycles)


@cache
def _compiled_by_hand() -> Path:
    if (compiler := shutil.which("gcc")) is None:
        raise NoCompiler
    program = Path(tempfile.mkdtemp()) / "handwritten"
    source = Path(__file__).with_name("handwritten.c")
    subprocess.run([compiler, "-O2", "-march=native", "-o", program, source], check=True)
    return program
