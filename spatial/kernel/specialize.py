"""Groups the PEs of a kernel by what they decide, so that each group shares one function."""

import ast
import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from spatial.ir.graph import element_name
from spatial.kernel.definition import ArrayRef, Kernel
from spatial.kernel.environment import environment_of
from spatial.kernel.errors import WrongUse
from spatial.kernel.function import FunctionParts, build_function
from spatial.kernel.signature import bind_arrays, parameter_types
from spatial.meta.blocks import stray_branches
from spatial.meta.expand import expand
from spatial.meta.scope import Scope, analyse
from spatial.meta.trace import Trace, trace
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.source.text import FunctionText, function_text
from spatial.stream.errors import BadChannelIndex, ChannelIndexError
from spatial.stream.stream import ChannelRef, Stream

__all__ = ["Instance", "Specialized", "compile_kernel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One PE: the values and channels its function is given, in the order of the parameters."""

    pid: tuple[int, ...]
    values: tuple[object, ...]
    channels: tuple[ChannelRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Specialized:
    """A function in the module, and the PEs that run it; they all take the same arrays."""

    kernel: str
    function: str
    instances: tuple[Instance, ...]
    arrays: tuple[ArrayRef, ...]
    span: Span


def compile_kernel(
    kernel: Kernel, region: Mapping[str, ArrayRef], taken: set[str], tables: dict[object, str]
) -> tuple[list[Specialized], list[Problem]]:
    """Appends the kernel's functions to the module at the insertion point; `taken` are the symbols in use."""
    text = function_text(kernel.function)
    environment = environment_of(kernel.function)
    types, problems = parameter_types(text, environment, kernel.function.__annotations__)
    arrays, mismatches = bind_arrays(kernel, text, types, region)
    problems += mismatches
    scope = analyse(text.node, environment)
    problems += stray_branches(text.node.body, scope, text.span)
    groups: dict[object, list[tuple[Trace, list[ChannelRef]]]] = {}
    for pid in itertools.product(*map(range, kernel.mapping)):
        found = trace(text.node.body, scope, pid, text.span, _explain, element_name(kernel.name, pid))
        problems += found.problems
        channels = [_channel(site, text) for site in found.channels] if not found.problems else []
        problems += [channel for channel in channels if isinstance(channel, WrongUse)]
        refs = [channel for channel in channels if isinstance(channel, ChannelRef)]
        if not found.problems and len(refs) == len(channels):
            key = (*found.decisions, *_pattern(refs), *(ref.stream.type.element for ref in refs))
            groups.setdefault(key, []).append((found, refs))
    specialized = []
    for number, group in enumerate(groups.values()):
        parts, made = _assemble(kernel, text, scope, environment, group, types, arrays, _symbol(kernel, number, taken))
        problems += build_function(parts, tables)
        specialized.append(made)
    return specialized, _unique(problems)


def _assemble(
    kernel: Kernel,
    text: FunctionText,
    scope: Scope,
    environment: Mapping[str, object],
    group: list[tuple[Trace, list[ChannelRef]]],
    types: Mapping[str, "tuple[object, Span]"],
    arrays: Mapping[str, ArrayRef],
    symbol: str,
) -> tuple[FunctionParts, Specialized]:
    traces = [found for found, _ in group]
    sites = group[0][1]
    pattern = _pattern(sites)
    expansion = expand(text.node.body, scope, traces, pattern)
    ends = [list(dict.fromkeys(refs)) for _, refs in group]
    parts = FunctionParts(
        name=symbol,
        kernel=kernel.name,
        expansion=expansion,
        tokens=[ref.stream.type.element for ref in ends[0]],
        arrays=types,  # type: ignore[arg-type]
        labels=tuple(element_name(kernel.name, found.pid) for found in traces),
        environment=environment,
        spans=text.span,
        span=text.name_span(),
    )
    instances = tuple(
        Instance(
            pid=found.pid,
            values=tuple(column.values[position] for column in expansion.columns),
            channels=tuple(ends[position]),
        )
        for position, found in enumerate(traces)
    )
    bound = tuple(arrays[name] for name in types if name in arrays)
    return parts, Specialized(
        kernel=kernel.name, function=symbol, instances=instances, arrays=bound, span=text.name_span()
    )


def _channel(site: tuple[ast.expr, object], text: FunctionText) -> ChannelRef | WrongUse:
    """The channel a site evaluated to; a stream without axes is its one channel."""
    node, value = site
    match value:
        case ChannelRef():
            return value
        case Stream(type=type_) if not type_.shape:
            return ChannelRef(stream=value, indices=())
        case Stream(name=name, type=type_):
            title = f"`{name}` is an array of channels, not one channel"
            hint = f"pick one: `{name}[{', '.join('ijk'[: len(type_.shape)])}]`"
            return WrongUse(title=title, span=text.span(node), hint=hint)
    title = f"`{ast.unparse(node)}` is no stream"
    return WrongUse(title=title, span=text.span(node), hint="declare it in the region: `name: Stream[T, depth]`")


def _pattern(refs: list[ChannelRef]) -> list[int]:
    """Each site's channel, numbered by first use."""
    numbers: dict[ChannelRef, int] = {}
    return [numbers.setdefault(ref, len(numbers)) for ref in refs]


def _explain(error: Exception, span: Span, label: str) -> Problem | None:
    if isinstance(error, ChannelIndexError):
        return BadChannelIndex(element=error.element, why=error.why, span=span, pid=label)
    return None


def _symbol(kernel: Kernel, number: int, taken: set[str]) -> str:
    symbol = next(name for n in itertools.count(number) if (name := f"{kernel.name}_{n}") not in taken)
    taken.add(symbol)
    return symbol


def _unique(problems: list[Problem]) -> list[Problem]:
    """One problem for each place and code: many PEs run the same line."""
    seen: dict[object, Problem] = {}
    for problem in problems:
        report = problem.report()
        seen.setdefault((report.code, report.primary.span), problem)
    return list(seen.values())
