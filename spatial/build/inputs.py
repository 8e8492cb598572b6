"""Sorts what a run is given by the parameters of the region: arrays, scalars, tokens of streams."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from spatial.build.arguments import BadArgument, NumPyArray, taken_as
from spatial.ir.closing import tokens_name
from spatial.ir.function import Parameter
from spatial.ir.graph import ActorGraph, Array
from spatial.sim.values import encoded
from spatial.source.errors import ProgramError
from spatial.source.span import Span, caller_span
from spatial.types.dtype import DType, Struct
from spatial.types.given import records, value_of
from spatial.types.tensor import TensorType, element_of, shape_of
from spatial.types.values import from_values, numpy_dtype

__all__ = ["Inputs", "encode_tokens", "sorted_inputs"]

OF_RUN = ("depths", "record", "until", "timeout", "calls", "on_deadlock", "progress", "timeline")
OF_SIMULATE = ("device", "engine", "values")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a run is given: arrays in order, scalars as the engine's values, the tokens of each input stream.

    `tokens` have the extents of the stream, then the number of tokens in each channel, then the extents of a token.
    """

    arrays: tuple[object, ...]
    scalars: dict[str, Sequence[object]]
    tokens: dict[str, NumPyArray]


def sorted_inputs(graph: ActorGraph, positional: Sequence[object], named: Mapping[str, object]) -> Inputs:
    """What is given for each parameter, in order or by name, and arrays for what a call returns.

    Output streams are not given.

    Raises `ProgramError` where something does not fit.
    """
    span = caller_span()
    wanted = graph.asked
    by_order = {parameter.name for parameter in wanted[: len(positional)]}
    if problems := [_misnamed(graph, name, by_order, span) for name in named if _is_wrong(name, wanted, by_order)]:
        raise ProgramError(problems)
    if len(positional) + len(named) != len(wanted):
        raise ProgramError([_count(graph, wanted, len(positional) + len(named), span)])
    given = [*positional, *(named[parameter.name] for parameter in wanted[len(positional) :])]
    arrays: list[object] = []
    scalars: dict[str, Sequence[object]] = {}
    tokens: dict[str, NumPyArray] = {}
    problems = []
    by_name = dict(zip((parameter.name for parameter in wanted), given, strict=True))
    for parameter in graph.parameters:
        if parameter.name in graph.outputs:
            continue
        value = by_name[parameter.name] if parameter.name in by_name else _made(parameter)
        match parameter.kind:
            case "array":
                arrays.append(value)
            case "stream":
                _sort(tokens, parameter.name, _tokens(parameter, value, span), problems)
            case _:
                _sort(scalars, parameter.name, _scalar(parameter, value, span), problems)
    if problems:
        raise ProgramError(problems)
    return Inputs(arrays=tuple(arrays), scalars=scalars, tokens=tokens)


def _made(parameter: Parameter) -> NumPyArray:
    """The array for what a call gives back."""
    return np.zeros(shape_of(parameter.type), numpy_dtype(element_of(parameter.type)))


def encode_tokens(graph: ActorGraph, tokens: Mapping[str, NumPyArray]) -> dict[str, Sequence[object]]:
    """The memory of each source, as the engine's values; raises `ProgramError` where a token is outside of its type."""
    memory = {}
    for channel in graph.channels:
        if channel.stream not in tokens:
            continue
        try:
            memory[tokens_name(channel)] = encoded(tokens[channel.stream][channel.indices], element_of(channel.element))
        except ValueError as error:
            title = f"the tokens of `{channel.name}`: {error}"
            raise ProgramError([BadArgument(title=title, span=caller_span())]) from None
    return memory


def _sort(found: dict[str, T], name: str, value: T | BadArgument, problems: list[BadArgument]) -> None:
    if isinstance(value, BadArgument):
        problems.append(value)
    else:
        found[name] = value


def _is_wrong(name: str, wanted: Sequence[Parameter], by_order: Collection[str]) -> bool:
    """Whether an argument has the name of no parameter, or of one that is given already."""
    return name in by_order or all(parameter.name != name for parameter in wanted)


def _misnamed(graph: ActorGraph, name: str, by_order: Collection[str], span: Span) -> BadArgument:
    if name in by_order:
        return BadArgument(title=f"`{name}` of `{graph.name}` is given twice, in order and by name", span=span)
    if name in graph.outputs:
        title = f"`{name}` of `{graph.name}` is not given: kernels put into it"
        return BadArgument(title=title, span=span, hint=f'what they put is in `run.outputs["{name}"]`')
    if name in graph.made:
        title = f"`{name}` of `{graph.name}` is not given: it is returned"
        return BadArgument(title=title, span=span, hint=f"leave it out: `{name} = mod(...)`, or `run.result`")
    if name in (*OF_RUN, *OF_SIMULATE):
        where = (
            "`sp.simulate(...)`" if name in OF_SIMULATE else "`run(...)` of what is built, and of `sp.simulate(...)`"
        )
        title = f"`{name}` is no parameter of `{graph.name}`, and no option here"
        return BadArgument(title=title, span=span, hint=f"it is an option of {where}")
    known = [*(parameter.name for parameter in graph.parameters), *OF_RUN, *OF_SIMULATE]
    close = next(iter(difflib.get_close_matches(name, known, n=1)), "")
    hint = f"did you mean `{close}`?" if close else ""
    return BadArgument(title=f"`{graph.name}` has no parameter `{name}`", span=span, hint=hint)


def _count(graph: ActorGraph, wanted: Sequence[Parameter], given: int, span: Span) -> BadArgument:
    names = ", ".join(parameter.name for parameter in wanted)
    what = "arrays" if all(parameter.kind == "array" for parameter in wanted) else "arguments"
    title = f"`{graph.name}` takes {len(wanted)} {what} ({names}), {given} are given"
    streams = ", ".join(sorted(graph.outputs))
    hint = f"what it puts into {streams} is in `run.outputs`" if given == len(graph.parameters) and streams else ""
    return BadArgument(title=title, span=span, hint=hint)


def _scalar(parameter: Parameter, value: object, span: Span) -> Sequence[object] | BadArgument:
    """A number as the engine holds it, if its type holds it; a float is rounded to the type, as a literal is."""
    dtype = element_of(parameter.type)
    try:
        taken = value_of(value, dtype)
    except ValueError as error:
        title = f"`{parameter.name}` is declared as `{dtype}`: {error}"
        return BadArgument(title=title, span=span)
    return encoded(from_values([taken], dtype, ()), dtype)


def _tokens(parameter: Parameter, value: object, span: Span) -> NumPyArray | BadArgument:
    """The tokens of an input, as many as are given."""
    axes, block, element = parameter.shape, shape_of(parameter.type), element_of(parameter.type)
    try:
        made = _array(value, element)
    except ValueError as error:
        title = f"`{parameter.name}` takes tokens of type `{parameter.type}`: {error}"
        return BadArgument(title=title, span=span)
    if made.size == 0 and made.ndim <= len(axes) + 1 + len(block):
        return np.zeros((*axes, 0, *block), numpy_dtype(element))
    shape = list(made.shape)
    inner = len(shape) - len(block)
    if inner != len(axes) + 1 or tuple(shape[: len(axes)]) != axes or tuple(shape[inner:]) != block:
        extents = ", ".join([*map(str, axes), "n", *map(str, block)])
        title = f"`{parameter.name}` takes tokens of type `{parameter.type}`, the array given has the shape {shape}"
        return BadArgument(title=title, span=span, hint=f"give n tokens in an array of shape [{extents}]")
    declared = Array(name=parameter.name, type=TensorType(element, made.shape))
    return taken_as(declared, made, span, written=False)


def _array(value: object, element: DType) -> NumPyArray:
    """What is given, as an array; an empty list has a type too."""
    if isinstance(element, Struct) and not isinstance(value, np.ndarray):
        return records(value, element, exactly=True)
    empty = isinstance(value, list | tuple) and not value
    return np.asarray(value, dtype=numpy_dtype(element) if empty else None)
