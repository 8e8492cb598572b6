"""Reads and binds the parameters of kernels."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from spatial.kernel.definition import Kernel
from spatial.kernel.depth import too_deep
from spatial.kernel.errors import MOST_ELEMENTS, ArrayTooLarge, NotSupported, WrongArguments
from spatial.kernel.references import ArrayRef
from spatial.meta.errors import UndefinedName
from spatial.meta.names import suggestion
from spatial.source.errors import ProgramError
from spatial.source.report import Label, Problem, Report
from spatial.source.span import Span
from spatial.source.text import FunctionText
from spatial.types.dtype import as_dtype, bool_, float32, int32
from spatial.types.tensor import TensorType

__all__ = ["ArgumentMismatch", "UntypedParameter", "bind_arrays", "check_depth", "evaluated", "parameter_types"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UntypedParameter:
    """A parameter that is not declared as an array."""

    name: str
    found: str
    span: Span
    better: str = "float32[M, N]"

    def report(self) -> Report:
        return Report(
            code="parameter/type",
            title=f"the parameter `{self.name}` is not declared as an array",
            primary=Label(self.span, self.found),
            hint=f"write `{self.name}: {self.better}`",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentMismatch:
    """A kernel's parameter and the region's array that is given for it differ."""

    parameter: str
    type: str
    array: str
    array_type: str
    span: Span
    array_span: Span

    def report(self) -> Report:
        return Report(
            code="parameter/mismatch",
            title=f"the parameter `{self.parameter}` is given an array of another type",
            primary=Label(self.span, f"declared as `{self.type}`"),
            related=(Label(self.array_span, f"`{self.array}` is `{self.array_type}`"),),
            hint="declare both alike",
        )


def check_depth(text: FunctionText) -> Problem | None:
    """Refuses code nested so deeply that nothing could walk it."""
    deep = too_deep(text.node.body)
    if deep is None:
        return None
    hint = "compute it in several statements"
    return NotSupported(what="code nested this deeply", span=text.span(deep), hint=hint)


def parameter_types(
    text: FunctionText, environment: Mapping[str, object], annotations: Mapping[str, object]
) -> tuple[dict[str, tuple[TensorType, Span]], list[Problem]]:
    """The array type of each parameter with the place of its declaration."""
    found: dict[str, tuple[TensorType, Span]] = {}
    problems: list[Problem] = _odd_parameters(text)
    for argument in text.node.args.args:
        if argument.annotation is None:
            untyped = UntypedParameter(name=argument.arg, found="it has no type", span=text.span(argument))
            problems.append(untyped)
            continue
        type_ = evaluated(annotations.get(argument.arg), argument, text, environment)
        if isinstance(type_, TensorType) and type_.size > MOST_ELEMENTS:
            problems.append(ArrayTooLarge(span=text.span(argument.annotation)))
        elif isinstance(type_, TensorType):
            found[argument.arg] = (type_, text.span(argument))
        elif isinstance(type_, UndefinedName | UntypedParameter):
            problems.append(type_)
        else:
            problems.append(_no_array(type_, argument.arg, text.span(argument.annotation)))
    return found, problems


def _no_array(type_: object, name: str, span: Span) -> UntypedParameter:
    """A scalar is given as an array of one element; anything else is typed wrongly."""
    spelled = f"`{getattr(type_, '__name__', type_)}` is no array type"
    scalar = {int: int32, float: float32}.get(type_, as_dtype(type_)) if isinstance(type_, type) else as_dtype(type_)
    if scalar is None:
        return UntypedParameter(name=name, found=spelled, span=span)
    return UntypedParameter(name=name, found=spelled, span=span, better=f"{'bool_' if scalar == bool_ else scalar}[1]")


def _odd_parameters(text: FunctionText) -> list[Problem]:
    """Parameters that no array can be given for by position."""
    given = text.node.args
    kinds = [
        *((argument, "a positional-only parameter") for argument in given.posonlyargs),
        *((argument, "a keyword-only parameter") for argument in given.kwonlyargs),
        *((argument, "a parameter that takes any number of arguments") for argument in (given.vararg,) if argument),
        *((argument, "a parameter that takes any keywords") for argument in (given.kwarg,) if argument),
    ]
    problems: list[Problem] = [
        NotSupported(
            what=what, span=text.span(argument), hint=f"write `{argument.arg}: float32[M, N]`", where="a signature"
        )
        for argument, what in kinds
    ]
    for default in (*given.defaults, *filter(None, given.kw_defaults)):
        hint = "leave it out: arrays are given by the region"
        problems.append(NotSupported(what="a default", span=text.span(default), hint=hint, where="a signature"))
    return problems


def evaluated(annotation: object, argument: ast.arg, text: FunctionText, environment: Mapping[str, object]) -> object:
    """An annotation, also where `from __future__ import annotations` keeps it as text; or what is wrong with it."""
    if not isinstance(annotation, str):
        return annotation
    written = argument.annotation
    assert written is not None, "an annotation that is text stands in the text"
    try:
        return eval(annotation, dict(environment))
    except NameError as error:
        names = [node for node in ast.walk(written) if isinstance(node, ast.Name) and node.id == error.name]
        if names:
            hint = suggestion(names[0].id, (), environment)
            return UndefinedName(name=names[0].id, span=text.span(names[0]), hint=hint)
        told = str(error)
    except ProgramError as error:
        told = error.problems[0].report().title
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
    return UntypedParameter(name=argument.arg, found=told, span=text.span(written))


def bind_arrays(
    kernel: Kernel,
    text: FunctionText,
    types: Mapping[str, tuple[TensorType, Span]],
    environment: Mapping[str, object],
    region: Mapping[str, ArrayRef],
) -> tuple[dict[str, ArrayRef], list[Problem]]:
    """For each parameter of a kernel the array that it is.

    Without `args=` that is the array its name means around the kernel, or a parameter of the region.
    """
    names = [argument.arg for argument in text.node.args.args]
    if kernel.args is not None and len(kernel.args) != len(names):
        arrays, parameters = _count(len(kernel.args), "array"), _count(len(names), "parameter")
        title = f"`args` gives {arrays}, `{kernel.name}` has {parameters}"
        hint = f"write `args=[{', '.join(names)}]`"
        return {}, [WrongArguments(title=title, span=_args_span(text), hint=hint)]
    bound: dict[str, ArrayRef] = {}
    problems: list[Problem] = []
    for position, name in enumerate(names):
        if name not in types:
            continue
        given = _array_named(name, environment, region) if kernel.args is None else kernel.args[position]
        if isinstance(given, ArrayRef) and given.type == types[name][0]:
            bound[name] = given
        else:
            problems.append(_misfit(kernel, text, given, position, types[name]))
    return bound, problems


def _array_named(name: str, environment: Mapping[str, object], region: Mapping[str, ArrayRef]) -> ArrayRef | None:
    around = environment.get(name)
    return around if isinstance(around, ArrayRef) else region.get(name)


def _misfit(
    kernel: Kernel, text: FunctionText, given: object, position: int, declared: tuple[TensorType, Span]
) -> Problem:
    """Why a parameter cannot be the array that is given for it."""
    type_, span = declared
    name = text.node.args.args[position].arg
    if isinstance(given, ArrayRef):
        return ArgumentMismatch(
            parameter=name,
            type=str(type_),
            array=given.name,
            array_type=str(given.type),
            span=span,
            array_span=given.span,
        )
    if kernel.args is None:
        title = f"no array is given for the parameter `{name}`"
        hint = f"call a parameter of the region `{name}` too, or list the region's arrays in `args=[...]`"
        return WrongArguments(title=title, span=span, hint=hint)
    spelled = type(given).__name__
    title = f"`args` gives a value of type `{spelled}` for `{name}`, not an array of the region"
    return WrongArguments(title=title, span=_args_span(text, position), hint="give parameters of the region")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _args_span(text: FunctionText, position: int | None = None) -> Span:
    """Where a decorator says `args=`; with `position`, the argument there."""
    for decorator in text.node.decorator_list:
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            if keyword.arg == "args":
                value = keyword.value
                elements = value.elts if isinstance(value, ast.List | ast.Tuple) else []
                if position is not None and position < len(elements):
                    return text.span(elements[position])
                return text.span(value)
    return text.name_span()
