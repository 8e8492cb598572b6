"""Groups the PEs of a kernel by what they decide, so that each group shares one function."""

import itertools
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spatial.ir.graph import element_name
from spatial.kernel.checks.misleading import check_misleading, check_unreachable
from spatial.kernel.declared.definition import Instantiable, Kernel, Place
from spatial.kernel.declared.environment import environment_of
from spatial.kernel.declared.parameters import settle
from spatial.kernel.declared.references import ArrayRef, Handed, Kept, ScalarRef, arrays_in
from spatial.kernel.declared.results import Result, Types, result_types
from spatial.kernel.declared.signature import bind_arrays, check_depth, cut_arrays, parameter_types
from spatial.kernel.declared.tiles import Tile, part_of
from spatial.kernel.errors import NoSuchMethod, NotSupported
from spatial.kernel.lower.returning import Results
from spatial.kernel.specialized.ends import Reference, pattern, references, used_by
from spatial.kernel.specialized.function import ArrayParameter, FunctionParts, build_function
from spatial.kernel.specialized.requests import Requests
from spatial.kernel.specialized.serving import endless_loop
from spatial.kernel.specialized.sharing import Symbols
from spatial.kernel.specialized.started import Caller, Started, tokens_of
from spatial.meta.analysis import Role, analyse
from spatial.meta.checks import check_meta, is_fatal
from spatial.meta.errors import NotCompileTime, UndefinedName, WordAssigned
from spatial.meta.expand import Column, expand
from spatial.meta.library import Library, Surroundings
from spatial.meta.scope import Scope
from spatial.meta.shapes import ArrayShape, Origin
from spatial.meta.straight import Tracing
from spatial.meta.trace import Trace
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.source.text import FunctionText
from spatial.stream.errors import BadChannelIndex, ChannelIndexError
from spatial.stream.stream import ChannelRef, Channels

__all__ = ["CompiledKernel", "Instance", "Specialized", "compile_kernel", "unique"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One PE: the values, channels and arrays its function is given, in the order of the parameters."""

    pid: tuple[int, ...]
    values: tuple[object, ...]
    channels: tuple[ChannelRef, ...]
    arrays: tuple[ArrayRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Specialized:
    """A function in the module, and the PEs that run it."""

    kernel: str
    function: str
    instances: tuple[Instance, ...]
    span: Span


Group = list[tuple[Trace, list[Reference]]]
MOST_WRONG = 16  # a kernel of which this many specializations are wrong is not looked at further


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledKernel:
    """The functions of a kernel with the PEs that run them, the kernels of regions it calls, and what is wrong.

    `results` are what one gives back that returns.
    """

    specialized: Sequence[Specialized] = ()
    called: Sequence[Kernel] = ()
    problems: Sequence[Problem] = ()
    results: Sequence[Result] = ()


def compile_kernel(kernel: Kernel, name: str, symbols: Symbols) -> CompiledKernel:
    """Appends the functions of a kernel, called `name`, at the insertion point."""
    settled = settle(kernel)
    if settled.problems:
        return CompiledKernel(problems=settled.problems)
    text, environment = settled.text, settled.environment
    declared, problems = parameter_types(text, environment, settled.annotations)
    arrays, mismatches = bind_arrays(settled.kernel, text, declared, environment, arrays_in(kernel.given))
    if (deep := check_depth(text)) is not None:
        return CompiledKernel(problems=[deep])
    tiles, uncut = cut_arrays(settled.kernel, declared, arrays)
    requests = Requests()
    library = Library(_surroundings(requests), check_depth, check_unreachable, requests.rewritten, _is_region)
    roles, usable = dict.fromkeys(tiles, Role.ARRAY), {**_usable(environment), **requests.names}
    scope = analyse(text.node, usable, roles, file=text.file, acts=library.acts)
    if (rewritten := requests.rewritten(text, scope)) is not None:
        text = rewritten
        scope = analyse(text.node, usable, roles, file=text.file, acts=library.acts)
    malformed = [_not_yet_known(problem, environment) for problem in check_meta(text.node.body, scope, text.span)]
    problems += [*mismatches, *uncut, *malformed, *check_misleading(text, scope, environment)]
    if any(map(is_fatal, malformed)):
        return CompiledKernel(problems=problems)
    context = Context(
        name=name,
        kernel=kernel,
        text=text,
        scope=scope,
        tiles=tiles,
        library=library,
        arrays=arrays,
        around=environment,
        unusable=frozenset(problem.name for problem in malformed if isinstance(problem, WordAssigned)),
    )
    groups, undecided = _groups(context)
    problems += undecided
    returned = result_types(text, settled.annotations, environment) if kernel.returns else None
    if returned is not None and not isinstance(returned, tuple):
        return CompiledKernel(problems=[*problems, returned])
    results: tuple[Result, ...] = ()
    origin = kernel.function.__code__.co_filename, kernel.function.__code__.co_firstlineno
    before = len(symbols.built.get(origin, ()))
    specialized = []
    for number, group in enumerate(groups):
        parts, made = _assemble(context, group, _symbol(kernel.name, number, symbols.taken))
        parts = replace(parts, keeps_calls=symbols.keeps_calls)
        parts = replace(parts, results=_results(kernel, returned)) if kernel.returns else parts
        problems += _endless(context, parts)
        built = build_function(parts, symbols.tables)
        problems += built.problems
        results = built.results
        function = symbols.shared(built.function, origin, before)
        specialized.append(_given(replace(made, function=function), built.given))
    return CompiledKernel(specialized=specialized, called=context.called, problems=unique(problems), results=results)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A kernel and what was found out about it before its PEs are told apart; what is `unusable` has been told.

    `called` collects the kernels of the regions that its PEs call.
    """

    name: str
    kernel: Kernel
    text: FunctionText
    scope: Scope
    library: Library
    tiles: Mapping[str, Tile]
    arrays: Mapping[str, ArrayRef]
    around: Mapping[str, object]
    unusable: frozenset[str]
    called: list[Kernel] = field(default_factory=list)

    def caller(self, pid: tuple[int, ...]) -> Caller:
        """The PE as the regions see that it calls."""
        depth = self.kernel.place.depth + 1 if self.kernel.place else 0
        path = f"{element_name(self.name, pid)}."
        arrays = {
            name: part_of(array, self.tiles[name], pid) for name, array in self.arrays.items() if name in self.tiles
        }
        place = Place(path=path, given=dict(arrays), kernels=self.called, depth=depth)
        return Caller(place=place, arrays=arrays)


def _usable(environment: Mapping[str, object]) -> dict[str, object]:
    """What a kernel's text may use of what is around it: not the region's arrays."""
    return {name: value for name, value in environment.items() if not isinstance(value, ArrayRef)}


def _surroundings(requests: Requests) -> Callable[[types.FunctionType], Surroundings]:
    """What is around a function that the kernel calls."""

    def of(function: types.FunctionType) -> Surroundings:
        around = environment_of(function, {})
        return Surroundings(environment={**_usable(around), **requests.names}, around=around)

    return of


def _is_region(thing: object) -> bool:
    return isinstance(thing, Instantiable)


def _groups(context: Context) -> tuple[list[Group], list[Problem]]:
    """The PEs by what they decide, and what went wrong; PEs that cannot say which way they go are left out."""
    groups: dict[object, Group] = {}
    problems: list[Problem] = []
    name, text = context.name, context.text
    shapes = {parameter: ArrayShape.of(tile.type, Origin(parameter)) for parameter, tile in context.tiles.items()}
    tracing = Tracing(text, context.scope, context.library, _explain, shapes)
    for pid in itertools.product(*map(range, context.kernel.mapping)):
        found = tracing.of(pid, element_name(name, pid))
        refs, unresolved = references(found, context.caller)
        wrong = [*found.problems, *unresolved]
        problems += wrong
        key = (bool(wrong), *found.decisions, *pattern(refs), *(ref and tokens_of(ref) for ref in refs))
        if not found.astray and (key in groups or not wrong or len(groups) < MOST_WRONG):
            groups.setdefault(key, []).append((found, refs))
    return list(groups.values()), problems


def _endless(context: Context, parts: FunctionParts) -> list[Problem]:
    """Refuses a part of a called region that never ends: the kernel that calls it would wait for ever."""
    loop = endless_loop(parts.expansion.body) if parts.served else None
    if loop is None:
        return []
    what = f"`{context.kernel.name}` runs for ever in a region that a kernel calls"
    hint = "end the loop, or instantiate the region in the body of another one"
    return [NotSupported(what=what, span=context.text.span(loop.test), hint=hint)]


def _assemble(context: Context, group: Group, symbol: str) -> tuple[FunctionParts, Specialized]:
    name, text, traces = context.name, context.text, [found for found, _ in group]
    expansion = expand(text.node.body, context.scope, traces, pattern(group[0][1]))
    ends = [list(dict.fromkeys(ref for ref in refs if ref)) for _, refs in group]
    arrays = _placed(context.tiles, [found.pid for found in traces], expansion.columns)
    parts = FunctionParts(
        name=symbol,
        kernel=context.kernel.name,
        expansion=expansion,
        ports=[tokens_of(ref) for ref in ends[0]],
        served=context.kernel.server is not None,
        handed=_handed(ends),
        arrays=arrays,
        labels=tuple(element_name(name, found.pid) for found in traces),
        scope=context.scope,
        text=text,
        around=context.around,
        unusable=context.unusable,
    )
    instances = tuple(
        Instance(
            pid=found.pid,
            values=tuple(column.values[position] for column in expansion.columns),
            channels=used_by(context.kernel, found.pid, ends[position]),
            arrays=tuple(context.arrays[name].root for name in context.tiles if name in context.arrays),
        )
        for position, found in enumerate(traces)
    )
    specialized = Specialized(kernel=name, function=symbol, instances=instances, span=text.name_span())
    return parts, specialized


def _placed(
    tiles: Mapping[str, Tile], pids: Sequence[tuple[int, ...]], columns: list[Column]
) -> dict[str, ArrayParameter]:
    """The array parameters of a group of PEs; where in its array each PE's part lies becomes a number of the PE."""
    placed = {}
    for name, tile in tiles.items():
        origins: list[int | None] = []
        for dimension, offset in enumerate(tile.offsets):
            if offset is None:
                origins.append(None)
                continue
            values = tuple(tile.offset(dimension, pid) for pid in pids)
            origins.append(len(columns))
            columns.append(Column(text=f"{name}.{dimension}", values=values))
        placed[name] = ArrayParameter(tile=tile, origins=tuple(origins))
    return placed


def _not_yet_known(problem: Problem, environment: Mapping[str, object]) -> Problem:
    """A scalar of the region is defined, but only while the program runs."""
    if not isinstance(problem, UndefinedName) or not isinstance(environment.get(problem.name), ScalarRef):
        return problem
    hint = "use `if` or `range`, which decide while the program runs"
    what = "what a meta statement is given"
    return NotCompileTime(what=what, name=f"`{problem.name}`", span=problem.span, hint=hint)


def _handed(ends: Sequence[Sequence[Reference]]) -> dict[tuple[int, str], Handed]:
    """The local arrays that the PEs of a group give to regions they call."""
    found = [
        {name: array for ref in refs if isinstance(ref, Started) for name, array in ref.handed.items()} for refs in ends
    ]
    return {
        key: Handed(name=key[1], type=array.type, span=array.span, arrays=tuple(each[key] for each in found))
        for key, array in found[0].items()
    }


def _given(group: Specialized, given: Sequence[ArrayRef | Handed | Kept]) -> Specialized:
    """The PEs with the memory that their function turned out to take besides its parameters."""
    instances = []
    for position, instance in enumerate(group.instances):
        actor = element_name(group.kernel, instance.pid)
        own = (each if isinstance(each, ArrayRef) else each.of(actor, position) for each in given)
        instances.append(replace(instance, arrays=(*instance.arrays, *own)))
    return replace(group, instances=tuple(instances))


def _results(kernel: Kernel, declared: Types | None) -> Results:
    return Results(function=kernel.name, declared=declared, taken=frozenset(kernel.given))


def _explain(error: Exception, span: Span, label: str) -> Problem | None:
    if isinstance(error, ChannelIndexError):
        return BadChannelIndex(element=error.element, why=error.why, span=span, pid=label, hint=error.hint)
    if isinstance(error, AttributeError) and isinstance(error.obj, Channels):
        return NoSuchMethod(name=str(error.name), span=span)
    return None


def _symbol(kernel: str, number: int, taken: set[str]) -> str:
    symbol = next(name for n in itertools.count(number) if (name := f"{kernel}_{n}") not in taken)
    taken.add(symbol)
    return symbol


def unique(problems: list[Problem]) -> list[Problem]:
    """One problem for each place and code: many PEs run the same line."""
    seen: dict[object, Problem] = {}
    for problem in problems:
        report = problem.report()
        seen.setdefault((report.code, report.primary.span), problem)
    return list(seen.values())
