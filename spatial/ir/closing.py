"""Closes the streams that a program takes from outside or gives back: sources for inputs, sinks for outputs."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence

from spatial.ir.arithmetic import constant
from spatial.ir.dialect import GetBlockOp, GetOp, PutOp, StreamType, context, declare_actor, declare_memory
from spatial.ir.dtypes import memory_type, scalar_type
from spatial.ir.function import parameter_attribute, region_function
from spatial.ir.graph import ActorGraph, Channel, element_name, sink_name, source_name
from spatial.ir.location import location
from spatial.ir.mlir import func, ir, memref, scf
from spatial.ir.text import copy_of
from spatial.ir.verify import verify
from spatial.types.dtype import DType, bool_, index
from spatial.types.tensor import TensorType, element_of, shape_of

__all__ = ["close_streams", "streams_as_arrays", "tokens_name"]


def tokens_name(channel: Channel) -> str:
    """What the memory is called that the tokens of an input wait in."""
    return element_name(f"{channel.stream}.tokens", channel.indices)


def close_streams(module: ir.Module, graph: ActorGraph, lengths: Mapping[str, int]) -> tuple[ir.Module, ActorGraph]:
    """A copy of the module in which nothing is open; `lengths` says how many tokens each channel of an input takes.

    A source puts one token in each cycle from cycle 0 on, a sink takes tokens for ever.
    """
    with context(), ir.Location.unknown():
        closed = copy_of(module)
        made: dict[str, str] = {}
        for channel in _open(graph):
            reads = channel.writer is None
            tokens = _tokens(channel, lengths.get(channel.stream, 0))
            kernel = source_name(channel.stream) if reads else sink_name(channel.stream)
            with location(channel.span):
                if kernel not in made:
                    with ir.InsertionPoint(closed.body):
                        made[kernel] = _source(kernel, channel, tokens) if reads else _sink(kernel, channel)
                _add_actor(closed, made[kernel], channel, tokens_name(channel) if reads else "", tokens)
    return closed, verify(closed)


def streams_as_arrays(
    module: ir.Module, graph: ActorGraph, counts: Mapping[str, int], *, endless: Collection[str] = ()
) -> tuple[ir.Module, ActorGraph]:
    """A copy of the module with an array parameter for each channel of a stream parameter, called as the channel is.

    It has so many tokens, by `counts`, which go into an input in order, or have come out of an output. Of an input that
    is `endless` it is a single token, which goes in again and again, so often; what comes out of such an output is
    dropped.
    """
    with context(), ir.Location.unknown():
        closed = copy_of(module)
        given: dict[str, list[tuple[str, TensorType]]] = {}
        for channel in _open(graph):
            again = channel.name in endless
            with location(channel.span):
                array = _close(closed, channel, counts[channel.name], again=again)
            if array is not None:
                given.setdefault(channel.stream, []).append((channel.name, array))
        _take_arrays(region_function(closed), given)
    return closed, verify(closed)


def _close(module: ir.Module, channel: Channel, count: int, *, again: bool) -> TensorType | None:
    """Gives a channel the end it lacks; the type of the array for its tokens, if there is one."""
    tokens = _tokens(channel, 1 if again else count)
    own = ".".join([channel.stream, *map(str, channel.indices)])
    with ir.InsertionPoint(module.body):
        if channel.writer is None:
            function = _source(source_name(own), channel, tokens, count)
        elif not again:
            function = _collector(sink_name(own), channel, tokens)
        else:
            function = _sink(sink_name(own), channel)
    dropped = again and channel.writer is not None
    name = "" if dropped else channel.name if count else tokens_name(channel)
    _add_actor(module, function, channel, name, tokens)
    return tokens if name == channel.name else None


def _open(graph: ActorGraph) -> Iterator[Channel]:
    """The channels that lack an end."""
    return (channel for channel in graph.channels if channel.writer is None or channel.reader is None)


def _tokens(channel: Channel, count: int) -> TensorType:
    return TensorType(element_of(channel.element), (count, *shape_of(channel.element)))


def _add_actor(module: ir.Module, function: str, channel: Channel, array: str, tokens: TensorType) -> None:
    """Declares a source or a sink; memory that is not called as the channel is is the module's own."""
    with ir.InsertionPoint(list(region_function(module).entry_block.operations)[-1]):
        if array and array != channel.name:
            declare_memory(array, str(tokens), [])
        declare_actor(function, function, channel.indices, [], [channel.name], [array] if array else [])


def _take_arrays(region: func.FuncOp, given: Mapping[str, Sequence[tuple[str, TensorType]]]) -> None:
    """Gives a program arrays as parameters in the place of streams."""
    names, kinds = [], []
    for entry in region.attributes["df.parameters"]:
        name, *kind = (part.value for part in entry)
        arrays = given.get(name, ()) if kind[0] == "stream" else [(name, None)]
        names += [array for array, _ in arrays]
        kinds += [kind if type_ is None else ["array", str(type_)] for _, type_ in arrays]
    region.attributes["df.parameters"] = parameter_attribute(names, kinds)


def _source(kernel: str, channel: Channel, tokens: TensorType, count: int | None = None) -> str:
    """A function that puts what its memory holds, or its only token so often."""
    kinds = [("stream", str(channel.element)), ("array", str(tokens))]
    entry = _function(kernel, [channel.stream, "tokens"], kinds, [_stream(channel), memory_type(tokens)])
    with ir.InsertionPoint(entry):
        block = _block(channel.element) if isinstance(channel.element, TensorType) else None
        size = tokens.shape[0]
        loop = scf.ForOp(constant(index, 0), constant(index, size if count is None else count), constant(index, 1))
        with ir.InsertionPoint(loop.body):
            again = count is not None and count > size
            position = constant(index, 0) if again else loop.induction_variable
            PutOp(entry.arguments[0], _token(entry.arguments[1], position, block))
            scf.yield_([])
        func.ReturnOp([])
    return kernel


def _collector(kernel: str, channel: Channel, tokens: TensorType) -> str:
    """A function that fills its memory with the tokens it takes."""
    kinds = [("stream", str(channel.element)), ("array", str(tokens))]
    entry = _function(kernel, [channel.stream, "tokens"], kinds, [_stream(channel), memory_type(tokens)])
    with ir.InsertionPoint(entry):
        block = _block(channel.element) if isinstance(channel.element, TensorType) else None
        loop = scf.ForOp(constant(index, 0), constant(index, tokens.shape[0]), constant(index, 1))
        with ir.InsertionPoint(loop.body):
            if block is None:
                token = GetOp(entry.arguments[0], scalar_type(element_of(channel.element))).value
                memref.StoreOp(token, entry.arguments[1], [loop.induction_variable])
            else:
                GetBlockOp(entry.arguments[0], block)
                _store(block, entry.arguments[1], [loop.induction_variable])
            scf.yield_([])
        func.ReturnOp([])
    return kernel


def _token(tokens: ir.Value, position: ir.Value, block: ir.Value | None) -> ir.Value:
    """The token at a position of the memory: an element, or a copy of as many as a block has."""
    if block is None:
        return memref.load(tokens, [position])
    memref.copy(_part(tokens, position, block.type), block)
    return block


def _store(block: ir.Value, tokens: ir.Value, position: list[ir.Value]) -> None:
    """Stores what a block holds at a position of the memory, element by element, for copies count as no writes."""
    axis = len(position) - 1
    if axis == len(block.type.shape):
        memref.StoreOp(memref.load(block, position[1:]), tokens, position)
        return
    loop = scf.ForOp(constant(index, 0), constant(index, block.type.shape[axis]), constant(index, 1))
    with ir.InsertionPoint(loop.body):
        _store(block, tokens, [*position, loop.induction_variable])
        scf.yield_([])


def _part(tokens: ir.Value, position: ir.Value, block: ir.Type) -> ir.Value:
    """The memory of the token at a position, which is a block."""
    shape = list(block.shape)
    strides = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    layout = ir.StridedLayoutAttr.get(ir.ShapedType.get_dynamic_stride_or_offset(), strides)
    starts = [ir.ShapedType.get_dynamic_size(), *(0 for _ in shape)]
    part = ir.MemRefType.get(shape, block.element_type, layout=layout)
    return memref.SubViewOp(part, tokens, [position], [], [], starts, [1, *shape], [1, *(1 for _ in shape)]).result


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
