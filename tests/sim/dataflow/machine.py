"""The channels while an oracle's network runs, cycle after cycle; nothing here comes from the engine."""

from dataclasses import dataclass, field

from tests.sim.dataflow.script import BITS, Chan, Net

Token = int | tuple[int, ...]


def wrapped(value: int) -> int:
    """The `int32` a number becomes."""
    return (value + 2**31) % 2**32 - 2**31


def initial_token(kind: str, value: int) -> Token:
    if kind == "Pair":
        return value, value + 1
    return (value,) * int(kind[6:-1]) if kind.startswith("int32[") else value


@dataclass(slots=True)
class Queue:
    """One channel: its tokens, and the cycles of all puts and gets."""

    depth: int
    delay: int
    values: list[Token] = field(default_factory=list)
    puts: list[int] = field(default_factory=list)
    gets: list[int] = field(default_factory=list)

    def token(self, now: int, place: int = 0) -> bool:
        """Whether the token behind `place` others can be seen; initial ones can from the start."""
        number = len(self.gets) + place
        return number < len(self.puts) and (self.puts[number] < 0 or self.puts[number] + self.delay <= now)

    def room(self, now: int) -> bool:
        """Whether there is a free slot."""
        number = len(self.puts) - self.depth
        return number < 0 or (number < len(self.gets) and self.gets[number] + 1 <= now)

    def first(self, place: int = 0) -> Token:
        return self.values[len(self.gets) + place]

    @property
    def age(self) -> int:
        return self.puts[len(self.gets)]


def queue_of(chan: Chan, depth: int, device: str) -> Queue:
    memory = device == "hls" and depth > 2 and depth * BITS[chan.token] > 1024
    values = [initial_token(chan.token, value) for value in chan.initial]
    return Queue(depth, 2 if memory else 1, values, [-1] * len(values))


class Machine:
    """All channels; `steps` counts what actors did, `moved` is the last cycle in which a token moved."""

    def __init__(self, net: Net, depths: dict[str, int]) -> None:
        self.queues = {name: queue_of(chan, depths[name], net.device) for chan in net.chans for name in chan.names}
        self.now = 0
        self.steps = 0
        self.polls = 0
        self.moved = 0

    def put(self, name: str, value: Token) -> None:
        queue = self.queues[name]
        queue.values.append(value)
        queue.puts.append(self.now)
        self.moved = self.now

    def get(self, name: str) -> None:
        self.queues[name].gets.append(self.now)
        self.moved = self.now
