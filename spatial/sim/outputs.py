"""What a run gives back through the streams that its program puts into."""

from collections.abc import Mapping, Sequence

import numpy as np

from spatial.ir.graph import ActorGraph, Channel
from spatial.sim.reference.channel import Fifo
from spatial.sim.values import raw
from spatial.types.tensor import element_of, shape_of
from spatial.types.values import from_values

__all__ = ["output_channels", "outputs_of", "together"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]


def output_channels(graph: ActorGraph) -> frozenset[str]:
    """The channels of the streams that a program puts into."""
    return frozenset(channel.name for channel in graph.channels if channel.stream in graph.outputs)


def outputs_of(graph: ActorGraph, fifos: Mapping[str, Fifo]) -> dict[str, Array]:
    """The tokens put into each output stream, in order.

    Of several channels in one stream they are one array if the channels got equally many, else an array of arrays.
    """
    found = {}
    for parameter in graph.parameters:
        if parameter.name not in graph.outputs:
            continue
        channels = {channel.indices: channel for channel in graph.channels if channel.stream == parameter.name}
        empty = from_values([], element_of(parameter.type), (0, *shape_of(parameter.type)))
        parts = [
            _tokens(channels[indices], fifos) if indices in channels else empty
            for indices in np.ndindex(parameter.shape)
        ]
        found[parameter.name] = together(parts, parameter.shape)
    return found


def _tokens(channel: Channel, fifos: Mapping[str, Fifo]) -> Array:
    """The tokens of a channel as one array."""
    element, block = element_of(channel.element), shape_of(channel.element)
    history = fifos[channel.name].history or []
    values = [raw(value, element) for _, token in history for value in _elements(token)]
    return from_values(values, element, (len(history), *block))


def _elements(token: object) -> Sequence[object]:
    return token if isinstance(token, list | tuple) else (token,)


def together(parts: Sequence[Array], shape: tuple[int, ...]) -> Array:
    """The tokens of several channels as one array, if they have equally many, else as an array of arrays."""
    if not shape:
        return parts[0]
    if len({len(part) for part in parts}) == 1:
        return np.stack(parts).reshape(*shape, *parts[0].shape)
    ragged: Array = np.empty(len(parts), dtype=object)
    for position, part in enumerate(parts):
        ragged[position] = part
    return ragged.reshape(shape)
