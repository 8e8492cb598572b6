"""Checks the arguments that a call of the language is given."""

import ast
from collections.abc import Sequence

from spatial.kernel.errors import WrongArguments
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.meta.plain import Known
from spatial.meta.trace import FAILED

__all__ = ["arguments_of", "constant_of", "named_arguments"]

COUNTS = ("no argument", "one argument", "two arguments", "three arguments")


def arguments_of(lowering: Lowering, node: ast.Call, name: str, count: int, hint: str) -> list[ast.expr]:
    """The `count` positional arguments of a call; gives the statement up where there are others."""
    if len(node.args) != count or node.keywords or any(isinstance(a, ast.Starred) for a in node.args):
        title = f"`{name}` takes {COUNTS[count]}"
        raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(node), hint=hint))
    return node.args


def named_arguments(
    lowering: Lowering, node: ast.Call, name: str, required: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, ast.expr]:
    """The arguments by the names of the parameters, of which the `required` ones are given."""
    parameters = [*required, *optional]
    found = dict(zip(parameters, node.args, strict=False))
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    wrong = len(node.args) > len(parameters) or any(isinstance(a, ast.Starred) for a in node.args)
    if wrong or not given.keys() <= set(parameters) - found.keys() or not {*found, *given} >= set(required):
        title = f"`{name}` takes {' and '.join(f'`{each}`' for each in required) or 'no array'}"
        title += "".join(f", and may be given `{each}=`" for each in optional)
        hint = f"write `{name}({', '.join([*required, *(f'{each}=...' for each in optional)])})`"
        raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(node), hint=hint))
    return {**found, **{key: value for key, value in given.items() if key is not None}}


def constant_of(lowering: Lowering, node: ast.expr, what: str) -> object:
    """The compile-time value of an argument that must have one, the same in every PE."""
    match node:
        case Known(value=value) if value is FAILED:
            raise Rejected
        case Known(value=value) | ast.Constant(value=value):
            return value
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return tuple(constant_of(lowering, element, what) for element in elements)
    title = f"{what} must be known at compile time, the same for every PE"
    raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(node), hint="write a constant"))
