"""Tells why a compile-time expression has no value."""

import ast
from collections.abc import Callable, Sequence

from spatial.meta.errors import EvaluationFailed, UndefinedName
from spatial.meta.scope import Scope
from spatial.meta.sites import Site
from spatial.meta.unbound import unbound
from spatial.source.errors import ProgramError
from spatial.source.span import Span

__all__ = ["failure"]


def failure(
    error: Exception, sites: Sequence[Site], scope: Scope, spans: Callable[[ast.AST], Span], label: str
) -> EvaluationFailed | UndefinedName:
    """What an exception says that one of the `sites` raised in the PE called `label`."""
    culprit = next((site for site in sites if site.varying), sites[0])
    if isinstance(error, NameError):
        names = (n for site in sites for n in ast.walk(site.node) if isinstance(n, ast.Name) and n.id == error.name)
        if (name := next(names, None)) is not None:
            return unbound(name.id, spans(name), [spans(store) for store in scope.stores.get(name.id, ())], label)
    told, hint = f"{type(error).__name__}: {error}".rstrip(": "), ""
    if isinstance(error, ProgramError) and error.problems:
        report = error.problems[0].report()
        told, hint = report.title, report.hint
    return EvaluationFailed(error=told, pid=label if culprit.varying else "", span=spans(culprit.node), hint=hint)
