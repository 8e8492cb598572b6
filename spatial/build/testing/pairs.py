"""Finds which parameter of one program is which of another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatial.build.arguments import written_arrays
from spatial.ir.function import Parameter
from spatial.ir.graph import ActorGraph
from spatial.source.errors import ProgramError
from spatial.source.span import Span, caller_span
from spatial.verify.errors import DifferentParameters

__all__ = ["Pairs", "paired"]


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
    (verify/parameters) where something has no partner, or one of another type.
    """
    span = caller_span()
    mine, yours = _asked(first), _asked(second)
    outputs = {one.name: other.name for one, other in _matched(_given_back(first), _given_back(second), span)}
    partners = {name: other for name, other in outputs.items() if name in mine and other in yours}
    if mine.keys() == yours.keys() and (crossed := [pair for pair in partners.items() if pair[0] != pair[1]]):
        told = [f"the output `{name}`" for name in crossed[0]]
        raise ProgramError([DifferentParameters(first=told[0], second=told[1], span=span)])
    lone = (
        {name: mine[name] for name in outputs if name in mine and name not in partners},
        {other: yours[other] for name, other in outputs.items() if other in yours and name not in partners},
    )
    ones = [each for name, each in mine.items() if name not in partners and name not in lone[0]]
    others = [each for name, each in yours.items() if name not in partners.values() and name not in lone[1]]
    inputs = _matched(ones, others, span) + [(mine[name], yours[other]) for name, other in partners.items()]
    order = list(mine)
    return Pairs(inputs=tuple(sorted(inputs, key=lambda pair: order.index(pair[0].name))), outputs=outputs, alone=lone)


def _asked(graph: ActorGraph) -> Mapping[str, Parameter]:
    return {each.name: each for each in graph.asked}


def _given_back(graph: ActorGraph) -> list[Parameter]:
    """What a program writes, returns, or puts into streams."""
    names = written_arrays(graph) | graph.outputs | graph.made
    return [each for each in graph.parameters if each.name in names]


def _matched(ones: Sequence[Parameter], others: Sequence[Parameter], span: Span) -> list[tuple[Parameter, Parameter]]:
    if len(ones) == len(others):
        by_name = {each.name: each for each in others}
        if by_name.keys() == {each.name for each in ones}:
            others = [by_name[each.name] for each in ones]
        pairs = list(zip(ones, others, strict=True))
        wrong = [pair for pair in pairs if _form(pair[0]) != _form(pair[1])]
        if not wrong:
            return pairs
        ones, others = ([pair[which] for pair in wrong] for which in (0, 1))
    told = [", ".join(f"`{each.name}: {_said(each)}`" for each in side) or "no more" for side in (ones, others)]
    raise ProgramError([DifferentParameters(first=told[0], second=told[1], span=span)])


def _form(parameter: Parameter) -> tuple[object, ...]:
    return parameter.kind, parameter.type, parameter.shape


def _said(parameter: Parameter) -> str:
    return f"Stream[{parameter.type}]" if parameter.stream else str(parameter.type)
