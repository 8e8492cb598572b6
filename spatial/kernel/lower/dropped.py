"""Lowers expressions that stand as statements: what they do counts, their value is dropped."""

import ast

from spatial.kernel.channels.groups import scattered
from spatial.kernel.channels.operations import put
from spatial.kernel.channels.switch import switched_put
from spatial.kernel.errors import WrongUse
from spatial.kernel.lower.external_calls import external_call
from spatial.kernel.lower.inline import results
from spatial.kernel.lower.lowering import Lowering
from spatial.kernel.lower.messages import print_
from spatial.meta.plain import Inlined, Known, written
from spatial.meta.scope import CHANNEL_METHODS
from spatial.meta.trace import FAILED

__all__ = ["expression_statement"]

ACTS = (put, switched_put, scattered, external_call)  # the calls that are statements and have no value
EFFECTLESS = ast.Attribute | ast.BinOp | ast.Compare | ast.Name | ast.Subscript | ast.UnaryOp


def expression_statement(lowering: Lowering, node: ast.stmt) -> None:
    """A channel operation, or an expression whose value is dropped."""
    assert isinstance(node, ast.Expr), "the table of statements says so"
    match node.value:
        case ast.Constant():
            return
        case Known(written=ast.expr() as expression, value=value):
            if value is not FAILED:
                _check_effect(lowering, expression)
        case Inlined() as called:
            results(lowering, called)
        case expression if not print_(lowering, expression) and not _acts(lowering, expression):
            _check_method(lowering, expression)
            lowering.expression(expression)
            _check_effect(lowering, expression)


def _acts(lowering: Lowering, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and any(lower(lowering, node) for lower in ACTS)


def _check_effect(lowering: Lowering, node: ast.expr) -> None:
    """An expression that only has a value is not what was meant."""
    _check_method(lowering, node)
    if isinstance(node, EFFECTLESS):
        equal = isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq)
        hint = "`==` compares: assign with `=`" if equal else "assign it, or leave the line out"
        _refuse(lowering, node, hint)


def _check_method(lowering: Lowering, node: ast.expr) -> None:
    """A channel operation that is named and not called."""
    if isinstance(node, ast.Attribute) and node.attr in CHANNEL_METHODS:
        given = "..." if "put" in node.attr else ""
        _refuse(lowering, node, f"call it: `{written(node)}({given})`")


def _refuse(lowering: Lowering, node: ast.expr, hint: str) -> None:
    title = f"`{written(node)}` has no effect"
    raise lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))
