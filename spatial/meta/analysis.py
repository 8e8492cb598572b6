"""Finds out which names of a function are known before the program runs."""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum

from spatial.meta.scope import (
    Scope,
    bound_inside,
    is_channel_like,
    names_of_all,
    never_acts,
    part_names,
    stored_names,
    target_names,
)

__all__ = ["Role", "analyse", "parameters_of"]

REPEATED = "for "  # before a name that a `meta_for` binds, where bindings are counted
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class Role(Enum):
    """What a parameter is given: something running, an array, a channel that the run chooses, a function, or something
    known at compile time.

    What is known may differ between PEs, of an array its shape.
    """

    RUNNING = "running"
    ARRAY = "array"
    VARYING_ARRAY = "varying array"
    CHANNEL = "channel"
    FUNCTION = "function"
    KNOWN = "known"
    VARYING = "varying"


def analyse(
    function: ast.FunctionDef,
    environment: Mapping[str, object],
    roles: Mapping[str, Role] | None = None,
    *,
    file: str = "<compile time>",
    parent: Scope | None = None,
    acts: Callable[[object], bool] = never_acts,
) -> Scope:
    """The scope of a function's body: a name assigned once, from compile-time values, is compile-time.

    So is a parameter of that role, unless the body assigns it.
    """
    parameters, stores = set(parameters_of(function)), _stores(function.body)
    defined = {name for statement in _statements(function.body) if (name := _defined(statement))}
    local = frozenset({*parameters, *stores, *defined})
    changed = {name for statement in _statements(function.body) for name in _changed(statement)} if roles else set()
    scope = Scope(environment=environment, local=local, stores=stores, file=file, parent=parent, acts=acts)
    for name, role in (roles or {}).items():
        if name not in stores and not (name in changed and role in (Role.KNOWN, Role.VARYING)):
            _take_role(name, role, scope)
    times = _bindings(function.body, scope) + _escaping(function.body, scope)
    growing = True
    while growing:
        before = len(scope.known), len(scope.varying), len(scope.shaped)
        for statement in _statements(function.body):
            _learn(statement, scope, times, parameters)
        growing = (len(scope.known), len(scope.varying), len(scope.shaped)) != before
    scope.functions.update(name for name in defined - scope.known if _only_functions(name, times))
    return scope


def parameters_of(function: ast.FunctionDef | ast.Lambda) -> list[str]:
    """The names of a function's parameters."""
    given = function.args
    several = [argument for argument in (given.vararg, given.kwarg) if argument]
    return [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs, *several)]


def _take_role(name: str, role: Role, scope: Scope) -> None:
    if role in (Role.KNOWN, Role.VARYING):
        scope.known.add(name)
    if role in (Role.ARRAY, Role.VARYING_ARRAY):
        scope.shaped.add(name)
    if role in (Role.VARYING, Role.VARYING_ARRAY):
        scope.varying.add(name)
    if role is Role.FUNCTION:
        scope.functions.add(name)
    if role is Role.CHANNEL:
        scope.chosen.add(name)


def _own(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Every node of a body that is not inside a function defined there, nor a name of a comprehension's own."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.comprehension):
            waiting += [node.iter, *node.ifs]
        elif not isinstance(node, DEFINITIONS):
            waiting += ast.iter_child_nodes(node)


def _stores(body: Iterable[ast.stmt]) -> dict[str, list[ast.Name]]:
    """For each name the body binds, the places in the order of the text; functions it defines apart."""
    names = [node for node in _own(body) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    found: dict[str, list[ast.Name]] = {}
    for name in sorted(names, key=lambda name: (name.lineno, name.col_offset)):
        found.setdefault(name.id, []).append(name)
    return found


def _statements(body: Iterable[ast.stmt]) -> list[ast.stmt]:
    """The body's statements and those nested in them, in the order of the text."""
    found: list[ast.stmt] = []
    for statement in body:
        found.append(statement)
        if not isinstance(statement, DEFINITIONS):
            for part in ast.iter_child_nodes(statement):
                if isinstance(part, ast.stmt):
                    found += _statements([part])
    return found


def _defined(statement: ast.stmt) -> str | None:
    """The name of the function that a statement defines, as `def` or by naming a `lambda`."""
    match statement:
        case (
            ast.FunctionDef(name=name, decorator_list=[]) | ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda())
        ):
            return name
    return None


def _only_functions(name: str, times: Counter[str]) -> bool:
    return times[name] == 1


def _learn(statement: ast.stmt, scope: Scope, times: Counter[str], parameters: set[str]) -> None:
    """Adds the names that this statement makes compile-time."""
    word = scope.word(statement)
    names: list[str] = []
    match statement:
        case ast.FunctionDef(name=name) if _defined(statement) and _is_pure(statement, scope):
            names, varies = [name], _free_varies(statement, scope)
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation) if scope.is_known(annotation):
            if len(scope.stores[name]) == 1 and name not in parameters:
                scope.shaped.add(name)
                scope.varying.update([name] if scope.is_varying(annotation) else [])
            return
        case ast.Assign(targets=[target], value=ast.Lambda() as function):
            if not _is_pure(function, scope):
                return
            names, varies = target_names(target), _free_varies(function, scope)
        case ast.Assign(targets=[target], value=value) if scope.calls_pid(value):
            names, varies = target_names(target), True
        case ast.Assign(targets=targets, value=value) if scope.is_known(value):
            names, varies = names_of_all(targets), scope.is_varying(value)
        case ast.For(target=target, iter=ast.Call() as call) if word:
            names, varies = target_names(target), scope.is_varying(call)
        case ast.With(items=[ast.withitem(context_expr=call, optional_vars=ast.expr() as target)]) if word:
            names, varies = target_names(target), scope.is_varying(call)
    if names and all(_bound_once(name, times) and name not in parameters for name in names):
        scope.known.update(names)
        scope.varying.update(names if varies else ())


def _is_pure(function: ast.FunctionDef | ast.Lambda, scope: Scope) -> bool:
    """Whether Python can call a function defined inside: all it uses from around it is known, and it only computes."""
    own = _inner_names(function)
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    acting = any(scope.is_word(c.func) or is_channel_like(c) or scope.acts_when_called(c.func) for c in calls)
    return not acting and all(scope.is_known(name) for name in _free(function) if name.id not in own)


def _free_varies(function: ast.FunctionDef | ast.Lambda, scope: Scope) -> bool:
    return any(scope.varies(name.id) for name in _free(function))


def _free(function: ast.FunctionDef | ast.Lambda) -> list[ast.Name]:
    """The names a function uses and does not bind."""
    own = _inner_names(function)
    return [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id not in own]


def _inner_names(function: ast.FunctionDef | ast.Lambda) -> set[str]:
    """The names a function binds for itself, and its own."""
    body = function.body if isinstance(function.body, list) else [function.body]
    stores = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    inner = {name for node in body for part in ast.walk(node) for name in bound_inside(part)}
    nested = [part for part in ast.walk(function) if isinstance(part, ast.FunctionDef)]
    own = {name for part in nested for name in (part.name, *parameters_of(part))}
    return {*parameters_of(function), *stores, *inner, *own}


def _bound_once(name: str, times: Counter[str]) -> bool:
    """Whether one assignment binds a name, or nothing but `meta_for` does."""
    return times[name] + (times[f"{REPEATED}{name}"] > 0) == 1


def _bindings(body: list[ast.stmt], scope: Scope) -> Counter[str]:
    """How often each name is bound on the way through; the branches of one meta chain exclude each other."""
    total: Counter[str] = Counter()
    chain: Counter[str] = Counter()
    for statement in body:
        inner = _bindings_of(statement, scope)
        if scope.word(statement) in ("meta_elif", "meta_else"):
            chain |= inner
            continue
        total += chain
        chain = inner
    return total + chain


def _bindings_of(statement: ast.stmt, scope: Scope) -> Counter[str]:
    match statement:
        case ast.FunctionDef(name=name):
            return Counter({name: 1})
        case ast.Assign(targets=targets):
            bound = Counter(name for target in targets for name in stored_names(target))
            return bound + Counter(dict.fromkeys(_changed(statement), 2))
        case ast.AugAssign(target=ast.Name(id=name)) | ast.AnnAssign(target=ast.Name(id=name)):
            return Counter({name: 2})
        case ast.For(target=target, body=body, orelse=orelse):
            return _bindings_of_loop(statement, target, scope) + _bindings(body, scope) + _bindings(orelse, scope)
        case ast.With(items=items, body=body):
            own: Counter[str] = Counter()
            for target in (item.optional_vars for item in items if item.optional_vars):
                own += _bindings_of_loop(statement, target, scope)
            return own + _bindings(body, scope)
        case ast.AugAssign():
            return Counter(dict.fromkeys(_changed(statement), 2))
        case ast.While(body=body, orelse=orelse) | ast.If(body=body, orelse=orelse):
            return _bindings(body, scope) + _bindings(orelse, scope)
    return Counter()


def _changed(statement: ast.stmt) -> set[str]:
    """The names of what an assignment changes a part of, as in `w[0:8] = 1`: they name something that runs."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return {name for target in targets for name in part_names(target)}


def _escaping(body: list[ast.stmt], scope: Scope) -> Counter[str]:
    """Names bound in a block that may not run and used outside of it: those are no compile-time ones."""
    uses = _uses(body)
    found: Counter[str] = Counter()
    for statement in _statements(body):
        if isinstance(statement, ast.If | ast.While | ast.For) and scope.word(statement) is None:
            for block in (statement.body, statement.orelse):
                inside = _uses(block)
                bound = {name for nested in _statements(block) for name in _bindings_of(nested, scope)}
                found.update(name for name in bound if inside[name] < uses[name])
    return found


def _uses(body: list[ast.stmt]) -> Counter[str]:
    nodes = (node for statement in body for node in ast.walk(statement))
    return Counter(node.id for node in nodes if isinstance(node, ast.Name))


def _bindings_of_loop(statement: ast.stmt, target: ast.expr, scope: Scope) -> Counter[str]:
    if scope.word(statement) == "meta_for":
        return Counter({f"{REPEATED}{name}": 1 for name in target_names(target)})
    return Counter(dict.fromkeys(target_names(target), 2))
