"""Lowers `print` and `assert`: texts that are put together while the program runs."""

import ast
import builtins
from collections.abc import Callable, Iterator, Mapping

from spatial.ir.messages import check, say, text_of
from spatial.ir.mlir import ir
from spatial.kernel.errors import WrongArguments, WrongUse
from spatial.kernel.lower.lowering import Lowering, Rejected
from spatial.kernel.lower.values import ArrayValue, Literal, Scalar, Tuple, Varying, number_type
from spatial.meta.plain import Known
from spatial.meta.trace import FAILED
from spatial.types.dtype import Bool, DType, Fixed, Struct, is_float
from spatial.types.fixed import as_number

__all__ = ["assert_", "print_"]

CONVERSIONS = {-1: "", ord("s"): "s", ord("r"): "r", ord("a"): "a"}
CONVERTED: Mapping[str, Callable[[object], object]] = {"": lambda value: value, "s": str, "r": repr, "a": ascii}


Pieces = list[str | ir.Value]


def print_(lowering: Lowering, node: ast.expr) -> bool:
    """Lowers an expression statement if it calls `print`."""
    if not (isinstance(node, ast.Call) and lowering.scope.resolve(node.func) is builtins.print):
        return False
    options = {"sep": " ", "end": "\n"}
    for keyword in node.keywords:
        if keyword.arg not in options:
            hint = "`print` in a kernel takes `sep=` and `end=`, and writes to the screen"
            title = f"`print` takes no `{keyword.arg}` here" if keyword.arg else "`print` takes no `**` here"
            raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(keyword), hint=hint))
        options[keyword.arg] = _option(lowering, keyword, options[keyword.arg])
    text: Pieces = []
    for position, argument in enumerate(node.args):
        if position:
            text.append(options["sep"])
        _add(lowering, text, argument)
    say(text, options["end"])
    return True


def assert_(lowering: Lowering, node: ast.stmt) -> None:
    """`assert condition, message`: the run ends where the condition does not hold."""
    assert isinstance(node, ast.Assert), "the table of statements says so"
    condition = lowering.truth(node.test)
    text: Pieces = []
    if node.msg is not None:
        _add(lowering, text, node.msg)
    check(condition.value, text)


def _option(lowering: Lowering, keyword: ast.keyword, default: str) -> str:
    """The value of `sep=` or `end=`; None stands for the default, as in Python."""
    value = getattr(keyword.value, "value", FAILED)
    if isinstance(keyword.value, ast.Constant | Known) and (value is None or isinstance(value, str)):
        return default if value is None else value
    title = f"`{keyword.arg}=` of `print` is a compile-time text"
    hint = f'write `{keyword.arg}=", "`'
    raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(keyword.value), hint=hint))


def _add(lowering: Lowering, text: Pieces, node: ast.expr, conversion: str = "", form: str = "") -> None:
    """Adds what an expression says."""
    match node:
        case ast.JoinedStr(values=parts):
            for part in parts:
                _add(lowering, text, part)
        case ast.FormattedValue(value=value, conversion=number, format_spec=spec):
            _add(lowering, text, value, CONVERSIONS[number], _form(lowering, spec))
        case ast.Constant(value=value) | Known(value=value):
            if value is FAILED:
                raise Rejected
            text.append(_formatted(lowering, value, conversion, form, node))
        case _:
            _add_running(lowering, text, node, conversion, form)


def _add_running(lowering: Lowering, text: Pieces, node: ast.expr, conversion: str, form: str) -> None:
    value = lowering.expression(node)
    if isinstance(value, Tuple | ArrayValue):
        raise _no_number(lowering, value, node)
    match value:
        case Literal(value=number):
            text.append(_formatted(lowering, number, conversion, form, node))
        case Varying(column=column, values=numbers):
            _check_form(lowering, numbers[0], conversion, form, node)
            text.append(text_of(lowering.arguments[column], str(number_type(numbers[0])), conversion, form))
        case Scalar(value=known, dtype=dtype):
            _check_form(lowering, _sample(dtype), conversion, form, node)
            text.append(text_of(known, str(dtype), conversion, form))


def _no_number(lowering: Lowering, value: object, node: ast.expr) -> Rejected:
    if isinstance(value, Tuple):
        title, hint = "several values are printed as one", "separate them by commas"
    else:
        title, hint = "an array is printed element by element", "write `print(A[k])` in a loop"
    return lowering.rejected(WrongUse(title=title, span=lowering.spans(node), hint=hint))


def _form(lowering: Lowering, node: ast.expr | None) -> str:
    """A format, which is known at compile time."""
    return "".join(_form_parts(lowering, node)) if node is not None else ""


def _form_parts(lowering: Lowering, node: ast.expr) -> Iterator[str]:
    match node:
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from _form_parts(lowering, part)
        case ast.FormattedValue(value=ast.Constant(value=value) | Known(value=value)):
            yield str(value)
        case ast.Constant(value=value) | Known(value=value):
            yield str(value)
        case _:
            title = "a format must be known at compile time"
            raise lowering.rejected(
                WrongUse(title=title, span=lowering.spans(node), hint="write a constant, such as `:4d`")
            )


def _formatted(lowering: Lowering, value: object, conversion: str, form: str, node: ast.expr) -> str:
    """A compile-time value as text."""
    try:
        return format(CONVERTED[conversion](value), form)
    except (TypeError, ValueError) as error:
        title = f"`{form}` formats no value of type `{type(value).__name__}`: {error}"
        hint = "write a format that Python has, such as `:4d`, `:08x` or `:.3f`"
        raise lowering.rejected(WrongArguments(title=title, span=lowering.spans(node), hint=hint)) from None


def _check_form(lowering: Lowering, sample: object, conversion: str, form: str, node: ast.expr) -> None:
    if form:
        _formatted(lowering, sample, conversion, form, node)


def _sample(dtype: DType) -> object:
    """A value of a type as Python knows it."""
    match dtype:
        case Bool():
            return False
        case Fixed():
            return as_number(0, dtype)
        case Struct():
            return {}
    return 0.0 if is_float(dtype) else 0
