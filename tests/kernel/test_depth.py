"""Expressions nested too deeply are refused, not run into Python's recursion limit."""

import ast

import pytest

from spatial.kernel.checks.depth import too_deep


@pytest.mark.parametrize(("terms", "refused"), [(80, False), (150, True), (5000, True)])
def test_long_sums(terms, refused):
    total: ast.expr = ast.Name("a", ast.Load())
    for _ in range(terms):
        total = ast.BinOp(total, ast.Add(), ast.Name("a", ast.Load()))
    assert too_deep([ast.Expr(total)]) is (total if refused else None)


def test_long_chains_of_elif():
    branch = ast.Pass()
    for _ in range(150):
        branch = ast.If(ast.Name("a", ast.Load()), [ast.Pass()], [branch])
    assert too_deep([branch]) is not None
