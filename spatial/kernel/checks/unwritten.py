"""Finds reads of local arrays that nothing can have written before."""

import ast
from collections.abc import Callable, Iterator, Sequence

from spatial.meta.errors import UndefinedName
from spatial.meta.external import External, In, Out
from spatial.meta.plain import Copies, Inlined, Known
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.types.tensor import TensorType

__all__ = ["check_unwritten"]


def check_unwritten(body: Sequence[ast.stmt], given: frozenset[str], spans: Callable[[ast.AST], Span]) -> list[Problem]:
    """A problem for each local array of a plain body that is surely read before it is written.

    Arrays in `given` are handed out of the body, so others may write them.
    """
    walk = Walk(given)
    walk.block(body)
    return [
        UndefinedName(
            name=read.id,
            span=spans(read),
            why="is read before anything is written into it",
            place=spans(declared),
            told="declared without values",
            hint=f"fill it first: `{read.id}[:] = 0`",
        )
        for read, declared in walk.found
    ]


class Walk:
    """A walk in the order of the text; `unwritten` are the arrays `seen` of which nothing was written so far.

    `loops` are those around the place at hand.
    """

    def __init__(self, given: frozenset[str]) -> None:
        self.seen = set(given)
        self.unwritten: dict[str, ast.Name] = {}
        self.loops: list[ast.stmt] = []
        self.found: list[tuple[ast.Name, ast.Name]] = []

    def block(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name) as target, annotation=Known(value=TensorType()), value=None):
                if name not in self.seen:
                    self.unwritten[name] = target
                self.seen.add(name)
            case ast.Assign() | ast.AnnAssign():
                self.reads(node.value)
                self.writes(node)
            case ast.AugAssign():
                self.reads(node.value)
                self.read(_root(node.target))
                self.writes(node)
            case ast.Expr(value=value):
                self.reads(value)
            case ast.If(test=test, body=body, orelse=orelse):
                self.reads(test)
                self.block(body)
                self.block(orelse)
            case ast.For(iter=head, body=body, orelse=orelse) | ast.While(test=head, body=body, orelse=orelse):
                self.loops.append(node)
                self.reads(head)
                self.block(body)
                self.loops.pop()
                self.block(orelse)
            case Copies(copies=copies):
                for copy in copies:
                    self.block(copy.body)
            case ast.Assert() | ast.Return():
                for part in ast.iter_child_nodes(node):
                    self.reads(part)
            case _:
                self.writes(node)

    def reads(self, node: ast.AST | None) -> None:
        """Goes through what an expression reads; what a function is given it may write."""
        match node:
            case None:
                pass
            case Inlined():
                self.writes(node)
            case ast.Call(func=Known(value=External() as function)):
                for parameter, argument in zip(function.parameters, node.args, strict=False):
                    if not isinstance(parameter, Out):
                        self.reads(argument)
                self.writes(node)
            case ast.Name():
                self.read(node)
            case _:
                for part in ast.iter_child_nodes(node):
                    self.reads(part)

    def read(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name) and node.id in self.unwritten and self.is_first(node.id):
            self.found.append((node, self.unwritten.pop(node.id)))

    def is_first(self, name: str) -> bool:
        """Whether no write can run before this place, also not in an earlier iteration of a loop around it."""
        return not any(name in _written(loop) for loop in self.loops)

    def writes(self, node: ast.AST) -> None:
        for name in _written(node):
            self.unwritten.pop(name, None)


def _written(node: ast.AST) -> set[str]:
    """The names of which anything inside may write a part, or that a function is given."""
    return set(_names_written(node))


def _names_written(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        match inner:
            case Inlined():
                yield from (part.id for part in ast.walk(inner) if isinstance(part, ast.Name))
            case ast.Call(func=Known(value=External() as function), args=arguments):
                for parameter, argument in zip(function.parameters, arguments, strict=False):
                    root = _root(argument)
                    yield from [root.id] if not isinstance(parameter, In) and isinstance(root, ast.Name) else []
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
                root = _root(inner)
                yield from [root.id] if isinstance(root, ast.Name) else []


def _root(node: ast.AST) -> ast.AST:
    """The name that `a.b[i].c` begins with."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node
