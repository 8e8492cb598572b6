"""Scheduled programs run on the engines as any other: the same values, and cycles that follow from their loops."""

import numpy as np
import pytest

from spatial.build.simulate import Simulator
from spatial.device.fpga import device_of
from spatial.ir.verify import verify
from spatial.region.program import Program
from spatial.schedule.loops.fuse import fuse
from spatial.schedule.loops.jam import unroll_and_jam
from spatial.schedule.loops.parallel import parallel
from spatial.schedule.loops.pipeline import pipeline
from spatial.schedule.loops.reorder import reorder
from spatial.schedule.loops.split import split
from spatial.schedule.loops.tile import tile
from spatial.schedule.loops.unroll import unroll
from spatial.sim.reference.network import compile_network
from tests.schedule.loops.nests import matmul
from tests.schedule.programs import compiled

SCHEDULES = {
    "as written": [],
    "blocks": [((tile, ["i", "j"], [2, 4]), {})],
    "blocks that fit": [((tile, ["i", "j"], [2, 3]), {})],
    "sum outside": [((reorder, "k", "i", "j"), {})],
    "copies": [((unroll_and_jam, "j", 2), {}), ((unroll, "k", 4), {})],
    "one row at once": [((parallel, "j"), {})],
    "pipeline of rows": [((pipeline, "j"), {})],
    "one loop": [((split, "k", 2), {}), ((fuse, "i", "j", "k.outer"), {})],
}


def run(nests, engine, device):
    graph = verify(nests.module)
    network = compile_network(nests.module, graph, device_of(device))
    simulator = Simulator(Program(name="matmul", module=nests.module, graph=graph), network, engine)
    random = np.random.default_rng(0)
    A = random.integers(-128, 128, (4, 8), dtype=np.int8)
    B = random.integers(-128, 128, (8, 6), dtype=np.int8)
    C = np.zeros((4, 6), np.int32)
    cycles = simulator.run(A, B, C).cycles
    np.testing.assert_array_equal(C, A.astype(np.int32) @ B.astype(np.int32))
    return cycles


@pytest.mark.parametrize("device", ["ideal", "xcu280@300"])
def test_engines_agree_on_scheduled_programs(device, golden):
    rows = []
    for name, steps in SCHEDULES.items():
        nests = compiled(matmul)
        for step, keywords in steps:
            nests.step(*step, **keywords)
        native, reference = (run(nests, engine, device) for engine in ("native", "simpy"))
        assert native == reference, name
        rows.append(f"{name:20} {native:4}\n")
    golden("".join(rows), f"cycles_{device}.txt")
