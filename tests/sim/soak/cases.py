"""Random networks of all kinds as regions, by seeds, and what can be changed of them without compiling again."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spatial.device.model import DEVICES, Device, FifoTiming, Storage
from spatial.region.definition import Region
from tests.sim import networks, polling
from tests.sim.dataflow import draw, script, text
from tests.sim.programs import region_of

SHALLOW = (1, 1, 1, 2, 2, 3, 4, 7, 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A network: its region, the device it is compiled for, the least depth of each channel."""

    seed: int
    region: Region
    device: str
    least: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latencies(Device):
    """Channels whose latencies are drawn for each size."""

    seed: int

    def fifo(self, depth: int, bits: int, storage: str = "") -> FifoTiming:
        found = random.Random(f"{self.seed} {depth} {bits}")
        return FifoTiming(
            storage=Storage.REGISTER,
            read_after_write=found.choice([1, 1, 2, 3]),
            write_after_read=found.choice([1, 1, 2]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """Depths and latencies of one run, and the cycle before which it stops, if it does."""

    depths: Mapping[str, int]
    device: Device
    until: int | None


def case(seed: int) -> Case:
    """The network of a seed: one of loops of blocking pipelines, one of pipelines that poll, two with everything."""
    kind, number = seed % 4, seed // 4
    if kind == 0:
        net = networks.random_net(number)
        least = {link.name: 1 for link in net.links}
        return Case(seed=seed, region=region_of(networks.source(net)), device=net.device, least=least)
    if kind == 1:
        polls = polling.random_net(number)
        places = {use.link.name: use.place + 1 for loop in polls.loops for use in loop.uses if use.what == "peek"}
        least = {link.name: max(1, link.initial, places.get(link.name, 1)) for link in polls.links}
        region = region_of(polling.source(polls, list(range(len(polls.loops)))))
        return Case(seed=seed, region=region, device=polls.device, least=least)
    flow = draw.random_net(2 * number + kind)
    return Case(seed=seed, region=region_of(text.source(flow)), device=flow.device, least=least_depths(flow))


def least_depths(net: script.Net) -> dict[str, int]:
    """The least depths that hold the initial tokens, and those that are peeked at."""
    peeked = {op.chan: 2 for actor in net.actors for op in script.ops_of(actor.body) if op.place == "1"}
    return {name: max(1, len(c.initial), peeked.get(c.name, 1)) for c in net.chans for name in c.names}


def vectors(made: Case, channels: list[str], count: int) -> Iterator[Vector]:
    """Depths and latencies to run a network with, the least depths first."""
    found = random.Random(made.seed)
    for number in range(count):
        depths = {name: max(made.least.get(name, 1), found.choice(SHALLOW) if number else 1) for name in channels}
        drawn = Latencies(
            name="drawn", title="drawn", register_bits=0, register_latency=1, memory_latency=1, release_latency=1,
            seed=made.seed * count + number,
        )  # fmt: skip
        device = found.choice([DEVICES["ideal"], DEVICES["hls"], drawn])
        yield Vector(depths=depths, device=device, until=found.randint(1, 60) if number % 7 == 6 else None)
