"""Groups a body's statements into meta chains, meta loops and plain statements."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spatial.meta.scope import Scope, meta_call
from spatial.meta.sites import Site, SiteKind

__all__ = ["Branch", "Chain", "Item", "Repeat", "group", "is_end", "nested_bodies"]

NESTING = (ast.For, ast.While, ast.If, ast.With)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One arm of a chain; `condition` is None for `meta_else`."""

    condition: Site | None
    body: list[ast.stmt]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """`meta_if`, `meta_elif` … `meta_else`."""

    branches: list[Branch]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A `meta_for`; `left` is the first `break` or `continue` of its own, if there is one."""

    target: ast.expr | None
    bounds: list[Site]
    body: list[ast.stmt]
    left: ast.stmt | None = None


Item = Chain | Repeat | ast.stmt


def group(body: list[ast.stmt], scope: Scope) -> list[Item]:
    """The items of a body in order, found once for all PEs; a stray branch starts a chain of its own."""
    known = scope.grouped.get(body[0]) if body else []
    if known is None:
        known = scope.grouped[body[0]] = list(_group(body, scope))
    return known


def _group(body: list[ast.stmt], scope: Scope) -> Iterator[Item]:
    chain: list[Branch] = []
    for statement in body:
        word = scope.word(statement)
        if chain and word not in ("meta_elif", "meta_else"):
            yield Chain(branches=chain)
            chain = []
        match word:
            case None:
                yield statement
            case "meta_for":
                yield _repeat(statement, scope)
            case _:
                chain.append(_branch(statement, scope))
    if chain:
        yield Chain(branches=chain)


def nested_bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The bodies inside a statement of the language; what is inside any other is never looked at."""
    if not isinstance(statement, NESTING):
        return
    for _, value in ast.iter_fields(statement):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield value


def is_end(statement: ast.stmt, inner: Sequence[bool]) -> bool:
    """Whether a plain statement surely ends in a `return`; `inner` says it of each body nested in it."""
    return isinstance(statement, ast.Return) or (isinstance(statement, ast.If) and len(inner) == 2 and all(inner))


def _branch(statement: ast.stmt, scope: Scope) -> Branch:
    call = meta_call(statement)
    assert isinstance(statement, ast.With)
    condition = _site(call.args[0], scope) if call and call.args else None
    return Branch(condition=condition, body=statement.body)


def _repeat(statement: ast.stmt, scope: Scope) -> Repeat:
    call = meta_call(statement)
    bounds = [_site(bound, scope) for bound in call.args] if call else []
    match statement:
        case ast.For(target=target, body=body):
            return Repeat(target=target, bounds=bounds, body=body, left=next(_exits(body), None))
        case ast.With(items=[ast.withitem(optional_vars=names)], body=body):
            return Repeat(target=names, bounds=bounds, body=body)
    raise AssertionError("a meta_for heads a `for` or a `with`")


def _exits(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The exits that leave the loop whose body this is."""
    for statement in body:
        match statement:
            case ast.Break() | ast.Continue():
                yield statement
            case ast.For(orelse=orelse) | ast.While(orelse=orelse):
                yield from _exits(orelse)
            case _:
                for inner in nested_bodies(statement):
                    yield from _exits(inner)


def _site(node: ast.expr, scope: Scope) -> Site:
    return Site(node=node, kind=SiteKind.VALUE, varying=scope.is_varying(node))
