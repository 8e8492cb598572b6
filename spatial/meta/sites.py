"""The places of a statement where Python evaluates something before the program runs."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from types import CodeType

from spatial.meta.scope import Scope

__all__ = ["Site", "SiteKind", "sites_of"]


class SiteKind(Enum):
    """What becomes of the value: a number of the body, a channel, a declared type, or the bounds of a slice."""

    VALUE = "value"
    CHANNEL = "channel"
    TYPE = "type"
    WINDOW = "window"


@dataclass(frozen=True, kw_only=True)
class Site:
    """A compile-time expression; `varying` says that it can differ between PEs."""

    node: ast.expr
    kind: SiteKind
    varying: bool

    @cached_property
    def code(self) -> CodeType:
        """The expression, ready for `eval`; a slice evaluates to a `slice`."""
        expression: ast.expr = self.node
        if isinstance(self.node, ast.Slice):
            bounds = [part or ast.Constant(None) for part in (self.node.lower, self.node.upper, self.node.step)]
            expression = ast.Call(ast.Name("slice", ast.Load()), bounds, [])
        tree = ast.Expression(ast.copy_location(expression, self.node))
        return compile(ast.fix_missing_locations(tree), "<compile time>", "eval")

    @cached_property
    def text(self) -> str:
        """How the user wrote it."""
        return ast.unparse(self.node)


def sites_of(statement: ast.stmt, scope: Scope) -> list[Site]:
    """The sites of a statement itself, in the order of its text, not of the statements nested in it."""
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
    if isinstance(node, ast.Constant) or (
        isinstance(getattr(node, "ctx", None), ast.Store) and isinstance(node, ast.Name)
    ):
        return
    if scope.is_channel_call(node) and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield _site(node.func.value, SiteKind.CHANNEL, scope)
        children: list[ast.AST] = [*node.args, *node.keywords]
    elif isinstance(node, ast.Slice) and scope.is_known(node):
        yield _site(node, SiteKind.WINDOW, scope)
        return
    elif scope.is_known(node) and not isinstance(node, ast.Tuple | ast.Slice | ast.Starred):
        yield _site(node, kind, scope)
        return
    elif isinstance(node, ast.Call):
        children = [*node.args, *node.keywords]
    else:
        children = list(ast.iter_child_nodes(node))
    for child in children:
        inner = child.value if isinstance(child, ast.keyword) else child
        if isinstance(inner, ast.expr):
            yield from _sites(inner, scope)


def _site(node: ast.expr, kind: SiteKind, scope: Scope) -> Site:
    return Site(node=node, kind=kind, varying=scope.is_varying(node))
