"""Compiles a function, or a kernel that stands alone, to a program."""

import ast
import inspect
import types
from collections.abc import Mapping
from dataclasses import replace

from spatial.kernel.declared.definition import Kernel, Place
from spatial.kernel.declared.environment import names_around
from spatial.kernel.declared.generics import annotations_of, open_types
from spatial.kernel.declared.given import every_parameter
from spatial.kernel.declared.references import ArrayRef
from spatial.kernel.declared.signature import Declared, UntypedParameter, declaration, evaluated
from spatial.kernel.errors import NotSupported
from spatial.region.definition import Region
from spatial.region.program import Program, assembled, compile_region, reference
from spatial.source.errors import Misuse, ProgramError
from spatial.source.report import Problem
from spatial.source.span import caller_span
from spatial.source.text import FunctionText, function_text
from spatial.stream.stream import Stream

__all__ = ["Compilable", "compile_program"]

Compilable = Region | Kernel | types.FunctionType


def compile_program(given: Compilable, *, keeps_calls: bool = False) -> Program:
    """Compiles a region, a kernel that stands alone, or a function with types, each with its closure as it is now.

    A function is a kernel of one PE that may return values. With `keeps_calls` what a called function does stands
    together in a `WrittenOp`. Raises `ProgramError` with every problem found.
    """
    match given:
        case Region():
            return compile_region(given, keeps_calls=keeps_calls)
        case Kernel():
            return _alone(given, keeps_calls=keeps_calls)
        case _:
            return _alone(_as_kernel(given), keeps_calls=keeps_calls)


def _as_kernel(function: types.FunctionType) -> Kernel:
    """A function as the kernel that it is; raises `ProgramError` where it can be none."""
    span = caller_span()
    title, hint = "", "write `def name(...):`"
    if function.__name__ == "<lambda>":
        title = "a program is a function with a name, not a `lambda`"
    elif function.__code__.co_flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        title = f"a program is a plain function, `{function.__name__}` is declared with `async`"
    elif inspect.isgeneratorfunction(function):
        title = f"a program is a plain function, `{function.__name__}` contains `yield`"
        hint = "return an array, or put into a stream: `out: Stream[int32]` among the parameters"
    if title:
        raise ProgramError([Misuse(title=title, span=span, hint=hint, code="definition/function")])
    closure = names_around(function)
    return Kernel(function=function, mapping=(1,), args=None, span=span, closure=closure, returns=True)


def _alone(kernel: Kernel, *, keeps_calls: bool) -> Program:
    """The program of one kernel, whose parameters are those of the program."""
    if kernel.place is not None:
        title = f"the kernel `{kernel.name}` belongs to a region"
        hint = "give the region, or declare the kernel outside of it"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])
    if missing := open_types(kernel.function, kernel.types):
        problem = Misuse(title=missing.title, span=caller_span(), hint=missing.hint, code="definition/type-parameters")
        raise ProgramError([problem])
    text = function_text(kernel.function)
    if kernel.returns and _declares_kernels(text):
        title = f"`{kernel.name}` declares functions under a decorator, as a region does"
        hint = "put `@sp.region()` above the function"
        raise ProgramError([Misuse(title=title, span=text.name_span(), hint=hint)])
    arguments, problems = _arguments(kernel, text)
    if problems:
        raise ProgramError(problems)
    given = {name: value for name, value in arguments.items() if isinstance(value, ArrayRef | Stream)}
    place = Place(given=dict(given))
    placed = replace(kernel, args=tuple(arguments.values()), place=place, span=text.name_span(), called=True)
    return assembled(kernel.name, given, [placed], text.name_span(), keeps_calls=keeps_calls)


def _declares_kernels(text: FunctionText) -> bool:
    nested = (node for statement in text.node.body for node in ast.walk(statement))
    return any(isinstance(node, ast.FunctionDef) and node.decorator_list for node in nested)


def _arguments(kernel: Kernel, text: FunctionText) -> tuple[dict[str, object], list[Problem]]:
    """For each parameter what it is: an array, scalar or stream of the program, or the value of its default."""
    written = text.node.args
    problems: list[Problem] = [_any_number(starred, text) for starred in (written.vararg, written.kwarg) if starred]
    defaults = _defaults(kernel.function)
    annotations, environment = annotations_of(kernel.function, text, kernel.types), kernel.environment()
    found: dict[str, object] = {}
    for argument in every_parameter(written):
        if argument in (written.vararg, written.kwarg):
            continue
        if argument.arg in defaults:
            found[argument.arg] = defaults[argument.arg]
            continue
        made = _parameter(argument, text, annotations, environment)
        if isinstance(made, ArrayRef | Stream):
            found[argument.arg] = made
        else:
            problems.append(made)
    return found, problems


def _parameter(
    argument: ast.arg, text: FunctionText, annotations: Mapping[str, object], environment: Mapping[str, object]
) -> ArrayRef | Stream | Problem:
    """What a parameter without a default is, or what is wrong with it."""
    span = text.span(argument)
    if argument.annotation is None:
        return UntypedParameter(name=argument.arg, found="it has no type", span=span)
    said = evaluated(annotations.get(argument.arg), argument, text, environment)
    declared = declaration(said, argument.arg, span, text.span(argument.annotation))
    return reference(argument.arg, declared) if isinstance(declared, Declared) else declared


def _defaults(function: types.FunctionType) -> dict[str, object]:
    """The values of defaults by the names of their parameters."""
    parameters = inspect.signature(function).parameters.values()
    return {each.name: each.default for each in parameters if each.default is not each.empty}


def _any_number(argument: ast.arg, text: FunctionText) -> Problem:
    what, hint = "a parameter that takes any number of arguments", f"write `{argument.arg}: float32[M, N]`"
    return NotSupported(what=what, span=text.span(argument), hint=hint, where="a signature")
