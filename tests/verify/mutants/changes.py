"""The mistakes that are planted into programs: each is one change of one place of the text."""

import ast
import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["KINDS", "Change", "changes"]

NARROWER = {
    "int64": "int32", "int32": "int16", "int16": "int8", "uint8": "int8", "float32": "float16", "int8": "UInt(8)",
}  # fmt: skip
SWAPPED = (ast.Sub, ast.Div, ast.FloorDiv, ast.LShift, ast.RShift)
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.RShift: ast.LShift}
COMPARISONS = {ast.Lt: ast.LtE, ast.Gt: ast.GtE, ast.LtE: ast.Lt, ast.GtE: ast.Gt}
KINDS = (
    "operands", "operator", "bounds", "width", "cast", "depth", "channel", "accumulator", "order", "constant",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A mistake: of which kind, in which line, what stands there and what instead, and the whole text with it."""

    kind: str
    line: int
    before: str
    after: str
    text: str

    @property
    def name(self) -> str:
        """What the mistake is called: it is found again by this."""
        return f"{self.kind} {self.line}: {self.before} -> {self.after}"


def changes(text: str) -> list[Change]:
    """Every change of a program's text, in the order of its places; those that leave it as it is are left out."""
    tree = ast.parse(text)
    unchanged = ast.unparse(tree)
    found: dict[str, Change] = {}
    for place, node in enumerate(ast.walk(tree)):
        for kind, after in _replacements(node, tree):
            made = copy.deepcopy(tree)
            _put(made, place, after)
            source = ast.unparse(ast.fix_missing_locations(made))
            told = "; ".join(map(_told, after)) if isinstance(after, list) else _told(after)
            change = Change(kind=kind, line=node.lineno, before=_told(node), after=told or "nothing", text=source)
            if source != unchanged:
                found.setdefault(source, change)
    return list(found.values())


def _told(node: ast.AST) -> str:
    """The first line of a text, or all of a kernel's, whose first line does not change."""
    lines = ast.unparse(node).splitlines()
    return " ".join(line.strip() for line in lines) if isinstance(node, ast.FunctionDef) else lines[0]


def _put(tree: ast.Module, place: int, after: ast.AST | list[ast.stmt]) -> None:
    """Puts something in the place of the node that comes at a number of the walk."""
    target = list(ast.walk(tree))[place]
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, name, after)
                return
            if isinstance(value, list) and any(each is target for each in value):
                at = next(number for number, each in enumerate(value) if each is target)
                value[at : at + 1] = after if isinstance(after, list) else [after]
                return
    raise AssertionError("every node but the module has a parent")


def _replacements(node: ast.AST, tree: ast.Module) -> Iterator[tuple[str, ast.AST | list[ast.stmt]]]:
    """What may stand in the place of a node, with the kind of mistake that it is."""
    if not _is_inside(node, tree):
        return
    match node:
        case ast.BinOp():
            yield from _arithmetic(node)
        case ast.Compare(ops=[operator], comparators=[right]) if type(operator) in COMPARISONS:
            yield "bounds", ast.Compare(node.left, [COMPARISONS[type(operator)]()], [right])
        case ast.For(iter=ast.Call(func=ast.Name("range"), args=[count])):
            yield from _loop(node, count)
        case ast.AnnAssign(annotation=ast.Name(name)) if name in NARROWER and node.value is not None:
            yield "width", _with_type(node, ast.parse(NARROWER[name], mode="eval").body)
            cast = ast.parse(f"{NARROWER[name]}(0)", mode="eval").body
            assert isinstance(cast, ast.Call)
            cast.args = [node.value]
            yield "cast", ast.AnnAssign(node.target, node.annotation, cast, node.simple)
        case ast.AnnAssign(annotation=ast.Call(ast.Name("Int"), [ast.Constant(int(bits))])):
            yield "width", _with_type(node, ast.Call(ast.Name("Int"), [ast.Constant(bits - 1)], []))
            yield "width", _with_type(node, ast.Call(ast.Name("Int"), [ast.Constant(bits // 2)], []))
        case ast.Call(func=ast.Name(name), args=[inner]) if name in NARROWER:
            yield "cast", inner
        case ast.AugAssign(op=ast.Add()):
            yield "accumulator", ast.Assign([node.target], node.value)
            yield "operator", ast.AugAssign(node.target, ast.Sub(), node.value)
        case ast.Subscript(value=ast.Name("Stream"), slice=ast.Tuple([element, ast.Constant(int(depth))])):
            for other in {1, depth - 1} - {0, depth}:
                yield "depth", ast.Subscript(node.value, ast.Tuple([element, ast.Constant(other)]))
        case ast.Subscript(ctx=ast.Load()):
            yield from _place(node, tree)
        case ast.Name(ctx=ast.Load()):
            yield from _other_names(node, tree)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            if not _is_in_type(node, tree):
                yield "constant", ast.Constant(value + 1)
        case ast.FunctionDef(decorator_list=[_, *_]):
            yield from _crossed(node, tree)


def _is_inside(node: ast.AST, tree: ast.Module) -> bool:
    """Whether a node stands in a body, but in no decorator and in no signature."""
    for function in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
        for part in (*function.decorator_list, function.args):
            if any(each is node for each in ast.walk(part)):
                return False
    bodies = (part for each in tree.body if isinstance(each, ast.FunctionDef) for part in each.body)
    return any(each is node for part in bodies for each in ast.walk(part))


def _is_in_type(node: ast.AST, tree: ast.Module) -> bool:
    types = (each.annotation for each in ast.walk(tree) if isinstance(each, ast.AnnAssign))
    return any(each is node for type_ in types for each in ast.walk(type_))


def _crossed(node: ast.FunctionDef, tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """A kernel that has taken two streams for each other, or two channels of one."""
    used = sorted({each.id for each in ast.walk(node) if isinstance(each, ast.Name) and _is_stream(each.id, tree)})
    for one, other in itertools.combinations(used, 2):
        if _tokens(one, tree) == _tokens(other, tree):
            yield "channel", _Crossed({one: other, other: one}).visit(copy.deepcopy(node))
    for stream in used:
        places = [each for each in ast.walk(node) if isinstance(each, ast.Subscript) and _is_named(each.value, stream)]
        if {ast.unparse(each.slice) for each in places} >= {"0", "1"}:
            yield "channel", _CrossedPlaces(stream).visit(copy.deepcopy(node))


def _is_named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _tokens(stream: str, tree: ast.Module) -> str:
    """What kind of tokens a stream has, and in how many channels."""
    declared = _declared(stream, tree)
    extents = (
        declared.slice if isinstance(declared, ast.Subscript) and isinstance(declared.value, ast.Subscript) else None
    )
    element = next(
        each.slice for each in ast.walk(declared) if isinstance(each, ast.Subscript) and _is_named(each.value, "Stream")
    )
    return f"{ast.unparse(element).split(',')[0]} {ast.unparse(extents) if extents else ''}"


class _Crossed(ast.NodeTransformer):
    """Puts one name in the place of another."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)


class _CrossedPlaces(ast.NodeTransformer):
    """Puts the first two channels of a stream in the place of each other."""

    def __init__(self, stream: str) -> None:
        self.stream = stream

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if _is_named(node.value, self.stream) and isinstance(node.slice, ast.Constant) and node.slice.value in (0, 1):
            return ast.Subscript(node.value, ast.Constant(1 - node.slice.value), node.ctx)
        return node


def _with_type(node: ast.AnnAssign, annotation: ast.expr) -> ast.AnnAssign:
    return ast.AnnAssign(node.target, annotation, node.value, node.simple)


def _arithmetic(node: ast.BinOp) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.op, SWAPPED):
        yield "operands", ast.BinOp(node.right, node.op, node.left)
    if type(node.op) in OPERATORS:
        yield "operator", ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
    match node:
        case ast.BinOp(ast.BinOp(a, ast.Add(), b), ast.Add(), c):
            yield "order", ast.BinOp(a, ast.Add(), ast.BinOp(b, ast.Add(), c))
        case ast.BinOp(ast.BinOp(a, ast.Sub(), b), ast.Div(), c):
            yield "order", ast.BinOp(ast.BinOp(a, ast.Div(), c), ast.Sub(), ast.BinOp(b, ast.Div(), c))


def _loop(node: ast.For, count: ast.expr) -> Iterator[tuple[str, ast.AST | list[ast.stmt]]]:
    one = ast.Constant(1)
    for args in ([ast.BinOp(count, ast.Sub(), one)], [one, count], [ast.BinOp(count, ast.Add(), one)]):
        yield "bounds", ast.For(node.target, ast.Call(ast.Name("range"), args, []), node.body, [])
    if any(isinstance(each, ast.AugAssign) for each in node.body) and isinstance(node.target, ast.Name):
        back = ast.BinOp(ast.BinOp(count, ast.Sub(), one), ast.Sub(), ast.Name(node.target.id))
        body = [_Renamed(node.target.id, back).visit(copy.deepcopy(each)) for each in node.body]
        yield "order", ast.For(node.target, node.iter, body, [])
    for at, each in enumerate(node.body):
        if isinstance(each, ast.AnnAssign) and isinstance(each.value, ast.Constant | ast.Subscript):
            rest = [*node.body[:at], *node.body[at + 1 :]]
            if isinstance(each.value, ast.Constant):
                yield "accumulator", [each, ast.For(node.target, node.iter, rest, [])]


class _Renamed(ast.NodeTransformer):
    """Puts an expression in the place of a name."""

    def __init__(self, name: str, value: ast.expr) -> None:
        self.name = name
        self.value = value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copy.deepcopy(self.value) if node.id == self.name else node


def _place(node: ast.Subscript, tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """An element beside the one that is meant, or a channel beside it."""
    if not isinstance(node.value, ast.Name) or isinstance(_declared(node.value.id, tree), ast.Name):
        return
    kind = "channel" if _is_stream(node.value.id, tree) else "bounds"
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for at, part in enumerate(parts):
        for by in (ast.Add(), ast.Sub()):
            moved = [*parts[:at], ast.BinOp(part, by, ast.Constant(1)), *parts[at + 1 :]]
            yield kind, ast.Subscript(node.value, ast.Tuple(moved) if len(moved) > 1 else moved[0], node.ctx)
    if len(parts) == 2:
        yield "operands", ast.Subscript(node.value, ast.Tuple([parts[1], parts[0]]), node.ctx)


def _other_names(node: ast.Name, tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Another local of the same type, another stream of the same declaration."""
    mine = _declared(node.id, tree)
    if mine is None:
        return
    for other in sorted(_declarations(tree)):
        theirs = _declared(other, tree)
        if other != node.id and theirs is not None and ast.unparse(theirs) == ast.unparse(mine):
            yield ("channel" if _is_stream(node.id, tree) else "operands"), ast.Name(other)


def _declarations(tree: ast.Module) -> dict[str, ast.expr]:
    return {
        each.target.id: each.annotation
        for each in ast.walk(tree)
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }


def _declared(name: str, tree: ast.Module) -> ast.expr | None:
    return _declarations(tree).get(name)


def _is_stream(name: str, tree: ast.Module) -> bool:
    declared = _declared(name, tree)
    return declared is not None and "Stream" in ast.unparse(declared)
