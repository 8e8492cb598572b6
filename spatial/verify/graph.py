"""The actor graph of a program whose data are tokens."""

import dataclasses

from spatial.ir.graph import Actor, ActorGraph, Channel, Memory, Specialization
from spatial.types.dtype import DType, is_float, is_signed
from spatial.types.tensor import TensorType, element_of
from spatial.verify.domain import Domain
from spatial.verify.flow import Flow

__all__ = ["graph_on_tokens", "known_number", "type_on_tokens"]


def graph_on_tokens(graph: ActorGraph, flow: Flow, domain: Domain) -> ActorGraph:
    """The graph as it is read off the rewritten module, without reading it."""
    users = {actor.function: actor for actor in graph.actors}
    return dataclasses.replace(
        graph,
        channels=tuple(_channel(each, flow, domain) for each in graph.channels),
        arrays=tuple(
            dataclasses.replace(each, type=TensorType(domain.dtype, each.type.shape)) if flow.names(each.name) else each
            for each in graph.arrays
        ),
        scalars=tuple(
            dataclasses.replace(each, type=domain.dtype) if flow.names(each.name) else each for each in graph.scalars
        ),
        memories=tuple(_memory(each, flow, domain) for each in graph.memories),
        specializations={
            name: _specialization(each, users[name], flow, domain) if name in users else each
            for name, each in graph.specializations.items()
        },
    )


def type_on_tokens(type_: DType | TensorType, domain: Domain) -> DType | TensorType:
    """The type of tokens in the place of values."""
    return TensorType(domain.dtype, type_.shape) if isinstance(type_, TensorType) else domain.dtype


def known_number(value: int | float, dtype: DType, domain: Domain) -> int:
    """The token of a constant of a type, as two's complement."""
    if is_float(dtype):
        return _signed(domain.number(float(value)), domain)
    whole = int(value)
    return _signed(domain.number(whole if is_signed(dtype) else whole & ((1 << dtype.bits) - 1)), domain)


def _signed(token: int, domain: Domain) -> int:
    bits = 64 * domain.words
    return token - (1 << bits) if token >> bits - 1 else token


def _channel(channel: Channel, flow: Flow, domain: Domain) -> Channel:
    if not flow.names(channel.name):
        return channel
    dtype = element_of(channel.element)
    initial = tuple(known_number(each, dtype, domain) for each in channel.initial)
    return dataclasses.replace(channel, element=type_on_tokens(channel.element, domain), initial=initial)


def _memory(memory: Memory, flow: Flow, domain: Domain) -> Memory:
    """Memory of the program's own begins with known numbers, zeros where it does not say."""
    if not flow.names(memory.name):
        return memory
    dtype = element_of(memory.type)
    initial = tuple(known_number(each, dtype, domain) for each in memory.initial or (0,))
    return dataclasses.replace(memory, type=type_on_tokens(memory.type, domain), initial=initial)


def _specialization(body: Specialization, actor: Actor, flow: Flow, domain: Domain) -> Specialization:
    names = [*("" for _ in actor.values), *actor.channels, *actor.arrays]
    given = [
        dataclasses.replace(each, type=type_on_tokens(each.type, domain)) if name and flow.names(name) else each
        for each, name in zip(body.parameters, names, strict=True)
    ]
    return dataclasses.replace(body, parameters=tuple(given))
