"""Runs a region's body as Python, after giving its streams their names."""

import ast
import copy
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from spatial.kernel.definition import Kernel, collect_kernels
from spatial.source.errors import ProgramError
from spatial.source.span import Span
from spatial.source.text import FunctionText
from spatial.stream.errors import BadChannelIndex, ChannelIndexError
from spatial.stream.stream import Stream, StreamType

__all__ = ["run_body"]

HELPER = "__spatial__"


@dataclass(slots=True)
class Names:
    """Gives each stream the name it is assigned to, numbered where a name is used again."""

    text: FunctionText
    taken: set[str] = field(default_factory=set)

    def declare(self, name: str, annotation: object, line: int) -> object:
        """The value of `name: annotation`: a stream for a stream's type; anything else stays an annotation."""
        if not isinstance(annotation, StreamType):
            return annotation
        width = len(self.text.lines[line - 1].rstrip()) + 1
        start = self.text.lines[line - 1].find(name) + 1
        return Stream(name=self.fresh(name), type=annotation, span=Span(self.text.file, line, start, line, width))

    def assign(self, name: str, value: object) -> object:
        """The value of `name = value`, with unnamed streams in it named after it."""
        match value:
            case Stream(name=""):
                return replace(value, name=self.fresh(name))
            case list() if any(isinstance(item, Stream) for item in value):
                return [self.assign(f"{name}{n}", item) for n, item in enumerate(value)]
            case tuple() if any(isinstance(item, Stream) for item in value):
                return tuple(self.assign(f"{name}{n}", item) for n, item in enumerate(value))
        return value

    def fresh(self, name: str) -> str:
        unique, n = name, 1
        while unique in self.taken:
            unique, n = f"{name}_{n}", n + 1
        self.taken.add(unique)
        return unique


class Rewriter(ast.NodeTransformer):
    """Turns `name: annotation` and `name = value` into calls of `Names`; leaves nested functions alone."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None or not isinstance(node.target, ast.Name):
            return node
        line = ast.Constant(node.lineno)
        return _bound(node.target, "declare", [node.annotation, line], node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        match node.targets:
            case [ast.Name() as target]:
                return _bound(target, "assign", [node.value], node)
        return node


def _bound(target: ast.Name, method: str, arguments: list[ast.expr], node: ast.stmt) -> ast.AST:
    helper = ast.Attribute(ast.Name(HELPER, ast.Load()), method, ast.Load())
    call = ast.Call(helper, [ast.Constant(target.id), *arguments], [])
    made = ast.copy_location(ast.Assign([target], call), node)
    for child in ast.walk(made):
        if not hasattr(child, "lineno") and isinstance(child, ast.expr):
            ast.copy_location(child, node)
    return made


def run_body(
    function: types.FunctionType, text: FunctionText, arguments: Mapping[str, object], environment: Mapping[str, object]
) -> list[Kernel]:
    """Runs the body on the region's arrays; the kernels it declared, in order."""
    prepared = _prepared(function, text, environment)
    with collect_kernels() as kernels:
        try:
            prepared(**arguments)
        except ChannelIndexError as error:
            raise ProgramError([_located(error, text)]) from error
    return kernels


def _prepared(
    function: types.FunctionType, text: FunctionText, environment: Mapping[str, object]
) -> types.FunctionType:
    """The function with its body rewritten, in its own globals and closure."""
    node = copy.deepcopy(text.node)
    node.decorator_list, node.returns = [], None
    for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
        argument.annotation = None
    node.body = [Rewriter().visit(statement) for statement in node.body]
    free = [HELPER, *(name for name in environment if name not in function.__globals__), *function.__code__.co_freevars]
    captured = [ast.arg(name) for name in dict.fromkeys(free)]
    outer = ast.FunctionDef("enclosing", ast.arguments([], captured, None, [], [], None, []), [node], [])
    module = ast.fix_missing_locations(ast.Module([ast.copy_location(outer, node)], []))
    code = compile(module, text.file, "exec")
    inner = _code_named(node.name, _code_named("enclosing", code))
    values = {**environment, HELPER: Names(text)}
    closure = tuple(types.CellType(values[name]) if name in values else types.CellType() for name in inner.co_freevars)
    return types.FunctionType(inner, function.__globals__, function.__name__, None, closure)


def _code_named(name: str, code: types.CodeType) -> types.CodeType:
    return next(const for const in code.co_consts if isinstance(const, types.CodeType) and const.co_name == name)


def _located(error: ChannelIndexError, text: FunctionText) -> BadChannelIndex:
    """The problem at the region's line that indexed wrongly."""
    line, trace = text.node.lineno, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == text.file:
            line = trace.tb_lineno
        trace = trace.tb_next
    written = text.lines[line - 1]
    start = len(written) - len(written.lstrip()) + 1
    span = Span(text.file, line, start, line, len(written.rstrip()) + 1)
    return BadChannelIndex(element=error.element, why=error.why, span=span)
