"""Finds the calls of regions in a kernel's text, and makes them something that compile time can evaluate."""

import ast
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from spatial.kernel.definition import Instantiable
from spatial.meta.scope import Scope
from spatial.source.text import FunctionText, compiled, copied

__all__ = ["RUNNING", "Local", "Request", "Requests", "Window", "find_requests"]

MAKER = "__spatial_request__"
WINDOWS = "__spatial_windows__"
LOCALS = "__spatial_locals__"
RUNNING = object()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Request:
    """A call of a region as one PE evaluates it: what it gives, `RUNNING` where only the run knows it."""

    call: ast.Call
    region: object
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Maker:
    """What the calls of regions are rewritten to call; `calls` are the user's."""

    calls: list[ast.Call] = field(default_factory=list)

    def __call__(self, number: int, region: object, *arguments: object) -> Request:
        """The request of a call, its arguments first by position, then by name."""
        given = tuple(RUNNING if argument is ... else argument for argument in arguments)
        return Request(call=self.calls[number], region=region, arguments=given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of an array that is only known by name before the program runs."""

    array: str
    index: tuple[object, ...]


class Windows:
    """What windows of arrays are rewritten to index: `windows["A", 0:4]`."""

    def __getitem__(self, parts: tuple[str, *tuple[object, ...]]) -> Window:
        array, *index = parts
        return Window(array=array, index=tuple(index))


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """An array that the kernel declares."""

    name: str
    type: object


class Locals:
    """What local arrays are rewritten to index, with their types: `locals["row", int32[4]]`."""

    def __getitem__(self, parts: tuple[str, object]) -> Local:
        return Local(name=parts[0], type=parts[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """A kernel's text in which calls of regions are requests, and the surroundings that make those."""

    text: FunctionText
    environment: Mapping[str, object]


def find_requests(text: FunctionText, scope: Scope) -> Requests | None:
    """The text with its calls of regions rewritten; None where there are none.

    `inner(A, s, x + 1)` becomes `make(0, inner, ..., s, ...).put(None, None, x + 1)`: an operation on something
    that is evaluated for each PE, as the channels are.
    """
    finder = Finder(scope, text.node)
    if not any(finder.calls_region(node) for node in ast.walk(text.node)):
        return None
    node = finder.generic_visit(copied(text.node))
    assert isinstance(node, ast.FunctionDef), "only statements are replaced"
    environment = {**scope.environment, MAKER: finder.maker, WINDOWS: Windows(), LOCALS: Locals()}
    return Requests(text=replace(text, node=node), environment=environment)


class Finder(ast.NodeTransformer):
    """Rewrites the statements of a kernel that call regions."""

    def __init__(self, scope: Scope, node: ast.FunctionDef) -> None:
        self.scope = scope
        self.maker = Maker()
        self.parameters = {argument.arg for argument in node.args.args}
        assigned = [statement for statement in ast.walk(node) if isinstance(statement, ast.Assign)]
        declared = [statement for statement in ast.walk(node) if isinstance(statement, ast.AnnAssign)]
        self.types = {
            statement.target.id: statement.annotation
            for statement in declared
            if isinstance(statement.target, ast.Name)
        }
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
        known = [self.known(argument) for argument in given]
        parts: list[ast.expr] = [ast.Constant(len(self.maker.calls)), call.func, *known]
        self.maker.calls.append(call)
        request = ast.copy_location(ast.Call(ast.Name(MAKER, ast.Load()), parts, []), call)
        running: list[ast.expr] = [each if self.runs(each) else ast.Constant(None) for each in given]
        made = ast.Expr(ast.Call(ast.Attribute(request, "put", ast.Load()), running, []))
        return _located(ast.copy_location(made, node), node)

    def known(self, argument: ast.expr) -> ast.expr:
        """What of an argument compile time can evaluate."""
        if self.scope.is_known(argument):
            return argument
        match argument:
            case ast.Subscript(value=ast.Name(id=name), slice=index) if self.scope.is_known(index):
                indices = index.elts if isinstance(index, ast.Tuple) else [index]
                parts = ast.Tuple([ast.Constant(name), *indices], ast.Load())
                return ast.Subscript(ast.Name(WINDOWS, ast.Load()), parts, ast.Load())
            case ast.Name(id=name) if name in self.types and self.scope.is_known(self.types[name]):
                parts = ast.Tuple([ast.Constant(name), self.types[name]], ast.Load())
                return ast.Subscript(ast.Name(LOCALS, ast.Load()), parts, ast.Load())
        return ast.Constant(...)

    def runs(self, argument: ast.expr) -> bool:
        """Whether an argument is a value that the run computes."""
        if isinstance(argument, ast.Name):
            return self.scope.is_local(argument.id) and argument.id not in {*self.parameters, *self.scope.known}
        return isinstance(self.known(argument), ast.Constant) and not self.scope.is_known(argument)

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
