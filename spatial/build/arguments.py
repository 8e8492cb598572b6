"""Checks and copies what the user gives a run, before anything is changed."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.analysis.sharing import array_uses
from spatial.device.storage import DEEPEST
from spatial.ir.graph import ActorGraph, Array, Channel
from spatial.sim.values import encoded
from spatial.source.errors import ProgramError
from spatial.source.report import Label, Report
from spatial.source.span import Span, caller_span
from spatial.source.told import told
from spatial.types.dtype import DType, Fixed, Struct
from spatial.types.exact import converted, holds_all, holds_fixed
from spatial.types.given import records
from spatial.types.values import accepts, numpy_dtype

__all__ = [
    "BadArgument",
    "channel_depths",
    "channel_names",
    "check_arrays",
    "commit",
    "encode_arrays",
    "taken_as",
    "written_arrays",
]

WORK = 100_000  # the solutions NumPy tries before arrays that interleave count as sharing memory
NumPyArray = np.ndarray[tuple[int, ...], np.dtype[np.generic]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadArgument:
    """An array that does not go where it is given."""

    title: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        return Report(code="run/argument", title=self.title, primary=Label(self.span), hint=self.hint)


def check_arrays(graph: ActorGraph, given: Sequence[object]) -> list[NumPyArray]:
    """The arrays in the form that their declared types have, converted where that loses nothing.

    An array that is only read may be anything NumPy makes an array of; one that is written must be a
    NumPy array whose type holds every value that can come out. Raises `ProgramError` with everything
    wrong about number, type, shape or overlap.
    """
    span = caller_span()
    names = [array.name for array in graph.arrays]
    if len(given) != len(names):
        count = f"{len(names)} {'array' if len(names) == 1 else 'arrays'}"
        told = f"{len(given)} {'is' if len(given) == 1 else 'are'} given"
        title = f"`{graph.name}` takes {count} ({', '.join(names)}), {told}"
        raise ProgramError([BadArgument(title=title, span=span)])
    written = written_arrays(graph)
    taken = [
        taken_as(array, value, span, written=array.name in written)
        for array, value in zip(graph.arrays, given, strict=True)
    ]
    problems = [problem for problem in taken if isinstance(problem, BadArgument)]
    if not problems:
        problems = _check_overlaps(names, given, written, span)
    if problems:
        raise ProgramError(problems)
    return [array for array in taken if isinstance(array, np.ndarray)]


def encode_arrays(graph: ActorGraph, given: Sequence[NumPyArray]) -> dict[str, Sequence[object]]:
    """The engine's values; raises `ProgramError` where an element is outside of its type."""
    memory: dict[str, Sequence[object]] = {}
    for array, value in zip(graph.arrays, given, strict=True):
        try:
            memory[array.name] = encoded(value, array.type.element)
        except ValueError as error:
            title = f"the array `{array.name}`: {error}"
            raise ProgramError([BadArgument(title=title, span=caller_span())]) from None
    return memory


def commit(graph: ActorGraph, results: Mapping[str, NumPyArray], given: Sequence[object]) -> None:
    """Writes the results of a successful run into the user's arrays."""
    written = written_arrays(graph)
    for array, target in zip(graph.arrays, given, strict=True):
        if array.name in written and isinstance(target, np.ndarray):
            _copy(target, results[array.name])


def _copy(target: NumPyArray, result: NumPyArray) -> None:
    """Each element, as the type of the target; fields by their names."""
    if not target.dtype.names:
        np.copyto(target, result.astype(target.dtype, copy=False))
    for name in target.dtype.names or ():
        _copy(target[name], result[name])  # type: ignore[call-overload]


def written_arrays(graph: ActorGraph) -> frozenset[str]:
    """The arrays that some actor writes."""
    return frozenset(name for name, use in array_uses(graph).items() if use.writers)


def channel_depths(
    graph: ActorGraph, overrides: Mapping[str, int] | None, built: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Every channel's depth, as declared or `built`; `overrides` names channels or whole streams.

    Raises `ProgramError` on a bad one.
    """
    depths = {channel.name: channel.depth for channel in graph.channels} | dict(built or {})
    if not isinstance(overrides or {}, Mapping):
        title = f"`depths` maps names of channels to depths, it is not `{overrides!r}`"
        raise ProgramError([BadArgument(title=title, span=caller_span(), hint='write `depths={"fifo": 4}`')])
    for name in overrides or {}:
        _check_name(name)
    whole = {name: depth for name, depth in (overrides or {}).items() if not name.endswith("]")}
    single = {name: depth for name, depth in (overrides or {}).items() if name.endswith("]")}
    for name, depth in (*whole.items(), *single.items()):
        if isinstance(depth, bool) or not isinstance(depth, int | np.integer) or not 1 <= depth <= DEEPEST:
            title = f"the depth of `{name}` is an integer of at least 1, not `{told(depth)}`"
            if isinstance(depth, int | np.integer) and depth > DEEPEST:
                title = f"the depth of `{name}` is at most {DEEPEST}, not `{told(depth)}`"
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


def _names_of(channel: Channel) -> tuple[str, ...]:
    """What a channel of the user's answers to: its own name, its stream's, that of the list its stream stands in."""
    if channel.role:
        return ()
    return channel.name, channel.stream, re.sub(r"(\[[^\].]*\])+$", "", channel.stream)


def _check_name(name: object) -> None:
    if not isinstance(name, str):
        title = f"a channel is named by a string, not by `{name!r}`"
        raise ProgramError([BadArgument(title=title, span=caller_span(), hint='write `"fifo[1,2]"`')])


def taken_as(array: Array, value: object, span: Span, *, written: bool) -> NumPyArray | BadArgument:
    """What the engine is given for an array, or why it is not."""
    made = _as_array(array, value, span, written=written)
    if isinstance(made, BadArgument):
        return made
    if made.shape != array.type.shape:
        title = f"`{array.name}` is declared as `{array.type}`, the array given has the shape {list(made.shape)}"
        fits = made.size == array.type.size
        hint = f"give it that shape: `.reshape({', '.join(map(str, array.type.shape))})`" if fits else ""
        return BadArgument(title=title, span=span, hint=hint)
    if written and (problem := _check_written(array, made, span)):
        return problem
    return _exact(array, made, span)


def _as_array(array: Array, value: object, span: Span, *, written: bool) -> NumPyArray | BadArgument:
    """What is given, as an array; only that which is read needs not be one already."""
    if isinstance(value, np.ma.MaskedArray):
        hint = f"fill what is masked: `{array.name}.filled(0)`"
        return BadArgument(title=f"`{array.name}` is given a masked array", span=span, hint=hint)
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    title = f"`{array.name}` is given a `{type(value).__name__}`, not a NumPy array"
    hint = f"write `np.asarray(..., dtype={_spelled(array.type.element)})`"
    if written:
        why = f"{title}, and it is written: the result would be lost"
        return BadArgument(title=why, span=span, hint=f"make an array first: {hint.removeprefix('write ')}")
    if isinstance(array.type.element, Struct):
        return _structs(array, value, array.type.element, span)
    try:
        made = np.asarray(value)
    except Exception as error:  # whatever an object does when NumPy asks it for an array
        return BadArgument(title=f"{title}: {type(error).__name__}: {error}", span=span, hint=hint)
    if made.dtype == object and not isinstance(array.type.element, Fixed):
        return BadArgument(title=title, span=span, hint=hint)
    return made


def _structs(array: Array, value: object, struct: Struct, span: Span) -> NumPyArray | BadArgument:
    """An array of structs, each given by its fields."""
    try:
        return records(value, struct, exactly=True)
    except ValueError as error:
        return BadArgument(title=f"`{array.name}` is declared as `{array.type}`: {error}", span=span)


def _check_written(array: Array, given: NumPyArray, span: Span) -> BadArgument | None:
    """What is wrong with an array that results are to be written into."""
    if not given.flags.writeable:
        return BadArgument(title=f"`{array.name}` is written, the array given is read-only", span=span)
    if any(stride == 0 and extent > 1 for stride, extent in zip(given.strides, given.shape, strict=True)):
        title = f"`{array.name}` is written, elements of the array given share memory"
        return BadArgument(title=title, span=span, hint="give it a copy: `.copy()`")
    element = array.type.element
    holds = holds_fixed(given.dtype, element) if isinstance(element, Fixed) else False
    if not holds and not accepts(element, given.dtype) and not holds_all(given.dtype, numpy_dtype(element)):
        title = f"`{array.name}` is written with `{element}` values, not all of which `{given.dtype}` holds"
        return BadArgument(title=title, span=span, hint=f"make it `np.zeros({_shape(array)}, {_spelled(element)})`")
    return None


def _exact(array: Array, given: NumPyArray, span: Span) -> NumPyArray | BadArgument:
    """The array with elements of the declared type, where that changes no value."""
    if accepts(array.type.element, given.dtype):
        return given
    element = array.type.element
    title = f"`{array.name}` is declared as `{array.type}`, the array given has the type `{given.dtype}`"
    try:
        if isinstance(element, Fixed) and given.dtype.kind == "O":
            return given
        return converted(given, numpy_dtype(element))
    except ValueError as error:
        hint = "" if isinstance(element, Struct) else f"convert it: `.astype({_spelled(element)})`"
        return BadArgument(title=f"{title}: {error}", span=span, hint=hint)
    except TypeError:
        hint = f"give it the type {_spelled(element)}" if isinstance(element, Struct) else ""
        return BadArgument(title=title, span=span, hint=hint)


def _spelled(element: DType) -> str:
    """How a user writes the NumPy form of a type."""
    form = numpy_dtype(element)
    if isinstance(element, Struct):
        return f"sp.numpy_dtype({element.name})"
    if form.kind == "O":
        return "object"
    return f"{'np' if form.isbuiltin == 1 else 'ml_dtypes'}.{'bool_' if form.kind == 'b' else form.name}"


def _shape(array: Array) -> str:
    return str(array.type.shape[0] if len(array.type.shape) == 1 else array.type.shape)


def _check_overlaps(
    names: Sequence[str], given: Sequence[object], written: frozenset[str], span: Span
) -> list[BadArgument]:
    """A written array must share no memory with another one: which value would it be left with?"""
    arrays = [(name, array) for name, array in zip(names, given, strict=True) if isinstance(array, np.ndarray)]
    problems = []
    for number, (name, array) in enumerate(arrays):
        for other, other_array in arrays[:number]:
            if {name, other} & written and _share(array, other_array):
                title = f"`{other}` and `{name}` are given the same memory, and one of them is written"
                problems.append(BadArgument(title=title, span=span, hint="give one of them a copy: `.copy()`"))
    return problems


def _share(one: NumPyArray, other: NumPyArray) -> bool:
    """Whether two arrays have an element in common, or that is too hard to tell."""
    decide: Callable[..., bool] = np.shares_memory  # NumPy types `max_work` as 0 or -1
    try:
        return decide(one, other, max_work=WORK)
    except np.exceptions.TooHardError:
        return True
