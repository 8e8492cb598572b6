"""Gives a program arrays of tokens in the place of its stream parameters."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from spatial.ir.closing import streams_as_arrays
from spatial.ir.graph import element_name
from spatial.verify.errors import OtherCount
from spatial.verify.side import Side
from spatial.verify.streams.counting import Counts
from spatial.verify.work import Work

__all__ = ["as_arrays", "channel_pairs", "other_counts"]


def as_arrays(work: Work, counts: Counts) -> Work:
    """The program with arrays of so many tokens, each called as its channel is."""
    side = work.side
    module, graph = streams_as_arrays(side.module, side.graph, counts.arrays)
    return replace(work, side=replace(side, module=module, graph=graph))


def channel_pairs(pairs: Mapping[str, str], first: Side) -> dict[str, str]:
    """Pairs of parameters, with pairs of channels for those that are streams."""
    found: dict[str, str] = {}
    for each in first.graph.parameters:
        axes = each.shape if each.stream else ()
        for indices in itertools.product(*map(range, axes)):
            found[element_name(each.name, indices)] = element_name(pairs[each.name], indices)
    return found


def other_counts(sides: tuple[Side, Side], counts: Sequence[Counts], pairs: Mapping[str, str]) -> Iterator[OtherCount]:
    """Channels through which other numbers of tokens go in the two programs."""
    for name, other in pairs.items() if counts else ():
        here, there = counts[0].taken.get(name, 0), counts[1].taken.get(other, 0)
        if here != there:
            first, second = sides
            yield OtherCount(
                channel=name,
                programs=(first.name, second.name),
                counts=(here, there),
                puts=name in first.outputs or other in second.outputs,
                span=second.span,
            )
