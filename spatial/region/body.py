"""Runs a region's body as Python, after giving its streams their names."""

import ast
import contextlib
import traceback
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from spatial.kernel.declared.definition import kernel
from spatial.kernel.declared.environment import captured
from spatial.kernel.declared.given import every_parameter
from spatial.kernel.declared.references import ArrayRef
from spatial.meta.errors import UndefinedName
from spatial.meta.names import suggestion
from spatial.region.errors import BodyFailed, NotAStream
from spatial.region.memory import declare_array, is_array
from spatial.source.errors import ProgramError
from spatial.source.report import Problem
from spatial.source.span import Span, code_span
from spatial.source.text import FunctionText, compiled, copied
from spatial.stream.errors import BadChannelIndex, ChannelIndexError
from spatial.stream.naming import qualified
from spatial.stream.stream import Stream, StreamType
from spatial.types.dtype import Struct, as_dtype
from spatial.types.qualifiers import Qualified

__all__ = ["run_body"]

HELPER = "__spatial__"


@dataclass(slots=True)
class Names:
    """Gives each stream the name it is assigned to, numbered where a name is used again."""

    file: str
    taken: set[str] = field(default_factory=set)

    def declare(self, name: str, annotation: object, place: tuple[int, int, int, int]) -> object:
        """The value of `name: annotation`: the stream of that type, or memory that kernels share."""
        span = Span(self.file, *place)
        if is_array(annotation):
            return declare_array(self.fresh(name), annotation, span)
        if not isinstance(annotation, StreamType):
            raise ProgramError([_not_a_stream(name, annotation, span)])
        return Stream(name=self.fresh(name), type=annotation, span=span, named=True)

    def begin(
        self, name: str, value: object, annotation: Callable[[], object], place: tuple[int, int, int, int]
    ) -> object:
        """The value of `name: annotation = value`: memory that begins with the value, where the type is an array's."""
        type_ = None
        with contextlib.suppress(Exception):  # Python does not evaluate the types of local names
            type_ = annotation()
        if is_array(type_) and not isinstance(value, ArrayRef):
            return declare_array(self.fresh(name), type_, Span(self.file, *place), value)
        if isinstance(type_, Qualified) and as_dtype(type_.type) is not None:
            raise ProgramError([_not_a_stream(name, type_, Span(self.file, *place))])
        return self.assign(name, value)

    def assign(self, name: str, value: object) -> object:
        """The value of `name = value`; unnamed streams in it are named after it."""
        match value:
            case Stream(named=False):
                value.name, value.named = self.fresh(name), True
            case list() | tuple():
                for number, item in enumerate(value):
                    self.assign(f"{name}[{number}]", item)
            case dict():
                for key, item in value.items():
                    self.assign(f"{name}[{key}]", item)
        return value

    def assign_each(self, names: tuple[str, ...], value: object) -> object:
        """The value of `a, b = value`."""
        if isinstance(value, list | tuple):
            for name, item in zip(names, value, strict=False):
                self.assign(name, item)
        return value

    def fresh(self, name: str) -> str:
        unique, n = name, 1
        while unique in self.taken:
            unique, n = f"{name}_{n}", n + 1
        self.taken.add(unique)
        return qualified(unique)


class Rewriter(ast.NodeTransformer):
    """Turns `name: annotation` and `name = value` into calls of `Names`; leaves kernels alone."""

    def __init__(self, text: FunctionText, environment: Mapping[str, object]) -> None:
        self.text = text
        self.environment = environment

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if not any(self.is_kernel(decorator) for decorator in node.decorator_list):
            node.body = [self.visit(statement) for statement in node.body]
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if not isinstance(node.target, ast.Name):
            return node
        span = self.text.span(node)
        place = _constants(span.line, span.column, span.end_line, span.end_column)
        if node.value is not None:
            type_ = ast.Lambda(ast.arguments([], [], None, [], [], None, []), node.annotation)
            return _bound(node.target, "begin", [ast.Constant(node.target.id), node.value, type_, place], node)
        return _bound(node.target, "declare", [ast.Constant(node.target.id), node.annotation, place], node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        match node.targets:
            case [ast.Name(id=name) as target]:
                return _bound(target, "assign", [ast.Constant(name), node.value], node)
            case [ast.Tuple(elts=elements) as target] if all(isinstance(element, ast.Name) for element in elements):
                names = tuple(element.id for element in elements if isinstance(element, ast.Name))
                return _bound(target, "assign_each", [_constants(*names), node.value], node)
        return node

    def is_kernel(self, decorator: ast.expr) -> bool:
        """Whether a decorator is `sp.kernel`, however it was imported."""
        match decorator:
            case ast.Call(func=function):
                return self.is_kernel(function)
            case ast.Name(id=name):
                return self.environment.get(name) is kernel
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                return getattr(self.environment.get(owner), name, None) is kernel
        return False


def _bound(target: ast.expr, method: str, arguments: list[ast.expr], node: ast.stmt) -> ast.AST:
    helper = ast.Attribute(ast.Name(HELPER, ast.Load()), method, ast.Load())
    made = ast.copy_location(ast.Assign([target], ast.Call(helper, arguments, [])), node)
    for child in ast.walk(made):
        if isinstance(child, ast.expr) and not hasattr(child, "lineno"):
            ast.copy_location(child, node)
    return made


def _constants(*values: int | str) -> ast.expr:
    return ast.Tuple([ast.Constant(value) for value in values], ast.Load())


def run_body(
    function: types.FunctionType, text: FunctionText, arguments: Mapping[str, object], environment: Mapping[str, object]
) -> object:
    """Runs the body of a region on the objects that its parameters are; what it returns."""
    prepared = _prepared(function, text, environment)
    try:
        return prepared(**arguments)
    except ProgramError:
        raise
    except Exception as error:
        raise ProgramError([_problem(error, text, environment)]) from error


def _prepared(
    function: types.FunctionType, text: FunctionText, environment: Mapping[str, object]
) -> types.FunctionType:
    """The function with its body rewritten, in its own globals and closure."""
    node = copied(text.node)
    node.decorator_list, node.returns = [], None
    parameters = [argument.arg for argument in every_parameter(node.args)]
    node.args = ast.arguments([], [ast.arg(name) for name in parameters], None, [], [], None, [])
    if hasattr(node, "type_params"):
        node.type_params = []
    rewriter = Rewriter(text, environment)
    node.body = [rewriter.visit(statement) for statement in node.body]
    names = Names(text.file, set(parameters))
    values = {**captured(function, environment), HELPER: names}
    if node.name in environment:  # it may instantiate itself
        values[node.name] = environment[node.name]
    free = [ast.arg(name) for name in dict.fromkeys([*values, *function.__code__.co_freevars])]
    outer = ast.FunctionDef("enclosing", ast.arguments([], free, None, [], [], None, []), [node], [])
    code = compiled(ast.Module([ast.copy_location(outer, node)], []), text.file)
    inner = _code_named(node.name, _code_named("enclosing", code))
    closure = tuple(types.CellType(values[name]) if name in values else types.CellType() for name in inner.co_freevars)
    return types.FunctionType(inner, function.__globals__, function.__name__, None, closure)


def _code_named(name: str, code: types.CodeType) -> types.CodeType:
    return next(const for const in code.co_consts if isinstance(const, types.CodeType) and const.co_name == name)


def _problem(error: Exception, text: FunctionText, environment: Mapping[str, object]) -> Problem:
    """What an exception says of the region's body, at the innermost place of its file."""
    span = text.name_span()
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename == text.file:
            span = _span_of(error, frame.f_code, span)
    if isinstance(error, ChannelIndexError):
        return BadChannelIndex(
            element=error.element,
            why=error.why,
            span=span,
            hint=error.hint.removeprefix("guard the use with `sp.meta_if`, or "),
        )
    if isinstance(error, NameError) and error.name:
        stores = (node for node in ast.walk(text.node) if isinstance(node, ast.Name) and node.id == error.name)
        later = next((text.span(node) for node in stores if isinstance(node.ctx, ast.Store)), None)
        if later is not None:
            return UndefinedName(name=error.name, span=span, why="is used before it has a value", place=later)
        return UndefinedName(name=error.name, span=span, hint=suggestion(error.name, (), environment))
    told = f"{type(error).__name__}: {error}".rstrip(": ")
    return BodyFailed(region=text.node.name, error=told, span=span)


def _span_of(error: Exception, code: types.CodeType, otherwise: Span) -> Span:
    """Where a function stood when an exception passed it."""
    trace, found = error.__traceback__, otherwise
    while trace is not None:
        if trace.tb_frame.f_code is code:
            found = code_span(code, trace.tb_lasti)
        trace = trace.tb_next
    return found if found.line else otherwise


def _not_a_stream(name: str, annotation: object, span: Span) -> NotAStream:
    said = annotation if isinstance(annotation, Qualified) else Qualified(type=annotation)
    element, rest = as_dtype(said.type), "".join(f" @ {each}" for each in said.qualifiers)
    told = element.name if isinstance(element, Struct) else str(element or "float32")
    return NotAStream(name=name, found=_spelled(annotation), span=span, element=told, rest=rest if element else "")


def _spelled(annotation: object) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)
