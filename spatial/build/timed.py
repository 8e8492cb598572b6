"""Runs a program without values: only when everything happens."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from spatial.analysis.extraction import processes_of
from spatial.analysis.processes import NotStatic, ProcessNetwork
from spatial.sim.engine import Ending, Outcome
from spatial.sim.explain import Attempt, explain
from spatial.sim.network import Network
from spatial.sim.result import Run, run_of
from spatial.sim.timing.engine import NeverAtRest, TimingEngine
from spatial.sim.timing.outcome import Outcomes
from spatial.source.errors import Misuse, ProgramError
from spatial.source.report import Label, Report
from spatial.source.span import Span, caller_span

__all__ = ["TimedProgram", "quick_attempt", "timed_program"]


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
        """What happens at other depths; it takes no time to speak of."""
        return self.outcomes.outcome(self.engine.run(depths), depths)


def timed_program(network: Network) -> TimedProgram:
    """Prepares a network; raises `ProgramError` where values or the clock decide when something happens."""
    found = processes_of(network.graph, network.module, network.timings, network.device)
    if isinstance(found, NotStatic):
        raise ProgramError([NeedsValues(actor=found.actor, why=found.why, span=found.span)])
    return TimedProgram(network, TimingEngine(found), Outcomes(network, found))


def quick_attempt(network: Network, calls: int) -> Attempt | None:
    """Runs at other depths where neither values nor the clock decide what happens, to explain a deadlock."""
    found = processes_of(network.graph, network.module, network.timings, network.device) if calls == 1 else None
    if not isinstance(found, ProcessNetwork):
        return None
    return TimedProgram(network, TimingEngine(found), Outcomes(network, found)).attempt
