"""Compares the figures of a process network with a run of the reference engine."""

from collections.abc import Mapping

import spatial as sp
from spatial.analysis.extraction import processes_of
from spatial.analysis.figures import Figures
from spatial.analysis.processes import ProcessNetwork
from spatial.build.simulate import Simulator
from spatial.sim.reference.network import Network

__all__ = ["difference", "network_of", "simulator_of"]


def simulator_of(region: object, device: str = "ideal") -> Simulator:
    """A region made ready for the reference engine."""
    return sp.build(region, target="simulator", device=device, engine="simpy")


def network_of(network: Network, depths: Mapping[str, int] | None = None) -> ProcessNetwork:
    """The process network of a program; fails where it is none."""
    found = processes_of(network.graph, network.module, network.timings, network.device)
    assert isinstance(found, ProcessNetwork), f"{found.actor}: {found.why} ({found.span})"
    return found.with_depths(depths or {})


def difference(run: sp.Run, figures: Figures) -> str:
    """The first thing in which the two differ; "" if they agree."""
    if run.ending != ("deadlock" if figures.deadlock else "finished"):
        return f"{run.ending}, not {figures}"
    if run.cycles != figures.cycles:
        return f"{run.cycles} cycles, not {figures.cycles}"
    for name, actor in run.actors.items():
        ours = figures.processes[name]
        for field in ("done", "busy", "stalled_input", "stalled_output"):
            if getattr(actor, field) != getattr(ours, field):
                return f"{field} of {name}: {getattr(actor, field)}, not {getattr(ours, field)}"
        wait = ours.waits[0] if ours.waits else None
        if actor.waits_at != (wait.operation.span if wait else None):
            return f"{name} waits at {actor.waits_at}, not {wait}"
        if wait and not actor.waits_for.endswith(f" {wait.link}"):
            return f"{name} waits for {actor.waits_for}, not {wait}"
    for name, channel in run.channels.items():
        for field in ("tokens", "left", "high_water", "cycles_full", "cycles_empty"):
            theirs, own = getattr(channel, field), getattr(figures.links[name], field)
            if theirs != own:
                return f"{field} of {name}: {theirs}, not {own}"
    return ""
