"""Streams: arrays of typed, bounded, first-in-first-out channels."""

import itertools
import linecache
import operator
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Never, SupportsIndex, overload

from spatial.ir.graph import element_name
from spatial.source.errors import Misuse, ProgramError, outside_kernel
from spatial.source.span import Span, caller_span
from spatial.stream.indices import chosen_indices, spelled_range
from spatial.stream.naming import qualified
from spatial.stream.tokens import TokenType, initial_tokens, token_type
from spatial.types.conversion import Value
from spatial.types.open import OpenType, is_open

__all__ = [
    "DEFAULT_DEPTH",
    "ChannelArray",
    "ChannelRef",
    "Channels",
    "Stream",
    "StreamType",
    "array",
    "pipe",
    "stream_made_at",
]

DEFAULT_DEPTH = 2
MOST = (1 << 31) - 1
ASSIGNMENT = re.compile(r"\s*(\w+)\s*(?::[^=]*)?=[^=]")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamType:
    """What `Stream[T, depth][shape]` means: `shape` channels (one if empty) of `depth` tokens of type `element`.

    Each starts with the `initial` tokens, whose elements stand one after the other.
    """

    element: TokenType
    depth: int
    shape: tuple[int, ...] = ()
    initial: tuple[Value, ...] = ()

    def __getitem__(self, shape: object) -> "StreamType | OpenType":
        """An array of such channels; each extent is an integer of at least 1, or a type parameter."""
        if is_open(shape):
            return OpenType()
        return replace(self, shape=_extents(shape, caller_span()))

    def __str__(self) -> str:
        shape = f"[{', '.join(map(str, self.shape))}]" if self.shape else ""
        return f"Stream[{self.element}, {self.depth}]{shape}"


@dataclass(slots=True, kw_only=True, eq=False)
class Stream:
    """A stream declared in a region: index it to get one channel; kernels `put` and `get` its tokens.

    Write `name: Stream[T, depth][shape]` in a region's body, or `name = sp.array(sp.pipe(dtype=T,
    depth=depth), shape=shape)`. The depth is 2 tokens unless given, and at least 1. The region gives it
    its final `name`: that of the variable it is assigned to first, made unique (then it is `named`).
    Streams are numbered in the order they are made. Those with a `role` are none of the user's: by them
    a kernel starts the actors of a region that it calls ("start"), and hears that they have finished ("end").
    """

    name: str
    type: StreamType
    span: Span
    named: bool = False
    role: str = ""
    number: int = field(default_factory=itertools.count().__next__)

    @property
    def shape(self) -> tuple[int, ...]:
        """The extents of the array of channels; empty for one channel."""
        return self.type.shape

    def __class_getitem__(cls, parameters: object) -> StreamType | OpenType:
        if is_open(parameters):
            return OpenType()
        span = caller_span()
        match parameters:
            case (element, depth):
                return _stream_type(element, depth, span, span)
            case tuple():
                raise _misuse("`Stream[...]` takes a token type and a depth", span, "write `Stream[float32, 4]`")
        return _stream_type(parameters, DEFAULT_DEPTH, span, span)

    def channels(self) -> list["ChannelRef"]:
        """All its channels, the last axis fastest."""
        return self.whole.channels()

    @property
    def whole(self) -> "ChannelArray":
        """All its channels, as an array of them."""
        return ChannelArray(stream=self, axes=tuple(map(range, self.shape)))

    @overload
    def __getitem__(self, indices: SupportsIndex | tuple[SupportsIndex, ...]) -> "ChannelRef": ...
    @overload
    def __getitem__(self, indices: object) -> "ChannelRef | ChannelArray": ...
    def __getitem__(self, indices: object) -> "ChannelRef | ChannelArray":
        """One channel, or an array of them where a slice is given: `fifo[i, :]`.

        Raises `ChannelIndexError` where there is none.
        """
        if type(indices) is tuple and self.has(indices):
            return ChannelRef(stream=self, indices=indices)
        return self.whole[indices]

    def has(self, indices: tuple[object, ...]) -> bool:
        """Whether there is a channel at these indices, as far as integers tell."""
        if len(indices) != len(self.type.shape):
            return False
        pairs = zip(indices, self.type.shape, strict=True)
        return all(type(index) is int and 0 <= index < extent for index, extent in pairs)

    def put(self, value: object) -> Never:
        """Appends a token; waits while the channel is full. Only inside a kernel."""
        raise outside_kernel(f"{self.name}.put")

    def get(self) -> Never:
        """Takes the oldest token; waits while there is none. Only inside a kernel."""
        raise outside_kernel(f"{self.name}.get")

    def try_put(self, value: object) -> Never:
        """Appends a token if there is room now; whether there was. Only inside a kernel."""
        raise outside_kernel(f"{self.name}.try_put")

    def try_get(self) -> Never:
        """`ok, token = fifo.try_get()` takes the oldest token if there is one now. Only inside a kernel."""
        raise outside_kernel(f"{self.name}.try_get")

    def empty(self) -> Never:
        """Whether there is no token to take now. Only inside a kernel."""
        raise outside_kernel(f"{self.name}.empty")

    def full(self) -> Never:
        """Whether there is no room for a token now. Only inside a kernel."""
        raise outside_kernel(f"{self.name}.full")

    def peek(self, position: object = 0) -> Never:
        """The token behind the `position` oldest ones, which stays; waits until it is there. Only inside a kernel."""
        raise outside_kernel(f"{self.name}.peek")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRef:
    """One channel of a stream."""

    stream: Stream
    indices: tuple[int, ...]

    def __str__(self) -> str:
        return element_name(self.stream.name, self.indices)

    def put(self, value: object) -> Never:
        """Appends a token; waits while the channel is full. Only inside a kernel."""
        raise outside_kernel(f"{self}.put")

    def get(self) -> Never:
        """Takes the oldest token; waits while there is none. Only inside a kernel."""
        raise outside_kernel(f"{self}.get")

    def try_put(self, value: object) -> Never:
        """Appends a token if there is room now; whether there was. Only inside a kernel."""
        raise outside_kernel(f"{self}.try_put")

    def try_get(self) -> Never:
        """`ok, token = fifo.try_get()` takes the oldest token if there is one now. Only inside a kernel."""
        raise outside_kernel(f"{self}.try_get")

    def empty(self) -> Never:
        """Whether there is no token to take now. Only inside a kernel."""
        raise outside_kernel(f"{self}.empty")

    def full(self) -> Never:
        """Whether there is no room for a token now. Only inside a kernel."""
        raise outside_kernel(f"{self}.full")

    def peek(self, position: object = 0) -> Never:
        """The token behind the `position` oldest ones, which stays; waits until it is there. Only inside a kernel."""
        raise outside_kernel(f"{self}.peek")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelArray:
    """Channels of a stream as an array of them, made by a slice: `fifo[i, :]`.

    `axes` has an index or a range of indices for each axis of the stream; the ranges are the axes of the array.
    It is used as a stream declared with its shape would be.
    """

    stream: Stream
    axes: tuple[range | int, ...]

    def __str__(self) -> str:
        parts = (
            str(axis) if isinstance(axis, int) else ":" if axis == range(extent) else spelled_range(axis)
            for axis, extent in zip(self.axes, self.stream.shape, strict=True)
        )
        whole = self.axes == tuple(map(range, self.stream.shape))
        return self.stream.name if whole else f"{self.stream.name}[{', '.join(parts)}]"

    @property
    def ranges(self) -> list[range]:
        """The indices along each axis of the array."""
        return [axis for axis in self.axes if isinstance(axis, range)]

    @property
    def shape(self) -> tuple[int, ...]:
        """The extents of the array."""
        return tuple(map(len, self.ranges))

    def channels(self) -> list[ChannelRef]:
        """All its channels, the last axis fastest."""
        axes = ([axis] if isinstance(axis, int) else axis for axis in self.axes)
        return [ChannelRef(stream=self.stream, indices=at) for at in itertools.product(*axes)]

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator["ChannelRef | ChannelArray"]:
        rest = [slice(None)] * (len(self.shape) - 1)
        return (self[position, *rest] for position in range(len(self)))

    def __getitem__(self, indices: object) -> "ChannelRef | ChannelArray":
        """One channel, or an array of them where a slice is given; slices take what axes are left.

        Raises `ChannelIndexError` where there is none.
        """
        given = list(indices) if isinstance(indices, tuple) else [indices]
        if any(isinstance(index, slice) for index in given):
            given += [slice(None)] * (len(self.shape) - len(given))
        chosen = iter(chosen_indices(str(self), given, self.ranges))
        axes = tuple(axis if isinstance(axis, int) else next(chosen) for axis in self.axes)
        if any(isinstance(axis, range) for axis in axes):
            return ChannelArray(stream=self.stream, axes=axes)
        return ChannelRef(stream=self.stream, indices=tuple(axis for axis in axes if isinstance(axis, int)))


Channels = Stream | ChannelRef | ChannelArray


def pipe(*, dtype: object, depth: object = DEFAULT_DEPTH, initial: object = ()) -> Stream:
    """One channel of `depth` tokens of type `dtype`; it is called what it is assigned to in the region.

    A token is a scalar, `int32`, or a block, `int32[4, 4]`. `initial` are the tokens the channel starts
    with, at most `depth`: the first gets find them.
    """
    span = caller_span()
    type_ = _stream_type(dtype, depth, caller_span("dtype"), caller_span("depth"))
    tokens = initial_tokens(initial, type_.element, type_.depth, caller_span("initial"))
    return Stream(name=_assigned_name(span), type=replace(type_, initial=tokens), span=span)


def array(channel: Stream, *, shape: object) -> Stream:
    """An array of channels like `channel`; `shape` is an integer or a tuple of integers of at least 1.

    Each of them starts with the initial tokens of `channel`.
    """
    if not isinstance(channel, Stream):
        hint = "write `sp.array(sp.pipe(dtype=float32, depth=4), shape=(4, 4))`"
        raise _misuse("`sp.array` makes an array of channels", caller_span(), hint)
    span = caller_span()
    extents = _extents(shape, caller_span("shape"))
    return Stream(name=_assigned_name(span), type=replace(channel.type, shape=extents), span=span)


def stream_made_at(span: Span, type_: StreamType) -> Stream:
    """A stream that a call makes; it is called what it is assigned to in the region."""
    return Stream(name=_assigned_name(span), type=type_, span=span)


def _assigned_name(span: Span) -> str:
    """The name that the statement at a place assigns, as far as its first line tells."""
    found = ASSIGNMENT.match(linecache.getline(span.file, span.line))
    return qualified(found[1] if found else "stream")


def _stream_type(element: object, depth: object, element_span: Span, depth_span: Span) -> StreamType:
    type_ = token_type(element)
    if type_ is None:
        title = f"`{_spell(element)}` is no type of a token"
        hint = "a token is a scalar, such as `float32` or `Int(12)`, or a block of them, `float32[4, 4]`"
        if getattr(element, "__module__", "") == "numpy":
            hint = f"write `spatial.{_spell(element)}`"
        raise _misuse(title, element_span, hint, code="stream/type")
    return StreamType(element=type_, depth=_positive(depth, "a stream's depth", depth_span))


def _extents(shape: object, span: Span) -> tuple[int, ...]:
    extents = tuple(shape) if isinstance(shape, list | tuple) else (shape,)
    return tuple(_positive(extent, "a stream array's extent", span) for extent in extents)


def _positive(number: object, what: str, span: Span) -> int:
    value = 0
    if isinstance(number, SupportsIndex) and not isinstance(number, bool):
        try:
            value = operator.index(number)
        except TypeError:
            value = 0
    if not 1 <= value <= MOST:
        allowed = "at least 1" if value < 1 else f"at most {MOST}"
        title = f"{what} is an integer of {allowed}, not `{_spell(number)}`"
        raise _misuse(title, span, "write a number, such as `2`", code="stream/shape")
    return value


def _spell(thing: object) -> str:
    return thing.__name__ if isinstance(thing, type) else str(thing)


def _misuse(title: str, span: Span, hint: str = "", *, code: str = "api/misuse") -> ProgramError:
    return ProgramError([Misuse(title=title, span=span, hint=hint, code=code)])
