"""Lowers calls: casts, and the functions of the language."""

import ast
import builtins
import math
from collections.abc import Callable, Hashable, Mapping

import numpy as np

from spatial.kernel.arrays.elementwise import cast
from spatial.kernel.arrays.math_calls import MATH_CALLS
from spatial.kernel.arrays.tensor_calls import TENSOR_CALLS, TENSOR_METHODS
from spatial.kernel.bits.packing import BIT_CALLS
from spatial.kernel.bits.structs import construct
from spatial.kernel.channels import groups
from spatial.kernel.channels.operations import channel_call
from spatial.kernel.channels.switch import switched
from spatial.kernel.declared import movers
from spatial.kernel.declared.definition import Instantiable
from spatial.kernel.errors import LocalCalled, NoSuchMethod, NoSuchValue, WrongUse
from spatial.kernel.lower.arguments import arguments_of
from spatial.kernel.lower.destination import aim
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.kernel.lower.values import ArrayValue, Value
from spatial.kernel.words.markers import grid, reduction, select
from spatial.meta.external import External
from spatial.meta.markers import get_pid, is_marker
from spatial.meta.plain import Choice, Known, Port, written
from spatial.meta.scope import CHANNEL_METHODS, MISSING
from spatial.stream.stream import Channels
from spatial.types.dtype import DType, Struct, as_dtype

__all__ = ["call"]

NUMPY_NUMBERS = (
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "float32",
    "float64",
)
METHODS: dict[str, str] = {
    "append": "declare an array, `buf: int32[4]`, and assign its elements",
    "extend": "declare an array, `buf: int32[4]`, and assign its elements",
    "format": 'write `f"{x}"`',
}
HINTS: dict[object, str] = {
    builtins.int: "cast to a type of the language, as in `int32(x)`",
    builtins.float: "cast to a type of the language, as in `float32(x)`",
    builtins.round: "write `(x + 0.5) // 1`, which rounds halves up",
    math.floor: "write `x // 1`",
    np.floor: "write `x // 1`",
    math.ceil: "write `-(-x // 1)`",
    np.ceil: "write `-(-x // 1)`",
    math.trunc: "cast to an integer, which rounds towards 0: `int32(x)`",
    **{getattr(np, name): f"write `{name}(x)`, with the type of `spatial`" for name in NUMPY_NUMBERS},
    builtins.print: "it has no value: write it on a line of its own",
    builtins.pow: "write `x ** 2`, or `sp.exp(y * sp.log(x))` for other powers of positive numbers",
    math.pow: "write `x ** 2`, or `sp.exp(y * sp.log(x))` for other powers of positive numbers",
    np.dot: "write `A @ B`",
    builtins.divmod: "write `//` and `%`",
    builtins.enumerate: "write `for k in range(n)`, and index with `k`",
    builtins.zip: "write `for k in range(n)`, and index with `k`",
    builtins.map: "apply operators and functions to the whole array, or write a `for` loop",
    builtins.reversed: "write `for k in range(n - 1, -1, -1)`",
}


def call(lowering: Lowering, node: ast.expr) -> Value:
    """A call that has a value."""
    assert isinstance(node, ast.Call), "the table of expressions says so"
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, Choice):
        return switched(lowering, node, node.func.value, node.func.attr)
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, Port):
        return channel_call(lowering, node, node.func.attr, lowering.ports[node.func.value.number])
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, Known):
        raise Rejected  # the channel is wrong, which has been told
    function = node.func.value if isinstance(node.func, Known) else lowering.scope.resolve(node.func)
    if (dtype := as_dtype(function)) is not None:
        return _cast(lowering, node, dtype)
    if callable(function) and (lower := _built_in(function)) is not None:
        return lower(lowering, node)
    if function is MISSING and isinstance(node.func, ast.Attribute) and node.func.attr in TENSOR_METHODS:
        value = lowering.expression(node.func.value)
        if isinstance(value, ArrayValue):
            return TENSOR_METHODS[node.func.attr](lowering, node, value)
    raise _refused(lowering, node, function)


def _built_in(function: object) -> Callable[[Lowering, ast.Call], Value] | None:
    """How a function of the language is lowered; not everything that can be called can be a key."""
    return CALLS.get(function) if isinstance(function, Hashable) else None


def _cast(lowering: Lowering, node: ast.Call, dtype: DType) -> Value:
    if isinstance(dtype, Struct):
        return construct(lowering, node, dtype)
    (argument,) = arguments_of(lowering, node, str(dtype), 1, f"write `{dtype}(x)`")
    aim(lowering, argument, dtype)
    return cast(lowering, lowering.operand(argument), dtype, argument)


def _refused(lowering: Lowering, node: ast.Call, function: object) -> Rejected:
    """Why a call is none of the language's."""
    root = _root(node.func)
    known = function is not MISSING or lowering.scope.is_known(root)
    if isinstance(root, ast.Name) and not known and root.id not in lowering.names:
        return lowering.undefined(root)
    if isinstance(root, ast.Name) and root.id in lowering.names and lowering.names[root.id] is None:
        return Rejected()
    if function is get_pid:
        return lowering.unsupported(
            "`get_pid()` within an expression", node, "write `i, j = sp.get_pid()` on a line of its own"
        )
    if any(function is head for head in (grid, range, reduction)):
        return lowering.unsupported(f"`{_spelled(node)}` outside of a loop's head", node, "write `for k in range(n):`")
    if isinstance(function, External):
        title, hint = f"`{function.symbol}` returns nothing", "write the call on a line of its own"
        return lowering.rejected(NoSuchValue(title=title, span=lowering.spans(node), hint=hint))
    if isinstance(function, Instantiable):
        hint = f"write `{_spelled(node)}(...)` on a line of its own; what it computes it leaves in arrays and streams"
        title = f"the region `{_spelled(node)}` has no value"
        return lowering.rejected(NoSuchValue(title=title, span=lowering.spans(node), hint=hint))
    if is_marker(function):
        return lowering.unsupported(
            f"`{_spelled(node)}` within an expression", node, "write it in the head of a `with` or a `for`"
        )
    if isinstance(node.func, ast.Attribute):
        return _refused_method(lowering, node.func, root, function)
    named = node.func.written if isinstance(node.func, Known) else node.func
    if isinstance(named, ast.Name) and lowering.scope.is_local(named.id):
        return lowering.rejected(_local_called(lowering, named))
    method = METHODS.get(named.attr) if isinstance(named, ast.Attribute) else None
    return lowering.unsupported(f"calling `{_spelled(node)}`", node, method or _instead_of(function))


def _local_called(lowering: Lowering, name: ast.Name) -> LocalCalled:
    """A local in the place of a function, perhaps of one whose name it took."""
    stores, hidden = lowering.scope.stores.get(name.id), lowering.scope.without_locals(name)
    place = lowering.spans(stores[0]) if stores else None
    return LocalCalled(name=name.id, hides=hidden is not MISSING, span=lowering.spans(name), place=place)


def _refused_method(lowering: Lowering, method: ast.Attribute, root: ast.expr, function: object) -> Rejected:
    base, name = method.value, method.attr
    owner = lowering.scope.resolve(root)
    if name not in CHANNEL_METHODS and isinstance(owner, Channels):
        return lowering.rejected(NoSuchMethod(name=name, span=lowering.spans(method)))
    if name in CHANNEL_METHODS and isinstance(owner, Channels):
        span = lowering.spans(lowering.scope.first_running(base))
        title, hint = "the run chooses a channel by one pair of brackets", "write all indices in one: `net[i, k]`"
        return lowering.rejected(WrongUse(title=title, span=span, hint=hint))
    if name in CHANNEL_METHODS:
        title = f"`{written(base)}` is no stream: it has no `{name}`"
        hint = "declare a stream in the region: `name: Stream[float32, 4]`"
        return lowering.rejected(WrongUse(title=title, span=lowering.spans(base), hint=hint))
    return lowering.unsupported(f"calling `{name}`", method, _instead_of(function))


def _instead_of(function: object) -> str:
    """What to write instead of calling something that is not of the language."""
    if isinstance(function, Hashable) and function in HINTS:
        return HINTS[function]
    if isinstance(function, type) and function.__module__ != "builtins":
        return "put `@sp.struct` above the class, and give its fields types"
    return "write it as a function of your own (`def`), which a kernel can call"


def _root(node: ast.expr) -> ast.expr:
    """The name an expression such as `a.b[i].c` begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node


def _spelled(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else written(node.func)


CALLS: Mapping[object, Callable[[Lowering, ast.Call], Value]] = {
    **TENSOR_CALLS,
    **MATH_CALLS,
    **BIT_CALLS,
    select: groups.select,
    movers.gather: groups.gather,
}
