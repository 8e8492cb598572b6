"""Closes the streams that a program takes from outside or gives back: sources for inputs, sinks for outputs."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import GetBlockOp, GetOp, PutOp, StreamType, context, declare_actor, declare_memory
from spatial.ir.dtypes import memory_type, scalar_type
from spatial.ir.function import parameter_attribute, region_function
from spatial.ir.graph import ActorGraph, Channel, element_name, sink_name, source_name
from spatial.ir.location import location
from spatial.ir.mlir import func, ir, memref, scf
from spatial.ir.verify import verify
from spatial.source.report import Label, Report
from spatial.source.span import Span
from spatial.types.dtype import DType, bool_, index
from spatial.types.tensor import TensorType, element_of, shape_of

__all__ = ["StreamUse", "check_open", "close_streams", "tokens_name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamUse:
    """A stream parameter of a program that is not its input or its output as a whole."""

    name: str
    told: str
    span: Span
    hint: str = ""
    why: str = "is neither an input nor an output"

    def report(self) -> Report:
        title = f"the stream parameter `{self.name}` {self.why}"
        return Report(code="stream/parameter", title=title, primary=Label(self.span, self.told), hint=self.hint)


def check_open(graph: ActorGraph, spans: Mapping[str, Span]) -> Iterator[StreamUse]:
    """What is wrong with how a program uses its stream parameters, which are declared at `spans`."""
    for name, span in spans.items():
        channels = [channel for channel in graph.channels if channel.stream == name]
        inputs = [channel.name for channel in channels if channel.writer is None]
        outputs = [channel.name for channel in channels if channel.reader is None]
        if inputs and outputs:
            told, hint = f"`{outputs[0]}` is written and `{inputs[0]}` read", "make two parameters of it"
            yield StreamUse(name=name, told=told, span=span, hint=hint)
        elif not channels:
            yield StreamUse(name=name, told="no kernel puts into it or gets from it", span=span)
        elif not inputs and not outputs:
            hint = f"declare it in the body: `{name}: Stream[...]`"
            yield StreamUse(name=name, told="the region both writes and reads it", span=span, hint=hint)
        elif inputs and (left := _unused(graph, name)):
            hint = f"get from it, or leave it out of `{name}`"
            told, why = f"no kernel gets from `{left}`, whose tokens would be lost", "is only an input in part"
            yield StreamUse(name=name, told=told, span=span, hint=hint, why=why)


def _unused(graph: ActorGraph, stream: str) -> str:
    """The first channel of a stream that no actor uses."""
    (shape,) = (parameter.shape for parameter in graph.parameters if parameter.name == stream)
    names = (element_name(stream, indices) for indices in itertools.product(*map(range, shape)))
    return next((name for name in names if name not in graph.channel), "")


def tokens_name(channel: Channel) -> str:
    """What the memory is called that the tokens of an input wait in."""
    return element_name(f"{channel.stream}.tokens", channel.indices)


def close_streams(module: ir.Module, graph: ActorGraph, lengths: Mapping[str, int]) -> tuple[ir.Module, ActorGraph]:
    """A copy of the module in which nothing is open; `lengths` says how many tokens each channel of an input takes.

    A source puts one token in each cycle from cycle 0 on, a sink takes tokens for ever.
    """
    with context(), ir.Location.unknown():
        closed = ir.Module.parse(module.operation.get_asm(enable_debug_info=True))
        made: dict[str, str] = {}
        for channel in graph.channels:
            if channel.writer is None or channel.reader is None:
                _close(closed, channel, lengths.get(channel.stream, 0), made)
    return closed, verify(closed)


def _close(module: ir.Module, channel: Channel, length: int, made: dict[str, str]) -> None:
    reads = channel.writer is None
    kernel = source_name(channel.stream) if reads else sink_name(channel.stream)
    tokens = TensorType(element_of(channel.element), (length, *shape_of(channel.element)))
    with location(channel.span):
        if kernel not in made:
            with ir.InsertionPoint(module.body):
                made[kernel] = _source(kernel, channel, tokens) if reads else _sink(kernel, channel)
        block = region_function(module).entry_block
        with ir.InsertionPoint(list(block.operations)[-1]):
            if reads:
                declare_memory(tokens_name(channel), str(tokens), [])
            memories = [tokens_name(channel)] if reads else []
            declare_actor(made[kernel], kernel, channel.indices, [], [channel.name], memories)


def _source(kernel: str, channel: Channel, tokens: TensorType) -> str:
    """A function that puts what its memory holds."""
    kinds = [("stream", str(channel.element)), ("array", str(tokens))]
    entry = _function(kernel, [channel.stream, "tokens"], kinds, [_stream(channel), memory_type(tokens)])
    with ir.InsertionPoint(entry):
        block = _block(channel.element) if isinstance(channel.element, TensorType) else None
        loop = scf.ForOp(constant(index, 0), constant(index, tokens.shape[0]), constant(index, 1))
        with ir.InsertionPoint(loop.body):
            PutOp(entry.arguments[0], _token(entry.arguments[1], loop.induction_variable, block))
            scf.yield_([])
        func.ReturnOp([])
    return kernel


def _token(tokens: ir.Value, position: ir.Value, block: ir.Value | None) -> ir.Value:
    """The token at a position of the memory: an element, or a copy of as many as a block has."""
    if block is None:
        return memref.load(tokens, [position])
    shape, element = list(block.type.shape), block.type.element_type
    strides = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    layout = ir.StridedLayoutAttr.get(ir.ShapedType.get_dynamic_stride_or_offset(), strides)
    starts = [ir.ShapedType.get_dynamic_size(), *(0 for _ in shape)]
    part = ir.MemRefType.get(shape, element, layout=layout)
    memref.copy(
        memref.SubViewOp(part, tokens, [position], [], [], starts, [1, *shape], [1, *(1 for _ in shape)]), block
    )
    return block


def _block(type_: TensorType) -> ir.Value:
    """Memory for a token."""
    memory = memref.alloca(memory_type(type_), [], [])
    memory.owner.attributes["df.name"] = ir.StringAttr.get("token")
    memory.owner.attributes["df.type"] = ir.StringAttr.get(str(type_))
    return memory


def _sink(kernel: str, channel: Channel) -> str:
    """A function that takes tokens for ever."""
    entry = _function(kernel, [channel.stream], [("stream", str(channel.element))], [_stream(channel)])
    with ir.InsertionPoint(entry):
        block = _block(channel.element) if isinstance(channel.element, TensorType) else None
        loop = scf.WhileOp([], [])
        before, after = loop.regions[0].blocks.append(), loop.regions[1].blocks.append()
        with ir.InsertionPoint(before):
            scf.condition(constant(bool_, True), [])
        with ir.InsertionPoint(after):
            if block is None:
                GetOp(entry.arguments[0], scalar_type(element_of(channel.element)))
            else:
                GetBlockOp(entry.arguments[0], block)
            scf.yield_([])
        func.ReturnOp([])
    return kernel


def _function(name: str, names: Sequence[str], kinds: Sequence[Sequence[str]], types: Sequence[ir.Type]) -> ir.Block:
    function = func.FuncOp(name, (list(types), []), visibility="private")
    function.attributes["df.kernel"] = ir.StringAttr.get(name)
    function.attributes["df.parameters"] = parameter_attribute(names, kinds)
    return function.add_entry_block()


def _stream(channel: Channel) -> ir.Type:
    element: DType | TensorType = channel.element
    return StreamType.get(
        ir.TypeAttr.get(memory_type(element) if shape_of(element) else scalar_type(element_of(element)))
    )
