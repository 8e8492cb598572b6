"""Evaluates what is known of one PE before the program runs."""

import ast
from collections.abc import Callable, Sequence

from spatial.meta.failed import failure
from spatial.meta.scope import Scope
from spatial.meta.sites import Site, SiteKind
from spatial.meta.values import unpack
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.source.text import FunctionText

__all__ = ["FAILED", "Evaluator", "Explain"]

FAILED = object()
Explain = Callable[[Exception, Span, str], Problem | None]


class Evaluator:
    """The names of one text as one PE sees them: what it binds is in `names`, what it could not bind in `failed`."""

    def __init__(
        self, text: FunctionText, scope: Scope, names: dict[str, object], explain: Explain, label: str
    ) -> None:
        self.text = text
        self.scope = scope
        self.names = names
        self.failed: set[str] = set()
        self.explain = explain
        self.label = label
        self.problems: list[Problem] = []

    def spans(self, node: ast.AST) -> Span:
        """Where a node of the text stands."""
        return self.text.span(node)

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
            told = failure(error, sites, self.scope, self.spans, self.label)
            self.problems.append(self.explain(error, told.span, self.label) or told)
            return FAILED

    def bind(self, target: ast.expr | None, value: object) -> None:
        if isinstance(target, ast.Name) and value is FAILED:
            self.failed.add(target.id)
        elif isinstance(target, ast.Name):
            self.failed.discard(target.id)
            self.names[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            self.bind_each(target, value)

    def bind_each(self, target: ast.Tuple | ast.List, value: object) -> None:
        site = Site(node=target, kind=SiteKind.VALUE, varying=False)
        count = len(target.elts)
        parts = FAILED if value is FAILED else self.attempt(lambda: unpack(value, count), [site])
        for position, element in enumerate(target.elts):
            self.bind(element, parts[position] if isinstance(parts, tuple) else FAILED)
