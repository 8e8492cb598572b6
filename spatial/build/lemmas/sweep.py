"""Tries two functions on every input there is."""

import linecache
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.build.cpu import compile_cpu
from spatial.ir.function import Parameter
from spatial.kernel.words.markers import bitcast
from spatial.sim.errors import RunError, RunFault
from spatial.types.bits import from_bits
from spatial.types.conversion import Value
from spatial.types.dtype import Bool, DType, Fixed, Float, Int, UInt, int64

__all__ = ["MOST_BITS", "Swept", "can_sweep", "sweep"]

MOST_BITS = 24
Function = types.FunctionType


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What came out: how many of `count` inputs were `met` by the condition, and the first that differs or `fails`."""

    count: int
    met: int
    inputs: Mapping[str, Value] | None = None
    fails: str = ""


def can_sweep(inputs: Sequence[Parameter], results: Sequence[DType | None]) -> bool:
    """Whether the inputs are few numbers and the results numbers."""
    plain = all(isinstance(each.type, Int | UInt | Bool | Float | Fixed) for each in inputs)
    return plain and None not in results and sum(each.type.bits for each in inputs) <= MOST_BITS


def sweep(
    first: Function, second: Function, where: Function | None, inputs: Sequence[Parameter], results: Sequence[DType]
) -> Swept:
    """Compares the results, all of them numbers, to the bit, in one loop of machine code over all inputs."""
    bits = sum(each.type.bits for each in inputs)
    text, names = _text(inputs, results, bits, premise=where is not None)
    program = _function(text, {"first": first, "second": second, "where": where, "bitcast": bitcast, **names})
    found = np.full(2, -1, dtype=np.int64)
    try:
        compile_cpu(program, "ideal", None)(found)
    except RunError as error:
        (problem,) = error.problems
        if not isinstance(problem, RunFault) or "number" not in problem.locals:
            raise
        number = int(str(problem.locals["number"]))
        return Swept(count=1 << bits, met=1, inputs=_inputs(inputs, number), fails=f"{problem.what} at {problem.span}")
    at, met = (int(each) for each in found)
    return Swept(count=1 << bits, met=met, inputs=_inputs(inputs, at) if at >= 0 else None)


def _inputs(inputs: Sequence[Parameter], number: int) -> Mapping[str, Value]:
    """The inputs that have a number."""
    found: dict[str, Value] = {}
    for each in inputs:
        assert isinstance(each.type, DType)
        found[each.name] = from_bits(number & ((1 << each.type.bits) - 1), each.type)
        number >>= each.type.bits
    return found


def _text(
    inputs: Sequence[Parameter], results: Sequence[DType], bits: int, *, premise: bool
) -> tuple[str, dict[str, object]]:
    """The text of the loop, and what its names mean."""
    names: dict[str, object] = {"Found": int64[2], "int64": int64, "Number": UInt(bits)}
    lines = ["def sweep(found: Found):", "    met: int64 = 0", "    at: int64 = -1"]
    lines.append(f"    for number in range({1 << bits}, pipeline=False):")
    lines.append("        bits: Number = number")
    offset = 0
    for place, each in enumerate(inputs):
        names |= {f"Input{place}": each.type, f"Bits{place}": UInt(each.type.bits)}
        lines.append(f"        part{place}: Bits{place} = bits >> {offset}")
        lines.append(f"        x{place}: Input{place} = bitcast(part{place}, Input{place})")
        offset += each.type.bits
    given = ", ".join(f"x{place}" for place in range(len(inputs)))
    inside = "        "
    if premise:
        lines.append(f"{inside}if where({given}):")
        inside += "    "
    lines.append(f"{inside}met += 1")
    ones, others = (", ".join(f"{which}{place}" for place in range(len(results))) for which in ("one", "other"))
    lines += [f"{inside}{ones} = first({given})", f"{inside}{others} = second({given})"]
    for place, dtype in enumerate(results):
        names[f"Result{place}"] = UInt(dtype.bits)
        both = (f"bitcast({which}{place}, Result{place})" for which in ("one", "other"))
        lines += [f"{inside}if at < 0 and {' != '.join(both)}:", f"{inside}    at = number"]
    return "\n".join([*lines, "    found[0] = at", "    found[1] = met", ""]), names


def _function(text: str, names: dict[str, object]) -> Function:
    """The function of a text, which Python keeps so that it can be compiled."""
    file = "<all inputs of a lemma>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    made: dict[str, object] = {"__name__": "lemma", **names}
    exec(compile(text, file, "exec"), made)
    function = made["sweep"]
    assert isinstance(function, Function)
    return function
