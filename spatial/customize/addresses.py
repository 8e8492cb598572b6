"""Finds what a name means in a schedule's program."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from spatial.customize.errors import Ambiguous, NotOfThisKind, Replaced, Unknown
from spatial.customize.references import Band, BandLike, Buffer, BufferLike, Loop, LoopLike, Reference
from spatial.customize.state import State
from spatial.ir.function import parameters
from spatial.ir.graph import Actor
from spatial.source.errors import ProgramError
from spatial.source.span import Span

__all__ = ["Gone", "Lookup", "Scope", "Selected", "scope_of", "selected", "sliced"]

T = TypeVar("T", bound=Reference)
KINDS = {Loop: "loop", Buffer: "buffer", Band: "band"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A name that a step took away, and what it made of the thing."""

    function: str
    name: str
    step: str
    span: Span
    made: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The functions in which a name is looked for, and what the user calls them together; all of the program if "".

    Where these are a kernel's, `actors` are its PEs that are meant.
    """

    name: str = ""
    functions: tuple[str, ...]
    actors: tuple[str, ...] = ()


class Selected:
    """What the user holds of a kernel, or of some of its PEs."""

    __slots__ = ("_scope",)

    def __init__(self, scope: Scope) -> None:
        self._scope = scope


def selected(given: Selected) -> Scope:
    """What is meant."""
    return given._scope


def sliced(state: State, scope: Scope, key: Sequence[object]) -> Scope | None:
    """Those PEs of a scope whose places lie in a slice, or are a number, along each axis; None where there are none."""
    known = {actor.name: actor for actor in state.graph.actors}
    pids = {name: known[name].pid for name in scope.actors}
    extents = [max(axis) + 1 for axis in zip(*pids.values(), strict=True)]
    if len(key) != len(extents):
        return None
    wanted = [
        range(size)[part] if isinstance(part, slice) else (part,) for part, size in zip(key, extents, strict=True)
    ]
    names = tuple(name for name, pid in pids.items() if all(at in part for at, part in zip(pid, wanted, strict=True)))
    functions = tuple(dict.fromkeys(known[name].function for name in names))
    spelled = ", ".join(_spelled(part) for part in key)
    return Scope(name=f"{scope.name}[{spelled}]", functions=functions, actors=names) if names else None


def _spelled(part: object) -> str:
    if not isinstance(part, slice):
        return str(part)
    ends = [part.start, part.stop, *([] if part.step is None else [part.step])]
    return ":".join("" if end is None else str(end) for end in ends)


def scope_of(state: State, address: str) -> Scope | None:
    """The functions of a kernel, `pe`, or of one of its PEs, `pe_1_1` or `pe[1, 1]`, or the function that is called."""
    plain = re.sub(r"\s+", "", address)
    actors = [actor for actor in state.graph.actors if plain in (actor.kernel, *_names(actor))]
    functions = tuple(dict.fromkeys(actor.function for actor in actors))
    names = tuple(actor.name for actor in actors)
    if not actors and plain in state.functions and "df.callee" in state.functions[plain].attributes:
        return Scope(name=plain, functions=(plain,))
    return Scope(name=address, functions=functions, actors=names) if functions else None


def _names(actor: Actor) -> tuple[str, str]:
    return actor.name, "_".join((actor.kernel, *map(str, actor.pid)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """What names mean in a state; `gone` are those that steps took away, the last first, `span` is where one asks."""

    state: State
    span: Span
    gone: Sequence[Gone] = field(default_factory=tuple)

    def everything(self) -> Scope:
        """All functions of the program."""
        return Scope(functions=tuple(self.state.functions))

    def thing(self, address: str, scope: Scope) -> Reference:
        """The loop, buffer or band of a name; raises `ProgramError` where there is none, or several."""
        return self._only(address, scope, lambda each: True, "loop, buffer or kernel")

    def names(self, scope: Scope) -> list[str]:
        """All names of a scope."""
        return list(dict.fromkeys(name for name, _ in self._things(scope)))

    def loop(self, given: LoopLike) -> Loop:
        """The loop that is meant; a band of one loop is that loop."""
        if isinstance(given, Loop):
            return self._again(given, self.state.loops(given.function), "loop")
        if not isinstance(given, str):
            raise self._wrong_kind(given, "a loop", 'its name, `"i"`, or what `s["i"]` gives')
        found = self._only(*self.split(given), lambda each: not isinstance(each, Buffer), "loop")
        if isinstance(found, Band):
            names = ", ".join(loop.name for loop in found.loops)
            title = f"`{given}` is a band of {len(found.loops)} loops, this step takes one"
            raise self._refused(NotOfThisKind(title=title, span=self.span, hint=f"name one of {names}"))
        assert isinstance(found, Loop), "neither buffer nor band"
        return found

    def band(self, given: BandLike) -> tuple[Loop, ...]:
        """The loops of a band that is meant, the outermost first; one loop is a band of its own."""
        if isinstance(given, Band):
            return tuple(self.loop(loop) for loop in given.loops)
        if isinstance(given, Loop):
            return (self.loop(given),)
        if not isinstance(given, str):
            raise self._wrong_kind(given, "a band", 'its name, `"PE"`')
        found = self._only(*self.split(given), lambda each: not isinstance(each, Buffer), "band")
        return found.loops if isinstance(found, Band) else (found,) if isinstance(found, Loop) else ()

    def buffer(self, given: BufferLike) -> Buffer:
        """The array or scalar that is meant."""
        if isinstance(given, Buffer):
            known = self.state.buffers(given.function) if given.function else self.state.arrays()
            return self._again(given, known, "buffer")
        if not isinstance(given, str):
            raise self._wrong_kind(given, "an array", 'its name, `"A"`, or `s.A`')
        found = self._only(*self.split(given), lambda each: isinstance(each, Buffer), "buffer")
        assert isinstance(found, Buffer), "nothing else is looked for"
        return found

    def callee(self, given: str) -> str:
        """The function that is called so."""
        if not isinstance(given, str):
            raise self._wrong_kind(given, "a function that is called", 'its name, `"gemm"`')
        if given not in self.state.called:
            raise self._unknown(given, self.everything(), "function that it calls", self.state.called)
        return given

    def split(self, address: str) -> tuple[str, Scope]:
        """A name, and where it is looked for."""
        owner, colon, name = address.rpartition(":")
        if not colon:
            return address, self.everything()
        scope = scope_of(self.state, owner)
        if scope is None:
            known = [*(actor.kernel for actor in self.state.graph.actors), *self.state.called]
            raise self._unknown(owner, self.everything(), "kernel", known)
        return name, scope

    def _only(self, name: str, scope: Scope, fits: Callable[[Reference], bool], what: str) -> Reference:
        """The one thing of a name that fits; what kernels have comes before what functions have that they call."""
        named = [each for known, each in self._things(scope) if known == name]
        found = list(dict.fromkeys(each for each in named if fits(each)))
        found = [each for each in found if _function(each) not in self.state.called] or found
        if len(found) == 1:
            return found[0]
        if found:
            places = tuple((self._address(each), _span(each)) for each in found)
            hint = f'write one of them: `s["{places[0][0]}"]`'
            raise self._refused(Ambiguous(name=name, places=places, span=self.span, hint=hint))
        if named:
            title = f"`{name}` is a {KINDS[type(named[0])]}, no {what}"
            raise self._refused(NotOfThisKind(title=title, span=self.span, declared=_span(named[0])))
        for each in self.gone:
            if each.name == name and each.function in scope.functions:
                raise self._replaced(each, what)
        raise self._unknown(name, scope, what, [known for known, each in self._things(scope) if fits(each)])

    def _things(self, scope: Scope) -> Iterator[tuple[str, Reference]]:
        """All names in some functions; an array of the program that several of them share is one thing."""
        shared: set[tuple[str, str]] = set()
        for array in self.state.arrays() if not scope.name else ():
            users = self.state.users(array.name)
            if len(users) > 1:
                shared |= {(function, self.parameter(function, at)) for function, ats in users.items() for at in ats}
                yield array.name, array
        for function in scope.functions:
            own = [each for each in self.state.buffers(function) if (function, each.name) not in shared]
            found: list[Reference] = [*own, *self.state.loops(function)]
            yield from ((each.name, each) for each in found)
            for band in self.state.bands(function):
                yield band.name, band if len(band.loops) > 1 else band.loops[0]

    def parameter(self, function: str, position: int) -> str:
        """What a function calls one of its parameters."""
        return parameters(self.state.functions[function])[position].name

    def _address(self, thing: Reference) -> str:
        """How the user names a thing beyond doubt."""
        function = thing.loops[0].function if isinstance(thing, Band) else thing.function
        return f"{self.state.address(function)}:{thing.name}" if function else thing.name

    def _again(self, given: T, known: Iterable[T], what: str) -> T:
        """What an object that was given before means now."""
        if not _function(given) or _function(given) in self.state.functions:
            for each in known:
                if each == given:
                    return each
        for gone in self.gone:
            if (gone.function, gone.name) == (_function(given), given.name):
                raise self._replaced(gone, what)
        raise self._unknown(given.name, self.everything(), what, [])

    def _replaced(self, gone: Gone, what: str) -> ProgramError:
        problem = Replaced(name=gone.name, what=what, step=gone.step, at=gone.span, made=gone.made, span=self.span)
        return ProgramError([problem])

    def _unknown(self, name: str, scope: Scope, what: str, known: Sequence[str]) -> ProgramError:
        close = next(iter(difflib.get_close_matches(name, known, n=1)), "")
        listed = ", ".join(f"`{each}`" for each in dict.fromkeys(known))
        hint = f"did you mean `{close}`?" if close else f"there are {listed}" if listed else ""
        where = scope.name or self.state.graph.name
        return ProgramError([Unknown(name=name, where=where, what=what, span=self.span, hint=hint)])

    def _wrong_kind(self, given: object, what: str, better: str) -> ProgramError:
        spelled = f"a {KINDS[type(given)]}, `{given}`" if isinstance(given, Reference) else f"`{given!r}`"
        title = f"this step takes {what}, not {spelled}"
        return self._refused(NotOfThisKind(title=title, span=self.span, hint=f"give {better}"))

    def _refused(self, problem: Ambiguous | NotOfThisKind) -> ProgramError:
        return ProgramError([problem])


def _function(thing: Reference) -> str:
    return thing.loops[0].function if isinstance(thing, Band) else thing.function


def _span(thing: Reference) -> Span:
    return thing.loops[0].span if isinstance(thing, Band) else thing.span
