"""Finds the syntax tree of a Python function in the text it came from."""

import ast
import functools
import linecache
import types
import warnings
from dataclasses import dataclass
from typing import TypeVar

from spatial.source.errors import ProgramError, SourceUnavailable
from spatial.source.span import Span

__all__ = ["FunctionText", "as_function", "compiled", "copied", "function_text"]

Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionText:
    """A function's definition in its file; the nodes keep the file's own line numbers.

    All of a function of ours stands `at` the place where the user asked for it.
    """

    file: str
    lines: tuple[str, ...]
    node: ast.FunctionDef
    at: Span | None = None

    def span(self, node: ast.AST) -> Span:
        """Where a node of this function stands."""
        if self.at is not None:
            return self.at
        line, end_line = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
        return Span(self.file, line, self._column(line, start), end_line, self._column(end_line, end))

    def name_span(self) -> Span:
        """Where the function's name stands."""
        if self.at is not None:
            return self.at
        line = self.lines[self.node.lineno - 1]
        start = line.find(self.node.name, self.node.col_offset + len("def"))
        return Span(self.file, self.node.lineno, start + 1, self.node.lineno, start + 1 + len(self.node.name))

    def _column(self, line: int, offset: int) -> int:
        """`ast` counts bytes of UTF-8, people count characters."""
        if not 0 < line <= len(self.lines):
            return offset + 1
        return len(self.lines[line - 1].encode()[:offset].decode(errors="replace")) + 1


def function_text(function: types.FunctionType) -> FunctionText:
    """The text of a function; raises `ProgramError` (source/unavailable) where Python kept none."""
    code = function.__code__
    lines = tuple(linecache.getlines(code.co_filename, function.__globals__))
    found = [node for node in _functions("".join(lines)) if _is_text_of(node, code)] if lines else []
    if found:
        innermost = found[-1]
        node = as_function(innermost) if isinstance(innermost, ast.Lambda) else innermost
        return FunctionText(file=code.co_filename, lines=lines, node=node)
    span = Span(code.co_filename, code.co_firstlineno, 1, code.co_firstlineno, 1)
    raise ProgramError([SourceUnavailable(name=function.__name__, span=span)])


def as_function(node: ast.Lambda) -> ast.FunctionDef:
    """The function that a `lambda` is, called `<lambda>`."""
    body: list[ast.stmt] = [ast.copy_location(ast.Return(node.body), node.body)]
    return ast.copy_location(ast.FunctionDef("<lambda>", node.args, body, [], None), node)


def copied(node: Node) -> Node:
    """A tree that can be changed without changing this one; several times as fast as `copy.deepcopy`."""
    made = type(node).__new__(type(node))  # Python 3.13 warns of nodes made without their fields
    for name, value in vars(node).items():
        if isinstance(value, ast.AST):
            value = copied(value)
        elif isinstance(value, list):
            value = [copied(item) if isinstance(item, ast.AST) else item for item in value]
        setattr(made, name, value)
    return made


def compiled(tree: ast.Module | ast.Expression, file: str) -> types.CodeType:
    """The code of a piece of the user's text; Python's warnings about it were given when it was first compiled."""
    mode = "eval" if isinstance(tree, ast.Expression) else "exec"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        code: types.CodeType = compile(ast.fix_missing_locations(tree), file, mode, dont_inherit=True)
    return code


def _is_text_of(node: ast.FunctionDef | ast.Lambda, code: types.CodeType) -> bool:
    """Whether a function's code was compiled from a definition, as far as lines and columns tell."""
    if isinstance(node, ast.FunctionDef):
        lines = {node.lineno, *(decorator.lineno for decorator in node.decorator_list)}
        return node.name == code.co_name and code.co_firstlineno in lines
    if node.lineno != code.co_firstlineno or code.co_name != "<lambda>":
        return False
    first, last = (node.body.lineno, node.body.col_offset), (node.body.end_lineno or 0, node.body.end_col_offset or 0)
    places = [(line, column) for line, _, column, _ in code.co_positions() if line and column]
    return bool(places) and all(first <= place < last for place in places)


@functools.lru_cache(maxsize=32)
def _functions(text: str) -> tuple[ast.FunctionDef | ast.Lambda, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except SyntaxError:
            return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda))
