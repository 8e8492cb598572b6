"""Evaluates a kernel's compile-time part for one PE."""

import ast
import types
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from spatial.meta.analysis import Role
from spatial.meta.binding import bind, roles_of
from spatial.meta.blocks import Chain, Repeat, group, is_end, nested_bodies
from spatial.meta.callee import Callee, Plain
from spatial.meta.checks import is_fatal
from spatial.meta.errors import BadCall, CalledFrom, EndlessRecursion, PidMismatch
from spatial.meta.evaluate import FAILED, Evaluator, Explain
from spatial.meta.fingerprint import fingerprint, kind, plain_number
from spatial.meta.library import Closure, Library, defaults_of
from spatial.meta.scope import Scope
from spatial.meta.shapes import ArrayShape, Origin
from spatial.meta.sites import (
    Operand,
    Site,
    SiteKind,
    Step,
    annotations_of,
    cached_sites,
    is_definition,
    is_plain,
    step_of,
    value_site,
)
from spatial.meta.values import (
    Chosen,
    channels_in,
    choices,
    converted,
    holds_channels,
    repetitions,
    window_shape,
)
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.source.text import FunctionText

__all__ = ["FAILED", "Explain", "Trace", "trace"]

DEEPEST = 64
Calls = tuple[tuple[str, Span], ...]


@dataclass(slots=True)
class Trace:
    """What the PE `pid` decided, in the order of the walk.

    `decisions` are the choices, repetitions, types and extents that shape the code; `values` and
    `channels` what the sites evaluated to, with their text and the calls they stand in, the last one first. It went
    `astray` where it could not tell which way to go.
    """

    pid: tuple[int, ...]
    decisions: list[Hashable] = field(default_factory=list)
    values: list[object] = field(default_factory=list)
    channels: list[tuple[ast.expr, FunctionText, object, Calls]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    astray: bool = False


def trace(
    text: FunctionText,
    scope: Scope,
    library: Library,
    pid: tuple[int, ...],
    explain: Explain,
    label: str,
    shapes: Mapping[str, object],
) -> Trace:
    """Walks a kernel's body for one PE, called `label` in problems; `explain` turns exceptions it knows into problems.

    `shapes` have the shape of each array parameter.
    """
    tracer = Tracer(text, scope, library, pid, explain, label, shapes)
    tracer.walk(text.node.body)
    return tracer.trace


class Tracer(Evaluator):
    """The walk; while it is in a function that the kernel calls, `text`, `scope` and `names` are that function's."""

    def __init__(
        self,
        text: FunctionText,
        scope: Scope,
        library: Library,
        pid: tuple[int, ...],
        explain: Explain,
        label: str,
        shapes: Mapping[str, object],
    ) -> None:
        super().__init__(text, scope, {**scope.environment, **shapes}, explain, label)
        self.library = library
        self.callee: Callee | None = None
        self.inside_of: Calls = ()
        self.calls = 0
        self.trace = Trace(pid, problems=self.problems)

    def walk(self, body: list[ast.stmt]) -> bool:
        """Goes through a body; whether it surely ends in a `return`. Nothing behind a decided one is reached."""
        ended = False
        for item in group(body, self.scope):
            match item:
                case Chain() if self.choose(item):
                    return True
                case Repeat() if self.repeat(item):
                    return True
                case ast.FunctionDef() if is_definition(item, self.scope):
                    self.define(item, item.name)
                case ast.stmt() if is_plain(item):
                    ended |= self.statement(item)
        return ended

    def choose(self, chain: Chain) -> bool:
        for number, branch in enumerate(chain.branches):
            holds = True if branch.condition is None else self.evaluate(branch.condition, bool)
            if holds is FAILED:
                self.trace.astray = True
                self.fail_names(chain)
                break
            if holds:
                self.trace.decisions.append(number)
                return self.walk(branch.body)
        self.trace.decisions.append(None)
        return False

    def fail_names(self, chain: Chain) -> None:
        """Nobody knows what the branches of a chain bind."""
        bodies = (statement for branch in chain.branches for statement in branch.body)
        names = (node for statement in bodies for node in ast.walk(statement) if isinstance(node, ast.Name))
        self.failed.update(node.id for node in names if isinstance(node.ctx, ast.Store))

    def repeat(self, loop: Repeat) -> bool:
        bounds = [self.evaluate(bound) for bound in loop.bounds]
        found = self.attempt(lambda: repetitions(bounds), loop.bounds) if FAILED not in bounds else FAILED
        values = found if isinstance(found, tuple) else ()
        self.trace.astray |= found is FAILED
        self.trace.decisions.append(tuple(map(fingerprint, values)))
        self.trace.values.append(values)
        for value in values:
            self.bind(loop.target, value)
            if self.walk(loop.body) and loop.left is None:
                return True
        return False

    def statement(self, statement: ast.stmt) -> bool:
        """Goes through a plain statement; whether it surely ends in a `return`."""
        step = step_of(statement, self.scope)
        if step is not Step.PLAIN:
            assert isinstance(statement, ast.Assign), "other statements bind nothing that is known"
            self.known(statement, step)
            return False
        for site in cached_sites(statement, self.scope):
            value = self.record(site)
            if site.kind is SiteKind.TYPE and isinstance(statement, ast.AnnAssign):
                self.bind_shape(statement.target, value)
        return is_end(statement, [self.walk(body) for body in nested_bodies(statement)])

    def known(self, statement: ast.Assign, step: Step) -> None:
        """Binds what is known before the program runs."""
        target, *_ = statement.targets
        if step is Step.POSITION:
            self.bind_pid(target)
        elif step is Step.DEFINITION and isinstance(target, ast.Name) and isinstance(statement.value, ast.Lambda):
            self.define(statement.value, target.id)
        else:
            value = self.evaluate(cached_sites(statement, self.scope)[0])
            for each in statement.targets:
                self.bind(each, value)

    def bind_shape(self, target: ast.expr, type_: object) -> None:
        """The shape of a local array is known from its declaration on."""
        if isinstance(target, ast.Name) and target.id in self.scope.shaped:
            origin = Origin(target.id, self.callee.number if self.callee else 0, type_)
            self.bind(target, FAILED if type_ is FAILED else ArrayShape.of(type_, origin))

    def record(self, site: Site) -> object:
        """Evaluates a site and notes what it is; the value."""
        if site.kind is SiteKind.CALL:
            self.call(site)
            return None
        if site.kind is SiteKind.SWITCH:
            self.switch(site)
            return None
        value = plain_number(self.evaluate(site))
        match site.kind:
            case SiteKind.CHANNEL:
                self.trace.channels.append((site.node, self.text, value, self.inside_of))
                return value
            case SiteKind.GROUP:
                shape, channels = channels_in(value)
                self.trace.decisions.append(shape)
                self.trace.channels += [(site.node, self.text, channel, self.inside_of) for channel in channels]
            case SiteKind.TYPE:
                self.trace.decisions.append(str(value))
            case SiteKind.WINDOW:
                self.trace.decisions.append(window_shape(value) if isinstance(value, slice) else FAILED)
            case SiteKind.VALUE if site.varying:
                self.trace.decisions.append(kind(value))
        self.trace.values.append(value)
        return value

    def switch(self, site: Site) -> None:
        """The channels of which the run chooses one."""
        extents, channels = self.chosen(site)
        self.trace.decisions.append(extents)
        self.trace.channels += [(site.replaced, self.text, channel, self.inside_of) for channel in channels]

    def chosen(self, site: Site) -> tuple[object, Sequence[object]]:
        """All channels that agree with the indices that are known, and how many each other index can mean."""
        base = self.evaluate(site)
        if isinstance(base, Chosen):
            return base.extents, base.channels
        indices = [self.evaluate(operand.whole) if operand.is_known else None for operand in site.operands]
        for inner in (inner for operand in site.operands if not operand.is_known for inner in operand.sites):
            self.record(inner)
        found = FAILED
        if base is not FAILED and FAILED not in indices:
            found = self.attempt(lambda: choices(base, indices), [site])
        return found if isinstance(found, tuple) else (FAILED, [FAILED])

    # Functions that the kernel calls

    def define(self, node: ast.FunctionDef | ast.Lambda, name: str) -> None:
        """Binds a function that the text defines; Python can call it if all that it uses is known."""
        self.names[name] = self.closure(node, pure=name in self.scope.known)

    def closure(self, node: ast.FunctionDef | ast.Lambda, *, pure: bool) -> Closure:
        definition = self.library.nested(node, self.scope, self.text)
        given = defaults_of(definition.text.node)
        defaults = {name: self.evaluate(value_site(default, self.scope)) for name, default in given}
        function = None
        if pure:
            made: dict[str, object] = {}
            exec(definition.code, self.names, made)
            function = next(value for value in made.values() if isinstance(value, types.FunctionType))
        return Closure(definition=definition, defaults=defaults, function=function, frame=self.names, home=self.callee)

    def call(self, site: Site) -> None:
        """A call of a function: its arguments, then all that the function does."""
        callee = self.evaluate(site)
        closure = self.attempt(lambda: self.library.closure(callee), [site]) if callee is not FAILED else FAILED
        span = self.spans(site.replaced)
        bound = bind(closure, site, span) if isinstance(closure, Closure) else None
        if closure is None:
            self.trace.decisions.append(fingerprint(callee))
            self.trace.values.append(Plain(callee))
            for inner in (inner for operand in site.operands for inner in operand.sites):
                self.record(inner)
        elif not isinstance(closure, Closure) or not isinstance(bound, Mapping):
            self.problems += [bound] if isinstance(bound, BadCall) else []
            self.trace.decisions.append(FAILED)
            self.trace.values.append(FAILED)
        else:
            self.enter(closure, bound, site)

    def enter(self, closure: Closure, bound: Mapping[str, Operand], site: Site) -> None:
        definition = closure.definition
        bound = {name: self.settled(operand) for name, operand in bound.items()}
        scope = self.library.scope(definition, roles_of(closure, bound))
        self.calls += 1
        callee = Callee(closure=closure, scope=scope, text=self.library.texts[scope], bound=bound, number=self.calls)
        self.trace.decisions.append(id(scope))
        self.trace.values.append(callee)
        frame = {**(definition.surroundings.environment if closure.frame is None else closure.frame)}
        failed: set[str] = set() if definition.parent is None else set(self.failed)
        for name, value in self.arguments(callee):
            frame[name] = value
            (failed.add if value is FAILED else failed.discard)(name)
        begun, call = len(self.problems), self.spans(site.replaced)
        with self.inside(callee, call, frame, failed):
            if self.may_enter(callee, site):
                self.annotations(callee)
                self.walk(callee.text.node.body)
        found = self.problems[begun:]
        self.problems[begun:] = [CalledFrom(problem=p, name=definition.name, call=call) for p in found]

    def arguments(self, callee: Callee) -> Iterator[tuple[str, object]]:
        """What the parameters are bound to that are known now; the others' arguments are gone through."""
        yield from callee.bound_values()
        for name, operand in callee.known():
            yield name, callee.closure.defaults[name] if operand is None else self.argument(operand)
        for name, operand in callee.running():
            if operand is None:
                self.trace.decisions.append(fingerprint(callee.closure.defaults[name]))
            elif operand.role is Role.CHANNEL and operand.switch is not None:
                yield name, self.channel(operand.switch)
                continue
            for site in operand.sites if operand else ():
                self.record(site)
            if operand is not None and name in callee.scope.shaped:
                yield name, self.shape(operand)

    def settled(self, operand: Operand) -> Operand:
        """An argument that may be a channel that the run chooses, when it is known whether it is."""
        chooses = operand.switch is not None and holds_channels(self.evaluate(operand.switch))
        return replace(operand, role=Role.CHANNEL) if chooses else operand

    def channel(self, site: Site) -> object:
        """The channels of which the run chooses one for a parameter."""
        extents, channels = self.chosen(site)
        self.trace.decisions.append(extents)
        return Chosen(extents, channels) if isinstance(extents, tuple) else FAILED

    def argument(self, operand: Operand) -> object:
        """The value of an argument that is known now."""
        if isinstance(operand.node, ast.Lambda):
            return self.closure(operand.node, pure=operand.role is not Role.FUNCTION)
        return self.evaluate(operand.whole)

    def shape(self, operand: Operand) -> object:
        """The shape of an array that is given for a parameter, whole or in part."""
        node, indices = operand.node, list[ast.expr]()
        if isinstance(node, ast.Subscript):
            indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            node = node.value
        shape = self.names.get(node.id, FAILED) if isinstance(node, ast.Name) else FAILED
        parts = [self.evaluate(value_site(i, self.scope)) if self.scope.is_known(i) else None for i in indices]
        return shape.part(parts) if isinstance(shape, ArrayShape) and FAILED not in parts else FAILED

    @contextmanager
    def inside(self, callee: Callee, call: Span, frame: dict[str, object], failed: set[str]) -> Iterator[None]:
        """While a function is gone through, its names and its text are the ones that count."""
        before = self.text, self.scope, self.names, self.failed, self.callee, self.inside_of
        self.text, self.scope = callee.text, callee.scope
        self.names, self.failed, self.callee = frame, failed, callee
        self.inside_of = ((callee.name, call), *self.inside_of)
        yield
        self.text, self.scope, self.names, self.failed, self.callee, self.inside_of = before

    def may_enter(self, callee: Callee, site: Site) -> bool:
        """Whether a function can be written out; where it cannot, nobody knows what is decided in it."""
        problems = self.library.problems(callee.scope, self.text)
        if len(self.inside_of) > DEEPEST:
            name = callee.closure.definition.name
            problems = [EndlessRecursion(name=name, depth=DEEPEST, span=self.text.name_span())]
        self.problems += problems
        self.trace.astray |= len(self.inside_of) > DEEPEST or any(map(is_fatal, problems))
        return not self.trace.astray

    def annotations(self, callee: Callee) -> None:
        """The types of parameters and of what is returned; what is known of a parameter is converted now."""
        for name, site in annotations_of(self.text.node, self.scope):
            value = self.record(site)
            if name in self.scope.known and name is not None:
                self.names[name] = converted(self.names[name], value)

    def bind_pid(self, target: ast.expr) -> None:
        pid = self.trace.pid
        names = len(target.elts) if isinstance(target, ast.Tuple) else 1
        if names == len(pid) or not isinstance(target, ast.Tuple):
            value = pid[0] if len(pid) == 1 else pid
            self.bind(target, (value,) if isinstance(target, ast.Tuple) and names == 1 else value)
            return
        kernel = self.label.rpartition("[")[0]
        self.problems.append(PidMismatch(kernel=kernel, axes=len(pid), names=names, span=self.spans(target)))
        self.bind(target, FAILED)
