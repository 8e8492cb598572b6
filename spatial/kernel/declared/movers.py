"""Actors of the package's own that a region puts between its streams."""

import itertools
import types
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from spatial.kernel.declared.definition import Kernel, current_place
from spatial.kernel.words.markers import select
from spatial.meta.markers import channel_word, meta_for
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import Span, caller_span
from spatial.stream.stream import DEFAULT_DEPTH, ChannelArray, ChannelRef, Channels, Stream, StreamType, stream_made_at
from spatial.stream.tokens import TokenType
from spatial.types.tensor import TensorType

__all__ = ["fork", "gather", "merge", "scatter"]


def fork(stream: Channels, *, copies: int = 2, depth: int = DEFAULT_DEPTH) -> tuple[Stream, ...]:
    """`left, right = sp.fork(fifo)`: streams that each get every token of `fifo`.

    An actor of its own takes a token and puts it into all copies together, one in each cycle; it waits while one
    of them is full.
    """
    span = caller_span()
    source: Any = _channels("fork", [stream], span)[0]
    if isinstance(copies, bool) or not isinstance(copies, int) or copies < 1:
        raise _misuse(f"`copies` is an integer of at least 1, not `{copies}`", span, "write `copies=3`")
    outputs = tuple(_output(_token(source), depth, span) for _ in range(copies))

    def body() -> None:
        while True:
            token = source.get()
            for copy in meta_for(outputs):
                copy.put(token)

    _run(body, "fork", span)
    return outputs


def merge(*streams: Channels | Sequence[Channels], depth: int = DEFAULT_DEPTH) -> Stream:
    """`out = sp.merge(a, b)`: one stream of the tokens of several streams, or of all channels of an array.

    An actor of its own passes one token in each cycle on, as `sp.select` chooses it: the one put first;
    of those put in one cycle each channel's in turn.
    """
    span = caller_span()
    inputs = _channels("merge", streams, span)
    if len({_token(channel) for channel in inputs}) > 1:
        raise _misuse("the streams merged hold tokens of different types", span, "declare them alike")
    output = _output(_token(inputs[0]), depth, span)

    def body() -> None:
        while True:
            _chosen, token = select(inputs)
            output.put(token)

    _run(body, "merge", span)
    return output


@channel_word
def gather(streams: Stream | ChannelArray, *, depth: int = DEFAULT_DEPTH) -> Any:
    """`blocks = sp.gather(fifo)`: a stream of blocks, each of one token of every channel of the array `fifo`.

    An actor of its own makes a block in each cycle in which all channels hold a token. In a kernel
    `array = sp.gather(fifo)` takes one token of each channel: in one stage of a pipelined loop, else
    one after the other.
    """
    span = caller_span()
    inputs = _channels("gather", [streams], span)
    if not isinstance(streams, Stream | ChannelArray) or not streams.shape or isinstance(_token(inputs[0]), TensorType):
        raise _misuse("`sp.gather` takes an array of channels whose tokens are scalars", span)
    element = _token(inputs[0])
    assert not isinstance(element, TensorType), "blocks are refused"
    output = _output(TensorType(element, streams.shape), depth, span)

    def body() -> None:
        while True:
            output.put(gather(streams))

    _run(body, "gather", span)
    return output


@channel_word
def scatter(stream: Channels, array: object = None, *, depth: int = DEFAULT_DEPTH) -> Any:
    """`fifo = sp.scatter(blocks)`: an array of channels, each of which gets its element of every block.

    An actor of its own takes a block in each cycle in which all channels have room. In a kernel
    `sp.scatter(fifo, array)` puts an element into each channel of an array: in one stage of a pipelined
    loop, else one after the other.
    """
    span = caller_span()
    (source,) = _channels("scatter", [stream], span)
    block = _token(source)
    if not isinstance(block, TensorType) or array is not None:
        raise _misuse("`sp.scatter` takes a stream of blocks", span, "declare it as `Stream[float32[4], 2]`")
    made = _output(block.element, depth, span)
    outputs = replace(made, type=replace(made.type, shape=block.shape))

    def body() -> None:
        while True:
            scatter(outputs, source.get())

    _run(body, "scatter", span)
    return outputs


def _channels(word: str, given: Sequence[object], span: Span) -> list[ChannelRef]:
    found: list[ChannelRef] = []
    for thing in itertools.chain.from_iterable(each if isinstance(each, list | tuple) else [each] for each in given):
        if not isinstance(thing, Channels):
            raise _misuse(f"`sp.{word}` takes streams, and something else is given", span, "declare a stream for it")
        found += [thing] if isinstance(thing, ChannelRef) else thing.channels()
    if not found or (word in ("fork", "scatter") and len(found) > 1):
        what = "one channel" if found else "one or more streams"
        raise _misuse(f"`sp.{word}` takes {what}", span, f"pick one: `sp.{word}(fifo[0])`" if found else "")
    return found


def _token(channel: ChannelRef) -> TokenType:
    return channel.stream.type.element


def _output(element: TokenType, depth: int, span: Span) -> Stream:
    if isinstance(depth, bool) or not isinstance(depth, int) or depth < 1:
        raise _misuse(f"a stream's depth is an integer of at least 1, not `{depth}`", span, "write `depth=4`")
    return stream_made_at(span, StreamType(element=element, depth=depth))


def _run(body: Callable[[], None], word: str, span: Span) -> None:
    """Instantiates a kernel; all of its text stands where the user called for it."""
    place = current_place()
    if place is None:
        hint = "call it in the body of a function under `@sp.region()`"
        raise _misuse(f"`sp.{word}` is called outside of a region", span, hint)
    assert isinstance(body, types.FunctionType), "movers are written with `def`"
    body.__name__ = word
    place.kernels.append(Kernel(function=body, mapping=(1,), args=None, span=span, place=place, ours=True))


def _misuse(title: str, span: Span, hint: str = "") -> ProgramError:
    return ProgramError([Misuse(title=title, span=span, hint=hint, code="stream/mover")])
