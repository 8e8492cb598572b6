"""The nodes a plain tree has where the user wrote compile-time expressions."""

import ast
from collections.abc import Iterator, Mapping

from spatial.meta.callee import Callee

__all__ = ["Argument", "Choice", "Copies", "Copy", "Inlined", "Known", "Port", "Ports", "Window", "rebuild", "written"]


class Inlined(ast.expr):
    """A call of a function of the user's, written out: `arguments` for the `parameters` that are running values.

    `types` are the types that parameters are declared with, under None that of what it returns. The names
    in `free` are of the function that it is defined in.
    """

    _fields = ("arguments", "free")

    def __init__(
        self,
        node: ast.Call,
        callee: Callee,
        arguments: Mapping[str, ast.expr],
        types: Mapping[str | None, object],
        body: list[ast.stmt],
    ) -> None:
        super().__init__()
        self.written = node
        self.callee = callee
        self.parameters = tuple(arguments)
        self.arguments = list(arguments.values())
        self.types = types
        self.body = body
        self.free = list(_free(body, callee)) if callee.closure.definition.parent else []
        ast.copy_location(self, node)


class Known(ast.expr):
    """A value that is the same in every PE of the specialization; the user wrote `written`."""

    _fields = ()

    def __init__(self, value: object, node: ast.AST) -> None:
        super().__init__()
        self.value = value
        self.written = node
        ast.copy_location(self, node)


class Argument(ast.expr):
    """A number that differs between PEs: the specialization's parameter `column`, which the user wrote as `text`."""

    _fields = ()

    def __init__(self, column: int, text: str, value: object, node: ast.AST) -> None:
        super().__init__()
        self.written = node
        self.column = column
        self.text = text
        self.value = value
        ast.copy_location(self, node)


class Port(ast.expr):
    """A channel end: the `number`-th channel among those the specialization uses."""

    _fields = ()

    def __init__(self, number: int, node: ast.AST) -> None:
        super().__init__()
        self.written = node
        self.number = number
        ast.copy_location(self, node)


class Choice(ast.expr):
    """A channel that the run chooses: the `ports` are numbered row by row over `extents`, one for each of `indices`.

    The user calls their stream `text`.
    """

    _fields = ("indices",)

    def __init__(self, ports: list[Port], extents: tuple[int, ...], indices: list[ast.expr], node: ast.expr) -> None:
        super().__init__()
        self.written = node
        self.ports = ports
        self.extents = extents
        self.indices = indices
        self.text = ast.unparse(node.value if isinstance(node, ast.Subscript) else node)
        ast.copy_location(self, node)


class Ports(ast.expr):
    """Channel ends in a row, the channels `numbers`; of an array of channels, with its `shape`."""

    _fields = ()

    def __init__(self, numbers: tuple[int, ...], shape: tuple[int, ...], node: ast.AST) -> None:
        super().__init__()
        self.written = node
        self.numbers = numbers
        self.shape = shape
        ast.copy_location(self, node)


class Window(ast.expr):
    """A slice with compile-time bounds: `windows` holds it for each PE.

    All of them are equal, or take equally many elements and begin at `start`, which is then a number of the PE.
    """

    _fields = ()

    def __init__(self, windows: tuple[slice, ...], start: ast.expr | None, node: ast.AST) -> None:
        super().__init__()
        self.written = node
        self.windows = windows
        self.start = start
        ast.copy_location(self, node)


class Copy(ast.stmt):
    """One repetition of a `meta_for`."""

    _fields = ("body",)

    def __init__(self, body: list[ast.stmt]) -> None:
        super().__init__()
        self.body = body


class Copies(ast.stmt):
    """The repetitions of a `meta_for` that `break` and `continue` can leave."""

    _fields = ("copies",)

    def __init__(self, copies: list[Copy], node: ast.AST) -> None:
        super().__init__()
        self.copies = copies
        ast.copy_location(self, node)


def rebuild(node: ast.AST, replaced: Mapping[ast.AST, ast.AST]) -> ast.AST:
    """A copy of the tree in which the given nodes are replaced; nothing of the original changes."""
    if node in replaced:
        return replaced[node]
    fields = {name: _rebuild_field(value, replaced) for name, value in ast.iter_fields(node)}
    return ast.copy_location(type(node)(**fields), node)


def written(node: ast.AST) -> str:
    """An expression of the plain tree as the user wrote it."""
    plain = Known | Argument | Port | Ports | Choice | Window | Inlined
    return ast.unparse(rebuild(node, {part: part.written for part in ast.walk(node) if isinstance(part, plain)}))


def _rebuild_field(value: object, replaced: Mapping[ast.AST, ast.AST]) -> object:
    match value:
        case ast.AST():
            return rebuild(value, replaced)
        case list():
            return [_rebuild_field(item, replaced) for item in value]
    return value


def _free(body: list[ast.stmt], callee: Callee) -> Iterator[ast.Name]:
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and node.id not in callee.scope.local:
                yield node
