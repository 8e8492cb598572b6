"""Runs a program without values: only when everything happens."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from spatial.analysis.extraction import processes_of
from spatial.analysis.processes import NotStatic, ProcessNetwork, uses_of
from spatial.sim.explain.trials import Attempt, explain
from spatial.sim.reference.engine import Ending, Outcome
from spatial.sim.reference.network import Network
from spatial.sim.result import Run, run_of
from spatial.sim.timing.engine import NeverAtRest, TimingEngine
from spatial.sim.timing.outcome import Outcomes
from spatial.sim.timing.timing import Timing
from spatial.source.errors import Misuse, ProgramError
from spatial.source.report import Label, Report
from spatial.source.span import Span, caller_span

__all__ = ["TimedProgram", "quick_attempt", "timed_program"]

LONG = 20_000  # channel operations from which on machine code is worth its making

SHALLOW = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsValues:
    """An actor whose time depends on values or on the clock; `why` is told at the place."""

    actor: str
    why: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="run/values",
            title=f"how long `{self.actor}` takes is known only with values",
            primary=Label(self.span, self.why),
            hint="leave out `values=False`, and give what the region takes",
        )


@dataclass(frozen=True, slots=True)
class TimedProgram:
    """A program whose time is known without values; `run` it with any depths."""

    network: Network
    engine: TimingEngine
    outcomes: Outcomes

    def run(self, depths: Mapping[str, int]) -> Run:
        """The result of a run: no arrays and no tokens, all else as always."""
        if not self.engine.fits(depths):
            title = "so many tokens in channels take more memory than a run may have"
            raise ProgramError([Misuse(title=title, span=caller_span(), hint="give smaller `depths`")])
        try:
            timing = self.engine.run(depths)
        except NeverAtRest:
            title = "kernels that run freely keep each other busy for ever, so the run does not end"
            hint = "leave out `values=False`, and say where to stop: `until=1000`"
            raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint)]) from None
        outcome = self.outcomes.outcome(timing, depths)
        deadlock = None
        if outcome.ending is Ending.DEADLOCK:
            deadlock = explain(self.network, outcome, depths, {}, self.attempt)
        run = run_of(self.network, outcome, depths, frozenset(), deadlock)
        return replace(run, outputs={}, extrapolated=timing.leaps)

    def attempt(self, depths: Mapping[str, int], seconds: float | None = None) -> Outcome:
        """What happens at other depths, 0 for no bound.

        Those that do not fit into memory are made deeper only where somebody waits to put, which ends alike.
        """
        tried = dict(depths)
        if not self.engine.fits(tried):
            tried = {name: min(depth, SHALLOW) if depth else SHALLOW for name, depth in depths.items()}
        while True:
            timing = self.engine.run(tried)
            full = self.full(timing, tried, depths) if timing.deadlock else []
            if not full:
                return self.outcomes.outcome(timing, depths)
            for name in full:
                tried[name] = min(2 * tried[name], depths[name] or 2 * tried[name])

    def full(self, timing: Timing, tried: Mapping[str, int], depths: Mapping[str, int]) -> list[str]:
        """The channels that somebody waits to put into, and that are to be deeper."""
        processes = self.engine.network.processes
        waits = [wait for wait in timing.waits if wait.operation.puts]
        names = {processes[wait.process].links[wait.operation.port] for wait in waits}
        return [name for name in names if tried[name] != depths[name]]


def timed_program(network: Network) -> TimedProgram:
    """Prepares a network; raises `ProgramError` where values or the clock decide when something happens."""
    found = processes_of(network.graph, network.module, network.timings, network.device)
    if isinstance(found, NotStatic):
        raise ProgramError([NeedsValues(actor=found.actor, why=found.why, span=found.span)])
    return TimedProgram(network, TimingEngine(found), Outcomes(network, found))


def quick_attempt(network: Network, calls: int) -> Attempt | None:
    """Runs at other depths where neither values nor the clock decide what happens, to explain a deadlock.

    None for short programs too, which the reference runs sooner, and with all that values may do.
    """
    found = processes_of(network.graph, network.module, network.timings, network.device) if calls == 1 else None
    if not isinstance(found, ProcessNetwork):
        return None
    if sum(sum(uses_of(process.body).values()) for process in found.processes) < LONG:
        return None
    return TimedProgram(network, TimingEngine(found), Outcomes(network, found)).attempt
