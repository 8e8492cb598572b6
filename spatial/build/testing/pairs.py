"""Finds which parameter of one program is which of another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatial.build.arguments import written_arrays
from spatial.ir.function import Parameter
from spatial.ir.graph import ActorGraph
from spatial.source.errors import ProgramError
from spatial.source.report import Label, Report
from spatial.source.span import Span, caller_span

__all__ = ["Pairs", "paired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlike:
    """Two programs do not take or give the same things, so nothing can be said of their values."""

    title: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        return Report(code="verify/unlike", title=self.title, primary=Label(self.span), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """By the name of each input and each output in the first program, what it is called in the second.

    `alone` are outputs that one program gives and the other is given to write into, by the name in the latter.
    """

    inputs: tuple[tuple[Parameter, Parameter], ...]
    outputs: Mapping[str, str]
    alone: tuple[Mapping[str, Parameter], Mapping[str, Parameter]]


def paired(first: ActorGraph, second: ActorGraph) -> Pairs:
    """Pairs what two programs take and give: by names where these are the same, else in order.

    An array that one program is given and only writes may be what the other returns. Raises `ProgramError`
    (verify/unlike) where something has no partner, or one of another type.
    """
    span = caller_span()
    outputs, mine, yours = _outputs(first, second, span), _asked(first), _asked(second)
    partners = {name: other for name, other in outputs.items() if name in mine and other in yours}
    lone = (
        {name: mine[name] for name in outputs if name in mine and name not in partners},
        {other: yours[other] for name, other in outputs.items() if other in yours and name not in partners},
    )
    ones = [each for name, each in mine.items() if name not in partners and name not in lone[0]]
    others = [each for name, each in yours.items() if name not in partners.values() and name not in lone[1]]
    inputs = _matched(first, second, ones, others, "takes", span)
    inputs += [(mine[name], yours[other]) for name, other in partners.items()]
    order = list(mine)
    return Pairs(inputs=tuple(sorted(inputs, key=lambda pair: order.index(pair[0].name))), outputs=outputs, alone=lone)


def _asked(graph: ActorGraph) -> Mapping[str, Parameter]:
    return {each.name: each for each in graph.asked}


def _outputs(first: ActorGraph, second: ActorGraph, span: Span) -> Mapping[str, str]:
    """What both write, return, or put into streams."""
    found = _matched(first, second, _given_back(first), _given_back(second), "gives", span)
    return {one.name: other.name for one, other in found}


def _given_back(graph: ActorGraph) -> list[Parameter]:
    names = written_arrays(graph) | graph.outputs | graph.made
    return [each for each in graph.parameters if each.name in names]


def _matched(
    first: ActorGraph,
    second: ActorGraph,
    ones: Sequence[Parameter],
    others: Sequence[Parameter],
    verb: str,
    span: Span,
) -> list[tuple[Parameter, Parameter]]:
    if len(ones) != len(others):
        said = (f"`{graph.name}` {verb} {_names(each)}" for graph, each in ((first, ones), (second, others)))
        title, hint = " and ".join(said), "compare programs of the same parameters"
        raise ProgramError([Unlike(title=title, span=span, hint=hint)])
    by_name = {each.name: each for each in others}
    if by_name.keys() == {each.name for each in ones}:
        others = [by_name[each.name] for each in ones]
    pairs = list(zip(ones, others, strict=True))
    wrong = [(one, other) for one, other in pairs if _form(one) != _form(other)]
    if wrong:
        raise ProgramError([_other_type(first, second, one, other, span) for one, other in wrong])
    return pairs


def _form(parameter: Parameter) -> tuple[object, ...]:
    return parameter.kind, parameter.type, parameter.shape


def _other_type(first: ActorGraph, second: ActorGraph, one: Parameter, other: Parameter, span: Span) -> Unlike:
    title = f"`{one.name}` of `{first.name}` is {_said(one)}, `{other.name}` of `{second.name}` is {_said(other)}"
    return Unlike(title=title, span=span, hint="give both the same type")


def _said(parameter: Parameter) -> str:
    return f"a stream of `{parameter.type}`" if parameter.stream else f"`{parameter.type}`"


def _names(parameters: Sequence[Parameter]) -> str:
    return ", ".join(f"`{each.name}`" for each in parameters) or "nothing"
