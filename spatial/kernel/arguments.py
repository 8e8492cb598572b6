"""Checks how many arguments a call of the language is given."""

import ast

from spatial.kernel.errors import WrongArguments
from spatial.kernel.lowering import Lowering

__all__ = ["arguments_of"]

COUNTS = ("no argument", "one argument", "two arguments", "three arguments")


def arguments_of(lowering: Lowering, node: ast.Call, name: str, count: int, hint: str) -> list[ast.expr]:
    """The `count` positional arguments of a call; gives the statement up where there are others."""
    if len(node.args) != count or node.keywords or any(isinstance(a, ast.Starred) for a in node.args):
        title = f"`{name}` takes {COUNTS[count]}"
        raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(node), hint=hint))
    return node.args
