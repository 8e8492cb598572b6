"""Writes out the plain statements of a specialization: decided branches, unrolled repetitions, known values."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from spatial.meta.blocks import Chain, Repeat, group, nested_bodies
from spatial.meta.fingerprint import is_number
from spatial.meta.plain import Argument, Known, Port, Window, rebuild
from spatial.meta.scope import Scope
from spatial.meta.sites import Site, SiteKind, is_plain
from spatial.meta.trace import FAILED, Trace, cached_sites, is_known_assignment

__all__ = ["NO_CHANNEL", "Column", "Expansion", "expand"]

NO_CHANNEL = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A parameter of the specialization: what the user wrote, and its value in every PE."""

    text: str
    values: tuple[object, ...]


@dataclass(slots=True, kw_only=True)
class Expansion:
    """A specialization before it is typed; `ports` gives for each channel number how the user spelled it."""

    body: list[ast.stmt]
    columns: list[Column] = field(default_factory=list)
    ports: list[str] = field(default_factory=list)


def expand(body: list[ast.stmt], scope: Scope, traces: Sequence[Trace], ports: Sequence[int]) -> Expansion:
    """The plain body for PEs that decided alike; `ports` numbers the channel of each channel site."""
    expander = Expander(scope, traces, ports)
    plain = list(expander.walk(body))
    return Expansion(body=plain, columns=expander.columns, ports=expander.spellings)


class Expander:
    """Repeats the walk of the traces and consumes what they recorded, in the same order."""

    def __init__(self, scope: Scope, traces: Sequence[Trace], ports: Sequence[int]) -> None:
        self.scope = scope
        self.decisions = iter(traces[0].decisions)
        self.values = zip(*(trace.values for trace in traces), strict=True)
        self.ports = iter(ports)
        self.columns: list[Column] = []
        self.spellings: list[str] = []

    def walk(self, body: list[ast.stmt]) -> Iterator[ast.stmt]:
        for item in group(body, self.scope):
            match item:
                case Chain(branches=branches):
                    taken = next(self.decisions)
                    if isinstance(taken, int):
                        yield from self.walk(branches[taken].body)
                case Repeat():
                    next(self.decisions)
                    (values, *_) = next(self.values)
                    for _ in values if isinstance(values, tuple) else ():
                        yield from self.walk(item.body)
                case _:
                    yield from self.statement(item)

    def statement(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        if isinstance(statement, ast.Assign) and self.scope.calls_pid(statement.value):
            return
        if is_known_assignment(statement, self.scope):
            return
        if not is_plain(statement):
            yield statement
            return
        replaced: dict[ast.AST, ast.AST] = {}
        for site in cached_sites(statement, self.scope):
            replaced[site.node] = self.replacement(site)
        bodies = [(body, list(self.walk(body))) for body in nested_bodies(statement)]
        plain = rebuild(_hollow(statement), replaced)
        for name, value in ast.iter_fields(statement):
            for body, walked in bodies:
                if value is body:
                    setattr(plain, name, walked)
        assert isinstance(plain, ast.stmt)
        yield plain

    def replacement(self, site: Site) -> ast.expr:
        match site.kind:
            case SiteKind.CHANNEL:
                number = next(self.ports)
                if number == NO_CHANNEL:
                    return Known(FAILED, site.node)
                if number == len(self.spellings):
                    self.spellings.append(site.text)
                return Port(number, site.node)
            case SiteKind.TYPE:
                next(self.decisions)
                (value, *_) = next(self.values)
                return Known(value, site.node)
            case SiteKind.WINDOW:
                next(self.decisions)
                return self.window(site, next(self.values))
            case SiteKind.VALUE:
                if site.varying:
                    next(self.decisions)
                return self.number(site.text, next(self.values), site.node, varying=site.varying)

    def number(self, text: str, values: tuple[object, ...], node: ast.AST, *, varying: bool) -> Known | Argument:
        """A constant, or a parameter shared by all sites that mean the same; what is no number the PEs agree in."""
        if not varying or not all(is_number(value) for value in values):
            return Known(values[0], node)
        column = Column(text=text, values=values)
        if column not in self.columns:
            self.columns.append(column)
        return Argument(self.columns.index(column), text, values[0], node)

    def window(self, site: Site, values: tuple[object, ...]) -> Window | Known:
        windows = tuple(value for value in values if isinstance(value, slice))
        if len(windows) < len(values):
            return Known(FAILED, site.node)
        if all(window == windows[0] for window in windows):
            return Window(windows[:1], None, site.node)
        assert isinstance(site.node, ast.Slice), "only a slice evaluates to one"
        lower = site.node.lower
        assert lower is not None, "windows that differ have a start"
        starts = tuple(window.start for window in windows)
        return Window(windows, self.number(ast.unparse(lower), starts, lower, varying=True), site.node)


def _hollow(statement: ast.stmt) -> ast.stmt:
    """The statement without the statements nested in it."""
    fields = {
        name: [] if isinstance(value, list) and value and isinstance(value[0], ast.stmt) else value
        for name, value in ast.iter_fields(statement)
    }
    return ast.copy_location(type(statement)(**fields), statement)
