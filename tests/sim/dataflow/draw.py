"""Draws random networks: rounds of loops joined by channels, then patterns that use the other operations."""

import random

from tests.sim.dataflow.build import Builder, Slot
from tests.sim.dataflow.patterns import PATTERNS
from tests.sim.dataflow.script import Net

KINDS = ("loop", "loop", "loop", "asked", "asked", "asked", "latency", "plain", "straight", "nest", "outer", "count")
PUTS = ("put", "put", "put", "put", "put2", "try_put", "full", "some")
GETS = ("get", "get", "get", "get", "get2", "peek", "try_get", "empty", "maybe")


def random_net(seed: int) -> Net:
    """A network of a few actors."""
    draw = random.Random(seed)
    builder = Builder(draw, draw.randint(1, 4), draw.choice(["ideal", "hls"]))
    timed = draw.random() < 0.3
    for _ in range(draw.choice([1, 1, 2])):
        random_round(builder, timed=timed)
    empty = not any(actor.body for actor in builder.actors)
    for _ in range(draw.choice([0, 0, 1, 1, 2]) + empty):
        draw.choice(PATTERNS)(builder)
    return builder.net()


def random_round(builder: Builder, *, timed: bool) -> None:
    """A loop of each actor, with channels between them."""
    draw, trips = builder.draw, builder.draw.choice([1, 2, 4, 6, 6])
    cyclic = draw.random() < 0.3
    count = len(builder.actors)
    kinds = [draw.choice(KINDS) for _ in range(count)]
    slots: list[list[Slot]] = [[] for _ in range(count)]
    for number in range(draw.randint(max(1, count - 1), count + 1)):
        ends = [number, number + 1] if number < count - 1 else [draw.randrange(count), draw.randrange(count)]
        if not cyclic:
            ends.sort()
        if ends[0] == ends[1] and not cyclic:
            continue
        joined(builder, slots[ends[0]], slots[ends[1]], timed=timed)
    for actor, kind, own in zip(builder.actors, kinds, slots, strict=True):
        if own:
            cut = trips if draw.random() < 0.95 else draw.randint(1, 6)
            builder.phase(actor, kind, cut, own)


def joined(builder: Builder, writer: list[Slot], reader: list[Slot], *, timed: bool) -> None:
    """A channel, put into once an iteration or in some of them."""
    draw = builder.draw
    put, get = draw.choice(PUTS), draw.choice(GETS)
    if not timed:
        put = put if put in ("put", "put2") else "put"
        get = get if get in ("get", "get2", "peek") else "get"
    if "put2" == put or "get2" == get:
        put, get = "put2", "get2"
    chan = builder.chan(peeks=2 if get == "peek" else 1)
    every = draw.choice([1, 1, 1, 2])
    writer += [Slot(what, chan, every) for what in {"put2": ["put", "put"], "full": ["full", "put"]}.get(put, [put])]
    readers = {"get2": ["get", "get"], "peek": ["peek", "get"], "empty": ["empty", "get"]}.get(get, [get])
    reader += [Slot(what, chan, every) for what in readers]
