"""Which names and expressions of a kernel are known before it runs."""

import ast
import builtins
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from spatial.meta.markers import get_pid, is_marker, meta_elif, meta_else, meta_for, meta_if
from spatial.types.dtype import DType, Fixed, Int, UFixed, UInt

__all__ = ["CHANNEL_METHODS", "MISSING", "Scope", "analyse", "meta_call", "target_names"]

CHANNEL_METHODS = frozenset({"put", "get", "try_put", "try_get", "empty", "full", "peek"})
MISSING = object()
FAMILIES = (Int, UInt, Fixed, UFixed)
REPEATED = "for "  # before a name that a `meta_for` binds, where bindings are counted
WORDS: Mapping[object, str] = {
    meta_if: "meta_if",
    meta_elif: "meta_elif",
    meta_else: "meta_else",
    meta_for: "meta_for",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A kernel's names: `environment` is what Python sees around it, `local` what it binds itself.

    Of the local names `known` are compile-time, and `varying` those of them that depend on the PE;
    `stores` are the places that bind each.
    `sites` and `grouped` remember what was found out about each statement, and about the body it begins.
    """

    environment: Mapping[str, object]
    local: frozenset[str]
    known: set[str] = field(default_factory=set)
    varying: set[str] = field(default_factory=set)
    sites: dict[ast.stmt, list[Any]] = field(default_factory=dict)
    grouped: dict[ast.stmt, list[Any]] = field(default_factory=dict)
    stores: dict[str, list[ast.Name]] = field(default_factory=dict)

    def resolve(self, node: ast.expr) -> object:
        """The object a dotted name of the environment stands for, or `MISSING`."""
        match node:
            case ast.Name(id=name) if name in self.local:
                return MISSING
            case ast.Name(id=name):
                return self.environment.get(name, getattr(builtins, name, MISSING))
            case ast.Attribute(value=value, attr=attr):
                owner = self.resolve(value)
                return MISSING if owner is MISSING else getattr(owner, attr, MISSING)
        return MISSING

    def is_known(self, node: ast.AST, hidden: frozenset[str] = frozenset()) -> bool:
        """Whether Python can evaluate the expression now; `hidden` are the names it binds inside itself."""
        match node:
            case ast.Name(id=name):
                return name in hidden or self._is_known_name(name)
            case ast.Call(func=function) if self.is_word(function) or self.is_channel_call(node):
                return False
            case ast.NamedExpr() | ast.Await() | ast.Yield() | ast.YieldFrom():
                return False
        hidden |= _bound_inside(node)
        return all(self.is_known(child, hidden) for child in ast.iter_child_nodes(node))

    def first_running(self, node: ast.AST, hidden: frozenset[str] = frozenset()) -> ast.AST:
        """The innermost first part of an expression for which it cannot be evaluated now."""
        hidden |= _bound_inside(node)
        for child in ast.iter_child_nodes(node):
            if not self.is_known(child, hidden):
                found = self.first_running(child, hidden)
                if isinstance(node, ast.Subscript) and found is node.value and self._is_local_name(found):
                    return node
                return found
        return node

    def is_varying(self, node: ast.AST) -> bool:
        """Whether a compile-time expression can differ between PEs."""
        return any(isinstance(n, ast.Name) and n.id in self.varying for n in ast.walk(node)) or self.calls_pid(node)

    def is_word(self, function: ast.expr) -> bool:
        """Whether a called function belongs to the language, so that Python must not call it: a marker or a cast."""
        thing = self.resolve(function)
        return is_marker(thing) or isinstance(thing, DType) or self.makes_type(function)

    def makes_type(self, node: ast.expr) -> bool:
        """Whether an expression makes a type where it stands, as `UInt(12)` does."""
        return isinstance(node, ast.Call) and any(self.resolve(node.func) is family for family in FAMILIES)

    def is_channel_call(self, node: ast.AST) -> bool:
        """Whether a call is an operation on a channel, `fifo[i].get()`."""
        match node:
            case ast.Call(func=ast.Attribute(value=base, attr=attr)) if attr in CHANNEL_METHODS:
                return self.is_known(base) and not isinstance(self.resolve(base), dict)
        return False

    def calls_pid(self, node: ast.AST | None) -> bool:
        """Whether an expression is `sp.get_pid()`."""
        return isinstance(node, ast.Call) and self.resolve(node.func) is get_pid

    def _is_local_name(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id in self.local

    def _is_known_name(self, name: str) -> bool:
        if name in self.local:
            return name in self.known
        return name in self.environment or hasattr(builtins, name)

    def is_local(self, name: str) -> bool:
        """Whether the kernel itself binds a name."""
        return name in self.local

    def word(self, node: ast.stmt) -> str | None:
        """Which meta statement this is, by its word, or None."""
        call = meta_call(node)
        word = self.marker_name(call.func) if call else None
        return word if word == "meta_for" or isinstance(node, ast.With) else None

    def marker_name(self, node: ast.expr) -> str | None:
        """The word of a meta statement that an expression stands for."""
        thing = self.resolve(node)
        return WORDS.get(thing) if is_marker(thing) else None


def meta_call(node: ast.stmt) -> ast.Call | None:
    """The call that heads a `with` or a `for`."""
    match node:
        case ast.With(items=[ast.withitem(context_expr=ast.Call() as call)]) | ast.For(iter=ast.Call() as call):
            return call
    return None


def analyse(function: ast.FunctionDef, environment: Mapping[str, object]) -> Scope:
    """The scope of a kernel's body: a name assigned once, from compile-time values, is compile-time."""
    parameters = {argument.arg for argument in function.args.args}
    stores = _stores(function.body)
    scope = Scope(environment=environment, local=frozenset({*parameters, *stores}), stores=stores)
    times = _bindings(function.body, scope) + _escaping(function.body, scope)
    growing = True
    while growing:
        before = len(scope.known), len(scope.varying)
        for statement in _statements(function.body):
            _learn(statement, scope, times, parameters)
        growing = (len(scope.known), len(scope.varying)) != before
    return scope


def _stores(body: Iterable[ast.stmt]) -> dict[str, list[ast.Name]]:
    """For each name the body binds, the places in the order of the text."""
    nodes = (node for statement in body for node in ast.walk(statement))
    names = [node for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    found: dict[str, list[ast.Name]] = {}
    for name in sorted(names, key=lambda name: (name.lineno, name.col_offset)):
        found.setdefault(name.id, []).append(name)
    return found


def _statements(body: Iterable[ast.stmt]) -> Iterable[ast.stmt]:
    return (node for statement in body for node in ast.walk(statement) if isinstance(node, ast.stmt))


def _learn(statement: ast.stmt, scope: Scope, times: Counter[str], parameters: set[str]) -> None:
    """Adds the names that this statement makes compile-time."""
    word = scope.word(statement)
    match statement:
        case ast.Assign(targets=[target], value=value) if scope.calls_pid(value):
            varies = True
        case ast.Assign(targets=[target], value=value) if scope.is_known(value):
            varies = scope.is_varying(value)
        case ast.For(target=target, iter=ast.Call() as call) if word:
            varies = scope.is_varying(call)
        case ast.With(items=[ast.withitem(context_expr=call, optional_vars=ast.expr() as target)]) if word:
            varies = scope.is_varying(call)
        case _:
            return
    names = target_names(target)
    if names and all(_bound_once(name, times) and name not in parameters for name in names):
        scope.known.update(names)
        scope.varying.update(names if varies else ())


def _bound_once(name: str, times: Counter[str]) -> bool:
    """Whether one assignment binds a name, or nothing but `meta_for` does."""
    return times[name] + (times[f"{REPEATED}{name}"] > 0) == 1


def target_names(target: ast.expr) -> list[str]:
    """The names an assignment or a loop binds; none where it binds anything else."""
    match target:
        case ast.Name(id=name):
            return [name]
        case ast.Tuple(elts=elements) if all(isinstance(element, ast.Name) for element in elements):
            return [element.id for element in elements if isinstance(element, ast.Name)]
    return []


def _stored(target: ast.expr) -> Iterable[str]:
    """Every name that an assignment to a target binds, however deep."""
    return (n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def _bound_inside(node: ast.AST) -> frozenset[str]:
    """The names a comprehension or a `lambda` binds for itself."""
    if not isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp | ast.Lambda):
        return frozenset()
    names = (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return frozenset(names) | {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}


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
        case ast.Assign(targets=targets):
            return Counter(name for target in targets for name in _stored(target))
        case ast.AugAssign(target=ast.Name(id=name)) | ast.AnnAssign(target=ast.Name(id=name)):
            return Counter({name: 2})
        case ast.For(target=target, body=body, orelse=orelse):
            return _bindings_of_loop(statement, target, scope) + _bindings(body, scope) + _bindings(orelse, scope)
        case ast.With(items=items, body=body):
            own: Counter[str] = Counter()
            for target in (item.optional_vars for item in items if item.optional_vars):
                own += _bindings_of_loop(statement, target, scope)
            return own + _bindings(body, scope)
        case ast.While(body=body, orelse=orelse) | ast.If(body=body, orelse=orelse):
            return _bindings(body, scope) + _bindings(orelse, scope)
    return Counter()


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
