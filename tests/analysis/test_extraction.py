"""Programs whose control is static become process networks that take the time the programs take."""

import pytest

from spatial.analysis.extraction import processes_of
from spatial.analysis.processes import NotStatic
from tests.analysis.against_runs import difference, network_of, simulator_of
from tests.analysis.evaluator import evaluated
from tests.analysis.random_control import control_source
from tests.conformance.cell import blank, calls_of, drawn
from tests.conformance.registry import PROGRAMS
from tests.sim.networks import random_depths, random_net, source
from tests.sim.programs import region_of

DYNAMIC = {
    "game_of_life": "how often this repeats depends on `generations`, which the run is given",
    "jacobi": "how often this repeats depends on `steps`, which the run is given",
    "mandelbrot": "how often this repeats, only its values tell",
    "merge_sort": "whether this happens depends on `lefts`",
    "packets": "whether this happens depends on a token",
    "polling": "how often this repeats, only its values tell",
    "router": "how often this repeats, only its values tell",
    "sieve": "how often this repeats depends on `limit`, which the run is given",
    "sliding_maximum": "`peek` leaves the token where it is",
    "spmv": "how often this repeats depends on a token",
}
STATIC = [program for program in PROGRAMS if program.name not in DYNAMIC]


def named(value):
    return value.name


def found(network):
    return processes_of(network.graph, network.module, network.timings, network.device)


def ran(program, size, depth, device):
    """A run of a program, and the network that was run."""
    simulator = simulator_of(program.make(*size, depth=depth), device)
    arguments = calls_of(program, (*drawn(program, size), *blank(program, size)))[0]
    run = simulator.run(*arguments, on_deadlock="return")
    return run, [simulator.network, *simulator.closed.values()][-1]


@pytest.mark.parametrize("device", ["ideal", "hls"])
@pytest.mark.parametrize("program", STATIC, ids=named)
def test_a_static_program_takes_the_time_of_its_process_network(program, device):
    size = program.sizes[1]
    for depth in program.depths_of(size):
        run, network = ran(program, size, depth, device)
        assert not difference(run, evaluated(network_of(network))), f"with depth {depth}"


@pytest.mark.parametrize("program", [program for program in PROGRAMS if program.name in DYNAMIC], ids=named)
def test_a_program_that_values_control_is_none_and_says_why(program):
    _, network = ran(program, program.sizes[0], 2, "ideal")
    reason = found(network)
    assert isinstance(reason, NotStatic)
    assert reason.why == DYNAMIC[program.name]


@pytest.mark.parametrize("seed", range(60))
def test_random_networks_of_pipelines_take_the_time_of_their_process_networks(seed):
    net = random_net(seed)
    simulator = simulator_of(region_of(source(net)), net.device)
    for depths in ({}, random_depths(net, seed), dict.fromkeys(random_depths(net, seed), 40)):
        run = simulator.run(depths=depths, on_deadlock="return")
        assert not difference(run, evaluated(network_of(simulator.network, depths))), depths


@pytest.mark.parametrize("seed", range(60))
def test_random_control_takes_the_time_of_its_process_network(seed):
    simulator = simulator_of(region_of(control_source(seed)), ("ideal", "hls")[seed % 2])
    for depths in ({}, {name: 1 + (seed + n) % 4 for n, name in enumerate(simulator.network.graph.channel)}):
        run = simulator.run(depths=depths, on_deadlock="return")
        assert not difference(run, evaluated(network_of(simulator.network, depths))), depths
