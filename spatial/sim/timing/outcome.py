"""A run of the timing engine as the outcome that every engine gives, without values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import simpy

from spatial.analysis.processes import Operation, ProcessNetwork, runs_freely
from spatial.ir.channels import WRITES
from spatial.sim.reference.actor import ActorState, Pending, Wait
from spatial.sim.reference.channel import Fifo
from spatial.sim.reference.engine import Ending, Outcome, last_act
from spatial.sim.reference.network import Network
from spatial.sim.reference.stillness import Stillness
from spatial.sim.reference.waits import end_calls
from spatial.sim.timing.timing import Timing
from spatial.source.span import Span

__all__ = ["Outcomes"]

PUTTING = frozenset(operation.OPERATION_NAME for operation in WRITES)
Sites = Mapping[tuple[Span | None, object, bool], int]


@dataclass(slots=True)
class Outcomes:
    """Makes outcomes of the runs of a program; `processes` is what its network is to the timing engine."""

    network: Network
    processes: ProcessNetwork
    sites: dict[str, Sites] = field(default_factory=dict)

    def outcome(self, timing: Timing, depths: Mapping[str, int]) -> Outcome:
        """Channels and actors as the reference engine would leave them; tokens and memory hold no values."""
        fifos = self.fifos(timing, depths)
        actors = self.actors(timing, fifos)
        ending = Ending.DEADLOCK if timing.deadlock else Ending.FINISHED
        for state in end_calls(self.network.graph, actors.values()) if ending is Ending.FINISHED else ():
            state.stalled_input -= timing.now - state.since
        acts = {name: last_act(state) for name, state in actors.items()}
        return Outcome(
            ending=ending,
            now=timing.now,
            acts=acts,
            ends=[int(max(acts.values(), default=0))] if ending is Ending.FINISHED else [],
            actors=actors,
            fifos=fifos,
            memory={},
            still=Stillness(simpy.Environment(timing.now)),
        )

    def fifos(self, timing: Timing, depths: Mapping[str, int]) -> dict[str, Fifo]:
        """The channels with all that is counted of them."""
        found = {}
        for number, link in enumerate(self.processes.links):
            depth = depths[link.name]
            fifo = Fifo(link.name, depth or None, self.processes.timing_of(link, depth))
            held, gets = int(timing.left[number]), int(timing.tokens[number])
            fifo.tokens.extend((0, None, None) for _ in range(held))
            fifo.initial, fifo.held, fifo.gets = link.initial, held, gets
            fifo.puts = gets + held - link.initial
            fifo.most = int(timing.high_water[number])
            fifo.cycles_full, fifo.cycles_empty = int(timing.cycles_full[number]), int(timing.cycles_empty[number])
            found[link.name] = fifo
        return found

    def actors(self, timing: Timing, fifos: Mapping[str, Fifo]) -> dict[str, ActorState]:
        """The actors as they stand, all their cycles booked."""
        environment = simpy.Environment(timing.now)
        still = Stillness(environment)
        found = {}
        for number, process in enumerate(self.processes.processes):
            state = ActorState(process.name, number, environment, still, lambda *_: None)
            done = int(timing.done[number])
            state.done = None if done < 0 else done
            state.free_running = runs_freely(process)
            state.busy = int(timing.busy[number])
            state.stalled_input = int(timing.stalled_input[number])
            state.stalled_output = int(timing.stalled_output[number])
            found[process.name] = state
        for wait in timing.waits:
            process = self.processes.processes[wait.process]
            links = {operation: fifos[process.links[operation.port]] for operation in (wait.operation, *wait.held)}
            pending: list[Pending] = [
                (links[operation], None, None) if operation.puts else links[operation] for operation in wait.held
            ]
            site = self.site(process.name, wait.operation)
            state = found[process.name]
            state.waits.append(Wait(links[wait.operation], wait.operation.puts, site, pending))
            state.since = max(wait.since, state.since)
        return found

    def site(self, actor: str, operation: Operation) -> int:
        """The number of the place where an operation stands."""
        function = self.network.graph.actor[actor].function
        if function not in self.sites:
            sites = self.network.functions[function].sites
            self.sites[function] = {
                (site.span, site.calls, site.operation in PUTTING): number
                for number, site in reversed(list(enumerate(sites)))
            }
        return self.sites[function][operation.span, operation.calls, operation.puts]
