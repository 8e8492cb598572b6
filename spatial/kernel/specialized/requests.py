"""Finds the calls of regions in the text of kernels and functions."""

import ast
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from spatial.kernel.declared.definition import Instantiable
from spatial.meta.scope import Scope
from spatial.meta.shapes import ORIGIN
from spatial.source.text import FunctionText, compiled, copied

__all__ = ["RUNNING", "Request", "Requests"]

MAKER = "__spatial_request__"
RUNNING = object()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Request:
    """A call of a region as one PE evaluates it: what it gives, `RUNNING` where only the run knows it.

    An array is given as its `Origin`; `scope` has the names of the text that the call stands in.
    """

    call: ast.Call
    scope: Scope
    region: object
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Requests:
    """Makes the calls of regions in a kernel, and in the functions it calls, something that compile time can evaluate.

    `inner(A, s, x + 1)` becomes `make(0, inner, A.origin, s, ...).put(None, None, x + 1)`: an operation on something
    that is evaluated for each PE, as the channels are. What it is rewritten to call is this, in the
    surroundings of each text.
    """

    calls: list[tuple[ast.Call, Scope]] = field(default_factory=list)

    @property
    def names(self) -> Mapping[str, object]:
        """What the surroundings of a text that is rewritten hold."""
        return {MAKER: self}

    def __call__(self, number: int, region: object, *arguments: object) -> Request:
        """The request of a call, its arguments first by position, then by name."""
        call, scope = self.calls[number]
        given = tuple(RUNNING if argument is ... else argument for argument in arguments)
        return Request(call=call, scope=scope, region=region, arguments=given)

    def rewritten(self, text: FunctionText, scope: Scope) -> FunctionText | None:
        """The text with its calls of regions rewritten; None where there are none."""
        finder = Finder(scope, text.node, self.calls)
        if not any(finder.calls_region(node) for node in ast.walk(text.node)):
            return None
        node = finder.generic_visit(copied(text.node))
        assert isinstance(node, ast.FunctionDef), "only statements are replaced"
        return replace(text, node=node)


class Finder(ast.NodeTransformer):
    """Rewrites the statements of a text that call regions, and notes them in `calls`."""

    def __init__(self, scope: Scope, node: ast.FunctionDef, calls: list[tuple[ast.Call, Scope]]) -> None:
        self.scope = scope
        self.calls = calls
        assigned = [statement for statement in ast.walk(node) if isinstance(statement, ast.Assign)]
        self.values = {
            target.id: statement.value
            for statement in assigned
            for target in statement.targets
            if isinstance(target, ast.Name)
        }

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if not self.calls_region(node):
            return node
        assert isinstance(node.value, ast.Call), "a call is what calls a region"
        call = node.value
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        parts: list[ast.expr] = [ast.Constant(len(self.calls)), call.func, *map(self.known, given)]
        self.calls.append((call, self.scope))
        request = ast.copy_location(ast.Call(ast.Name(MAKER, ast.Load()), parts, []), call)
        running: list[ast.expr] = [ast.Constant(None) if self.scope.is_known(each) else each for each in given]
        made = ast.Expr(ast.Call(ast.Attribute(request, "put", ast.Load()), running, []))
        return _located(ast.copy_location(made, node), node)

    def known(self, argument: ast.expr) -> ast.expr:
        """What of an argument compile time can evaluate."""
        if self.scope.is_known(argument):
            return argument
        match argument:
            case ast.Subscript(value=ast.Name() as name, slice=index) if self.scope.is_known(index):
                origin = self.known(name)
                return origin if isinstance(origin, ast.Constant) else ast.Subscript(origin, index, ast.Load())
            case ast.Name(id=name) if self.scope.is_shaped(name):
                return ast.Attribute(argument, ORIGIN, ast.Load())
        return ast.Constant(...)

    def calls_region(self, node: ast.AST) -> bool:
        match node:
            case ast.Expr(value=ast.Call(func=function)):
                return self.scope.is_known(function) and self.is_region(function)
        return False

    def is_region(self, node: ast.expr) -> bool:
        """Whether an expression is a region, as far as the text tells; a function that is called makes one."""
        thing = self.scope.resolve(node)
        if isinstance(thing, Instantiable):
            return True
        match node:
            case ast.Subscript(value=base):
                return self.is_region(base) or _holds_regions(self.scope.resolve(base))
            case ast.Call(func=ast.Name() | ast.Attribute()):
                return self.makes_region(node)
            case ast.Name(id=name) if name in self.scope.known and name in self.values:
                return self.is_region(self.values[name])
        return False

    def makes_region(self, node: ast.Call) -> bool:
        """Whether a function that is called returns a region; where its arguments depend on the PE, it is taken to."""
        names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
        if any(self.scope.is_local(name) for name in names):
            return isinstance(self.scope.resolve(node.func), types.FunctionType)
        try:
            made = eval(compiled(ast.Expression(node), "<compile time>"), dict(self.scope.environment))
        except Exception:
            return False
        return isinstance(made, Instantiable)


def _holds_regions(thing: object) -> bool:
    items = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list | tuple) else ()
    return any(isinstance(item, Instantiable) for item in items)


def _located(made: ast.AST, node: ast.AST) -> ast.AST:
    """The tree, its new nodes standing where `node` does."""
    for child in ast.walk(made):
        if isinstance(child, ast.expr) and not hasattr(child, "lineno"):
            ast.copy_location(child, node)
    return made
