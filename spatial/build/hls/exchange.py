"""What a call of a design is given and gives back, as bytes in the order of its parameters."""

import struct
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from spatial.build.hls.data import from_file, to_file
from spatial.ir.function import Parameter
from spatial.ir.graph import ActorGraph, element_name
from spatial.lower.hls.emit.codec import file_bytes
from spatial.sim.outputs import together
from spatial.sim.values import decoded, raw
from spatial.types.tensor import element_of, shape_of, size_of
from spatial.types.values import from_values

__all__ = ["Results", "inputs_as_bytes", "results_of"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]
Results = tuple[dict[str, Array], dict[str, Array]]
COUNT = struct.Struct("<Q")


def inputs_as_bytes(graph: ActorGraph, memory: Mapping[str, Sequence[object]]) -> bytes:
    """The values of arrays and scalars, by name, and of tokens, by that of the memory of a source."""
    return b"".join(part for parameter in graph.parameters for part in _given(parameter, graph, memory))


def _given(parameter: Parameter, graph: ActorGraph, memory: Mapping[str, Sequence[object]]) -> Iterator[bytes]:
    element = element_of(parameter.type)
    if not parameter.stream:
        yield to_file(memory[parameter.name], element)
    elif parameter.name not in graph.outputs:
        for indices in np.ndindex(parameter.shape):
            tokens = memory[element_name(f"{parameter.name}.tokens", indices)]
            yield COUNT.pack(len(tokens) // size_of(parameter.type))
            yield to_file(tokens, element)


def results_of(graph: ActorGraph, written: frozenset[str], data: bytes) -> Results:
    """The written arrays and the tokens of output streams, by name; several channels of a stream as one array."""
    arrays: dict[str, Array] = {}
    streams: dict[str, Array] = {}
    at = 0
    for parameter in graph.parameters:
        if parameter.name in written:
            size = size_of(parameter.type) * file_bytes(element_of(parameter.type))
            values = {parameter.name: from_file(data[at : at + size], element_of(parameter.type))}
            arrays |= decoded({parameter.name: parameter.type}, values)
            at += size
        elif parameter.name in graph.outputs:
            parts = []
            for _ in np.ndindex(parameter.shape):
                tokens, at = _tokens(parameter, data, at)
                parts.append(tokens)
            streams[parameter.name] = together(parts, parameter.shape)
    return arrays, streams


def _tokens(parameter: Parameter, data: bytes, at: int) -> tuple[Array, int]:
    """The tokens of a channel as one array, and where the next begins."""
    (count,) = COUNT.unpack_from(data, at)
    begin, element = at + COUNT.size, element_of(parameter.type)
    end = begin + count * file_bytes(parameter.type)
    values = [raw(value, element) for value in from_file(data[begin:end], element)]
    return from_values(values, element, (count, *shape_of(parameter.type))), end
