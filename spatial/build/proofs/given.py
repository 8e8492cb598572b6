"""What the parameters of a proof begin with."""

from collections.abc import Mapping, Sequence

import numpy as np

from spatial.build.arguments import BadArgument, channel_names, taken_as
from spatial.build.testing.slots import everywhere
from spatial.ir.function import Parameter
from spatial.ir.graph import Array, element_name
from spatial.sim.values import encoded
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, element_of, shape_of, size_of
from spatial.verify.side import Side

__all__ = ["Tokens", "known_of", "offered_of"]

Known = dict[str, Sequence[int | float]]
Tokens = int | Mapping[str, int] | None
"""How many tokens a program is given, in each channel of each stream or of those that are named."""


def known_of(side: Side, inputs: Mapping[str, object]) -> Known:
    """What parameters begin with, as the engine's values, of a stream by its channels.

    Raises `ProgramError` where something does not fit.
    """
    span = caller_span("inputs")
    parameters = {each.name: each for each in side.graph.parameters}
    found: Known = {}
    for name, value in inputs.items():
        if name not in parameters:
            title = f"`{side.name}` has no parameter `{name}`"
            raise ProgramError([Misuse(title=title, span=span, hint=f"its parameters are {', '.join(parameters)}")])
        if parameters[name].stream:
            found |= _tokens(side, parameters[name], value)
        else:
            found[name] = _elements(name, value, parameters[name].type)
    return found


def offered_of(side: Side, known: Known, tokens: Tokens) -> dict[str, int]:
    """How many tokens there are for the channels of inputs, as far as that is said.

    Raises `ProgramError` for what is no number of tokens, or no input.
    """
    inputs = {each.name: each for each in side.graph.channels if each.writer is None}
    if tokens is not None and not inputs:
        title = f"`tokens` says how many go into streams: `{side.name}` is given none"
        raise ProgramError([Misuse(title=title, span=caller_span("tokens"), hint="leave it out")])
    found: dict[str, int] = {}
    for name, count in tokens.items() if isinstance(tokens, Mapping) else [(None, tokens)]:
        if count is None:
            continue
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            title = f"`tokens` is how many, or a dictionary of that, not `{count!r}`"
            raise ProgramError([Misuse(title=title, span=caller_span("tokens"))])
        meant = inputs if name is None else channel_names(side.graph, [name])
        if wrong := [each for each in meant if each not in inputs]:
            title = f"`{wrong[0]}` is no stream that `{side.name}` is given"
            raise ProgramError([Misuse(title=title, span=caller_span("tokens"))])
        found |= dict.fromkeys(meant, count)
    sizes = {name: size_of(each.element) for name, each in inputs.items()}
    return found | {name: len(values) // sizes[name] for name, values in known.items() if name in sizes}


def _tokens(side: Side, parameter: Parameter, value: object) -> Known:
    """The tokens that each channel of a stream is given."""
    span, axes = caller_span("inputs"), parameter.shape
    if parameter.name in side.graph.outputs:
        title = f"`{parameter.name}` is not given: `{side.name}` puts into it"
        raise ProgramError([Misuse(title=title, span=span)])
    array = np.asarray(_given(parameter.name, value))
    if array.ndim <= len(axes):
        title = f"`{parameter.name}` is a stream: it takes an array of tokens, not `{value!r}`"
        raise ProgramError([Misuse(title=title, span=span)])
    shape = (*axes, array.shape[len(axes)], *shape_of(parameter.type))
    flat = _elements(parameter.name, array, TensorType(element_of(parameter.type), shape))
    count = len(flat) // int(np.prod(axes, dtype=np.int64))
    return {
        element_name(parameter.name, indices): flat[number * count : (number + 1) * count]
        for number, indices in enumerate(np.ndindex(axes))
    }


def _given(name: str, value: object) -> object:
    """What is given for a parameter, if it is no function."""
    if callable(value):
        title = f"a proof is about all inputs, or about one: nobody draws `{name}`"
        hint = 'give a number or an array, or test: `mode="test"`'
        raise ProgramError([Misuse(title=title, span=caller_span("inputs"), hint=hint)])
    return value


def _elements(name: str, value: object, type_: TensorType | DType) -> Sequence[int | float]:
    """The elements of a parameter; a number stands for all of them."""
    tensor = type_ if isinstance(type_, TensorType) else TensorType(type_, (1,))
    span = caller_span("inputs")
    value = _given(name, value)
    array = value if isinstance(value, np.ndarray | list) else everywhere(value, name, type_, span)
    array = np.asarray(array)
    whole = np.broadcast_to(array, tensor.shape) if array.size == 1 else array
    taken = taken_as(Array(name=name, type=tensor), whole, span, written=False)
    if isinstance(taken, BadArgument):
        raise ProgramError([taken])
    return [each for each in encoded(taken, tensor.element) if isinstance(each, int | float)]
