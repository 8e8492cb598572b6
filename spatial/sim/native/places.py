"""The memory in which the channels and the actors of a run lie, each at a place that suits the processor's caches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

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
    channels: dict[str, int] = {}
    actors: dict[str, int] = {}
    top = 0
    for channel in graph.channels:
        begin = _at_line(top) + ahead if timed else _at_line(top + ahead)
        channels[channel.name], top = begin, begin + SLOTS + stride * capacities[channel.name]
    for actor in graph.actors:
        begin = _at_line(top + own)
        actors[actor.name], top = begin, begin + sizes[actor.function]
    return Places(
        words=words_of(top),
        channels=channels,
        actors=actors,
        stride=stride,
        ahead_of_channel=ahead,
        ahead_of_actor=own,
    )


def words_of(count: int) -> Words:
    """Words that begin at a cache line, all zero."""
    room = np.zeros(count + LINE, np.int64)
    begin = -(room.ctypes.data // 8) % LINE
    return room[begin : begin + count]


def _at_line(word: int) -> int:
    """Where the next cache line begins, here or behind."""
    return -(-word // LINE) * LINE
