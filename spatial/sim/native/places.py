"""Says where the channels and the actors of a run lie, so that what is touched together lies together."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.lower.llvm.layout import AHEAD, SLOT_FIELDS, SLOTS, ActorField
from spatial.sim.native.compiled import NativeProgram

__all__ = ["LINE", "Places", "places_of"]

LINE = 8  # words of a cache line


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where each channel and each actor begins, in words of one memory of that many `words`.

    A place of a ring takes `stride` words.
    """

    channels: Mapping[str, int]
    actors: Mapping[str, int]
    stride: int
    words: int


def places_of(program: NativeProgram, capacities: Mapping[str, int]) -> Places:
    """Each channel lies ahead of the first actor that has it, with a ring for so many tokens."""
    graph, stride = program.network.graph, SLOT_FIELDS if program.timed else 1
    channels: dict[str, int] = {}
    actors: dict[str, int] = {}
    sizes = {name: -(-code.bytes // 8) for name, code in program.codes.items()}
    top = 0
    for name in (channel.name for channel in graph.channels if channel.name not in channels):
        channels[name] = AHEAD + _begin(top, AHEAD, timed=program.timed)
        top = channels[name] + SLOTS + stride * capacities[name]
    for actor in graph.actors:
        actors[actor.name] = _begin(top, ActorField.STEP, timed=program.timed)
        top = actors[actor.name] + sizes[actor.function]
    ordered = {channel.name: channels[channel.name] for channel in graph.channels}
    return Places(channels=ordered, actors=actors, stride=stride, words=top)


def _begin(top: int, ahead: int, *, timed: bool) -> int:
    """Where something begins behind others: at a cache line, or so that what follows the words `ahead` does."""
    shift = 0 if timed else ahead % LINE
    return -(-(top + shift) // LINE) * LINE - shift
