"""Which locals of a plain body need memory, and where each is first assigned."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from spatial.meta.scope import part_names

__all__ = ["assigned_once", "changed_in_part", "first_assignments"]


def first_assignments(body: Iterable[ast.stmt]) -> dict[str, ast.Name]:
    """For each name the body assigns, the first place in the text."""
    found: dict[str, ast.Name] = {}
    for name in _names(body):
        if isinstance(name.ctx, ast.Store):
            found.setdefault(name.id, name)
    return found


def assigned_once(body: list[ast.stmt]) -> frozenset[str]:
    """The names assigned by one statement that runs before every use: those are values and need no memory.

    All uses stand behind the statement in the same list of statements, or nested in that list.
    """
    names = list(_names(body))
    stores = Counter(name.id for name in names if isinstance(name.ctx, ast.Store)) + Counter(changed_in_part(body))
    uses = Counter(name.id for name in names)
    single = {name for name, count in stores.items() if count == 1}
    return frozenset(_settled(body, uses, single))


def changed_in_part(body: Iterable[ast.stmt]) -> Iterator[str]:
    """The names of what a part is assigned of, as in `p.x = 1` or `w[0:8] = 1`."""
    for node in (node for statement in body for node in ast.walk(statement)):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            yield from part_names(node)


def _settled(body: list[ast.stmt], uses: Counter[str], single: set[str]) -> Iterator[str]:
    seen: set[str] = set()
    for position, statement in enumerate(body):
        own = Counter(use.id for use in _names([statement]))
        given = [name for name in _given(statement) if name in single]
        behind = Counter(use.id for use in _names(body[position:])) if given else own
        for name in given:
            if name not in seen and behind[name] == uses[name] and own[name] == 1:
                yield name
        seen.update(own)
        for _, value in ast.iter_fields(statement):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield from _settled(value, uses, single)


def _given(statement: ast.stmt) -> Iterator[str]:
    """The names to which a statement gives whole values."""
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            yield name
        case ast.Assign(targets=targets):
            for target in targets:
                yield from _names_in(target)


def _names_in(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                yield from _names_in(element)


def _names(body: Iterable[ast.stmt]) -> Iterator[ast.Name]:
    for statement in body:
        yield from sorted(
            (node for node in ast.walk(statement) if isinstance(node, ast.Name)),
            key=lambda name: (name.lineno, name.col_offset),
        )
