"""A cell of the conformance table: a program run in a column, at one size and depth."""

import functools
import zlib
from dataclasses import dataclass

import numpy as np

from tests.conformance.engines import Column
from tests.conformance.program import Program, Size

__all__ = ["Outcome", "blank", "calls_of", "difference", "drawn", "run"]

Arrays = tuple[np.ndarray, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What a run gave: its output arrays, and its cycles where the column counts them."""

    outputs: Arrays
    cycles: int | None


def run(program: Program, column: Column, size: Size, depth: int) -> Outcome:
    """Runs a program on the inputs that belong to its name and size; outputs start as zeros."""
    inputs, outputs = drawn(program, size), blank(program, size)
    kept = [array.copy() for array in inputs]
    ran = column.execute(program.make(*size, depth=depth), calls_of(program, (*inputs, *outputs)))
    assert all(map(np.array_equal, inputs, kept)), "an input was changed"
    return Outcome(outputs=(*outputs, *(ran.streams[name] for name in program.streams)), cycles=ran.cycles)


def calls_of(program: Program, arrays: Arrays) -> list[Arrays]:
    """The arguments of each call."""
    return [arrays] if program.calls == 1 else [tuple(a[n] for a in arrays) for n in range(program.calls)]


@functools.cache
def drawn(program: Program, size: Size) -> Arrays:
    """The inputs, the same ones in every column."""
    seed = zlib.crc32(f"{program.name} {size}".encode())
    return program.inputs(np.random.default_rng(seed), *size)


@functools.cache
def expected(program: Program, size: Size) -> Arrays:
    """What the reference makes of the inputs."""
    made = program.reference(size, *drawn(program, size))
    return made if isinstance(made, tuple) else (made,)


def blank(program: Program, size: Size) -> Arrays:
    """The output arrays before a run."""
    arrays = expected(program, size)
    return tuple(np.zeros_like(array) for array in arrays[: len(arrays) - len(program.streams)])


def difference(program: Program, size: Size, outputs: Arrays) -> str:
    """Where outputs are not what they must be, in words; empty if they are right."""
    for number, (given, wanted) in enumerate(zip(outputs, expected(program, size), strict=True)):
        wrong = far_apart(given, wanted, program.ulps)
        if wrong.any():
            at = tuple(map(int, np.argwhere(wrong)[0]))
            return f"output {number} at {at}: {given[at]!r}, not {wanted[at]!r}; {np.count_nonzero(wrong)} differ"
    return ""


def far_apart(given: np.ndarray, wanted: np.ndarray, ulps: int) -> np.ndarray:
    """Which elements differ in a bit, or by more than so many units in the last place of what is wanted."""
    assert (given.dtype, given.shape) == (wanted.dtype, wanted.shape)
    if ulps:
        return np.abs(given - wanted) > ulps * np.spacing(np.abs(wanted))
    as_bytes = np.dtype((np.void, given.dtype.itemsize))
    return np.ascontiguousarray(given).view(as_bytes) != np.ascontiguousarray(wanted).view(as_bytes)
