"""Which names and expressions of a kernel are known before it runs."""

import ast
import builtins
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from spatial.meta.external import External
from spatial.meta.markers import get_pid, is_marker, meta_elif, meta_else, meta_for, meta_if
from spatial.meta.shapes import ORIGIN
from spatial.types.dtype import DType, Fixed, Int, UFixed, UInt

__all__ = [
    "CHANNEL_METHODS",
    "MISSING",
    "Scope",
    "bound_inside",
    "helper_function",
    "is_channel_like",
    "is_helper",
    "meta_call",
    "names_of_all",
    "never_acts",
    "part_names",
    "stored_names",
    "target_names",
]

CHANNEL_METHODS = frozenset({"put", "get", "try_put", "try_get", "empty", "full", "peek"})
MISSING = object()
FAMILIES = (Int, UInt, Fixed, UFixed)
SHAPES = frozenset({"shape", "ndim", "size", "dtype", ORIGIN})
WORDS: Mapping[object, str] = {
    meta_if: "meta_if",
    meta_elif: "meta_elif",
    meta_else: "meta_else",
    meta_for: "meta_for",
}


def never_acts(thing: object) -> bool:
    """What a scope thinks of what nobody has looked at."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scope:
    """The names of a kernel or of a function it calls: `environment` is what Python sees around it, `local` what it
    binds itself; a function defined inside of another one sees the names of its `parent`.

    Of the local names `known` are compile-time, and `varying` those that depend on the PE; `shaped` are
    the arrays whose shape is compile-time, `functions` the functions that Python cannot call, because they use
    running values or channels (`acts` tells it of functions of the environment), `chosen` the parameters that are
    channels chosen by the run; `stores` are the places that bind each.
    `sites`, `steps` and `grouped` remember what was found out about each statement, and about the body it begins.
    """

    environment: Mapping[str, object]
    local: frozenset[str]
    file: str = "<compile time>"
    parent: "Scope | None" = None
    acts: Callable[[object], bool] = never_acts
    known: set[str] = field(default_factory=set)
    varying: set[str] = field(default_factory=set)
    shaped: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    chosen: set[str] = field(default_factory=set)
    definitions: dict[ast.AST, Any] = field(default_factory=dict)
    sites: dict[ast.stmt, list[Any]] = field(default_factory=dict)
    steps: dict[ast.stmt, object] = field(default_factory=dict)
    grouped: dict[ast.stmt, list[Any]] = field(default_factory=dict)
    stores: dict[str, list[ast.Name]] = field(default_factory=dict)

    def resolve(self, node: ast.expr) -> object:
        """The object a dotted name of the environment stands for, or `MISSING`."""
        match node:
            case ast.Name(id=name) if self.is_local(name):
                return MISSING
            case ast.Name():
                return self.without_locals(node)
            case ast.Attribute(value=value, attr=attr):
                owner = self.resolve(value)
                return MISSING if owner is MISSING else getattr(owner, attr, MISSING)
        return MISSING

    def without_locals(self, name: ast.Name) -> object:
        """The object that a name would stand for if nothing local had it, or `MISSING`."""
        return self.environment.get(name.id, getattr(builtins, name.id, MISSING))

    def is_known(self, node: ast.AST, hidden: frozenset[str] = frozenset()) -> bool:
        """Whether Python can evaluate the expression now; `hidden` are the names it binds inside itself."""
        match node:
            case ast.Name(id=name):
                return name in hidden or self._is_known_name(name)
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in SHAPES and self.is_shaped(name):
                return True
            case ast.Call(func=function, args=[ast.Name(id=name)], keywords=[]) if self.is_shaped(name):
                return self.resolve(function) is len
            case ast.Call(func=function) if (
                self.is_word(function) or self.is_channel_call(node) or self.acts_when_called(function)
            ):
                return False
            case ast.NamedExpr() | ast.Await() | ast.Yield() | ast.YieldFrom():
                return False
        hidden |= bound_inside(node)
        return all(self.is_known(child, hidden) for child in ast.iter_child_nodes(node))

    def first_running(self, node: ast.AST, hidden: frozenset[str] = frozenset()) -> ast.AST:
        """The innermost first part of an expression for which it cannot be evaluated now."""
        hidden |= bound_inside(node)
        for child in ast.iter_child_nodes(node):
            if not self.is_known(child, hidden):
                found = self.first_running(child, hidden)
                if (
                    isinstance(node, ast.Subscript)
                    and found is node.value
                    and isinstance(found, ast.Name)
                    and self.is_local(found.id)
                ):
                    return node
                return found
        return node

    def is_varying(self, node: ast.AST) -> bool:
        """Whether a compile-time expression can differ between PEs."""
        return any(isinstance(n, ast.Name) and self.varies(n.id) for n in ast.walk(node)) or self.calls_pid(node)

    def is_word(self, function: ast.expr) -> bool:
        """Whether a called function belongs to the language, so that Python must not call it: a marker or a cast."""
        thing = self.resolve(function)
        spoken = is_marker(thing) or isinstance(thing, DType) or thing is builtins.print
        return spoken or self.makes_type(function)

    def makes_type(self, node: ast.expr) -> bool:
        """Whether an expression makes a type where it stands, as `UInt(12)` does."""
        return isinstance(node, ast.Call) and any(self.resolve(node.func) is family for family in FAMILIES)

    def is_channel_call(self, node: ast.AST) -> bool:
        """Whether a call is an operation on a channel, `fifo[i].get()`; a `get` with arguments asks a dictionary."""
        match node:
            case ast.Call(func=ast.Attribute(value=base, attr="get"), args=[_, *_]) if not self._may_be_stream(base):
                return False
            case ast.Call(func=ast.Attribute(value=base, attr=attr)) if attr in CHANNEL_METHODS:
                return self.is_known(base) and not isinstance(self.resolve(base), dict)
        return False

    def is_switch(self, node: ast.AST) -> bool:
        """Whether a call is an operation on one of several channels that the run chooses, `outs[k].put(x)`."""
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Subscript(value=base) as channel, attr=attr)):
                asked = attr in CHANNEL_METHODS and (is_channel_like(node) or self._may_be_stream(base))
                return asked and self.is_known(base) and not self.is_known(channel)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)):
                return attr in CHANNEL_METHODS and self.is_chosen(name)
        return False

    def calls_helper(self, node: ast.AST) -> bool:
        """Whether a call is one of a function of the user's that is to be written out where it is called."""
        if not isinstance(node, ast.Call) or is_channel_like(node) or self.is_word(node.func):
            return False
        if self.is_function(node.func):
            return True
        thing = self.resolve(node.func)
        callable_now = self.is_known(node.func) if thing is MISSING else is_helper(thing)
        return callable_now and not self.is_known(node)

    def is_function(self, node: ast.AST) -> bool:
        """Whether an expression names a function that uses running values of what it is defined in."""
        match node:
            case ast.Name(id=name) if name in self.local:
                return name in self.functions
            case ast.Name() if self.parent is not None:
                return self.parent.is_function(node)
        return False

    def acts_when_called(self, function: ast.expr) -> bool:
        """Whether what is called in the environment, a function or a region, does what Python cannot do now."""
        while isinstance(function, ast.Subscript):
            function = function.value
        thing = self.resolve(function)
        called = helper_function(thing)
        return self.acts(thing) if called is None else is_helper(called) and self.acts(called)

    def _may_be_stream(self, base: ast.expr) -> bool:
        while isinstance(base, ast.Attribute | ast.Subscript) and self.resolve(base) is MISSING:
            base = base.value
        return hasattr(self.resolve(base), "put")

    def calls_pid(self, node: ast.AST | None) -> bool:
        """Whether an expression is `sp.get_pid()`."""
        return isinstance(node, ast.Call) and self.resolve(node.func) is get_pid

    def _is_known_name(self, name: str) -> bool:
        if name in self.local:
            return name in self.known
        if self.parent is not None:
            return self.parent._is_known_name(name)
        return name in self.environment or hasattr(builtins, name)

    def is_local(self, name: str) -> bool:
        """Whether the kernel itself binds a name, or what this function is defined in."""
        return name in self.local or (self.parent is not None and self.parent.is_local(name))

    def is_shaped(self, name: str) -> bool:
        """Whether a name is an array whose shape is known now."""
        if name in self.local:
            return name in self.shaped
        return self.parent is not None and self.parent.is_shaped(name)

    def is_chosen(self, name: str) -> bool:
        """Whether a name is a channel that the run chooses."""
        if name in self.local:
            return name in self.chosen
        return self.parent is not None and self.parent.is_chosen(name)

    def varies(self, name: str) -> bool:
        """Whether what is known of a name now depends on the PE."""
        if name in self.local:
            return name in self.varying
        return self.parent is not None and self.parent.varies(name)

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


def is_channel_like(call: ast.Call) -> bool:
    """Whether a call reads like an operation on a channel, whatever it stands on."""
    match call:
        case ast.Call(func=ast.Attribute(attr="get"), args=[_, *_]):
            return False
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in CHANNEL_METHODS
    return False


def is_helper(thing: object) -> bool:
    """Whether a value is a function in Python or C++ that a kernel can call where it runs: all but the package's own.

    Operators of networks are functions of the language like the user's.
    """
    function = helper_function(thing)
    if function is None:
        return isinstance(thing, External)
    module = str(function.__module__)
    return module.startswith("spatial.nn.") or not module.startswith("spatial.")


def helper_function(thing: object) -> types.FunctionType | None:
    """The Python function that a value is, or that a method calls."""
    function = thing.__func__ if isinstance(thing, types.MethodType) else thing
    return function if isinstance(function, types.FunctionType) else None


def target_names(target: ast.expr) -> list[str]:
    """The names an assignment or a loop binds; none where it binds anything else."""
    match target:
        case ast.Name(id=name):
            return [name]
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            parts = [target_names(element) for element in elements]
            return [name for part in parts for name in part] if all(parts) else []
    return []


def names_of_all(targets: Iterable[ast.expr]) -> list[str]:
    """The names that `a = b, c = ...` binds; none where one of its targets is anything else."""
    return target_names(ast.Tuple(list(targets), ast.Store()))


def stored_names(target: ast.expr) -> Iterable[str]:
    """Every name that an assignment to a target binds, however deep."""
    return (n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def part_names(target: ast.expr | None) -> Iterator[str]:
    """The names of what an assignment to a target changes a part of: `p` of `p.x`, `w` of `w[0:8]`."""
    match target:
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                yield from part_names(element)
        case ast.Attribute() | ast.Subscript():
            root: ast.expr = target
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if isinstance(root, ast.Name):
                yield root.id


def bound_inside(node: ast.AST) -> frozenset[str]:
    """The names a comprehension or a `lambda` binds for itself."""
    if not isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp | ast.Lambda):
        return frozenset()
    names = (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return frozenset(names) | {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
