"""Runs what a program becomes for an NPU on machine code."""

from collections.abc import Sequence

import numpy as np

import spatial as sp
from spatial.build.cpu import CpuModule
from spatial.build.simulate import Simulator
from spatial.device.fpga import device_of
from spatial.device.npu import npu
from spatial.ir.graph import actor_graph
from spatial.lower.aie.design import Mapped
from spatial.lower.aie.mapping.mapping import map_program
from spatial.region.definition import Region
from spatial.region.program import Program
from spatial.sim.native.untimed import compile_untimed
from spatial.sim.reference.network import compile_network

__all__ = ["mapped", "run_legal"]


def mapped(region: Region, device: str = "npu1") -> Mapped:
    """What a region becomes on a device."""
    program = sp.build(region).module
    return map_program(program, actor_graph(program), npu(device))


def run_legal(found: Mapped, calls: Sequence[Sequence[np.ndarray]]) -> CpuModule:
    """Calls the legal program with the arguments of each call, which it writes the outputs into."""
    legal = Program(name=found.name, module=found.module, graph=found.graph)
    network = compile_network(legal.module, legal.graph, device_of("ideal"))
    module = CpuModule(Simulator(legal, network, "native"), compile_untimed(network))
    for arguments in calls:
        module(*arguments)
    return module
