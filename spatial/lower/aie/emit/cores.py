"""Writes the core of one actor."""

import functools
from collections.abc import Mapping
from dataclasses import replace

from spatial.ir.channels import CHANNEL_OPERATIONS, PEEKS, writes_channel
from spatial.ir.graph import Actor
from spatial.ir.mlir import func, ir, scf
from spatial.lower.aie.design import End, Fifo, Kind, Node
from spatial.lower.aie.dialect.build import buffer, core, end, lock, use_lock
from spatial.lower.aie.dialect.ops import CONSUME, PRODUCE
from spatial.lower.aie.emit.annotations import annotate
from spatial.lower.aie.emit.body import Body, FifoEnd, Memory, Owner, Window
from spatial.lower.aie.emit.control import forever
from spatial.lower.aie.emit.errors import NotOnNpu
from spatial.lower.aie.emit.fabric import Fabric, kind_of
from spatial.lower.aie.emit.numbers.held import integer
from spatial.lower.aie.emit.objects.initial import put_initial
from spatial.lower.aie.emit.objects.memories import padded, take_memories
from spatial.lower.aie.emit.objects.tokens import Room, plan_tokens
from spatial.lower.aie.emit.operations import write_block
from spatial.lower.aie.emit.parameters import parameters_of, word_count
from spatial.lower.aie.emit.prepare import prepared
from spatial.lower.aie.emit.storage import WORD, Storage, bytes_of
from spatial.lower.aie.emit.vector.suited import suit
from spatial.lower.aie.emit.vector.vectors import vectorize
from spatial.source.errors import ProgramError

__all__ = ["write_core"]


def write_core(fabric: Fabric, node: Node) -> None:
    """The program of a core: its actor's function, once for every run."""
    actor = fabric.mapped.graph.actor[node.actor]
    module, own = prepared(fabric.mapped, actor)
    ends = _ends(fabric, actor, own)
    stack = node.stack or fabric.npu.core.stack
    block = core(fabric.tile_of(node.name), stack, node.actor, dynamic=bool(ends))
    made = block.owner
    functions = fabric.functions
    owner = Owner(
        functools.partial(_memory, fabric, node, made),
        functools.partial(functions.declare, fabric.outside),
        functions.other,
    )
    depth_of = {argument: fabric.mapped.graph.channel[name].depth for argument, name in _channels(actor, own)}
    ends = {argument: _windowed(owner, argument, end, depth_of[argument]) for argument, end in ends.items()}
    body = Body(own, plan_tokens(own, _room(fabric, actor, own)), ends, owner, node.actor)
    with ir.InsertionPoint(block):
        put_initial(fabric, owner, node)
        with ir.InsertionPoint(forever().body):
            _take_parameters(fabric, body, actor, node)
            take_memories(fabric.mapped, body, actor)
            write_block(body, own.entry_block)
            scf.YieldOp([])
        end()
    vectorize(block, fabric.npu)
    suit(block)
    annotate(block)
    assert module is not None


def _ends(fabric: Fabric, actor: Actor, own: func.FuncOp) -> Mapping[ir.Value, FifoEnd]:
    """The ends of objectFIFOs that stand for an actor's channels."""
    ends: dict[ir.Value, FifoEnd] = {}
    given: set[str] = set()
    for argument, name in _channels(actor, own):
        using = [use.owner for use in argument.uses if isinstance(use.owner, CHANNEL_OPERATIONS)]
        if not using:
            continue
        fifo = _carrier(fabric, name)
        writes = writes_channel(using[0])
        ends[argument] = FifoEnd(
            name=fabric.symbol(fifo.name),
            port=PRODUCE if writes else CONSUME,
            kind=kind_of(fabric, fifo.name),
            storage=fabric.stores.fifos[fifo.name],
            first=not writes or fifo.name not in given,
        )
        given.add(fifo.name)
    return ends


def _carrier(fabric: Fabric, name: str) -> Fifo:
    """The fifo that carries a channel."""
    found = fabric.mapped.fifo_of_channel.get(name)
    if found is None:
        channel = fabric.mapped.graph.channel[name]
        why = "the host of an NPU hands over arrays, and no streams"
        hint = "take an array, and put its elements with a kernel that only moves"
        raise ProgramError([NotOnNpu(what=f"what uses `{name}`", why=why, span=channel.span, hint=hint)])
    return found


def _windowed(owner: Owner, argument: ir.Value, end: FifoEnd, depth: int) -> FifoEnd:
    """An end with a ring for what is looked at, where its kernel peeks."""
    if not any(isinstance(use.owner, PEEKS) for use in argument.uses):
        return end
    ring = owner.buffer(f"{end.name}_seen", end.storage.memref([depth, *end.kind.shape]), None)
    kind = ir.MemRefType.get([2], integer(8 * WORD))
    zeros = ir.DenseElementsAttr.get_splat(
        ir.RankedTensorType.get([2], integer(8 * WORD)), ir.IntegerAttr.get(integer(8 * WORD), 0)
    )
    state = owner.buffer(f"{end.name}_state", kind, zeros)
    return replace(end, window=Window(ring=ring, state=state, size=depth))


def _channels(actor: Actor, own: func.FuncOp) -> list[tuple[ir.Value, str]]:
    arguments = list(own.arguments)[len(actor.values) :]
    return list(zip(arguments, actor.channels, strict=False))


def _room(fabric: Fabric, actor: Actor, own: func.FuncOp) -> Room:
    names = dict(_channels(actor, own))

    def room(stream: ir.Value) -> tuple[int, int]:
        fifo = fabric.mapped.fifo_of_channel[names[stream]]
        own = next(end for end in fifo.ends if fabric.mapped.node[end.node].actor == actor.name)
        return own.depth, _spare(fabric, fifo, own)

    return room


def _spare(fabric: Fabric, fifo: Fifo, own: End) -> int:
    """The objects that the core at an end may work in while it waits for others: what is left of those at both ends."""
    producer, consumers = fifo.producer, fifo.consumers
    if len(consumers) > 1 and fabric.mapped.node[producer.node].kind is Kind.CORE:
        return own.depth - own.needs
    shared = fifo.name in fabric.placement.memory_of
    left = producer.depth - producer.needs
    left += 0 if shared else min(end.depth - end.needs for end in consumers)
    if any(fabric.mapped.node[end.node].kind is not Kind.CORE for end in fifo.ends):
        return left
    return left // 2 if own is producer else left - left // 2


def _memory(
    fabric: Fabric, node: Node, made: ir.Operation, name: str, kind: ir.Type, initial: ir.Attribute | None
) -> ir.Value:
    """Memory of a core's tile, in front of its program."""
    with ir.InsertionPoint(made):
        symbol = fabric.names.fresh(f"{name}_{node.name}")
        return buffer(fabric.tile_of(node.name), symbol, padded(kind) if initial is None else kind, initial)


def _take_parameters(fabric: Fabric, body: Body, actor: Actor, node: Node) -> None:
    """Waits until the host has written this run's parameters, and reads them."""
    own = list(parameters_of(fabric.mapped, node.name))
    if not own:
        return
    kind = ir.MemRefType.get([sum(word_count(each.type) for each, _ in own)], integer(8 * WORD))
    held = body.owner.buffer("parameters", kind, None)
    fabric.buffers[node.name] = held.owner.attributes["sym_name"].value
    with ir.InsertionPoint(held.owner):
        fabric.locks[node.name] = lock(fabric.tile_of(node.name), fabric.names.fresh(f"started_{node.name}"))
    use_lock(fabric.locks[node.name])
    place = {each.scalar: (word, each.type) for each, word in own}
    first = len(actor.values) + len(actor.channels)
    for argument, name in zip(list(body.function.arguments)[first:], actor.arrays, strict=False):
        if name in place:
            word, dtype = place[name]
            storage = Storage(dtype=dtype, widened=bytes_of(dtype) <= WORD)
            body.memories[argument] = Memory(value=held, storage=storage, at=word)
