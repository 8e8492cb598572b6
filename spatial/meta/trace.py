"""Evaluates a kernel's compile-time part for one PE."""

import ast
import itertools
import operator
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from spatial.meta.blocks import Chain, Repeat, group, nested_bodies
from spatial.meta.errors import EvaluationFailed, PidMismatch, UndefinedName
from spatial.meta.fingerprint import fingerprint, kind, plain_number
from spatial.meta.scope import Scope
from spatial.meta.sites import Site, SiteKind, is_plain, sites_of
from spatial.source.errors import ProgramError
from spatial.source.report import Problem
from spatial.source.span import Span

__all__ = ["FAILED", "Explain", "Trace", "trace"]

FAILED = object()
MOST = 1 << 16
Explain = Callable[[Exception, Span, str], Problem | None]


@dataclass(slots=True)
class Trace:
    """What the PE `pid` decided, in the order of the walk.

    `decisions` are the choices, repetitions, types and extents that shape the code; `values` and
    `channels` what the sites evaluated to. It went `astray` where it could not tell which way to go.
    """

    pid: tuple[int, ...]
    decisions: list[Hashable] = field(default_factory=list)
    values: list[object] = field(default_factory=list)
    channels: list[tuple[ast.expr, object]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    astray: bool = False


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
    """The walk; the names it binds live in `names`, those it could not bind in `failed`."""

    def __init__(
        self, scope: Scope, pid: tuple[int, ...], spans: Callable[[ast.AST], Span], explain: Explain, label: str
    ) -> None:
        self.scope = scope
        self.names = dict(scope.environment)
        self.failed: set[str] = set()
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
                case _ if is_plain(item):
                    self.statement(item)

    def choose(self, chain: Chain) -> None:
        for number, branch in enumerate(chain.branches):
            holds = True if branch.condition is None else self.evaluate(branch.condition, bool)
            if holds is FAILED:
                self.trace.astray = True
                self.fail_names(chain)
                break
            if holds:
                self.trace.decisions.append(number)
                self.walk(branch.body)
                return
        self.trace.decisions.append(None)

    def fail_names(self, chain: Chain) -> None:
        """Nobody knows what the branches of a chain bind."""
        bodies = (statement for branch in chain.branches for statement in branch.body)
        names = (node for statement in bodies for node in ast.walk(statement) if isinstance(node, ast.Name))
        self.failed.update(node.id for node in names if isinstance(node.ctx, ast.Store))

    def repeat(self, loop: Repeat) -> None:
        bounds = [self.evaluate(bound) for bound in loop.bounds]
        found = self.attempt(lambda: repetitions(bounds), loop.bounds) if FAILED not in bounds else FAILED
        values = found if isinstance(found, tuple) else ()
        self.trace.astray |= found is FAILED
        self.trace.decisions.append(tuple(map(fingerprint, values)))
        self.trace.values.append(values)
        for value in values:
            self.bind(loop.target, value)
            self.walk(loop.body)

    def statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[target]) if self.scope.calls_pid(statement.value):
                self.bind_pid(target)
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
        value = plain_number(self.evaluate(site))
        match site.kind:
            case SiteKind.CHANNEL:
                self.trace.channels.append((site.node, value))
                return
            case SiteKind.TYPE:
                self.trace.decisions.append(str(value))
            case SiteKind.WINDOW:
                self.trace.decisions.append(window_shape(value) if isinstance(value, slice) else FAILED)
            case SiteKind.VALUE if site.varying:
                self.trace.decisions.append(kind(value))
        self.trace.values.append(value)

    def evaluate(self, site: Site, finish: Callable[[object], object] | None = None) -> object:
        """The site's value, or `FAILED` with a problem noted."""
        if self.failed and not self.failed.isdisjoint(site.names):
            return FAILED
        if finish is None:
            if not site.known:
                value = self.attempt(lambda: eval(site.code, self.names), [site])
                if not site.outer or value is FAILED:
                    return value
                site.known.append(value)
            return site.known[0]
        return self.attempt(lambda: finish(eval(site.code, self.names)), [site])

    def attempt(self, action: Callable[[], object], sites: Sequence[Site]) -> object:
        """What the action gives, or `FAILED` with a problem noted at the site it failed for."""
        try:
            return action()
        except Exception as error:
            self.trace.problems.append(self.problem(error, sites))
            return FAILED

    def problem(self, error: Exception, sites: Sequence[Site]) -> Problem:
        culprit = next((site for site in sites if site.varying), sites[0])
        if isinstance(error, NameError):
            names = (n for site in sites for n in ast.walk(site.node) if isinstance(n, ast.Name) and n.id == error.name)
            if (name := next(names, None)) is not None:
                return self.unbound(name)
        span, pid = self.spans(culprit.node), self.label if culprit.varying else ""
        told = f"{type(error).__name__}: {error}".rstrip(": ")
        if isinstance(error, ProgramError) and error.problems:
            told = error.problems[0].report().title
        return self.explain(error, span, self.label) or EvaluationFailed(error=told, pid=pid, span=span)

    def unbound(self, name: ast.Name) -> Problem:
        """A compile-time name that this PE has not bound yet."""
        span, stores = self.spans(name), self.scope.stores.get(name.id, ())
        if not stores:
            return UndefinedName(name=name.id, span=span)
        place = self.spans(stores[0])
        if place > span:
            return UndefinedName(name=name.id, span=span, why="is used before it has a value", place=place)
        why, told = f"has no value at `{self.label}`", "given one only by other PEs, here"
        return UndefinedName(name=name.id, span=span, why=why, place=place, told=told)

    def bind_pid(self, target: ast.expr) -> None:
        pid = self.trace.pid
        names = len(target.elts) if isinstance(target, ast.Tuple) else 1
        if names == len(pid) or not isinstance(target, ast.Tuple):
            value = pid[0] if len(pid) == 1 else pid
            self.bind(target, (value,) if isinstance(target, ast.Tuple) and names == 1 else value)
            return
        kernel = self.label.rpartition("[")[0]
        self.trace.problems.append(PidMismatch(kernel=kernel, axes=len(pid), names=names, span=self.spans(target)))
        self.bind(target, FAILED)

    def bind(self, target: ast.expr | None, value: object) -> None:
        match target:
            case ast.Name(id=name) if value is FAILED:
                self.failed.add(name)
            case ast.Name(id=name):
                self.failed.discard(name)
                self.names[name] = value
            case ast.Tuple(elts=elements):
                site = Site(node=target, kind=SiteKind.VALUE, varying=False)
                parts = FAILED if value is FAILED else self.attempt(lambda: unpack(value, len(elements)), [site])
                for position, element in enumerate(elements):
                    self.bind(element, parts[position] if isinstance(parts, tuple) else FAILED)


def repetitions(bounds: Sequence[object]) -> tuple[object, ...]:
    """The values a `meta_for` runs through: those of a sequence, or of a range."""
    if len(bounds) == 1 and isinstance(bounds[0], Iterable):
        values = tuple(itertools.islice(bounds[0], MOST + 1))
    else:
        counted = range(*map(operator.index, bounds))  # type: ignore[arg-type]
        values = tuple(counted[: MOST + 1])
    if len(values) > MOST:
        raise ValueError(f"more than {MOST} repetitions; `range` repeats while the program runs")
    return values


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
    """What of a slice shapes the code: its extent where both ends count from the front, else all of it."""
    if isinstance(window.start, int) and isinstance(window.stop, int) and window.start >= 0 and window.stop >= 0:
        return window.stop - window.start, repr(window.step)
    return repr((window.start, window.stop, window.step))


def unpack(value: object, count: int) -> tuple[object, ...]:
    """The parts of a compile-time value assigned to a tuple of names."""
    if not isinstance(value, Iterable):
        raise TypeError(f"{value!r} is one value, there are {count} names")
    parts = tuple(value)
    if len(parts) != count:
        raise ValueError(f"{len(parts)} values for {count} names")
    return parts
