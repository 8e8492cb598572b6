"""Checks and copies what the user gives a run, before anything is changed."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.analysis.sharing import array_uses
from spatial.device.model import DEVICES, Device, device_named
from spatial.ir.graph import ActorGraph, Array, Channel
from spatial.sim.values import encoded
from spatial.source.errors import Misuse, ProgramError
from spatial.source.report import Label, Report
from spatial.source.span import Span, caller_span
from spatial.types.values import accepts, numpy_dtype

__all__ = ["BadArgument", "channel_depths", "channel_names", "check_arrays", "commit", "encode_arrays", "find_device"]

DEEPEST = (1 << 62) - 1
NumPyArray = np.ndarray[tuple[int, ...], np.dtype[np.generic]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadArgument:
    """An array that does not go where it is given."""

    title: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        return Report(code="run/argument", title=self.title, primary=Label(self.span), hint=self.hint)


def find_device(device: str | Device) -> Device:
    """The device model of that name; raises `ProgramError` where there is none."""
    found = device if isinstance(device, Device) else device_named(device)
    if found is None:
        known = ", ".join(f'"{name}"' for name in DEVICES)
        title = f"there is no device model {device!r}"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=f"there are {known}", code="device/unknown")])
    return found


def check_arrays(graph: ActorGraph, given: Sequence[object]) -> list[NumPyArray]:
    """The arrays as given; raises `ProgramError` with everything wrong about number, type, shape or overlap."""
    span = caller_span()
    names = [array.name for array in graph.arrays]
    if len(given) != len(names):
        title = f"`{graph.name}` takes {len(names)} arrays ({', '.join(names)}), {len(given)} are given"
        raise ProgramError([BadArgument(title=title, span=span)])
    written = written_arrays(graph)
    problems = [
        problem
        for array, value in zip(graph.arrays, given, strict=True)
        if (problem := _check_array(array, value, span, written=array.name in written))
    ]
    arrays = [value for value in given if isinstance(value, np.ndarray)]
    if not problems:
        problems = _check_overlaps(names, arrays, written, span)
    if problems:
        raise ProgramError(problems)
    return arrays


def encode_arrays(graph: ActorGraph, given: Sequence[NumPyArray]) -> dict[str, list[object]]:
    """The engine's copies; raises `ProgramError` where an element is outside of its type."""
    memory = {}
    for array, value in zip(graph.arrays, given, strict=True):
        try:
            memory[array.name] = encoded(value, array.type.element)
        except ValueError as error:
            title = f"the array `{array.name}`: {error}"
            raise ProgramError([BadArgument(title=title, span=caller_span())]) from None
    return memory


def commit(graph: ActorGraph, results: Mapping[str, NumPyArray], given: Sequence[NumPyArray]) -> None:
    """Writes the results of a successful run into the user's arrays."""
    written = written_arrays(graph)
    for array, target in zip(graph.arrays, given, strict=True):
        if array.name in written:
            np.copyto(target, results[array.name].astype(target.dtype, copy=False))


def written_arrays(graph: ActorGraph) -> frozenset[str]:
    """The arrays that some actor writes."""
    return frozenset(name for name, use in array_uses(graph).items() if use.writers)


def channel_depths(graph: ActorGraph, overrides: Mapping[str, int] | None) -> dict[str, int]:
    """Every channel's depth; `overrides` names channels or whole streams. Raises `ProgramError` on a bad one."""
    depths = {channel.name: channel.depth for channel in graph.channels}
    if not isinstance(overrides or {}, Mapping):
        title = f"`depths` maps names of channels to depths, it is not `{overrides!r}`"
        raise ProgramError([BadArgument(title=title, span=caller_span(), hint='write `depths={"fifo": 4}`')])
    for name in overrides or {}:
        _check_name(name)
    whole = {name: depth for name, depth in (overrides or {}).items() if "[" not in name}
    single = {name: depth for name, depth in (overrides or {}).items() if "[" in name}
    for name, depth in (*whole.items(), *single.items()):
        if isinstance(depth, bool) or not isinstance(depth, int | np.integer) or not 1 <= depth <= DEEPEST:
            title = f"the depth of `{name}` is an integer of at least 1, not `{depth!r}`"
            raise ProgramError([BadArgument(title=title, span=caller_span())])
        for channel in channel_names(graph, [name]):
            depths[channel] = int(depth)
    return depths


def channel_names(graph: ActorGraph, names: Iterable[str]) -> list[str]:
    """The channels that names mean: one channel, or all of a stream. Raises `ProgramError` on an unknown name."""
    found: list[str] = []
    if not isinstance(names, Iterable):
        title = f"the names of channels are given as a list, not as `{names!r}`"
        raise ProgramError([BadArgument(title=title, span=caller_span(), hint='write `["fifo"]`')])
    for name in names:
        _check_name(name)
        plain = re.sub(r"\s+", "", name)
        matches = [channel.name for channel in graph.channels if plain in _names_of(channel)]
        if not matches:
            known = {known for channel in graph.channels for known in _names_of(channel)}
            close = next(iter(difflib.get_close_matches(plain, sorted(known), n=1)), "")
            hint = f"did you mean `{close}`?" if close else ""
            title = f"`{graph.name}` has no channel `{name}`"
            raise ProgramError([BadArgument(title=title, span=caller_span(), hint=hint)])
        found += matches
    return found


def _names_of(channel: Channel) -> tuple[str, str, str]:
    """What a channel answers to: its own name, its stream's, and that of the list its stream stands in."""
    return channel.name, channel.stream, channel.stream.partition("[")[0]


def _check_name(name: object) -> None:
    if not isinstance(name, str):
        title = f"a channel is named by a string, not by `{name!r}`"
        raise ProgramError([BadArgument(title=title, span=caller_span(), hint='write `"fifo[1,2]"`')])


def _check_array(array: Array, value: object, span: Span, *, written: bool) -> BadArgument | None:
    expected = numpy_dtype(array.type.element)
    if not isinstance(value, np.ndarray):
        title = f"`{array.name}` is given a `{type(value).__name__}`, not a NumPy array"
        return BadArgument(title=title, span=span, hint=f"write `np.asarray(..., dtype=np.{expected})`")
    if not accepts(array.type.element, value.dtype):
        title = f"`{array.name}` is declared as `{array.type}`, the array given has the type `{value.dtype}`"
        return BadArgument(title=title, span=span, hint=f"convert it: `.astype(np.{expected})`")
    if value.shape != array.type.shape:
        title = f"`{array.name}` is declared as `{array.type}`, the array given has the shape {list(value.shape)}"
        return BadArgument(title=title, span=span)
    if written and not value.flags.writeable:
        return BadArgument(title=f"`{array.name}` is written, the array given is read-only", span=span)
    return None


def _check_overlaps(
    names: Sequence[str], arrays: Sequence[NumPyArray], written: frozenset[str], span: Span
) -> list[BadArgument]:
    """A written array must share no memory with another one: which value would it be left with?"""
    problems = []
    for number, (name, array) in enumerate(zip(names, arrays, strict=True)):
        for other, other_array in zip(names[:number], arrays[:number], strict=True):
            if {name, other} & written and np.may_share_memory(array, other_array):
                title = f"`{other}` and `{name}` are given the same memory, and one of them is written"
                problems.append(BadArgument(title=title, span=span, hint="give one of them a copy: `.copy()`"))
    return problems
