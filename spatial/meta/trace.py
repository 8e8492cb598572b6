"""Evaluates a kernel's compile-time part for one PE."""

import ast
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from spatial.meta.blocks import Chain, Repeat, group, nested_bodies
from spatial.meta.errors import EvaluationFailed
from spatial.meta.scope import Scope
from spatial.meta.sites import Site, SiteKind, sites_of
from spatial.source.report import Problem
from spatial.source.span import Span

__all__ = ["FAILED", "Explain", "Trace", "trace"]

FAILED = object()
Explain = Callable[[Exception, Span, str], Problem | None]


@dataclass(slots=True)
class Trace:
    """What the PE `pid` decided, in the order of the walk.

    `decisions` are the choices, repetitions, types and extents that shape the code; `values` and
    `channels` what the sites evaluated to.
    """

    pid: tuple[int, ...]
    decisions: list[Hashable] = field(default_factory=list)
    values: list[object] = field(default_factory=list)
    channels: list[tuple[ast.expr, object]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def trace(
    body: list[ast.stmt],
    scope: Scope,
    pid: tuple[int, ...],
    spans: Callable[[ast.AST], Span],
    explain: Explain,
    label: str,
) -> Trace:
    """Walks the body for one PE, called `label` in problems; `explain` turns exceptions it knows into problems."""
    tracer = Tracer(scope, pid, spans, explain, label)
    tracer.walk(body)
    return tracer.trace


class Tracer:
    """The walk; the names it binds live in `names`."""

    def __init__(
        self, scope: Scope, pid: tuple[int, ...], spans: Callable[[ast.AST], Span], explain: Explain, label: str
    ) -> None:
        self.scope = scope
        self.names = dict(scope.environment)
        self.spans = spans
        self.explain = explain
        self.label = label
        self.trace = Trace(pid)

    def walk(self, body: list[ast.stmt]) -> None:
        for item in group(body, self.scope):
            match item:
                case Chain():
                    self.choose(item)
                case Repeat():
                    self.repeat(item)
                case _:
                    self.statement(item)

    def choose(self, chain: Chain) -> None:
        for number, branch in enumerate(chain.branches):
            if branch.condition is None or self.evaluate(branch.condition, bool) is True:
                self.trace.decisions.append(number)
                self.walk(branch.body)
                return
        self.trace.decisions.append(None)

    def repeat(self, loop: Repeat) -> None:
        bounds = [self.evaluate(bound) for bound in loop.bounds]
        if FAILED in bounds:
            values: tuple[object, ...] = ()
        elif len(bounds) == 1 and isinstance(bounds[0], Iterable):
            values = tuple(bounds[0])
        else:
            values = self.attempt(lambda: tuple(range(*bounds)), loop.bounds[0].node) or ()  # type: ignore[call-overload]
        self.trace.decisions.append(tuple(map(repr, values)))
        self.trace.values.append(values)
        for value in values:
            self.bind(loop.target, value)
            self.walk(loop.body)

    def statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[target]) if self.scope.calls_pid(statement.value):
                pid = self.trace.pid
                self.bind(target, pid[0] if len(pid) == 1 else pid)
                return
            case ast.Assign(targets=[target]) if is_known_assignment(statement, self.scope):
                (site,) = cached_sites(statement, self.scope)
                self.bind(target, self.evaluate(site))
                return
        for site in cached_sites(statement, self.scope):
            self.record(site)
        for body in nested_bodies(statement):
            self.walk(body)

    def record(self, site: Site) -> None:
        value = self.evaluate(site)
        match site.kind:
            case SiteKind.CHANNEL:
                self.trace.channels.append((site.node, value))
            case SiteKind.TYPE:
                self.trace.decisions.append(str(value))
                self.trace.values.append(value)
            case SiteKind.WINDOW if isinstance(value, slice):
                self.trace.decisions.append(window_shape(value))
                self.trace.values.append(value)
            case _:
                self.trace.values.append(value)

    def evaluate(self, site: Site, finish: Callable[[object], object] | None = None) -> object:
        """The site's value, or `FAILED` with a problem noted."""
        if finish is None:
            return self.attempt(lambda: eval(site.code, self.names), site.node)
        return self.attempt(lambda: finish(eval(site.code, self.names)), site.node)

    def attempt(self, action: Callable[[], object], node: ast.AST) -> object:
        try:
            return action()
        except Exception as error:
            span = self.spans(node)
            problem = self.explain(error, span, self.label)
            told = f"{type(error).__name__}: {error}"
            self.trace.problems.append(problem or EvaluationFailed(error=told, pid=self.label, span=span))
            return FAILED

    def bind(self, target: ast.expr | None, value: object) -> None:
        match target:
            case ast.Name(id=name):
                self.names[name] = value
            case ast.Tuple(elts=elements):
                parts = self.attempt(lambda: unpack(value, len(elements)), target)
                for position, element in enumerate(elements):
                    self.bind(element, parts[position] if isinstance(parts, tuple) else FAILED)


def is_known_assignment(statement: ast.stmt, scope: Scope) -> bool:
    """Whether a statement only names a compile-time value."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return name in scope.known and scope.is_known(value)
        case ast.Assign(targets=[ast.Tuple(elts=elements)], value=value):
            known = all(isinstance(element, ast.Name) and element.id in scope.known for element in elements)
            return known and scope.is_known(value)
    return False


def cached_sites(statement: ast.stmt, scope: Scope) -> list[Site]:
    """The sites of a statement, found once for all PEs of a kernel."""
    if statement not in scope.sites:
        known = is_known_assignment(statement, scope)
        scope.sites[statement] = [whole_value(statement, scope)] if known else sites_of(statement, scope)
    return scope.sites[statement]


def whole_value(statement: ast.stmt, scope: Scope) -> Site:
    """The value of an assignment that only names a compile-time value."""
    assert isinstance(statement, ast.Assign)
    return Site(node=statement.value, kind=SiteKind.VALUE, varying=scope.is_varying(statement.value))


def window_shape(window: slice) -> Hashable:
    """What of a slice shapes the code: its extent where both ends are given, else all of it."""
    if isinstance(window.start, int) and isinstance(window.stop, int):
        return window.stop - window.start, window.step
    return window.start, window.stop, window.step


def unpack(value: object, count: int) -> tuple[object, ...]:
    """The parts of a compile-time value assigned to a tuple of names."""
    if not isinstance(value, Iterable):
        raise TypeError(f"{value!r} is one value, there are {count} names")
    parts = tuple(value)
    if len(parts) != count:
        raise ValueError(f"{len(parts)} values for {count} names")
    return parts
