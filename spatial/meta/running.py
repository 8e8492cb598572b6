"""Tells why a value is only known while the program runs."""

import ast
from collections.abc import Callable

from spatial.meta.errors import NotCompileTime
from spatial.meta.scope import Scope
from spatial.source.span import Span

__all__ = ["running"]


def running(culprit: ast.AST, what: str, hint: str, scope: Scope, spans: Callable[[ast.AST], Span]) -> NotCompileTime:
    """The problem that `culprit` is a running value where `what` stands."""
    told, span = f"`{ast.unparse(culprit)}`", spans(culprit)
    stores = scope.stores.get(culprit.id, []) if isinstance(culprit, ast.Name) else []
    if len(stores) < 2:
        return NotCompileTime(what=what, name=told, span=span, hint=hint)
    hint = "assign it once: give each value a name of its own, or compute it in one expression"
    return NotCompileTime(what=what, name=told, span=span, hint=hint, twice=(spans(stores[0]), spans(stores[1])))
