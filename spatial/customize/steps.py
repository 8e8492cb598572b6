"""What every step of a schedule does: it works on a copy, which becomes the program if nothing is wrong."""

import functools
import inspect
import numbers
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Concatenate, ParamSpec, TypeVar

from spatial.customize.addresses import Gone, Lookup, Scope, Selected, scope_of, selected
from spatial.customize.references import Band, BandLike, Buffer, BufferLike, Grid, Loop, LoopLike
from spatial.customize.shared import everywhere
from spatial.customize.state import State, copied, state_of
from spatial.ir.calls import callees
from spatial.ir.dialect import ChannelOp, context
from spatial.ir.function import kernels, parameters, region_function
from spatial.ir.graph import element_name
from spatial.ir.mlir import func, ir
from spatial.schedule.naming import loops_of, names_of
from spatial.schedule.pipelined import check_pipelined
from spatial.source.errors import InternalError, Misuse, ProgramError
from spatial.source.span import Span, caller_span

__all__ = ["Site", "Step", "Steps", "plain", "primitive"]

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that was taken: the primitive, what it was given, and where; `gone` are the names that it took away.

    Of what it was given, the texts in `named` mean things of the program, in these functions; an empty one stands for
    the only function, of which nothing was said. One that composes has the steps in `parts`. The `result` is what the
    user got, `after` what the program is then.
    """

    name: str
    arguments: tuple[object, ...]
    keywords: Mapping[str, object]
    span: Span
    made: tuple[str, ...] = ()
    gone: tuple[Gone, ...] = field(default=(), repr=False)
    named: Mapping[str, str] = field(default_factory=dict, repr=False)
    parts: tuple["Step", ...] = field(default=(), repr=False)
    result: object = field(default=None, repr=False)
    after: State | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        """The step as it was written, with names in place of objects."""
        given = [*map(_spelled, self.arguments), *(f"{key}={_spelled(value)}" for key, value in self.keywords.items())]
        return f"{self.name}({', '.join(given)})"


@dataclass(slots=True, kw_only=True)
class Site:
    """Where a step works: a copy of the program, in which names mean operations. `span` is the line of the schedule.

    `asked` are the texts that it took for names, each with the function of what it means.
    """

    state: State
    lookup: Lookup
    chosen: str = ""
    asked: dict[str, str] = field(default_factory=dict)

    @property
    def module(self) -> ir.Module:
        """The copy."""
        return self.state.module

    @property
    def span(self) -> Span:
        """The line of the schedule."""
        return self.lookup.span

    @property
    def region(self) -> func.FuncOp:
        """The function that declares the program's channels, arrays and actors."""
        return region_function(self.module)

    @property
    def function(self) -> func.FuncOp:
        """The function of the loops and buffers that were asked for so far."""
        if not self.chosen:
            raise InternalError("a step asks for its function before it asks for a loop or a buffer")
        return self.state.functions[self.chosen]

    @property
    def kernel(self) -> str:
        """What the user calls the kernel, or the called function, of what was asked for so far."""
        return str(self.function.attributes["df.kernel"].value) if self.chosen not in self.state.called else self.chosen

    def choose(self, kernel: object = None) -> None:
        """Works in the function of a kernel from now on, or in the only one that actors run."""
        own = [function.name.value for function in kernels(self.module)]
        name = str(kernel) if kernel is not None else self.state.graph.name
        scope = scope_of(self.state, name) if kernel is not None else Scope(functions=tuple(own))
        found = [] if scope is None else list(scope.functions)
        if len(found) != 1:
            missing = f"`{self.state.graph.name}` has no kernel `{name}`"
            title = f"`{name}` has {len(found)} functions, this step takes one" if found else missing
            known = dict.fromkeys(self.state.kernel(function) for function in own)
            raise ProgramError([Misuse(title=title, span=self.span, hint=f"name one of {', '.join(known)}")])
        if kernel is None:
            self._note("", found[0])
        self._choose(found[0])

    def loop(self, given: LoopLike) -> ir.OpView:
        """The loop that is meant."""
        found = self.lookup.loop(given)
        self._note(given, found.function)
        return self._op(found)

    def loops(self, given: Sequence[LoopLike]) -> list[ir.OpView]:
        """The loops that are meant, at least one."""
        if not isinstance(given, list | tuple) or not given:
            title = f"this step takes several loops, not `{given!r}`" if given else "this step is given no loops"
            raise ProgramError([Misuse(title=title, span=self.span, hint='name them, as in `["i", "j"]`')])
        return [self.loop(each) for each in given]

    def band(self, given: BandLike) -> list[ir.OpView]:
        """The loops of a band, the outermost first."""
        loops = self.lookup.band(given)
        self._note(given, loops[0].function)
        return [self._op(loop) for loop in loops]

    def buffer(self, given: BufferLike) -> ir.Value:
        """The memory that is meant, in one function."""
        found = self.lookup.buffer(given)
        self._note(given, found.function)
        if found.function:
            return self._value(found)
        users = [self.state.address(function) for function in self.state.users(found.name)]
        title = f"`{found.name}` is an array of {len(users) or 'no'} functions, this step works in one"
        hint = f'name it there: `s["{users[0]}"].{found.name}`' if users else ""
        raise ProgramError([Misuse(title=title, span=self.span, hint=hint)])

    def actors(self, given: Sequence[object]) -> list[str]:
        """The actors of kernels, or of slices of them, in the order given."""
        found: list[str] = []
        for each in given:
            scope = selected(each) if isinstance(each, Selected) else None
            if isinstance(each, Grid):
                scope = scope_of(self.state, each.name)
            if scope is None or not set(scope.actors) <= set(self.state.graph.actor):
                title = f"this step takes kernels, or PEs of them, not `{each!r}`"
                hint = 'give `s["pe"]`, or `s["pe"][:, 0]`'
                raise ProgramError([Misuse(title=title, span=self.span, hint=hint)])
            found += scope.actors
        return found

    def thing(self, given: LoopLike | BufferLike) -> ir.OpView | ir.Value:
        """The loop or the memory that is meant."""
        meant = self.lookup.thing(*self.lookup.split(given)) if isinstance(given, str) else given
        if not isinstance(meant, Loop | Band | Buffer):
            title = f"this step takes a loop or an array, not `{meant!r}`"
            raise ProgramError([Misuse(title=title, span=self.span, hint='give its name, `"i"`, or `s["i"]`')])
        function = meant.loops[0].function if isinstance(meant, Band) else meant.function
        self._note(given, function)
        if isinstance(meant, Buffer):
            return self.buffer(meant)
        return self.band(meant)[0] if isinstance(meant, Band) else self.loop(meant)

    def array(self, given: BufferLike) -> str | None:
        """The array of the program that is meant, or the program's own memory; None where it is a function's."""
        found = self.lookup.buffer(given)
        self._note(given, found.function)
        return None if found.function else found.name

    def everywhere(self, given: BufferLike) -> list[tuple[func.FuncOp, ir.Value]]:
        """The memory that is meant in each function that is given it, by a call too; a local may be in one."""
        buffer = self.lookup.buffer(given)
        self._note(given, buffer.function)
        found = everywhere(self.state, buffer)
        return [(self.state.functions[function], value) for function, value in found]

    def channels(self, given: object) -> list[ir.OpView]:
        """The channels that are meant: one, `"fifo[1,2]"`, or all of a stream, `"fifo"`; none where it is no stream."""
        declared = [op for op in self.region.entry_block.operations if isinstance(op, ChannelOp)]
        names = ((op, op.stream.value, tuple(index.value for index in op.indices)) for op in declared)
        found = [op for op, stream, indices in names if given in (stream, element_name(stream, indices))]
        if any(op.stream.value == each.name for op in found for each in parameters(self.region)):
            title = f"`{given}` is a parameter of the program: what holds its tokens lies outside"
            raise ProgramError([Misuse(title=title, span=self.span)])
        return found

    def callee(self, given: str) -> func.FuncOp:
        """The function that is called so."""
        name = self.lookup.callee(given)
        self._note(given, name)
        return self.state.functions[name]

    def reference(self, op: ir.OpView | ir.Value) -> Loop | Buffer:
        """What the user gets for a loop or for memory; it survives later steps."""
        if isinstance(op, ir.Value):
            name = next(name for name, value in names_of(self.function).items() if value == op)
            return self.state.buffer(self.chosen, name, op)
        return self.state.loop(self.chosen, op)

    def loop_reference(self, op: ir.OpView) -> Loop:
        """What the user gets for a loop."""
        return self.state.loop(self.chosen, op)

    def buffer_reference(self, value: ir.Value) -> Buffer:
        """What the user gets for memory."""
        found = self.reference(value)
        assert isinstance(found, Buffer), "a value is memory"
        return found

    def _note(self, given: object, function: str) -> None:
        if isinstance(given, str):
            self.asked[given] = function

    def _op(self, loop: Loop) -> ir.OpView:
        self._choose(loop.function)
        named = {each.attributes["df.name"].value: each for each in loops_of(self.function)}
        return named[loop.name]

    def _value(self, buffer: Buffer) -> ir.Value:
        self._choose(buffer.function)
        value = names_of(self.function)[buffer.name]
        assert isinstance(value, ir.Value), "names of buffers and loops differ"
        return value

    def _choose(self, function: str) -> None:
        if self.chosen and self.chosen != function:
            first, second = self.state.address(self.chosen), self.state.address(function)
            title = f"a step works in one function, and is given names of `{first}` and of `{second}`"
            raise ProgramError([Misuse(title=title, span=self.span)])
        self.chosen = function


class Steps:
    """The steps of a schedule, and the program after each of them."""

    def __init__(self, state: State) -> None:
        self._states = [state]
        self._steps: list[Step] = []

    @property
    def _state(self) -> State:
        return self._states[-1]

    def _lookup(self, state: State | None = None) -> Lookup:
        """What names mean now, or in a copy."""
        gone = [gone for step in reversed(self._steps) for gone in step.gone]
        return Lookup(state=state or self._state, span=caller_span(), gone=gone)

    def _perform(
        self, name: str, arguments: tuple[object, ...], keywords: Mapping[str, object], work: Callable[[Site], R]
    ) -> R:
        """Takes a step: `work` changes a copy of the program, which replaces it if all is well."""
        with context(), ir.Location.unknown():
            copy = State(module=copied(self._state), graph=self._state.graph)
            site = Site(state=copy, lookup=self._lookup(copy))
            result = work(site)
            for function in (*kernels(copy.module), *callees(copy.module)):
                check_pipelined(function, name, site.span)
            state = state_of(copy.module)
        made, gone = _changes(self._state, state, name, site.span)
        step = Step(
            name=name,
            arguments=arguments,
            keywords=dict(keywords),
            span=site.span,
            made=made,
            gone=gone,
            named=site.asked,
            result=result,
            after=state,
        )
        self._steps.append(step)
        self._states.append(state)
        return result


S = TypeVar("S", bound=Steps)


def primitive(method: Callable[Concatenate[S, Site, P], R]) -> Callable[Concatenate[S, P], R]:
    """Makes a step of a method, which is handed the place where it works before what the user gives."""
    signature = inspect.signature(method)
    own, _, *given = signature.parameters.values()
    shown = signature.replace(parameters=[own, *given])

    @functools.wraps(method)
    def taken(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            shown.bind(self, *args, **kwargs)
        except TypeError as error:
            title = f"`{method.__name__}` is given wrong arguments: {error}"
            names = ", ".join(str(each) for each in given)
            raise ProgramError([Misuse(title=title, span=caller_span(), hint=f"it takes ({names})")]) from None
        arguments = tuple(map(plain, args))
        keywords = {key: plain(value) for key, value in kwargs.items()}
        work = functools.partial(_work, method, self, arguments, keywords)
        return self._perform(method.__name__, arguments, keywords, work)

    taken.__signature__ = shown  # type: ignore[attr-defined]
    return taken


def _work(
    method: Callable[..., R], schedule: object, arguments: Sequence[object], keywords: Mapping[str, object], site: Site
) -> R:
    return method(schedule, site, *arguments, **keywords)


def plain(given: object) -> object:
    """What a step is given, with the integers of NumPy as Python's."""
    if isinstance(given, list | tuple):
        return type(given)(map(plain, given))
    return int(given) if isinstance(given, numbers.Integral) and not isinstance(given, int) else given


def _changes(before: State, after: State, step: str, span: Span) -> tuple[tuple[str, ...], tuple[Gone, ...]]:
    """The names that a step made, and those that it took away, with what they became."""
    made: list[str] = []
    gone: list[Gone] = []
    known = {name for op in before.functions.values() for name in names_of(op)}
    for function, op in before.functions.items():
        old = list(names_of(op))
        now = list(names_of(after.functions[function])) if function in after.functions else []
        fresh = [name for name in now if name not in old]
        made += fresh
        if function not in after.functions:
            now = [name for other in after.functions.values() for name in names_of(other) if name not in known]
            gone += _written(op, old, now, step, span)
            continue
        for name in old:
            if name not in now:
                parts = tuple(each for each in fresh if each.startswith(f"{name}."))
                gone.append(Gone(function=function, name=name, step=step, span=span, made=parts or tuple(fresh)))
    return tuple(made), tuple(gone)


def _written(function: func.FuncOp, names: Sequence[str], now: Sequence[str], step: str, span: Span) -> Iterator[Gone]:
    """The names of a called function that is written out, each with the new one that it has where it was called."""
    called = function.attributes["df.callee"].value if "df.callee" in function.attributes else ""
    for name in names:
        made = tuple(each for each in now if re.fullmatch(rf"{re.escape(f'{called}.{name}')}(_\d+)?", each))
        yield Gone(function=function.name.value, name=name, step=step, span=span, made=made)


def _spelled(value: object) -> str:
    match value:
        case Loop() | Buffer() | Band() | Grid():
            return f'"{value.name}"'
        case Selected():
            return f'"{selected(value).name}"'
        case str():
            return f'"{value}"'
        case list() | tuple():
            return f"[{', '.join(map(_spelled, value))}]"
    return str(value)
