"""Finds the texts of the functions that kernels call."""

import ast
import sysconfig
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from spatial.meta.analysis import Role, analyse, parameters_of
from spatial.meta.checks import check_meta
from spatial.meta.external import External
from spatial.meta.markers import is_marker
from spatial.meta.scope import CHANNEL_METHODS, Scope, helper_function, is_channel_like, is_helper
from spatial.source.errors import Misuse, ProgramError
from spatial.source.report import Problem
from spatial.source.text import FunctionText, as_function, compiled, function_text
from spatial.types.dtype import as_dtype
from spatial.types.qualifiers import Stateful

__all__ = ["Closure", "Definition", "Library", "Surroundings", "defaults_of"]

INSTALLED = tuple({sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What Python sees around a function: `environment` what its text may use, `around` also what it may not."""

    environment: Mapping[str, object]
    around: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, eq=False)
class Definition:
    """A function that kernels call: its text, and what stands around it.

    `parent` is the scope it is defined in, of a function inside a kernel or inside another function.
    `scopes` remembers what its names are, for each way its parameters are given.
    """

    text: FunctionText
    surroundings: Surroundings
    parent: Scope | None = None
    varying_defaults: frozenset[str] = frozenset()
    scopes: dict[object, Scope] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the user calls it."""
        return self.text.node.name

    @cached_property
    def parameters(self) -> list[str]:
        """The names of its parameters."""
        return parameters_of(self.text.node)

    @cached_property
    def code(self) -> types.CodeType:
        """Its `def` statement, ready to be executed."""
        node = self.text.node
        plain = ast.copy_location(ast.FunctionDef("function", node.args, node.body, [], None), node)
        return compiled(ast.Module([plain], []), self.text.file)


@dataclass(frozen=True, kw_only=True, eq=False)
class Closure:
    """A function as a compile-time value: what it is defined as, the values of its defaults, and the object it is
    bound to as a method; `function` is what Python calls, if it can.

    One defined inside another function sees the names in `frame`, those of that function's call `home`.
    Of an `external` function in C++ this is the reference.
    """

    definition: Definition
    defaults: Mapping[str, object]
    bound: tuple[object, ...] = ()
    function: Callable[..., object] | None = None
    frame: Mapping[str, object] | None = None
    home: object = None
    external: External | None = None

    def __call__(self, *arguments: object, **keywords: object) -> object:
        """Python's own call, at compile time."""
        if self.function is None:
            title = f"`{self.definition.name}` uses running values: it cannot be called at compile time"
            hint = "call it in a statement of the kernel, or give it what it uses as arguments"
            span = self.definition.text.name_span()
            raise ProgramError([Misuse(title=title, span=span, hint=hint, code="meta/running-value")])
        return self.function(*arguments, **keywords)


class Library:
    """What was found out about the functions that one kernel calls.

    `surroundings` tells what is around one, `unfit` what makes its text one that cannot be followed, `misleading`
    what is in it that cannot be meant; `rewritten` is its text where it starts regions, which `starts` tells of what
    it calls.
    """

    def __init__(
        self,
        surroundings: Callable[[types.FunctionType], Surroundings],
        unfit: Callable[[FunctionText], Problem | None],
        misleading: Callable[[FunctionText, Scope], Iterable[Problem]],
        rewritten: Callable[[FunctionText, Scope], FunctionText | None],
        starts: Callable[[object], bool],
    ) -> None:
        self.surroundings = surroundings
        self.unfit = unfit
        self.misleading = misleading
        self.rewritten = rewritten
        self.starts = starts
        self.texts: dict[Scope, FunctionText] = {}
        self.found: dict[Scope, list[Problem]] = {}
        self.acting: dict[types.FunctionType, bool] = {}
        self.closures: dict[types.FunctionType, Closure] = {}

    def closure(self, callee: object) -> Closure | None:
        """A called value as a function to write out; None for what is none of the user's functions."""
        if isinstance(callee, External):
            found = self.closure(callee.reference)
            return replace(found, external=callee) if found else None
        if isinstance(callee, Closure) or not is_helper(callee):
            return callee if isinstance(callee, Closure) else None
        bound = (callee.__self__,) if isinstance(callee, types.MethodType) else ()
        function = helper_function(callee)
        assert function is not None, "a helper is a function"
        if function not in self.closures:
            definition = Definition(text=function_text(function), surroundings=self.surroundings(function))
            self.closures[function] = Closure(definition=definition, defaults=_defaults(function), function=function)
        found = self.closures[function]
        if not bound:
            return found
        return Closure(definition=found.definition, defaults=found.defaults, bound=bound)

    def scope(self, definition: Definition, roles: Mapping[str, Role]) -> Scope:
        """The names of a function whose parameters are given so."""
        key = tuple(roles.items())
        if key not in definition.scopes:
            text = definition.text
            scope = self._analysed(definition, text, roles)
            if (changed := self.rewritten(text, scope)) is not None:
                text, scope = changed, self._analysed(definition, changed, roles)
            definition.scopes[key] = scope
            self.texts[scope] = text
        return definition.scopes[key]

    def _analysed(self, definition: Definition, text: FunctionText, roles: Mapping[str, Role]) -> Scope:
        environment, parent = definition.surroundings.environment, definition.parent
        return analyse(text.node, environment, roles, file=text.file, parent=parent, acts=self.acts)

    def problems(self, scope: Scope, text: FunctionText) -> list[Problem]:
        """What is wrong with a function's text before it is gone through."""
        if scope not in self.found:
            deep = self.unfit(text)
            wrong = [] if deep else [*check_meta(text.node.body, scope, text.span), *self.misleading(text, scope)]
            self.found[scope] = [deep] if deep else wrong
        return self.found[scope]

    def nested(self, node: ast.FunctionDef | ast.Lambda, scope: Scope, text: FunctionText) -> Definition:
        """The function that is defined in the text of another one, where the names are `scope`."""
        if node not in scope.definitions:
            function = as_function(node) if isinstance(node, ast.Lambda) else node
            scope.definitions[node] = Definition(
                text=FunctionText(file=text.file, lines=text.lines, node=function),
                surroundings=Surroundings(environment=scope.environment, around=scope.environment),
                parent=scope,
                varying_defaults=frozenset(
                    name for name, default in defaults_of(function) if scope.is_varying(default)
                ),
            )
        found = scope.definitions[node]
        assert isinstance(found, Definition), "a scope's definitions are made here"
        return found

    def acts(self, function: object) -> bool:
        """Whether a function, or one it calls, uses channels, regions or words of the language.

        Python cannot call it then, nor a region.
        """
        if not isinstance(function, types.FunctionType):
            return isinstance(function, External) or self.starts(function)
        if function in self.acting:
            return self.acting[function]
        self.acting[function] = False  # while it is looked at, as far as a call of itself goes
        if function.__code__.co_filename.startswith(INSTALLED) or _makes_regions(function):
            return False
        self.acting[function] = (
            self._is_hidden_from(function)
            or _acts_itself(function)
            or _keeps_values(function)
            or self._starts_regions(function)
            or any(
                is_marker(used)
                or isinstance(used, External)
                or (is_helper(used) and self.acts(helper_function(used) or function))
                for used in _used(function)
            )
        )
        return self.acting[function]

    def _starts_regions(self, function: types.FunctionType) -> bool:
        """Whether its text calls a region."""
        if not any(self.starts(used) or isinstance(used, dict | list | tuple) for used in _used(function)):
            return False
        try:
            text = function_text(function)
        except ProgramError:
            return False
        scope = Scope(environment=self.surroundings(function).environment, local=frozenset())
        return self.rewritten(text, scope) is not None

    def _is_hidden_from(self, function: types.FunctionType) -> bool:
        """Whether a function's text names what it may not use."""
        seen = self.surroundings(function)
        names = {*function.__code__.co_freevars, *function.__code__.co_names}
        return any(name in seen.around and name not in seen.environment for name in names)


def defaults_of(function: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    """The parameters that have a default, with it."""
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    for argument, default in zip(reversed(positional), reversed(given.defaults), strict=False):
        yield argument.arg, default
    for argument, keyword_default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        if keyword_default is not None:
            yield argument.arg, keyword_default


def _defaults(function: types.FunctionType) -> dict[str, object]:
    code, values = function.__code__, function.__defaults__ or ()
    names = code.co_varnames[: code.co_argcount]
    return {**dict(zip(names[len(names) - len(values) :], values, strict=True)), **(function.__kwdefaults__ or {})}


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _makes_regions(function: types.FunctionType) -> bool:
    """Whether its text defines functions under decorators, regions and kernels: what those do it does not do itself."""
    if not any(isinstance(constant, types.CodeType) for constant in function.__code__.co_consts):
        return False
    try:
        node = function_text(function).node
    except ProgramError:
        return False
    inside = (nested for statement in node.body for nested in ast.walk(statement))
    return any(isinstance(nested, ast.FunctionDef) and nested.decorator_list for nested in inside)


def _acts_itself(function: types.FunctionType) -> bool:
    """Whether its text has operations on channels, or casts; the names in its code tell first whether to look."""
    words = CHANNEL_METHODS & {name for code in _codes(function.__code__) for name in code.co_names}
    if not words and not any(as_dtype(value) for value in _used(function)):
        return False
    try:
        node = function_text(function).node
    except ProgramError:
        return bool(words)
    scope = Scope(environment=function.__globals__, local=frozenset())
    calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
    return any(is_channel_like(call) or as_dtype(scope.resolve(call.func)) for call in calls)


def _keeps_values(function: types.FunctionType) -> bool:
    """Whether it declares a local that outlives its call."""
    try:
        node = function_text(function).node
    except ProgramError:
        return False
    scope = Scope(environment=function.__globals__, local=frozenset())
    types_ = (statement.annotation for statement in ast.walk(node) if isinstance(statement, ast.AnnAssign))
    parts = (part for type_ in types_ for part in ast.walk(type_) if isinstance(part, ast.Name | ast.Attribute))
    return any(scope.resolve(part) is Stateful for part in parts)


def _used(function: types.FunctionType) -> Iterator[object]:
    """The values that its text may name: those of its globals and of its closure, and their attributes."""
    names = {name for code in _codes(function.__code__) for name in code.co_names}
    values = [function.__globals__[name] for name in names if name in function.__globals__]
    for cell in function.__closure__ or ():
        try:
            values.append(cell.cell_contents)
        except ValueError:  # a variable without a value yet
            continue
    yield from values
    for value in values:
        if isinstance(value, types.ModuleType):
            yield from (vars(value)[name] for name in names if name in vars(value))
