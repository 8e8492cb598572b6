"""Reads and binds the parameters of kernels."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from spatial.kernel.checks.depth import too_deep
from spatial.kernel.declared.definition import Kernel
from spatial.kernel.declared.references import ArrayRef
from spatial.kernel.declared.tiles import Tile, check_placements, tile_of
from spatial.kernel.errors import MOST_ELEMENTS, ArrayTooLarge, NotSupported, WrongUse
from spatial.meta.errors import UndefinedName
from spatial.meta.names import suggestion
from spatial.source.errors import Misuse, ProgramError
from spatial.source.report import Label, Problem, Report
from spatial.source.span import Span
from spatial.source.text import FunctionText
from spatial.stream.stream import StreamType
from spatial.types.dtype import DType, as_dtype
from spatial.types.qualifiers import Placement, Qualified
from spatial.types.tensor import TensorType

__all__ = [
    "ArgumentMismatch",
    "Declared",
    "UntypedParameter",
    "bind_arrays",
    "check_depth",
    "cut_arrays",
    "evaluated",
    "parameter_types",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class UntypedParameter:
    """A parameter that is not declared as anything a kernel or region takes."""

    name: str
    found: str
    span: Span
    better: str = "float32[M, N]"

    def report(self) -> Report:
        return Report(
            code="parameter/type",
            title=f"the parameter `{self.name}` is not declared as an array, a scalar or a stream",
            primary=Label(self.span, self.found),
            hint=f"write `{self.name}: {self.better}`",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentMismatch:
    """A kernel's parameter and the array or scalar that is given for it differ."""

    parameter: str
    type: str
    array: str
    array_type: str
    span: Span
    array_span: Span
    what: str = "an array of another type"

    def report(self) -> Report:
        return Report(
            code="parameter/mismatch",
            title=f"the parameter `{self.parameter}` is given {self.what}",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A parameter as it is declared; `storage` is what it is bound to, `placements` how its dimensions are cut."""

    type: TensorType | DType | StreamType
    span: Span
    storage: str = ""
    placements: tuple[Placement, ...] = ()


def parameter_types(
    text: FunctionText, environment: Mapping[str, object], annotations: Mapping[str, object]
) -> tuple[dict[str, Declared], list[Problem]]:
    """What each parameter is declared as."""
    found: dict[str, Declared] = {}
    problems: list[Problem] = _odd_parameters(text)
    for argument in text.node.args.args:
        if argument.annotation is None:
            untyped = UntypedParameter(name=argument.arg, found="it has no type", span=text.span(argument))
            problems.append(untyped)
            continue
        given = evaluated(annotations.get(argument.arg), argument, text, environment)
        declared = declaration(given, argument.arg, text.span(argument), text.span(argument.annotation))
        if isinstance(declared, Declared):
            found[argument.arg] = declared
        else:
            problems.append(declared)
    return found, problems


def declaration(annotation: object, name: str, span: Span, type_span: Span) -> Declared | Problem:
    """What a parameter's annotation says, or what is wrong with it."""
    if isinstance(annotation, UndefinedName | UntypedParameter):
        return annotation
    said = annotation if isinstance(annotation, Qualified) else Qualified(type=annotation)
    type_ = as_dtype(said.type) or said.type
    if isinstance(type_, TensorType) and type_.size > MOST_ELEMENTS:
        return ArrayTooLarge(span=type_span)
    if not isinstance(type_, TensorType | DType | StreamType):
        return _no_type(type_, name, type_span)
    if (said.qualifiers or said.placements) and not isinstance(type_, TensorType):
        return WrongUse(title=f"only an array is stored or cut, `{name}` is `{type_}`", span=type_span)
    if said.stateful:
        title = f"the parameter `{name}` keeps no values of its own"
        return WrongUse(title=title, span=type_span, hint="declare a local in the kernel: `x: int32 @ sp.Stateful = 0`")
    return Declared(type=type_, span=span, storage=str(said.storage or ""), placements=said.placements)


def _no_type(type_: object, name: str, span: Span) -> UntypedParameter:
    spelled = f"`{getattr(type_, '__name__', type_)}` is no type of a parameter"
    better = {int: "int32", float: "float32"}.get(type_) if isinstance(type_, type) else None
    return UntypedParameter(name=name, found=spelled, span=span, better=better or "float32[M, N]")


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
        hint = "leave it out: the region gives its parameters a value"
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
    types: Mapping[str, Declared],
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
        return {}, [Misuse(title=title, span=_args_span(text), hint=hint, code="kernel/args")]
    bound: dict[str, ArrayRef] = {}
    problems: list[Problem] = []
    for position, name in enumerate(names):
        if name not in types:
            continue
        given = _array_named(name, environment, region) if kernel.args is None else kernel.args[position]
        if isinstance(given, ArrayRef) and given.type == types[name].type:
            bound[name] = given
        else:
            problems.append(_misfit(kernel, text, given, position, types[name]))
    return bound, problems


def cut_arrays(
    kernel: Kernel, types: Mapping[str, Declared], arrays: Mapping[str, ArrayRef]
) -> tuple[dict[str, Tile], list[Problem]]:
    """What a kernel's PEs see of each of its parameters; of one without an array, all that is declared."""
    tiles: dict[str, Tile] = {}
    problems: list[Problem] = []
    for name, declared in types.items():
        wrong, given = None, arrays.get(name)
        if declared.placements and isinstance(declared.type, TensorType):
            wrong = check_placements(name, declared.type, declared.placements, kernel.mapping, declared.span)
        if wrong is not None:
            problems.append(wrong)
        if isinstance(declared.type, StreamType):
            continue
        whole = Tile(type=declared.type, memory=declared.type, span=declared.span, storage=declared.storage)
        if given is None or wrong is not None:
            tiles[name] = whole
        else:
            tiles[name] = tile_of(given, whole, declared.placements, kernel.mapping)
    return tiles, problems


def _array_named(name: str, environment: Mapping[str, object], region: Mapping[str, ArrayRef]) -> ArrayRef | None:
    around = environment.get(name)
    return around if isinstance(around, ArrayRef) else region.get(name)


def _misfit(kernel: Kernel, text: FunctionText, given: object, position: int, declared: Declared) -> Problem:
    """Why a parameter cannot be the array that is given for it."""
    type_, span = declared.type, declared.span
    name = text.node.args.args[position].arg
    if isinstance(given, ArrayRef):
        alike = isinstance(given.type, TensorType) == isinstance(type_, TensorType)
        return ArgumentMismatch(
            parameter=name,
            type=str(type_),
            array=given.name,
            array_type=str(given.type),
            span=span,
            array_span=given.span,
            what=f"{_article(given.type)} of another type"
            if alike
            else f"{_article(given.type)}, not {_article(type_)}",
        )
    if kernel.args is None:
        thing = "array" if isinstance(type_, TensorType) else "scalar"
        title = f"no {thing} is given for the parameter `{name}`"
        hint = f"declare `{name}` in the region, or list what the kernel is given in `args=[...]`"
        return Misuse(title=title, span=span, hint=hint, code="kernel/args")
    spelled = type(given).__name__
    title = f"`args` gives a value of type `{spelled}` for `{name}`, not an array of the region"
    hint = "give a parameter of the region, or an array that its body declares"
    return Misuse(title=title, span=_args_span(text, position), hint=hint, code="kernel/args")


def _article(type_: object) -> str:
    return "an array" if isinstance(type_, TensorType) else "a scalar"


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
