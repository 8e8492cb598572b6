"""Sorts what a run is given by the parameters of the region: arrays, scalars."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatial.build.arguments import BadArgument
from spatial.ir.graph import ActorGraph
from spatial.meta.fingerprint import plain_number
from spatial.sim.values import encoded
from spatial.source.errors import ProgramError
from spatial.source.span import Span, caller_span
from spatial.types.conversion import convert, fits
from spatial.types.dtype import DType, Int, float64
from spatial.types.tensor import TensorType
from spatial.types.values import from_values

__all__ = ["Inputs", "sorted_inputs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a run is given: arrays in order, as given, and scalars by name, as the engine's values."""

    arrays: tuple[object, ...]
    scalars: dict[str, list[object]]


def sorted_inputs(graph: ActorGraph, given: Sequence[object]) -> Inputs:
    """What is given for each kind of parameter; raises `ProgramError` where the number or a scalar is wrong."""
    span = caller_span()
    if len(given) != len(graph.parameters):
        names = ", ".join(parameter.name for parameter in graph.parameters)
        what = "arrays" if len(graph.arrays) == len(graph.parameters) else "arguments"
        title = f"`{graph.name}` takes {len(graph.parameters)} {what} ({names}), {len(given)} are given"
        raise ProgramError([BadArgument(title=title, span=span)])
    arrays: list[object] = []
    scalars: dict[str, list[object]] = {}
    problems: list[BadArgument] = []
    for parameter, value in zip(graph.parameters, given, strict=True):
        if isinstance(parameter.type, TensorType):
            arrays.append(value)
            continue
        found = _scalar(parameter.name, parameter.type, value, span)
        if isinstance(found, BadArgument):
            problems.append(found)
        else:
            scalars[parameter.name] = found
    if problems:
        raise ProgramError(problems)
    return Inputs(arrays=tuple(arrays), scalars=scalars)


def _scalar(name: str, dtype: DType, value: object, span: Span) -> list[object] | BadArgument:
    """A number as the engine holds it, if its type holds it; a float is rounded to the type, as a literal is."""
    number = plain_number(value)
    if not isinstance(number, bool | int | float):
        title = f"`{name}` is declared as `{dtype}`, it is given a value of type `{type(value).__name__}`"
        return BadArgument(title=title, span=span, hint="give a number")
    if not fits(number, dtype):
        title = f"`{name}` is declared as `{dtype}`, which does not hold `{value}`"
        return BadArgument(title=title, span=span)
    converted = convert(number, float64 if isinstance(number, float) else Int(1024), dtype)
    return encoded(from_values([converted], dtype, ()), dtype)
