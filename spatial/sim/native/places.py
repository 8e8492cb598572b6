"""The memory in which the channels and the actors of a run lie, each at a place that suits the processor's caches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import overload

import numpy as np

from spatial.lower.llvm.layout import SLOT_FIELDS, SLOTS, ActorField, ActorHalf, ChannelField, ChannelHalf, Half
from spatial.sim.native.compiled import NativeProgram

__all__ = ["Places", "Words", "places_of", "words_of"]

Words = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Units = np.ndarray[tuple[int, ...], np.dtype[np.signedinteger]]
LINE = 8  # words of a cache line
TIMED = -min(ChannelHalf) // 2  # words ahead of a channel that only code with clocks uses
RARE = -min(ChannelField)  # and those that few programs have
OWN = -min(ActorHalf) // 2  # words ahead of an actor, in few programs


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """One memory, and where in it each channel and each actor begins, in words of 64 bits.

    A place of a ring takes `stride` words. There are so many words ahead of a channel, and of an actor; fields that
    would lie ahead of these are zero.
    """

    words: Words
    channels: Mapping[str, int]
    actors: Mapping[str, int]
    stride: int
    ahead_of_channel: int
    ahead_of_actor: int

    def field(self, begin: int, field: IntEnum) -> int:
        """A field of what begins at a word."""
        if not self.has(field):
            return 0
        if isinstance(field, Half):
            return int(self.words.view(np.int32)[2 * begin + field])
        return int(self.words[begin + field])

    def set(self, begin: int, field: IntEnum, value: int) -> None:
        """Sets a field of what begins at a word."""
        self.fill([begin], [(field, value)])

    def columns(self, begins: Sequence[int], fields: Sequence[IntEnum]) -> list[list[int]]:
        """Some fields of all that begins at some words, field after field."""
        starts = np.array(begins, np.int64)
        found: list[list[int]] = []
        for field in fields:
            held, places = self.held(starts, field)
            found.append((held[places] if self.has(field) else np.zeros_like(starts)).tolist())
        return found

    def fill(self, begins: Sequence[int], values: Sequence[tuple[IntEnum, int | Sequence[int]]]) -> None:
        """Sets fields of all that begins at some words, those that are there."""
        starts = np.array(begins, np.int64)
        for field, each in values:
            if self.has(field):
                held, places = self.held(starts, field)
                held[places] = each

    def held(self, starts: Words, field: IntEnum) -> tuple[Units, Words]:
        """The memory in units of a field, and where it lies for all that begins at some words."""
        if isinstance(field, Half):
            return self.words.view(np.int32), 2 * starts + field
        return self.words, starts + field

    def has(self, field: IntEnum) -> bool:
        """Whether there is a field."""
        word = field // 2 if isinstance(field, Half) else int(field)
        return word >= -(self.ahead_of_actor if isinstance(field, ActorField | ActorHalf) else self.ahead_of_channel)


def places_of(program: NativeProgram, capacities: Mapping[str, int], *, wide: bool) -> Places:
    """Memory for channels with rings for so many tokens, some of which may be `wide`, and for actors.

    What code touches lies on as few cache lines as can be: without clocks, a channel begins at one, with them what lies
    ahead of it does.
    """
    graph, timed = program.network.graph, program.machine.timed
    stride = SLOT_FIELDS if timed else 1
    rare = wide or program.machine.logging or bool(program.components)
    own = OWN if program.components or any(code.endless for code in program.codes.values()) else 0
    ahead = RARE if rare else TIMED if timed else 0
    sizes = {name: -(-code.bytes // 8) for name, code in program.codes.items()}
    rings = np.array([capacities[channel.name] for channel in graph.channels], np.int64) * stride + SLOTS
    frames = np.array([sizes[actor.function] for actor in graph.actors], np.int64)
    channels, top = _begins(rings, ahead if timed else _up_to_line(ahead), ahead)
    actors, top = _begins(frames, _up_to_line(top + own), own) if len(frames) else ([], top)
    return Places(
        words=words_of(top),
        channels={channel.name: begin for channel, begin in zip(graph.channels, channels, strict=True)},
        actors={actor.name: begin for actor, begin in zip(graph.actors, actors, strict=True)},
        stride=stride,
        ahead_of_channel=ahead,
        ahead_of_actor=own,
    )


def words_of(count: int) -> Words:
    """Words that begin at a cache line, all zero."""
    room = np.zeros(count + LINE, np.int64)
    begin = -(room.ctypes.data // 8) % LINE
    return room[begin : begin + count]


def _begins(sizes: Words, first: int, ahead: int) -> tuple[list[int], int]:
    """Where things of so many words begin, one behind the other, each with words ahead of it; and where they end."""
    steps = _up_to_line(sizes + ahead)
    begins = first + np.cumsum(steps) - steps
    return begins.tolist(), int(begins[-1] + sizes[-1]) if len(sizes) else 0


@overload
def _up_to_line(words: int) -> int: ...
@overload
def _up_to_line(words: Words) -> Words: ...
def _up_to_line(words: int | Words) -> int | Words:
    """Whole cache lines that hold so many words."""
    return -(-words // LINE) * LINE
