"""The places of a statement where Python evaluates something before the program runs."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from types import CodeType

from spatial.meta.analysis import Role
from spatial.meta.markers import is_channel_word
from spatial.meta.scope import CHANNEL_METHODS, Scope, names_of_all
from spatial.source.text import compiled

__all__ = [
    "Operand",
    "Site",
    "SiteKind",
    "Step",
    "annotations_of",
    "cached_sites",
    "is_definition",
    "is_known_assignment",
    "is_plain",
    "step_of",
    "value_site",
]

PLAIN = (
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
    ast.Expr,
    ast.For,
    ast.While,
    ast.If,
    ast.Pass,
    ast.Break,
    ast.Continue,
    ast.Return,
    ast.Assert,
)


class SiteKind(Enum):
    """What becomes of the value: a number of the body, a channel, several of them, a declared type, the bounds of a
    slice, what a called function does, or channels of which the run chooses one.
    """

    VALUE = "value"
    CHANNEL = "channel"
    GROUP = "group"
    TYPE = "type"
    WINDOW = "window"
    CALL = "call"
    SWITCH = "switch"


@dataclass(frozen=True, kw_only=True)
class Site:
    """A compile-time expression; `varying` says that it can differ between PEs.

    `outer` says that it uses names of the kernel's surroundings only and calls nothing: once it is
    evaluated, `known` holds its value for all PEs. The site of a call of the user's function is the
    function, its arguments are the `operands`; that of a chosen channel is the stream, with its indices.
    """

    node: ast.expr
    kind: SiteKind
    varying: bool
    outer: bool = False
    file: str = "<compile time>"
    call: ast.Call | ast.Subscript | None = None
    operands: "tuple[Operand, ...]" = ()
    known: list[object] = field(default_factory=list, compare=False)

    @cached_property
    def expression(self) -> ast.expr:
        """The expression as Python evaluates it; that of a slice makes a `slice`."""
        if not isinstance(self.node, ast.Slice):
            return self.node
        bounds = [part or ast.Constant(None) for part in (self.node.lower, self.node.upper, self.node.step)]
        return ast.copy_location(ast.Call(ast.Name("slice", ast.Load()), bounds, []), self.node)

    @cached_property
    def code(self) -> CodeType:
        """The expression, ready for `eval`."""
        return compiled(ast.Expression(self.expression), self.file)

    @property
    def replaced(self) -> ast.expr:
        """The expression that its value stands for."""
        return self.call or self.node

    @cached_property
    def names(self) -> frozenset[str]:
        """The names it uses."""
        return frozenset(node.id for node in ast.walk(self.node) if isinstance(node, ast.Name))

    @cached_property
    def text(self) -> str:
        """How the user wrote it."""
        return ast.unparse(self.node)


@dataclass(frozen=True, kw_only=True)
class Operand:
    """An argument of a call, or an index of a channel: its `keyword` if it has one, and what it is.

    `sites` are those within it, for where it is a running value, `whole` is all of it, for where it is known,
    `switch` is the site of the channel that the run may choose by it.
    """

    node: ast.expr
    keyword: str | None
    role: Role
    sites: tuple[Site, ...]
    whole: Site
    switch: Site | None = None

    @property
    def is_known(self) -> bool:
        """Whether it has a value now."""
        return self.role in (Role.KNOWN, Role.VARYING)


def is_plain(statement: ast.stmt) -> bool:
    """Whether a statement that is no meta statement belongs to the language at all; nothing of another is evaluated."""
    return isinstance(statement, PLAIN)


class Step(Enum):
    """What becomes of a statement before the program runs: it names the PE's position, a function or a known value,
    and is gone, or it is written out.
    """

    POSITION = "position"
    DEFINITION = "definition"
    KNOWN = "known"
    PLAIN = "plain"


def step_of(statement: ast.stmt, scope: Scope) -> Step:
    """What becomes of a statement, found once for all PEs of a kernel."""
    found = scope.steps.get(statement)
    if found is None:
        found = scope.steps[statement] = _step_of(statement, scope)
    assert isinstance(found, Step), "a scope's steps are found here"
    return found


def _step_of(statement: ast.stmt, scope: Scope) -> Step:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and scope.calls_pid(statement.value):
        return Step.POSITION
    if is_definition(statement, scope):
        return Step.DEFINITION
    return Step.KNOWN if is_known_assignment(statement, scope) else Step.PLAIN


def is_definition(statement: ast.stmt, scope: Scope) -> bool:
    """Whether a statement defines a function that the rest of the text can call."""
    match statement:
        case ast.FunctionDef(name=name) | ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
            return name in scope.functions or name in scope.known
    return False


def annotations_of(function: ast.FunctionDef, scope: Scope) -> list[tuple[str | None, Site]]:
    """The sites of the types of a function's parameters, then of what it returns, which has no name."""
    if function not in scope.sites:
        given = function.args
        annotated = [(a.arg, a.annotation) for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        scope.sites[function] = [
            (name, _site(annotation, SiteKind.TYPE, scope))
            for name, annotation in (*annotated, (None, function.returns))
            if annotation is not None and not isinstance(annotation, ast.Constant) and scope.is_known(annotation)
        ]
    return scope.sites[function]


def is_known_assignment(statement: ast.stmt, scope: Scope) -> bool:
    """Whether a statement only names a compile-time value."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            names = names_of_all(targets)
            return bool(names) and scope.known.issuperset(names) and scope.is_known(value)
    return False


def cached_sites(statement: ast.stmt, scope: Scope) -> list[Site]:
    """The sites of a statement, found once for all PEs of a kernel."""
    if statement not in scope.sites:
        known = is_known_assignment(statement, scope)
        scope.sites[statement] = [_whole_value(statement, scope)] if known else _sites_of(statement, scope)
    return scope.sites[statement]


def _whole_value(statement: ast.stmt, scope: Scope) -> Site:
    """The value of an assignment that only names a compile-time value."""
    assert isinstance(statement, ast.Assign)
    varies = scope.is_varying(statement.value)
    return Site(node=statement.value, kind=SiteKind.VALUE, varying=varies, file=scope.file)


def _sites_of(statement: ast.stmt, scope: Scope) -> list[Site]:
    """The sites of a statement itself, in the order of its text, not of the statements nested in it."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and scope.is_known(statement.value):
        return []
    found: list[Site] = []
    for name, value in ast.iter_fields(statement):
        if name == "iter" and isinstance(value, ast.Call):
            parts = [*value.args, *(keyword.value for keyword in value.keywords)]
            found += [site for part in parts for site in _sites(part, scope)]
        elif isinstance(value, ast.expr):
            kind = SiteKind.TYPE if name == "annotation" else SiteKind.VALUE
            found += _sites(value, scope, kind)
        elif isinstance(value, list):
            found += [site for item in value if isinstance(item, ast.expr) for site in _sites(item, scope)]
    return found


def _sites(node: ast.expr, scope: Scope, kind: SiteKind = SiteKind.VALUE) -> Iterator[Site]:
    if isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)):
        return
    if isinstance(node, ast.Slice) and scope.is_known(node):
        yield _site(node, SiteKind.WINDOW, scope)
    elif _is_value(node, scope) and scope.is_known(node):
        yield _site(node, kind, scope)
    elif isinstance(node, ast.Call) and is_channel_word(scope.resolve(node.func)):
        for given in (*node.args, *(keyword.value for keyword in node.keywords)):
            argument = given.value if isinstance(given, ast.Starred) else given
            may_be_group = scope.is_known(argument) and argument is not _token_argument(node)
            yield from [_site(argument, SiteKind.GROUP, scope)] if may_be_group else _sites(argument, scope)
    elif scope.calls_helper(node):
        assert isinstance(node, ast.Call), "only a call calls"
        yield _call(node, scope)
    else:
        if scope.is_channel_call(node) and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield _site(node.func.value, SiteKind.CHANNEL, scope)
        elif scope.is_switch(node) and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield _switch(node.func.value, scope)
        for part in _parts(node, scope):
            yield from _sites(part, scope)


def _token_argument(call: ast.Call) -> ast.expr | None:
    """The argument of `scatter(channels, array)` that is no channel."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return call.args[1] if name == "scatter" and len(call.args) == 2 else None


def _call(node: ast.Call, scope: Scope) -> Site:
    """The site of a call that is written out."""
    given = [(None, argument) for argument in node.args] + [(k.arg or "**", k.value) for k in node.keywords]
    operands = tuple(_operand(keyword, argument, scope) for keyword, argument in given)
    called = _site(node.func, SiteKind.CALL, scope)
    return replace(called, call=node, operands=operands)


def _switch(node: ast.expr, scope: Scope) -> Site:
    """The site of a channel that the run chooses, by an index or as an argument."""
    if not isinstance(node, ast.Subscript):
        return _site(node, SiteKind.SWITCH, scope)
    indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    operands = tuple(_operand(None, index, scope) for index in indices)
    return replace(_site(node.value, SiteKind.SWITCH, scope), call=node, operands=operands)


def _operand(keyword: str | None, node: ast.expr, scope: Scope) -> Operand:
    sites, whole = tuple(_sites(node, scope)), value_site(node, scope)
    role = _role(node, scope)
    may_switch = isinstance(node, ast.Subscript) and scope.is_known(node.value) and role is Role.RUNNING
    switch = _switch(node, scope) if may_switch or role is Role.CHANNEL else None
    return Operand(node=node, keyword=keyword, role=role, sites=sites, whole=whole, switch=switch)


def _role(node: ast.expr, scope: Scope) -> Role:
    """What a parameter is that is given an expression."""
    varies = scope.is_varying(node)
    if scope.is_known(node):
        return Role.VARYING if varies else Role.KNOWN
    if isinstance(node, ast.Lambda) or scope.is_function(node):
        return Role.FUNCTION
    if isinstance(node, ast.Name) and scope.is_chosen(node.id):
        return Role.CHANNEL
    array, indices = node, list[ast.expr]()
    if isinstance(node, ast.Subscript):
        array, indices = node.value, node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    plain = all(scope.is_known(index) or not isinstance(index, ast.Slice) for index in indices)
    if plain and isinstance(array, ast.Name) and scope.is_shaped(array.id):
        return Role.VARYING_ARRAY if varies else Role.ARRAY
    return Role.RUNNING


def _is_value(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression can be replaced by its value.

    The target of an assignment cannot, nor a list of indices; a text in which PEs differ is replaced in parts.
    """
    if isinstance(getattr(node, "ctx", None), ast.Store):
        return False
    if isinstance(node, ast.JoinedStr):
        return not scope.is_varying(node)
    return not isinstance(node, ast.Tuple | ast.Slice | ast.Starred | ast.FormattedValue)


def _parts(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """The operands of an expression that runs; of `table[i][k]` first the table, so that its rows are not copied."""
    if isinstance(node, ast.Call):
        if scope.makes_type(node.func):
            yield node.func
        yield from _running_object(node.func, scope)
        yield from (*node.args, *(keyword.value for keyword in node.keywords))
    elif isinstance(node, ast.Subscript):
        yield from _subscripted(node.value, scope)
        yield node.slice
    else:
        yield from (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))


def _running_object(function: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """The array whose method is called, as in `A[0:2].sum()`."""
    match function:
        case ast.Attribute(value=value, attr=name) if name not in CHANNEL_METHODS and not scope.is_known(value):
            yield value


def _subscripted(base: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    root = base
    while isinstance(root, ast.Subscript):
        root = root.value
    if (
        root is base
        or not (scope.is_known(base) and scope.is_varying(base))
        or not hasattr(scope.resolve(root), "__array__")
    ):
        yield base
        return
    assert isinstance(base, ast.Subscript)
    yield from _subscripted(base.value, scope)
    yield base.slice


def value_site(node: ast.expr, scope: Scope) -> Site:
    """An expression as one site of its own."""
    return _site(node, SiteKind.VALUE, scope)


def _site(node: ast.expr, kind: SiteKind, scope: Scope) -> Site:
    outer = not any(
        isinstance(part, ast.Call) or (isinstance(part, ast.Name) and scope.is_local(part.id))
        for part in ast.walk(node)
    )
    return Site(node=node, kind=kind, varying=scope.is_varying(node), outer=outer, file=scope.file)
