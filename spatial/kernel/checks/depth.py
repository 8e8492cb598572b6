"""Finds code that is nested more deeply than it can be followed."""

import ast
from collections.abc import Sequence

__all__ = ["too_deep"]

MOST = 100
"""Levels of nesting; each takes several calls of ours, and Python stops at 1,000."""


def too_deep(body: Sequence[ast.stmt]) -> ast.AST | None:
    """An expression that goes deeper than that, or a statement that stands deeper; None where there is none."""
    waiting: list[tuple[ast.AST, ast.AST | None, int]] = [(statement, None, 0) for statement in body]
    while waiting:
        node, expression, depth = waiting.pop()
        if expression is None and isinstance(node, ast.expr):
            expression = node
        if depth > MOST:
            return expression or node
        waiting += [(child, expression, depth + 1) for child in ast.iter_child_nodes(node)]
    return None
