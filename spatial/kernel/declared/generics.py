"""Type parameters of kernels and regions, `def inner[M, N](A: int8[M, N])`, and the values they are given."""

import ast
import types
from collections.abc import Mapping
from dataclasses import dataclass

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.source.text import FunctionText

__all__ = ["Unbound", "annotations_of", "bind_types", "open_types", "type_parameters"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbound:
    """Type parameters that have no values: what is wrong, and what to type."""

    title: str
    hint: str


def type_parameters(function: types.FunctionType) -> tuple[str, ...]:
    """The names of a function's type parameters; none before Python 3.12."""
    return tuple(parameter.__name__ for parameter in getattr(function, "__type_params__", ()))


def bind_types(function: types.FunctionType, word: str, given: object) -> dict[str, object]:
    """The value of each type parameter; raises `ProgramError` unless there are as many values as parameters."""
    names, values = type_parameters(function), given if isinstance(given, tuple) else (given,)
    if len(names) == len(values):
        return dict(zip(names, values, strict=True))
    name, span = function.__name__, caller_span()
    if not names:
        title, hint = f"the {word} `{name}` has no type parameters", f"declare them: `def {name}[M, N](...)`"
    else:
        title = f"the {word} `{name}` has {_count(len(names))}, {len(values)} given"
        hint = f"give values for `{name}[{', '.join(names)}]`"
    raise ProgramError([Misuse(title=title, span=span, hint=hint, code="definition/type-parameters")])


def open_types(function: types.FunctionType, bound: Mapping[str, object]) -> Unbound | None:
    """What is wrong with using a function whose type parameters have no values."""
    names = type_parameters(function)
    if not names or bound:
        return None
    spelled = f"{function.__name__}[{', '.join(names)}]"
    return Unbound(title=f"`{spelled}` is used without values for {_count(len(names))}", hint=f"write `{spelled}`")


def annotations_of(
    function: types.FunctionType, text: FunctionText, bound: Mapping[str, object]
) -> Mapping[str, object]:
    """The annotations; where type parameters have values, as text, to be evaluated with them."""
    if not bound:
        return function.__annotations__
    given = text.node.args
    return {
        argument.arg: _written(argument.annotation)
        for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)
        if argument.annotation is not None
    }


def _count(number: int) -> str:
    return f"{number} type parameter{'s' if number != 1 else ''}"


def _written(annotation: ast.expr) -> str:
    """The text of an annotation, also where it stands in quotes."""
    match annotation:
        case ast.Constant(value=str(quoted)):
            return quoted
    return ast.unparse(annotation)
