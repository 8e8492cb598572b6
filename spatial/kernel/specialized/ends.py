"""What the channels that a PE names are."""

import ast
import itertools
from collections.abc import Callable, Sequence

from spatial.kernel.declared.definition import Kernel
from spatial.kernel.errors import WrongUse
from spatial.kernel.specialized.requests import Request
from spatial.kernel.specialized.started import Caller, Started, channels_of, start
from spatial.meta.errors import called_from
from spatial.meta.expand import NO_CHANNEL
from spatial.meta.trace import FAILED, Trace
from spatial.source.report import Problem
from spatial.source.text import FunctionText
from spatial.stream.stream import ChannelArray, ChannelRef, Stream

__all__ = ["Reference", "pattern", "references", "used_by"]

Reference = ChannelRef | Started | None


def references(found: Trace, caller_of: Callable[[tuple[int, ...]], Caller]) -> tuple[list[Reference], list[Problem]]:
    """What the sites of channels mean for a PE, and what is wrong with them; regions it calls are instantiated."""
    calls_some = any(isinstance(value, Request) for _, _, value, _ in found.channels)
    caller = caller_of(found.pid) if calls_some else None
    refs: list[Reference] = []
    problems: list[Problem] = []
    for node, text, value, calls in found.channels:
        if isinstance(value, ChannelRef):
            refs.append(value)
            continue
        if isinstance(value, Request):
            assert caller is not None, "a PE that calls is one"
            made: object = start(value, caller, text.span(node), text.span)
        else:
            made = _channel(node, text, value)
        refs.append(made if isinstance(made, ChannelRef | Started) else None)
        wrong: list[Problem] = made if isinstance(made, list) else [made] if isinstance(made, WrongUse) else []
        problems += [called_from(problem, calls) for problem in wrong]
    return refs, problems


def used_by(kernel: Kernel, pid: tuple[int, ...], refs: Sequence[ChannelRef | Started]) -> tuple[ChannelRef, ...]:
    """The channels that a PE is given, in the order of its function's parameters."""
    return (*itertools.chain.from_iterable(map(channels_of, refs)), *_served_by(kernel, pid))


def _served_by(kernel: Kernel, pid: tuple[int, ...]) -> tuple[ChannelRef, ...]:
    """The channels by which a PE of a called region is started, and tells its end."""
    if (server := kernel.server) is None:
        return ()
    number = 0
    for position, extent in zip(pid, kernel.mapping, strict=True):
        number = number * extent + position
    return server.starts[server.first + number], server.ends[server.first + number]


def pattern(refs: list[Reference]) -> list[int]:
    """Each site's channel, numbered by first use; NO_CHANNEL where there is none."""
    numbers: dict[Reference, int] = {}
    return [NO_CHANNEL if ref is None else numbers.setdefault(ref, len(numbers)) for ref in refs]


def _channel(node: ast.expr, text: FunctionText, value: object) -> ChannelRef | WrongUse | None:
    """The channel a site evaluated to, None where it failed to; a stream without axes is its one channel."""
    match value:
        case _ if value is FAILED:
            return None
        case Stream(type=type_) if not type_.shape:
            return ChannelRef(stream=value, indices=())
        case Stream(shape=shape) | ChannelArray(shape=shape):
            name = value.name if isinstance(value, Stream) else ast.unparse(node)
            title = f"`{name}` is an array of channels, not one channel"
            hint = f"pick one: `{name}[{', '.join('ijk'[: len(shape)])}]`"
            if isinstance(value, ChannelArray) and isinstance(node, ast.Subscript):
                hint = "pick one: put an index in the place of the slice"
            return WrongUse(title=title, span=text.span(node), hint=hint)
    title = f"`{ast.unparse(node)}` is no stream, but a value of type `{type(value).__name__}`"
    return WrongUse(title=title, span=text.span(node), hint="declare it in the region: `name: Stream[float32, 4]`")
