"""Reads and binds the parameters of kernels."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.kernel.definition import ArrayRef, Kernel
from spatial.kernel.errors import NotSupported, WrongArguments
from spatial.source.report import Label, Problem, Report
from spatial.source.span import Span
from spatial.source.text import FunctionText
from spatial.types.tensor import TensorType

__all__ = ["ArgumentMismatch", "UntypedParameter", "bind_arrays", "parameter_types"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UntypedParameter:
    """A parameter that is not declared as an array."""

    name: str
    found: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="parameter/type",
            title=f"the parameter `{self.name}` is not declared as an array",
            primary=Label(self.span, self.found),
            hint=f"write `{self.name}: float32[M, N]`",
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


def parameter_types(
    text: FunctionText, environment: Mapping[str, object], annotations: Mapping[str, object]
) -> tuple[dict[str, tuple[TensorType, Span]], list[Problem]]:
    """The array type of each parameter with the place of its declaration."""
    found: dict[str, tuple[TensorType, Span]] = {}
    problems: list[Problem] = []
    signature = text.node.args
    odd = [*signature.posonlyargs, *signature.kwonlyargs, *filter(None, (signature.vararg, signature.kwarg))]
    for argument in odd:
        problems.append(
            NotSupported(what="this kind of parameter", span=text.span(argument), hint="write `A: T[M, N]`")
        )
    for default in signature.defaults:
        problems.append(NotSupported(what="a default for a parameter", span=text.span(default)))
    for argument in signature.args:
        type_ = _evaluated(annotations.get(argument.arg), environment)
        span = text.span(argument)
        if isinstance(type_, TensorType):
            found[argument.arg] = (type_, span)
        elif argument.annotation is None:
            problems.append(UntypedParameter(name=argument.arg, found="it has no type", span=span))
        else:
            spelled = getattr(type_, "__name__", type_)
            place = text.span(argument.annotation)
            problems.append(UntypedParameter(name=argument.arg, found=f"`{spelled}` is no array type", span=place))
    return found, problems


def _evaluated(annotation: object, environment: Mapping[str, object]) -> object:
    """An annotation, also where `from __future__ import annotations` keeps it as text."""
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(annotation, dict(environment))
    except Exception as error:
        return f"{annotation} ({error})"


def bind_arrays(
    kernel: Kernel, text: FunctionText, types: Mapping[str, tuple[TensorType, Span]], region: Mapping[str, ArrayRef]
) -> tuple[dict[str, ArrayRef], list[Problem]]:
    """For each parameter of a kernel the region's array that it is."""
    names = [argument.arg for argument in text.node.args.args]
    problems: list[Problem] = []
    if kernel.args is not None and len(kernel.args) != len(names):
        title = f"`args` gives {len(kernel.args)} arrays, `{kernel.name}` has {len(names)} parameters"
        hint = f"write `args=[{', '.join(names)}]`"
        return {}, [WrongArguments(title=title, span=_decorator_span(text), hint=hint)]
    bound: dict[str, ArrayRef] = {}
    for position, name in enumerate(names):
        given = region.get(name) if kernel.args is None else kernel.args[position]
        if name not in types:
            continue
        type_, span = types[name]
        if not isinstance(given, ArrayRef):
            title = f"no array is given for the parameter `{name}`"
            hint = f"call the region's parameter `{name}` too, or list the arrays in `args=[...]`"
            problems.append(WrongArguments(title=title, span=span, hint=hint))
        elif given.type != type_:
            problems.append(
                ArgumentMismatch(
                    parameter=name,
                    type=str(type_),
                    array=given.name,
                    array_type=str(given.type),
                    span=span,
                    array_span=given.span,
                )
            )
        else:
            bound[name] = given
    return bound, problems


def _decorator_span(text: FunctionText) -> Span:
    decorators = text.node.decorator_list
    return text.span(decorators[0] if decorators else text.node)
