"""Instantiates regions: runs a region's body in a place of its own."""

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spatial.kernel.declared.definition import Place, in_order, inside
from spatial.kernel.declared.environment import environment_of
from spatial.kernel.declared.generics import annotations_of, open_types
from spatial.kernel.declared.given import Parameter, check_given, every_parameter
from spatial.kernel.declared.signature import check_depth, evaluated
from spatial.region.body import run_body
from spatial.source.errors import Misuse, ProgramError
from spatial.source.report import Problem
from spatial.source.span import Span
from spatial.source.text import FunctionText, function_text

__all__ = ["MOST_NESTED", "Body", "inner_place", "instantiate"]

MOST_NESTED = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A region's function with what its text can mean; `bound` are the values of its type parameters."""

    function: types.FunctionType
    enclosing: Mapping[str, object]
    bound: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> FunctionText:
        """Its definition in its file."""
        return function_text(self.function)

    def environment(self) -> dict[str, object]:
        """Every name the text can mean, as it is now."""
        return {**environment_of(self.function, self.enclosing), **self.bound}

    def annotations(self) -> Mapping[str, object]:
        """What its parameters are declared as."""
        return annotations_of(self.function, self.text, self.bound)

    def parameter_types(self) -> dict[str, object]:
        """The evaluated declaration of each parameter in order: a type, None, or what is wrong with it."""
        text, environment, annotations = self.text, self.environment(), self.annotations()
        parameters = every_parameter(text.node.args)
        return {each.arg: evaluated(annotations.get(each.arg), each, text, environment) for each in parameters}

    def check(self, span: Span) -> None:
        """Raises `ProgramError` where its type parameters have no values, or its text is nested too deeply."""
        if missing := open_types(self.function, self.bound):
            raise ProgramError(
                [Misuse(title=missing.title, span=span, hint=missing.hint, code="definition/type-parameters")]
            )
        if (deep := check_depth(self.text)) is not None:
            raise ProgramError([deep])

    def run(self, arguments: Mapping[str, object], place: Place) -> object:
        """Runs it as the instance at `place`; what it returns."""
        with inside(place):
            return run_body(self.function, self.text, arguments, self.environment())


def instantiate(
    body: Body, outer: Place, arguments: Sequence[object], keywords: Mapping[str, object], span: Span
) -> object:
    """Runs a region's body inside of another instance, called at `span`; what it returns.

    Raises `ProgramError` where the arguments do not fit its parameters.
    """
    body.check(span)
    given = _bind(body, arguments, keywords, span)
    place = inner_place(body.function.__name__, outer, given, span)
    return body.run(given, place)


def inner_place(name: str, outer: Place, given: Mapping[str, object], span: Span) -> Place:
    """The next instance of a region called `name` in `outer`; without parameters it has those of `outer`."""
    if outer.depth >= MOST_NESTED:
        title = f"regions are nested more than {MOST_NESTED} deep: `{name}` instantiates itself without end"
        hint = "end the recursion: instantiate it only while a compile-time number is left"
        raise ProgramError([Misuse(title=title, span=span, hint=hint, code="call/recursion")])
    path = f"{outer.path}{name}[{outer.instances[name]}]."
    outer.instances[name] += 1
    objects = dict(given) if given else outer.given
    return Place(path=path, given=objects, kernels=outer.kernels, depth=outer.depth + 1)


def _bind(body: Body, arguments: Sequence[object], keywords: Mapping[str, object], span: Span) -> dict[str, object]:
    """The object that each parameter is, each checked against its declaration."""
    values = in_order(body.function, "region", arguments, keywords, span)
    text, types = body.text, body.parameter_types()
    parameters = every_parameter(text.node.args)
    problems: list[Problem] = []
    for argument, value in zip(parameters, values, strict=True):
        parameter = Parameter(name=argument.arg, type=types[argument.arg], span=text.span(argument))
        if (problem := check_given(parameter, value, span)) is not None:
            problems.append(problem)
    if problems:
        raise ProgramError(problems)
    return {argument.arg: value for argument, value in zip(parameters, values, strict=True)}
