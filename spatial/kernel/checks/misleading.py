"""Checks a kernel's text for what cannot be meant: code that is never reached, names that hide other things."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence

from spatial.kernel.declared.references import ArrayRef
from spatial.kernel.errors import Shadowed, Unreachable
from spatial.meta.blocks import nested_bodies
from spatial.meta.scope import Scope
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.source.text import FunctionText
from spatial.stream.stream import ChannelArray, Stream

__all__ = ["check_misleading", "check_unreachable"]

EXITS = {ast.Break: "`break`", ast.Continue: "`continue`", ast.Return: "`return`"}
Spans = Callable[[ast.AST], Span]


def check_misleading(text: FunctionText, scope: Scope, around: Mapping[str, object]) -> Iterator[Problem]:
    """What is wrong with a kernel's text whatever its PEs decide; `around` are the things it can use."""
    yield from check_unreachable(text, scope)
    parameters = {argument.arg for argument in text.node.args.args}
    for name, stores in scope.stores.items():
        if name not in parameters and isinstance(around.get(name), Stream | ChannelArray | ArrayRef):
            what = "an array of the region" if isinstance(around[name], ArrayRef) else "a stream"
            yield Shadowed(name=name, what=what, span=text.span(stores[0]))


def check_unreachable(text: FunctionText, scope: Scope) -> Iterator[Problem]:
    """The statements of a kernel, or of a function that it calls, that control never gets to."""
    yield from _unreachable(text.node.body, scope, text.span)


def _unreachable(body: Sequence[ast.stmt], scope: Scope, spans: Spans) -> Iterator[Problem]:
    """The first statement behind an exit, in each row of statements."""
    for position, statement in enumerate(body):
        for inner in nested_bodies(statement):
            yield from _unreachable(inner, scope, spans)
        if position + 1 < len(body) and _ends(body[: position + 1], scope):
            told = EXITS.get(type(statement), "what stands here never goes on")
            yield Unreachable(span=spans(body[position + 1]), exit=spans(_head(statement)), told=told)
            return


def _head(statement: ast.stmt) -> ast.AST:
    """The part of a statement that says what it is."""
    match statement:
        case ast.While(test=test) | ast.If(test=test):
            return test
        case ast.With(items=[item, *_]):
            return item.context_expr
    return statement


def _ends(body: Sequence[ast.stmt], scope: Scope) -> bool:
    """Whether control never gets behind the last of the statements; those in front of it let it through."""
    *_, last = body
    match last:
        case ast.Break() | ast.Continue() | ast.Return():
            return True
        case ast.If(body=then, orelse=[_, *_] as otherwise):
            return _ends(then, scope) and _ends(otherwise, scope)
        case ast.While(test=ast.Constant(value=value)) if value:
            return not any(isinstance(node, ast.Break) for node in ast.walk(last))
        case ast.With(body=inner) if scope.word(last) == "meta_else":
            return _ends(inner, scope) and _chain_ends(body[:-1], scope)
    return False


def _chain_ends(body: Sequence[ast.stmt], scope: Scope) -> bool:
    """Whether all branches end of the meta chain that the last statement belongs to."""
    for statement in reversed(body):
        word = scope.word(statement)
        if not isinstance(statement, ast.With) or word not in ("meta_if", "meta_elif"):
            return False
        if not _ends(statement.body, scope):
            return False
        if word == "meta_if":
            return True
    return False
