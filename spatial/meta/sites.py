"""The places of a statement where Python evaluates something before the program runs."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from types import CodeType

from spatial.meta.scope import CHANNEL_METHODS, Scope
from spatial.source.text import compiled

__all__ = ["Site", "SiteKind", "is_plain", "sites_of"]

PLAIN = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.For, ast.While, ast.If, ast.Pass)


class SiteKind(Enum):
    """What becomes of the value: a number of the body, a channel, a declared type, or the bounds of a slice."""

    VALUE = "value"
    CHANNEL = "channel"
    TYPE = "type"
    WINDOW = "window"


@dataclass(frozen=True, kw_only=True)
class Site:
    """A compile-time expression; `varying` says that it can differ between PEs.

    `outer` says that it uses names of the kernel's surroundings only and calls nothing: once it is
    evaluated, `known` holds its value for all PEs.
    """

    node: ast.expr
    kind: SiteKind
    varying: bool
    outer: bool = False
    known: list[object] = field(default_factory=list, compare=False)

    @cached_property
    def code(self) -> CodeType:
        """The expression, ready for `eval`; a slice evaluates to a `slice`."""
        expression: ast.expr = self.node
        if isinstance(self.node, ast.Slice):
            bounds = [part or ast.Constant(None) for part in (self.node.lower, self.node.upper, self.node.step)]
            expression = ast.Call(ast.Name("slice", ast.Load()), bounds, [])
        tree = ast.Expression(ast.copy_location(expression, self.node))
        return compiled(tree, "<compile time>")

    @cached_property
    def names(self) -> frozenset[str]:
        """The names it uses."""
        return frozenset(node.id for node in ast.walk(self.node) if isinstance(node, ast.Name))

    @cached_property
    def text(self) -> str:
        """How the user wrote it."""
        return ast.unparse(self.node)


def is_plain(statement: ast.stmt) -> bool:
    """Whether a statement that is no meta statement belongs to the language at all; nothing of another is evaluated."""
    return isinstance(statement, PLAIN)


def sites_of(statement: ast.stmt, scope: Scope) -> list[Site]:
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
    elif _is_value(node) and scope.is_known(node):
        yield _site(node, kind, scope)
    else:
        if scope.is_channel_call(node) and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield _site(node.func.value, SiteKind.CHANNEL, scope)
        for part in _parts(node, scope):
            yield from _sites(part, scope)


def _is_value(node: ast.expr) -> bool:
    """Whether an expression can be replaced by its value: not the target of an assignment, nor a list of indices."""
    stored = isinstance(getattr(node, "ctx", None), ast.Store)
    return not stored and not isinstance(node, ast.Tuple | ast.Slice | ast.Starred)


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


def _site(node: ast.expr, kind: SiteKind, scope: Scope) -> Site:
    outer = not any(
        isinstance(part, ast.Call) or (isinstance(part, ast.Name) and scope.is_local(part.id))
        for part in ast.walk(node)
    )
    return Site(node=node, kind=kind, varying=scope.is_varying(node), outer=outer)
