"""A run of the native engine as it lies in memory: channels, rings, actors, arrays, and where each is."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.analysis.sharing import array_uses
from spatial.ir.graph import Actor
from spatial.lower.llvm.code import Code
from spatial.lower.llvm.layout import (
    ACCESS_FIELDS,
    LOG_ENTRIES,
    NEVER,
    SLOT_FIELDS,
    WINDOW,
    ActorField,
    ChannelField,
    RunField,
    SlotField,
)
from spatial.lower.llvm.machine import HEADER
from spatial.sim.native.compiled import NativeProgram
from spatial.sim.native.polling import Polling, polling_of
from spatial.sim.native.words import argument_words, packed, packed_token, payload_words
from spatial.sim.numbers import Numbers
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.types.dtype import DType
from spatial.types.tensor import element_of, size_of

__all__ = ["CHANNEL_WORDS", "Arguments", "Image", "array_of", "image_of"]

Words = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]
UNSEEN = -1
LINE = 8  # words of a cache line, on which everything begins
ROOM = 1 << 26  # tokens that all channels together are given memory for; what is not used costs nothing
LEAST_ROOM = 1 << 10  # tokens that each has room for at least, if it is as deep
CHANNEL_WORDS = 2 * LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """The memory of a run; what is read back from it is in words of 64 bits.

    `shadows` has marks or records of accesses for arrays that several actors touch; if it has records, `seen` is what
    each actor has seen, `carried` what the writer of each token had, in turn for each of the `components`.

    `channels` and `actors` begin where `channel_at` and `actor_at` say, in words; `arrays` are those of the
    program by name, flat.
    """

    run: Words
    channels: Words
    rings: Words
    payloads: Words
    actors: Words
    queue: Words
    log: Words
    channel_at: Mapping[str, int]
    ring_at: Mapping[str, int]
    payload_at: Mapping[str, int]
    actor_at: Mapping[str, int]
    arrays: Mapping[str, Array]
    tables: Mapping[str, Array]
    shadows: Mapping[str, Words]
    seen: Words
    carried: Words
    components: Words
    polling: Polling | None

    def channel(self, name: str, field: ChannelField) -> int:
        """A field of a channel."""
        return int(self.channels[self.channel_at[name] + field])

    def slot(self, name: str, token: int, field: SlotField) -> int:
        """A field of the place that a token has in its channel."""
        place = token & self.channel(name, ChannelField.MASK)
        return int(self.rings[self.ring_at[name] + place * SLOT_FIELDS + field])

    def token(self, name: str, number: int) -> Words:
        """The words of a token in its channel."""
        place = number & self.channel(name, ChannelField.MASK)
        if words := self.channel(name, ChannelField.WORDS):
            start = self.payload_at[name] + place * words
            return self.payloads[start : start + words]
        start = self.ring_at[name] + place * SLOT_FIELDS + SlotField.VALUE
        return self.rings[start : start + 1]

    def actor(self, name: str, field: ActorField) -> int:
        """A field of an actor."""
        return int(self.actors[self.actor_at[name] + field])

    def heads(self) -> list[list[int]]:
        """The fields of all actors, in their order."""
        starts = np.array([*self.actor_at.values()], np.int64)
        found: list[list[int]] = self.actors[starts[:, None] + np.arange(HEADER)].tolist()
        return found

    def word(self, name: str, offset: int) -> int:
        """A word of an actor's frame, so many bytes from its begin."""
        return int(self.actors[self.actor_at[name] + offset // 8])

    def flag(self, name: str, offset: int) -> bool:
        """Whether a flag in an actor's frame is set."""
        return bool(self.actors.view(np.int8)[self.actor_at[name] * 8 + offset] & 1)

    def check_rooms(self, depths: Mapping[str, int]) -> None:
        """Raises `ProgramError` where a channel held as many tokens as there is memory for, but not as it may."""
        for name, depth in ((name, depth) for name, depth in depths.items() if depth > LEAST_ROOM):
            room = self.channel(name, ChannelField.DEPTH)
            if room < depth and self.channel(name, ChannelField.MOST) >= room:
                title = f"`{name}` holds {room} tokens at once, more than there is memory for"
                hint = f'give it a depth that it needs, depths={{"{name}": {room // 2}}}, or write `engine="simpy"`'
                raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])


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
    capacities = [1 << (room - 1).bit_length() for room in rooms]
    starts = np.cumsum([0, *(capacity * SLOT_FIELDS for capacity in capacities)]).tolist()
    widths = [payload_words(channel.element) for channel in graph.channels]
    sizes = [-(-program.codes[actor.function].bytes // (8 * LINE)) * LINE for actor in graph.actors]
    places = np.cumsum([0, *sizes]).tolist()
    rooms = [width * capacity for width, capacity in zip(widths, capacities, strict=True)]
    payloads = np.cumsum([0, *rooms]).tolist()
    types, uses = graph.memory_types, array_uses(graph)
    width = len(program.components)
    actors = _words(places[-1])
    addresses = [actors.ctypes.data + 8 * place for place in places[:-1]]
    clocked = any(code.clocked for code in program.codes.values())
    image = Image(
        run=_words(len(RunField)),
        channels=_words(len(graph.channels) * CHANNEL_WORDS),
        rings=_words(starts[-1]),
        payloads=_words(payloads[-1]),
        actors=actors,
        log=_words(
            (LOG_ENTRIES + max(map(_notes, program.codes.values()), default=0) * max((1, *widths))) * SLOT_FIELDS
        ),
        queue=_words(1 << len(graph.actors).bit_length()),
        channel_at={channel.name: number * CHANNEL_WORDS for number, channel in enumerate(graph.channels)},
        ring_at={channel.name: start for channel, start in zip(graph.channels, starts, strict=False)},
        payload_at={channel.name: start for channel, start in zip(graph.channels, payloads, strict=False)},
        actor_at={actor.name: place for actor, place in zip(graph.actors, places, strict=False)},
        arrays={name: _memory(memory[name], element_of(types[name]), own=bool(uses[name].writers)) for name in types},
        tables={name: packed(values, dtype) for name, (dtype, values) in program.network.tables.items()},
        shadows={name: _words(size_of(types[name]) * words) for name, words in _watched(program).items()},
        seen=_words(len(graph.actors) * width),
        carried=_words(sum(capacities) * width),
        components=np.array(program.components, np.int64),
        polling=polling_of(program, addresses) if clocked else None,
    )
    image.seen[:] = image.carried[:] = UNSEEN
    _fill_channels(image, program, depths, capacities, widths)
    _fill_actors(image, program, places)
    for field, value in (
        (RunField.QUEUE, image.queue.ctypes.data),
        (RunField.MASK, len(image.queue) - 1),
        (RunField.TAIL, len(graph.actors)),
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
    image.queue[: len(graph.actors)] = addresses
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
    for actor in program.network.graph.actors:
        code = program.codes[actor.function]
        found |= {array_of(actor, position): 1 for position in code.shadows}
        found |= {array_of(actor, position): (len(program.components) + 1) * ACCESS_FIELDS for position in code.records}
    return found


def array_of(actor: Actor, position: int) -> str:
    """The array that an actor is given at the position of a parameter."""
    return actor.arrays[position - len(actor.values) - len(actor.channels)]


def _words(count: int) -> Words:
    """Words that begin at a cache line."""
    room = np.zeros(count + LINE, np.int64)
    ahead = -(room.ctypes.data // 8) % LINE
    return room[ahead : ahead + count]


def _fill_channels(
    image: Image, program: NativeProgram, depths: Mapping[str, int], capacities: Sequence[int], widths: Sequence[int]
) -> None:
    fifo = functools.cache(program.network.device.fifo)
    rings, carried, payloads = (words.ctypes.data for words in (image.rings, image.carried, image.payloads))
    components, rows = len(image.components), []
    for channel, capacity, width in zip(program.network.graph.channels, capacities, widths, strict=True):
        name, tokens = channel.name, len(channel.initial_tokens)
        timing, ring = fifo(depths[name], channel.element.bits), image.ring_at[name]
        rows.append((
            tokens, 0, min(depths[name], capacity), 0, timing.write_after_read, capacity - 1, rings + 8 * ring, 0,
            timing.read_after_write, 0, 0, tokens, carried + 8 * (ring // SLOT_FIELDS) * components, 0,
            payloads + 8 * image.payload_at[name], width,
        ))  # fmt: skip
    if rows:
        image.channels.reshape(-1, CHANNEL_WORDS)[:, : len(ChannelField)] = rows
    for channel in program.network.graph.channels:
        for number, token in enumerate(channel.initial_tokens):
            held = packed_token(token, channel.element)
            image.token(channel.name, number).view(np.uint8)[: held.nbytes] = held.view(np.uint8)


def _fill_actors(image: Image, program: NativeProgram, places: Sequence[int]) -> None:
    arguments = Arguments(image, program, image.arrays, image.shadows)
    width, seen, component = len(image.components), image.seen.ctypes.data, {}
    for own, number in enumerate(image.components.tolist()):
        component[number] = own
        image.seen[number * width + own] = 0
    for number, (actor, at) in enumerate(zip(program.network.graph.actors, places, strict=False)):
        head = [0] * HEADER
        head[ActorField.STEP] = program.machine.steps[actor.function]
        head[ActorField.QUEUED] = 1
        head[ActorField.NUMBER] = number
        head[ActorField.COMPONENT] = component.get(number, -1)
        head[ActorField.SEEN] = seen + 8 * number * width
        given = [*head, *arguments.of(actor)]
        image.actors[at : at + len(given)] = given


class Arguments:
    """The arguments of actors' functions, with some arrays and what is noted of their elements."""

    def __init__(
        self, image: Image, program: NativeProgram, arrays: Mapping[str, Array], shadows: Mapping[str, Words]
    ) -> None:
        self.program = program
        channels = image.channels.ctypes.data
        self.channels = {name: channels + 8 * at for name, at in image.channel_at.items()}
        self.arrays, self.tables, self.shadows = (
            {name: array.ctypes.data for name, array in kind.items()} for kind in (arrays, image.tables, shadows)
        )

    def of(self, actor: Actor) -> list[int]:
        """The arguments of one."""
        code = self.program.codes[actor.function]
        parameters = self.program.network.graph.specializations[actor.function].parameters
        values = zip(actor.values, parameters, strict=False)
        return [
            *(word for value, parameter in values for word in argument_words(value, parameter.type)),
            *(self.channels[name] for name in actor.channels),
            *(self.arrays[name] for name in actor.arrays),
            *(self.tables[name] for name in code.tables),
            *(self.shadows[array_of(actor, position)] for position in (*code.shadows, *code.records)),
        ]
