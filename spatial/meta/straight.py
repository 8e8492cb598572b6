"""Compiles the walk over a kernel's body, so that it takes each PE microseconds."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import CodeType

from spatial.meta.blocks import Chain, Repeat, group, nested_bodies
from spatial.meta.fingerprint import fingerprint, kind, plain_number
from spatial.meta.library import Library
from spatial.meta.scope import Scope
from spatial.meta.shapes import ArrayShape, Origin
from spatial.meta.sites import Site, SiteKind, Step, cached_sites, is_plain, step_of
from spatial.meta.trace import Explain, Trace, trace
from spatial.meta.values import channels_in, repetitions, window_shape
from spatial.source.text import FunctionText, compiled

__all__ = ["Tracing"]

NOTES = "__notes__"
PID = "__position__"


class NotStraightError(Exception):
    """A body calls functions, chooses channels while it runs, or returns: its walk is not compiled."""


class Tracing:
    """The traces of a kernel's PEs.

    The walk is compiled where nothing in the body but expressions is evaluated. A PE for which that raises anything
    is walked as `trace` does, which tells what is wrong.
    """

    def __init__(
        self, text: FunctionText, scope: Scope, library: Library, explain: Explain, shapes: Mapping[str, object]
    ) -> None:
        self.text = text
        self.scope = scope
        self.library = library
        self.explain = explain
        self.shapes = shapes
        self.code: CodeType | None = None
        self.notes = Notes(text, scope)
        self.looked = False

    def of(self, pid: tuple[int, ...], label: str) -> Trace:
        """The trace of a PE, called `label` in problems."""
        found = self.quick(pid)
        if found is None:
            found = trace(self.text, self.scope, self.library, pid, self.explain, label, self.shapes)
        return found

    def quick(self, pid: tuple[int, ...]) -> Trace | None:
        """The trace by compiled code, or None."""
        if not self.looked:
            self.looked = True
            try:
                body = Straight(self.scope, self.notes, len(pid)).walk(self.text.node.body)
                self.code = compiled(ast.Module(body, []), self.scope.file)
            except (NotStraightError, SyntaxError, ValueError, RecursionError):
                return None
        if self.code is None:
            return None
        self.notes.trace = found = Trace(pid)
        position = pid[0] if len(pid) == 1 else pid
        try:
            exec(self.code, {**self.scope.environment, **self.shapes, NOTES: self.notes, PID: position})
        except Exception:
            return None
        return found


@dataclass(slots=True)
class Notes:
    """What the compiled walk calls with the value of each site; `sites` are told apart by their numbers."""

    text: FunctionText
    scope: Scope
    trace: Trace = field(default_factory=lambda: Trace(()))
    sites: list[Site] = field(default_factory=list)

    def decide(self, number: int | None) -> None:
        """A branch of a chain is taken, or none."""
        self.trace.decisions.append(number)

    def repeat(self, *bounds: object) -> tuple[object, ...]:
        """The values that a loop runs through."""
        values = repetitions(bounds)
        self.trace.decisions.append(tuple(map(fingerprint, values)))
        self.trace.values.append(values)
        return values

    def known(self, number: int) -> object:
        """The value of a site that is the same in all PEs."""
        site = self.sites[number]
        if not site.known:
            site.known.append(eval(site.code, dict(self.scope.environment)))
        return site.known[0]

    def shape(self, name: str, type_: object) -> ArrayShape:
        """The shape of a local array."""
        return ArrayShape.of(type_, Origin(name, 0, type_))

    def number(self, value: object) -> None:
        """A value that all PEs share."""
        self.trace.values.append(plain_number(value))

    def varying(self, value: object) -> None:
        """A value that PEs may differ in."""
        value = plain_number(value)
        self.trace.decisions.append(kind(value))
        self.trace.values.append(value)

    def type(self, value: object) -> object:
        """A declared type."""
        value = plain_number(value)
        self.trace.decisions.append(str(value))
        self.trace.values.append(value)
        return value

    def window(self, value: object) -> None:
        """The bounds of a slice."""
        assert isinstance(value, slice), "the site of a window evaluates to a slice"
        self.trace.decisions.append(window_shape(value))
        self.trace.values.append(value)

    def channel(self, number: int, value: object) -> None:
        """A channel."""
        self.trace.channels.append((self.sites[number].node, self.text, plain_number(value), ()))

    def group(self, number: int, value: object) -> None:
        """Several channels."""
        shape, channels = channels_in(value)
        self.trace.decisions.append(shape)
        self.trace.channels += [(self.sites[number].node, self.text, channel, ()) for channel in channels]
        self.trace.values.append(value)


class Straight:
    """Writes the walk over a body as statements of Python."""

    def __init__(self, scope: Scope, notes: Notes, axes: int) -> None:
        self.scope = scope
        self.notes = notes
        self.axes = axes

    def walk(self, body: list[ast.stmt]) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for item in group(body, self.scope):
            match item:
                case Chain():
                    made += self.chain(item)
                case Repeat():
                    made.append(self.repeat(item))
                case ast.FunctionDef() | ast.Return():
                    raise NotStraightError
                case ast.stmt() if is_plain(item):
                    made += self.statement(item)
        return made

    def chain(self, chain: Chain) -> list[ast.stmt]:
        made = [self.note("decide", ast.Constant(None))]
        for number, branch in reversed(list(enumerate(chain.branches))):
            body = [self.note("decide", ast.Constant(number)), *self.walk(branch.body)]
            made = body if branch.condition is None else [ast.If(self.value(branch.condition), body, made)]
        return made

    def repeat(self, loop: Repeat) -> ast.stmt:
        values = self.call("repeat", *map(self.value, loop.bounds))
        if not isinstance(loop.target, ast.Name):
            raise NotStraightError
        return ast.For(ast.Name(loop.target.id, ast.Store()), values, [*self.walk(loop.body), ast.Pass()], [])

    def statement(self, statement: ast.stmt) -> list[ast.stmt]:
        match step_of(statement, self.scope):
            case Step.PLAIN:
                made = [self.site(site, statement) for site in cached_sites(statement, self.scope)]
                return [*made, *(inner for body in nested_bodies(statement) for inner in self.walk(body))]
            case Step.KNOWN:
                assert isinstance(statement, ast.Assign), "other statements bind nothing that is known"
                value = self.value(cached_sites(statement, self.scope)[0])
                return [ast.Assign(list(map(self.target, statement.targets)), value)]
            case Step.POSITION:
                assert isinstance(statement, ast.Assign), "other statements bind no position"
                return [self.position(statement.targets[0])]
        raise NotStraightError

    def position(self, target: ast.expr) -> ast.stmt:
        value: ast.expr = ast.Name(PID, ast.Load())
        if isinstance(target, ast.Tuple):
            if len(target.elts) != self.axes:
                raise NotStraightError
            value = ast.Tuple([value], ast.Load()) if self.axes == 1 else value
        return ast.Assign([self.target(target)], value)

    def target(self, target: ast.expr) -> ast.expr:
        """What an assignment binds: names only."""
        match target:
            case ast.Name():
                return target
            case ast.Tuple(elts=elements) if all(isinstance(each, ast.Name) for each in elements):
                return target
        raise NotStraightError

    def site(self, site: Site, statement: ast.stmt) -> ast.stmt:
        match site.kind:
            case SiteKind.CHANNEL | SiteKind.GROUP:
                return self.note(site.kind.value, self.numbered(site), self.value(site))
            case SiteKind.TYPE:
                made = self.call("type", self.value(site))
                if isinstance(statement, ast.AnnAssign) and self.is_shaped(statement.target):
                    assert isinstance(statement.target, ast.Name), "only a name has a shape"
                    shape = self.call("shape", ast.Constant(statement.target.id), made)
                    return ast.Assign([ast.Name(statement.target.id, ast.Store())], shape)
                return ast.Expr(made)
            case SiteKind.WINDOW:
                return self.note("window", self.value(site))
            case SiteKind.VALUE:
                return self.note("varying" if site.varying else "number", self.value(site))
        raise NotStraightError

    def is_shaped(self, target: ast.expr) -> bool:
        return isinstance(target, ast.Name) and target.id in self.scope.shaped

    def value(self, site: Site) -> ast.expr:
        """The expression of a site; one that is the same in all PEs is evaluated once."""
        if not site.outer:
            return site.expression
        return self.call("known", self.numbered(site))

    def numbered(self, site: Site) -> ast.expr:
        self.notes.sites.append(site)
        return ast.Constant(len(self.notes.sites) - 1)

    def note(self, name: str, *arguments: ast.expr) -> ast.stmt:
        return ast.Expr(self.call(name, *arguments))

    def call(self, name: str, *arguments: ast.expr) -> ast.expr:
        return ast.Call(ast.Attribute(ast.Name(NOTES, ast.Load()), name, ast.Load()), list(arguments), [])
