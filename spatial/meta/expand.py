"""Writes out the plain statements of a specialization: decided branches, unrolled repetitions, known values."""

import ast
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from spatial.meta.analysis import Role
from spatial.meta.blocks import Chain, Repeat, group, is_end, nested_bodies
from spatial.meta.callee import Callee, Plain
from spatial.meta.fingerprint import is_number
from spatial.meta.plain import Argument, Choice, Copies, Copy, Inlined, Known, Port, Ports, Window, rebuild
from spatial.meta.scope import Scope
from spatial.meta.sites import (
    Operand,
    Site,
    SiteKind,
    Step,
    annotations_of,
    cached_sites,
    is_plain,
    step_of,
)
from spatial.meta.trace import FAILED, Trace

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
    plain: list[ast.stmt] = []
    expander.walk(body, plain)
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

    def walk(self, body: list[ast.stmt], plain: list[ast.stmt]) -> bool:
        """Appends what a body becomes to `plain`; whether it surely ends in a `return`."""
        ended = False
        for item in group(body, self.scope):
            match item:
                case Chain(branches=branches):
                    taken = next(self.decisions)
                    if isinstance(taken, int) and self.walk(branches[taken].body, plain):
                        return True
                case Repeat() if self.repeat(item, plain):
                    return True
                case ast.stmt():
                    ended |= self.statement(item, plain)
        return ended

    def repeat(self, loop: Repeat, plain: list[ast.stmt]) -> bool:
        next(self.decisions)
        (values, *_) = next(self.values)
        repetitions = values if isinstance(values, tuple) else ()
        if loop.left is None:
            return any(self.walk(loop.body, plain) for _ in repetitions)
        copies = [Copy([]) for _ in repetitions]
        for copy in copies:
            self.walk(loop.body, copy.body)
        plain.append(Copies(copies, loop.left))
        return False

    def statement(self, statement: ast.stmt, plain: list[ast.stmt]) -> bool:
        if step_of(statement, self.scope) is not Step.PLAIN:
            return False
        if not is_plain(statement):
            plain.append(statement)
            return False
        replaced: dict[ast.AST, ast.AST] = {}
        for site in cached_sites(statement, self.scope):
            replaced[site.replaced] = self.replacement(site)
        made = rebuild(_hollow(statement), replaced)
        assert isinstance(made, ast.stmt)
        bodies = [(body, list[ast.stmt]()) for body in nested_bodies(statement)]
        ended = [self.walk(body, walked) for body, walked in bodies]
        for name, value in ast.iter_fields(statement):
            for body, walked in bodies:
                if value is body:
                    setattr(made, name, walked)
        plain.append(made)
        return is_end(statement, ended)

    def replacement(self, site: Site) -> ast.expr:
        match site.kind:
            case SiteKind.CHANNEL:
                return self.port(site)
            case SiteKind.SWITCH:
                return self.choice(site)
            case SiteKind.GROUP:
                return self.group(site)
            case SiteKind.TYPE:
                return Known(self.type(), site.node)
            case SiteKind.WINDOW:
                next(self.decisions)
                return self.window(site, next(self.values))
            case SiteKind.CALL:
                return self.call(site)
            case SiteKind.VALUE:
                if site.varying:
                    next(self.decisions)
                return self.number(site.text, next(self.values), site.node, varying=site.varying)

    def port(self, site: Site) -> Port | Known:
        number = next(self.ports)
        if number == NO_CHANNEL:
            return Known(FAILED, site.replaced)
        if number == len(self.spellings):
            self.spellings.append(site.text)
        return Port(number, site.replaced)

    def choice(self, site: Site) -> ast.expr:
        indices, extents = self.indices(site)
        count = math.prod(extents) if isinstance(extents, tuple) else 1
        ports = [self.port(site) for _ in range(count)]
        found = [port for port in ports if isinstance(port, Port)]
        if not isinstance(extents, tuple) or len(found) < len(ports):
            return Known(FAILED, site.replaced)
        return Choice(found, extents, indices, site.replaced)

    def indices(self, site: Site) -> tuple[list[ast.expr], object]:
        """The indices by which the run chooses a channel, each with its extent; those of a parameter have names."""
        indices = [self.rebuilt(operand) for operand in site.operands if not operand.is_known]
        extents = next(self.decisions)
        if isinstance(site.node, ast.Name) and self.scope.is_chosen(site.node.id) and isinstance(extents, tuple):
            names = (index_name(site.node.id, axis) for axis in range(len(extents)))
            indices = [ast.copy_location(ast.Name(name, ast.Load()), site.node) for name in names]
        return indices, extents

    def rebuilt(self, operand: Operand) -> ast.expr:
        """An argument that is a running value."""
        made = rebuild(operand.node, {site.replaced: self.replacement(site) for site in operand.sites})
        assert isinstance(made, ast.expr)
        return made

    def group(self, site: Site) -> Ports | Known:
        """Several channels; what is wrong with one of them has been told."""
        shape, _ = next(self.decisions), next(self.values)
        assert isinstance(shape, tuple), "a group of channels was noted with its shape"
        numbers = [next(self.ports) for _ in range(math.prod(shape))]
        for number in numbers:
            if number == len(self.spellings):
                self.spellings.append(site.text)
        return Known(FAILED, site.node) if NO_CHANNEL in numbers else Ports(tuple(numbers), shape, site.node)

    def type(self) -> object:
        next(self.decisions)
        (value, *_) = next(self.values)
        return value

    def call(self, site: Site) -> ast.expr:
        """A call of a function: what it does in place of it."""
        assert isinstance(site.call, ast.Call), "the site of a call has one"
        callee = self.type()
        if isinstance(callee, Callee):
            return self.inlined(callee, site.call)
        if not isinstance(callee, Plain):
            return Known(FAILED, site.call)
        inner = [inner for operand in site.operands for inner in operand.sites]
        replaced: dict[ast.AST, ast.AST] = {site.node: Known(callee.value, site.node)}
        replaced.update({inner.replaced: self.replacement(inner) for inner in inner})
        made = rebuild(site.call, replaced)
        assert isinstance(made, ast.expr)
        return made

    def inlined(self, callee: Callee, node: ast.Call) -> Inlined:
        arguments: dict[str, ast.expr] = {}
        for name, operand in callee.running():
            if operand is None:
                next(self.decisions)
                arguments[name] = Known(callee.closure.defaults[name], node)
            elif operand.role is Role.CHANNEL and operand.switch is not None:
                indices, _ = self.indices(operand.switch)
                arguments |= {index_name(name, axis): index for axis, index in enumerate(indices)}
            else:
                arguments[name] = self.rebuilt(operand)
        before, self.scope = self.scope, callee.scope
        text = callee.text
        types = {name: self.type() for name, _ in annotations_of(text.node, callee.scope)}
        body: list[ast.stmt] = []
        self.walk(text.node.body, body)
        self.scope = before
        return Inlined(node, callee, arguments, types, body)

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


def index_name(parameter: str, axis: int) -> str:
    """What an index is called that chooses the channel a parameter is given."""
    return f"{parameter}[{axis}]"


def _hollow(statement: ast.stmt) -> ast.stmt:
    """The statement without the statements nested in it."""
    fields = {
        name: [] if isinstance(value, list) and value and isinstance(value[0], ast.stmt) else value
        for name, value in ast.iter_fields(statement)
    }
    return ast.copy_location(type(statement)(**fields), statement)
