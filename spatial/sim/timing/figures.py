"""The figures of a run of the timing engine, by the names of processes and links."""

from spatial.analysis.figures import Figures, LinkFigures, ProcessFigures, Waiting
from spatial.analysis.processes import ProcessNetwork
from spatial.sim.timing.timing import Timing

__all__ = ["figures_of"]


def figures_of(network: ProcessNetwork, timing: Timing) -> Figures:
    """Everything that is known of a run."""
    waits: dict[int, list[Waiting]] = {}
    for wait in timing.waits:
        link = network.processes[wait.process].links[wait.operation.port]
        waits.setdefault(wait.process, []).append(Waiting(link=link, operation=wait.operation))
    processes = zip(timing.done, timing.busy, timing.stalled_input, timing.stalled_output, strict=True)
    links = zip(timing.tokens, timing.left, timing.high_water, timing.cycles_full, timing.cycles_empty, strict=True)
    return Figures(
        deadlock=timing.deadlock,
        cycles=timing.cycles,
        processes={
            network.processes[number].name: ProcessFigures(
                done=None if done < 0 else int(done),
                busy=int(busy),
                stalled_input=int(stalled_input),
                stalled_output=int(stalled_output),
                waits=tuple(waits.get(number, ())),
            )
            for number, (done, busy, stalled_input, stalled_output) in enumerate(processes)
        },
        links={
            network.links[number].name: LinkFigures(
                tokens=int(tokens), left=int(left), high_water=int(most), cycles_full=int(full), cycles_empty=int(empty)
            )
            for number, (tokens, left, most, full, empty) in enumerate(links)
        },
    )
