"""A run of the native engine as it lies in memory: channels, rings, actors, arrays, and where each is."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from spatial.analysis.sharing import array_uses
from spatial.ir.graph import Actor
from spatial.lower.llvm.code import Code
from spatial.lower.llvm.layout import (
    ACCESS_FIELDS,
    DELAY,
    HEADER,
    LOG_ENTRIES,
    LOG_FIELDS,
    NEVER,
    SLOTS,
    WINDOW,
    ActorField,
    ActorHalf,
    ChannelField,
    ChannelHalf,
    RunField,
    SlotField,
)
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.native.places import Places, Words, places_of, words_of
from spatial.sim.native.polling import Polling, polling_of
from spatial.sim.native.words import argument_words, packed, packed_token, payload_words
from spatial.sim.numbers import Numbers
from spatial.sim.reference.room import MOST_HELD, too_full
from spatial.types.dtype import DType
from spatial.types.tensor import element_of, size_of

__all__ = ["Arguments", "Image", "array_of", "image_of"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]
UNSEEN = -1
ROOM = 4 * MOST_HELD  # tokens that all channels together are given memory for; what is not used costs nothing
LEAST_ROOM = 1 << 10  # tokens that each has room for at least, if it is as deep


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """The memory of a run; what is read back from it is in words of 64 bits.

    `shadows` has marks or records of accesses for arrays that several actors touch; if it has records, `seen` is what
    each actor has seen, `carried` what the writer of each token had, in turn for each of the `components`.

    Channels and actors lie at `places`; `arrays` are those of the program by name, flat.
    """

    run: Words
    places: Places
    payloads: Words
    queue: Words
    log: Words
    payload_at: Mapping[str, int]
    arrays: Mapping[str, Array]
    tables: Mapping[str, Array]
    shadows: Mapping[str, Words]
    seen: Words
    carried: Words
    components: Words
    polling: Polling | None

    def channel(self, name: str, field: ChannelField | ChannelHalf) -> int:
        """A field of a channel."""
        return self.places.field(self.places.channels[name], field)

    def channels(self, fields: Sequence[ChannelField | ChannelHalf]) -> list[list[int]]:
        """Some fields of all channels, field after field."""
        return self.places.columns([*self.places.channels.values()], fields)

    def slot(self, name: str, token: int, field: SlotField) -> int:
        """A field of the place that a token has in its channel; cycles are 0 where there are no clocks."""
        place = self.ring(name)[token & self.channel(name, ChannelHalf.MASK)]
        return int(place[field]) if field < len(place) else 0

    def ring(self, name: str) -> Words:
        """The places of a channel's ring, each with its fields."""
        start, stride = self.places.channels[name] + SLOTS, self.places.stride
        count = (self.channel(name, ChannelHalf.MASK) + 1) * stride
        return self.places.words[start : start + count].reshape(-1, stride)

    def token(self, name: str, number: int) -> Words:
        """The words of a token in its channel."""
        place = number & self.channel(name, ChannelHalf.MASK)
        if words := self.channel(name, ChannelField.WORDS):
            start = self.payload_at[name] + place * words
            return self.payloads[start : start + words]
        return self.ring(name)[place, SlotField.VALUE : SlotField.VALUE + 1]

    def actor(self, name: str, field: ActorField | ActorHalf) -> int:
        """A field of an actor."""
        return self.places.field(self.places.actors[name], field)

    def actors(self, fields: Sequence[ActorField | ActorHalf]) -> list[list[int]]:
        """Some fields of all actors, field after field."""
        return self.places.columns([*self.places.actors.values()], fields)

    def address(self, name: str) -> int:
        """Where an actor lies."""
        return self.places.words.ctypes.data + 8 * self.places.actors[name]

    def wake(self, name: str) -> None:
        """Lets an actor go on in the next round, which is not to go on yet."""
        woken = int(self.run[RunField.WOKEN])
        self.queue[(int(self.run[RunField.NEXT]) - self.queue.ctypes.data) // 8 + woken] = self.address(name)
        self.run[RunField.WOKEN] = woken + 1
        self.places.set(self.places.actors[name], ActorHalf.QUEUED, 1)

    def single(self) -> int | None:
        """The number of the only actor that is to go on, if there is just one."""
        rest, woken = (int(self.run[field]) for field in (RunField.REST, RunField.WOKEN))
        if rest + woken != 1:
            return None
        begin = int(self.run[RunField.ROUND if rest else RunField.NEXT])
        at = int(self.queue[(begin - self.queue.ctypes.data) // 8]) - self.places.words.ctypes.data
        return self.places.field(at // 8, ActorHalf.NUMBER)

    def word(self, name: str, offset: int) -> int:
        """A word of an actor's frame, so many bytes from its begin."""
        return int(self.places.words[self.places.actors[name] + offset // 8])

    def flag(self, name: str, offset: int) -> bool:
        """Whether a flag in an actor's frame is set."""
        return bool(self.places.words.view(np.int8)[self.places.actors[name] * 8 + offset] & 1)

    def check_rooms(self, depths: Mapping[str, int]) -> None:
        """Raises `ProgramError` where a channel held as many tokens as there is memory for, but not as it may."""
        for name, depth in ((name, depth) for name, depth in depths.items() if depth > LEAST_ROOM):
            room = self.channel(name, ChannelHalf.DEPTH)
            held = self.channel(name, ChannelField.PUTS) - self.channel(name, ChannelField.GETS)
            if room < depth and max(held, self.channel(name, ChannelHalf.MOST)) >= room:
                raise too_full(name, room)


def image_of(
    program: NativeProgram,
    depths: Mapping[str, int],
    memory: Mapping[str, Sequence[object]],
    limit: int,
    kept: Mapping[str, int],
) -> Image:
    """The memory of a run that has not begun; what happens from the cycle `limit` on is left out.

    Of the channels `kept` the cycles of at least so many last tokens stay in the ring.
    """
    graph = program.network.graph
    most = max(LEAST_ROOM, ROOM >> len(graph.channels).bit_length())
    rooms = [max(min(depths[channel.name], most), kept.get(channel.name, 0)) for channel in graph.channels]
    powers = {room: 1 << (room - 1).bit_length() for room in set(rooms)}
    capacities = [powers[room] for room in rooms]
    elements = {id(channel.element): channel.element for channel in graph.channels}
    words_in = {number: payload_words(element) for number, element in elements.items()}
    widths = [words_in[id(channel.element)] for channel in graph.channels]
    payloads = [0, *np.cumsum(np.multiply(widths, capacities)).tolist()]
    types, uses = graph.memory_types, array_uses(graph)
    width = len(program.components)
    lengths = {channel.name: capacity for channel, capacity in zip(graph.channels, capacities, strict=True)}
    places = places_of(program, lengths, wide=any(widths))
    base = places.words.ctypes.data
    addresses = [base + 8 * place for place in places.actors.values()]
    clocked = any(code.clocked for code in program.codes.values())
    image = Image(
        run=words_of(len(RunField)),
        places=places,
        payloads=words_of(payloads[-1]),
        log=words_of(
            (LOG_ENTRIES + max(map(_notes, program.codes.values()), default=0) * max((1, *widths))) * LOG_FIELDS
        ),
        queue=words_of(2 * len(graph.actors)),
        payload_at={channel.name: start for channel, start in zip(graph.channels, payloads, strict=False)},
        arrays={name: _memory(memory[name], element_of(types[name]), own=bool(uses[name].writers)) for name in types},
        tables={name: packed(values, dtype) for name, (dtype, values) in program.network.tables.items()},
        shadows={name: words_of(size_of(types[name]) * words) for name, words in _watched(program).items()},
        seen=words_of(len(graph.actors) * width),
        carried=words_of(sum(capacities) * width),
        components=np.array(program.components, np.int64),
        polling=polling_of(program, addresses) if clocked else None,
    )
    image.seen[:] = image.carried[:] = UNSEEN
    _fill_channels(image, program, depths, capacities, widths)
    _fill_actors(image, program)
    for field, value in (
        (RunField.ROUND, image.queue.ctypes.data),
        (RunField.NEXT, image.queue.ctypes.data + 8 * len(graph.actors)),
        (RunField.REST, len(graph.actors)),
        (RunField.LIMIT, min(limit, WINDOW) if image.polling else limit),
        (RunField.UNTIL, limit),
        (RunField.POLLING, image.polling.fields.ctypes.data if image.polling else 0),
        (RunField.FAULT_CYCLE, NEVER),
        (RunField.SHARED_SITE, -1),
        (RunField.LOG, image.log.ctypes.data),
        (RunField.RACE_ACTOR, -1),
        (RunField.COMPONENTS, image.components.ctypes.data),
        (RunField.WIDTH, width),
    ):
        image.run[field] = value
    image.queue[: len(graph.actors)] = addresses[::-1]
    return image


def _memory(values: Sequence[object], dtype: DType, *, own: bool) -> Array:
    """Values as they lie in memory: memory of the run's own, or that of the user, which nobody writes."""
    if isinstance(values, Numbers):
        return values.array.copy() if own else values.array
    return packed(values, dtype)


def _notes(code: Code) -> int:
    """How many tokens and words an actor may note before it stops."""
    return (len(code.places) + code.notes) * max((lanes.count for lanes in code.lanes.values()), default=1)


def _watched(program: NativeProgram) -> dict[str, int]:
    """The words for each element of the arrays that actors are given marks or records for."""
    found: dict[str, int] = {}
    for actor in {(actor.function, actor.arrays): actor for actor in program.network.graph.actors}.values():
        code = program.codes[actor.function]
        found |= {array_of(actor, position): 1 for position in code.shadows}
        found |= {array_of(actor, position): (len(program.components) + 1) * ACCESS_FIELDS for position in code.records}
    return found


def array_of(actor: Actor, position: int) -> str:
    """The array that an actor is given at the position of a parameter."""
    return actor.arrays[position - len(actor.values) - len(actor.channels)]


def _fill_channels(
    image: Image, program: NativeProgram, depths: Mapping[str, int], capacities: Sequence[int], widths: Sequence[int]
) -> None:
    fifo = functools.cache(program.network.device.fifo)
    channels, graph = image.places.channels, program.network.graph
    tokens = [len(channel.initial_tokens) if channel.initial else 0 for channel in graph.channels]
    timings = [fifo(depths[channel.name], channel.element.bits, channel.storage) for channel in graph.channels]
    before = np.cumsum([0, *capacities])[:-1]
    payloads = np.array([*image.payload_at.values()], np.int64)
    values: list[tuple[IntEnum, int | list[int]]] = [
        (ChannelField.PUTS, tokens),
        (ChannelHalf.MOST, tokens),
        (ChannelHalf.DEPTH, [min(depths[name], room) for name, room in zip(channels, capacities, strict=True)]),
        (ChannelHalf.MASK, [capacity - 1 for capacity in capacities]),
        (ChannelHalf.DELAYS, [(each.write_after_read << DELAY) + each.read_after_write for each in timings]),
        (ChannelField.WORDS, list(widths)),
        (ChannelField.PAYLOAD, (image.payloads.ctypes.data + 8 * payloads).tolist()),
        (ChannelField.SEEN, (image.carried.ctypes.data + 8 * len(image.components) * before).tolist()),
    ]
    image.places.fill([*channels.values()], values)
    for channel in (each for each in graph.channels if each.initial):
        for number, token in enumerate(channel.initial_tokens):
            held = packed_token(token, channel.element)
            image.token(channel.name, number).view(np.uint8)[: held.nbytes] = held.view(np.uint8)


def _fill_actors(image: Image, program: NativeProgram) -> None:
    arguments = Arguments(image, program, image.arrays, image.shadows)
    graph, places, width = program.network.graph, image.places, len(image.components)
    begins = [*places.actors.values()]
    values: list[tuple[IntEnum, int | list[int]]] = [
        (ActorField.STEP, [program.machine.steps[actor.function] for actor in graph.actors]),
        (ActorHalf.QUEUED, 1),
        (ActorHalf.NUMBER, list(range(len(begins)))),
    ]
    if width:
        component = [UNSEEN] * len(begins)
        for own, number in enumerate(image.components.tolist()):
            component[number] = own
            image.seen[number * width + own] = 0
        values.append((ActorField.COMPONENT, component))
        values.append((ActorField.SEEN, [image.seen.ctypes.data + 8 * number * width for number in range(len(begins))]))
    places.fill(begins, values)
    alike: dict[str, list[int]] = {}
    for number, actor in enumerate(graph.actors):
        alike.setdefault(actor.function, []).append(number)
    for numbers in alike.values():
        given = arguments.of([graph.actors[number] for number in numbers])
        starts = np.array([begins[number] + HEADER for number in numbers], np.int64)
        places.words[starts[:, None] + np.arange(given.shape[1])] = given


class Arguments:
    """The arguments of actors' functions, with some arrays and what is noted of their elements."""

    def __init__(
        self, image: Image, program: NativeProgram, arrays: Mapping[str, Array], shadows: Mapping[str, Words]
    ) -> None:
        self.program = program
        words = image.places.words.ctypes.data
        self.channels = {name: words + 8 * at for name, at in image.places.channels.items()}
        self.arrays, self.tables, self.shadows = (
            {name: array.ctypes.data for name, array in kind.items()} for kind in (arrays, image.tables, shadows)
        )

    def of(self, actors: Sequence[Actor]) -> Words:
        """The arguments of actors that have one function, a row for each."""
        code = self.program.codes[actors[0].function]
        columns = [
            column
            for position in range(len(actors[0].values) + len(actors[0].channels) + len(actors[0].arrays))
            if position not in code.unused
            for column in self.at(position, actors)
        ]
        columns += [[self.tables[name]] * len(actors) for name in code.tables]
        for position in (*code.shadows, *code.records):
            columns.append([self.shadows[array_of(actor, position)] for actor in actors])
        return np.array(columns, np.int64).reshape(-1, len(actors)).T

    def at(self, position: int, actors: Sequence[Actor]) -> list[Sequence[int]]:
        """The words that a parameter takes, each for all actors that have one function."""
        values, channels = len(actors[0].values), len(actors[0].channels)
        if position < values:
            type_ = self.program.network.graph.specializations[actors[0].function].parameters[position].type
            return argument_words([actor.values[position] for actor in actors], type_)
        if position < values + channels:
            return [[self.channels[actor.channels[position - values]] for actor in actors]]
        return [[self.arrays[actor.arrays[position - values - channels]] for actor in actors]]
