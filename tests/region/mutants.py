"""Makes wrong programs out of right ones, and right ones out of wrong ones, by random edits of their trees."""

import ast
import copy
import random
from collections.abc import Callable, Iterator

__all__ = ["mutant", "sources"]

Edit = Callable[[ast.Module, random.Random], None]
CONSTANTS = (0, 1, 2, 3, 5, -1, 7, 0.5, True, None, "x")
BINARY = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.BitAnd, ast.LShift, ast.Pow, ast.MatMult)
COMPARISONS = (ast.Lt, ast.GtE, ast.Eq, ast.NotEq, ast.In, ast.Is)
HEADER = (ast.Import, ast.ImportFrom)


def sources(text: str) -> Iterator[str]:
    """The programs of a file: each region that stands at its top, with all that is no region in front of it."""
    tree = ast.parse(text)
    around = [node for node in tree.body if not _is_region(node)]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and _is_region(node):
            region = copy.deepcopy(node)
            region.name = "program"
            yield ast.unparse(ast.Module([*around, region], []))


def _is_region(node: ast.stmt) -> bool:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return any("region" in ast.unparse(decorator) for decorator in decorators)


def mutant(source: str, donor: str, rng: random.Random) -> str:
    """The text after one to three edits; `donor` is another program, whose pieces may be put in."""
    tree = ast.parse(source)
    for _ in range(rng.randint(1, 3)):
        edit = rng.choice(EDITS)
        if edit is graft:
            graft(tree, rng, ast.parse(donor))
        else:
            edit(tree, rng)
    return ast.unparse(ast.fix_missing_locations(tree))


def _bodies(tree: ast.Module) -> list[list[ast.stmt]]:
    """The bodies of the program's functions and of what is nested in them."""
    found = []
    for top in tree.body:
        if not isinstance(top, HEADER):
            for node in ast.walk(top):
                for _, value in ast.iter_fields(node):
                    if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                        found.append(value)
    return found


def _expressions(tree: ast.Module) -> list[tuple[ast.AST, str, int | None]]:
    """Every place that holds an expression: the node, its field, and the position in a list."""
    found: list[tuple[ast.AST, str, int | None]] = []
    for top in tree.body:
        for node in ast.walk(top) if not isinstance(top, HEADER) else ():
            for name, value in ast.iter_fields(node):
                if isinstance(value, ast.expr):
                    found.append((node, name, None))
                elif isinstance(value, list):
                    found += [(node, name, n) for n, item in enumerate(value) if isinstance(item, ast.expr)]
    return found


def _read(place: tuple[ast.AST, str, int | None]) -> ast.expr:
    node, name, position = place
    value = getattr(node, name)
    return value if position is None else value[position]


def _write(place: tuple[ast.AST, str, int | None], value: ast.expr) -> None:
    node, name, position = place
    if position is None:
        setattr(node, name, value)
    else:
        getattr(node, name)[position] = value


def delete(tree: ast.Module, rng: random.Random) -> None:
    body = rng.choice(_bodies(tree) or [[ast.Pass()]])
    position = rng.randrange(len(body))
    body[position : position + 1] = [] if len(body) > 1 else [ast.Pass()]


def duplicate(tree: ast.Module, rng: random.Random) -> None:
    body = rng.choice(_bodies(tree) or [[ast.Pass()]])
    body.insert(rng.randrange(len(body) + 1), copy.deepcopy(rng.choice(body)))


def move(tree: ast.Module, rng: random.Random) -> None:
    bodies = _bodies(tree) or [[ast.Pass()]]
    taken = copy.deepcopy(rng.choice(rng.choice(bodies)))
    target = rng.choice(bodies)
    target.insert(rng.randrange(len(target) + 1), taken)


def swap(tree: ast.Module, rng: random.Random) -> None:
    body = rng.choice(_bodies(tree) or [[ast.Pass()]])
    a, b = rng.randrange(len(body)), rng.randrange(len(body))
    body[a], body[b] = body[b], body[a]


def rename(tree: ast.Module, rng: random.Random) -> None:
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    if names:
        rng.choice(names).id = rng.choice(names).id


def attribute(tree: ast.Module, rng: random.Random) -> None:
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    if names:
        rng.choice(names).attr = rng.choice(
            [*(node.attr for node in names), "get", "try_get", "peek", "shape", "nothing"]
        )


def operator(tree: ast.Module, rng: random.Random) -> None:
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp | ast.AugAssign | ast.Compare)]
    if not nodes:
        return
    node = rng.choice(nodes)
    if isinstance(node, ast.Compare):
        node.ops[0] = rng.choice(COMPARISONS)()
    else:
        node.op = rng.choice(BINARY)()


def constant(tree: ast.Module, rng: random.Random) -> None:
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    if nodes:
        rng.choice(nodes).value = rng.choice(CONSTANTS)


def exchange(tree: ast.Module, rng: random.Random) -> None:
    """Puts one expression of the program in place of another."""
    places = _expressions(tree)
    if places:
        _write(rng.choice(places), copy.deepcopy(_read(rng.choice(places))))


def wrap(tree: ast.Module, rng: random.Random) -> None:
    """Makes something else of an expression."""
    places = _expressions(tree)
    if not places:
        return
    place = rng.choice(places)
    inner = copy.deepcopy(_read(place))
    forms: list[ast.expr] = [
        ast.UnaryOp(rng.choice([ast.USub, ast.Not, ast.Invert])(), inner),
        ast.IfExp(inner, copy.deepcopy(inner), copy.deepcopy(_read(rng.choice(places)))),
        ast.Call(inner, [], []),
        ast.Subscript(inner, ast.Constant(0), ast.Load()),
        ast.Tuple([inner, ast.Constant(1)], ast.Load()),
        ast.Lambda(ast.arguments([], [ast.arg("v")], None, [], [], None, []), inner),
        ast.ListComp(inner, [ast.comprehension(ast.Name("v", ast.Store()), ast.List([], ast.Load()), [], 0)]),
        ast.Attribute(inner, rng.choice(["T", "get", "shape", "put"]), ast.Load()),
        ast.Starred(inner, ast.Load()),
        ast.NamedExpr(ast.Name("v", ast.Store()), inner),
    ]
    _write(place, rng.choice(forms))


def nest(tree: ast.Module, rng: random.Random) -> None:
    """Puts a statement under a branch, into a loop or into a function of its own."""
    body = rng.choice(_bodies(tree) or [[ast.Pass()]])
    position = rng.randrange(len(body))
    inner = [body[position]]
    condition = ast.Compare(ast.Constant(rng.choice([0, 1])), [ast.Eq()], [ast.Constant(1)])
    counted = ast.Call(ast.Name("range", ast.Load()), [ast.Constant(rng.choice([0, 1, 3]))], [])
    nothing = ast.arguments([], [], None, [], [], None, [])
    forms: list[ast.stmt] = [
        ast.If(condition, inner, []),
        ast.For(ast.Name("n", ast.Store()), counted, inner, []),
        ast.While(condition, inner, []),
        ast.With([ast.withitem(ast.Call(ast.Name("meta_if", ast.Load()), [condition], []))], inner),
        ast.FunctionDef("inner", nothing, inner, [], None),
        ast.Try(inner, [], [], [ast.Pass()]),
        ast.Return(None),
        ast.Break(),
        ast.Continue(),
        ast.Return(ast.Constant(1)),
    ]
    body[position] = rng.choice(forms)


def graft(tree: ast.Module, rng: random.Random, donor: ast.Module) -> None:
    """Puts a statement of another program into this one."""
    source, target = rng.choice(_bodies(donor) or [[ast.Pass()]]), rng.choice(_bodies(tree) or [[ast.Pass()]])
    target.insert(rng.randrange(len(target) + 1), copy.deepcopy(rng.choice(source)))


EDITS: tuple[Callable[..., None], ...] = (
    delete,
    duplicate,
    move,
    swap,
    rename,
    attribute,
    operator,
    constant,
    exchange,
    wrap,
    nest,
    graft,
)
