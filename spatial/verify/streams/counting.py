"""Counts the tokens that a program takes from its inputs and puts into its outputs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from spatial.ir.closing import streams_as_arrays
from spatial.ir.graph import Channel
from spatial.sim.reference.engine import Ending
from spatial.verify.flow import may_go_round
from spatial.verify.running import Ran
from spatial.verify.streams.ahead import looks_ahead
from spatial.verify.work import Work

__all__ = ["Counts", "counted"]

ENDLESS = 256  # tokens that are given where all are taken, however many there are
ENOUGH = 1 << 12  # tokens after which it is asked whether a program that may run for ever wants more
MOST = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many tokens a program takes from each channel of its inputs, and puts into each of its outputs.

    Of a channel that is looked ahead in, `arrays` has more than are taken. Of those that are `cut` a program takes all
    that there are.
    """

    taken: Mapping[str, int]
    arrays: Mapping[str, int]
    cut: frozenset[str]


def counted(work: Work, offered: Mapping[str, int]) -> Counts:
    """How many tokens go through the stream parameters of a program, which runs once or more to find out.

    There are so many for a channel of an input as are `offered`, by what the first program calls it, else as many as
    are taken, or 256 if that is for ever.
    """
    graph = work.side.graph
    offered = {own: offered[name] for own, name in work.names.items() if name in offered}
    most = ENOUGH if may_go_round(work.side.module) else MOST
    limits = {each.name: offered.get(each.name, most) for each in graph.channels if each.writer is None}
    while True:
        ran = _ran(work, limits)
        emptied = [name for name in limits if name not in offered and ran.tokens[name][1] == limits[name]]
        if not emptied or limits[emptied[0]] in (ENDLESS, MOST):
            break
        ended = ran.ending is Ending.FINISHED
        limits |= {name: ENDLESS if ended else min(MOST, limits[name] << 6) for name in emptied}
    ends = [each for each in graph.channels if each.writer is None or each.reader is None]
    return Counts(
        taken={each.name: _through(ran, each) for each in ends},
        arrays={each.name: _through(ran, each, ahead=looks_ahead(graph, each)) for each in ends},
        cut=frozenset(name for name, limit in limits.items() if ran.tokens[name][1] == limit),
    )


def _ran(work: Work, limits: Mapping[str, int]) -> Ran:
    """What a program does with so many tokens, of which all are the same but for those that are known."""
    side = work.side
    again: Collection[str] = {each.name for each in side.graph.channels if each.name not in work.known}
    outputs = {each.name: 0 for each in side.graph.channels if each.reader is None}
    module, graph = streams_as_arrays(side.module, side.graph, {**outputs, **limits}, endless=again)
    return replace(work, side=replace(side, module=module, graph=graph)).run()[1]


def _through(ran: Ran, channel: Channel, *, ahead: bool = False) -> int:
    """How many tokens have gone through a channel, or into it if its reader looks `ahead`."""
    puts, gets = ran.tokens[channel.name]
    return puts if ahead or channel.reader is None else gets
