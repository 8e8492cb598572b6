"""Runs programs before and after they are made legal."""

from dataclasses import dataclass

import numpy as np

from spatial.build.arguments import channel_depths
from spatial.build.simulate import Simulator
from spatial.device.fpga import device_of
from spatial.device.model import Device
from spatial.lower.hls.legalize.legal import Legal
from spatial.lower.hls.legalize.legalize import legalize
from spatial.region.definition import Region
from spatial.region.program import Program, compile_region
from spatial.sim.reference.network import compile_network
from spatial.sim.result import Run

DEVICE = device_of("hls")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A program that was made legal, and how it is run."""

    legal: Legal
    simulator: Simulator

    def run(self, *arguments: np.ndarray) -> Run:
        return self.simulator.run(*arguments)


def made_legal(region: Region, engine: str = "simpy", device: Device = DEVICE, **options: object) -> Made:
    program = compile_region(region)
    legal = legalize(program.module, device, **options)
    changed = Program(name=program.name, module=legal.module, graph=legal.graph)
    network = compile_network(legal.module, legal.graph, DEVICE)
    return Made(legal=legal, simulator=Simulator(changed, network, engine, channel_depths(legal.graph, None)))
