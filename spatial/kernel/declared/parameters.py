"""Settles a kernel's parameters: streams and compile-time values become names of its surroundings."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace

from spatial.kernel.declared.definition import Kernel
from spatial.kernel.declared.generics import annotations_of
from spatial.kernel.declared.given import NoStream, Parameter, check_given, every_parameter
from spatial.kernel.declared.references import ArrayRef
from spatial.kernel.declared.signature import evaluated
from spatial.source.report import Problem
from spatial.source.text import FunctionText, function_text
from spatial.stream.stream import Channels, StreamType
from spatial.types.dtype import as_dtype

__all__ = ["Settled", "settle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A kernel whose parameters are arrays only, and its surroundings, which know the others by name."""

    kernel: Kernel
    text: FunctionText
    annotations: Mapping[str, object]
    environment: Mapping[str, object]
    problems: tuple[Problem, ...] = ()


def settle(kernel: Kernel) -> Settled:
    """The kernel without its parameters that are streams or compile-time values, which its surroundings now hold."""
    text, environment = function_text(kernel.function), kernel.environment()
    text = replace(text, at=kernel.span) if kernel.ours else text
    annotations = dict(annotations_of(kernel.function, text, kernel.types))
    given = text.node.args
    parameters = every_parameter(given) if kernel.called else list(given.args)
    plain = Settled(kernel=kernel, text=text, annotations=annotations, environment=environment)
    if kernel.args is not None and len(kernel.args) != len(parameters):
        return plain
    kept: list[tuple[ast.arg, object]] = []
    names: dict[str, object] = {}
    problems: list[Problem] = []
    for position, argument in enumerate(parameters):
        type_ = evaluated(annotations.get(argument.arg), argument, text, environment)
        named = environment.get(argument.arg, kernel.given.get(argument.arg))
        value = named if kernel.args is None else kernel.args[position]
        is_given = kernel.args is not None or argument.arg in kernel.given
        parameter = Parameter(name=argument.arg, type=type_, span=text.span(argument))
        wrong = _check(kernel, parameter, value)
        if wrong is not None:
            problems.append(wrong)
        if _is_settled(type_, value, is_given=is_given) or wrong is not None:
            names[argument.arg] = value
            continue
        if type_ is None and isinstance(value, ArrayRef):
            place = ast.copy_location(ast.Name(argument.arg, ast.Load()), argument)
            argument = ast.copy_location(ast.arg(argument.arg, place), argument)
            annotations[argument.arg] = value.type
        kept.append((argument, value))
    arguments = _arguments(given, [argument for argument, _ in kept], called=kernel.called)
    return Settled(
        kernel=kernel if kernel.args is None else replace(kernel, args=tuple(value for _, value in kept)),
        text=replace(text, node=_with_arguments(text.node, arguments)),
        annotations=annotations,
        environment={**environment, **names},
        problems=tuple(problems),
    )


def _check(kernel: Kernel, parameter: Parameter, value: object) -> Problem | None:
    """What is wrong with a stream, or with anything a call gives; arrays listed in `args=` are checked when bound."""
    if isinstance(parameter.type, StreamType) and kernel.args is None and value is None:
        return NoStream(parameter=parameter.name, span=parameter.span)
    if isinstance(parameter.type, StreamType) or (kernel.called and not _is_problem(parameter.type)):
        return check_given(parameter, value, kernel.span)
    return None


def _is_settled(type_: object, value: object, *, is_given: bool) -> bool:
    """Whether a parameter is known once its kernel is instantiated; arrays are not."""
    if isinstance(type_, StreamType):
        return True
    if not is_given or isinstance(value, ArrayRef) or _is_problem(type_):
        return False
    if isinstance(value, Channels):
        return type_ is None
    return type_ is None or isinstance(type_, type) or as_dtype(type_) is not None


def _is_problem(type_: object) -> bool:
    return hasattr(type_, "report")


def _arguments(given: ast.arguments, kept: list[ast.arg], *, called: bool) -> ast.arguments:
    """The signature with the parameters that are kept; a call has given the defaults."""
    if called:
        return ast.arguments([], kept, None, [], [], None, [])
    return ast.arguments(
        given.posonlyargs, kept, given.vararg, given.kwonlyargs, given.kw_defaults, given.kwarg, given.defaults
    )


def _with_arguments(node: ast.FunctionDef, arguments: ast.arguments) -> ast.FunctionDef:
    """A copy of the definition with another signature; its body is the same."""
    fields = {**dict(ast.iter_fields(node)), "args": arguments}
    return ast.copy_location(ast.FunctionDef(**fields), node)
