"""Finds out why a run deadlocked, and what would help, by running it with other depths."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from spatial.sim.explain.deadlock import (
    DeadlockReport,
    Hopeless,
    PartnerFinished,
    Undecided,
    Verdict,
    Waiting,
    waiting_cycle,
)
from spatial.sim.explain.remedy import deeper_in_time, find_depths
from spatial.sim.reference.engine import UNBOUNDED, Ending, Outcome, execute
from spatial.sim.reference.network import Network

__all__ = ["Attempt", "explain"]

UNBOUNDED_SECONDS = 20.0
Memory = Mapping[str, Sequence[object]]


class Attempt(Protocol):
    """A run with other depths, of at most so many seconds of work."""

    def __call__(self, tried: Mapping[str, int], /, seconds: float | None = None) -> Outcome: ...


def explain(
    network: Network,
    outcome: Outcome,
    depths: Mapping[str, int],
    memory: Memory,
    attempt: Attempt | None = None,
    *,
    calls: int = 1,
) -> DeadlockReport:
    """The report of a deadlock; Ctrl-C ends the search for what would help, not the report.

    Other depths are tried with `attempt`, which may be given so many seconds, else on the reference engine.
    """
    waits, ended = waiting_cycle(network, outcome, depths)
    blocked = sum(bool(state.waits) for state in outcome.actors.values())
    verdict: Verdict
    if ended:
        verdict = _mismatch(outcome, waits[0], ended)
    else:
        try:
            verdict = _remedy(network, depths, attempt or _reference(network, memory, calls))
        except KeyboardInterrupt:
            verdict = Undecided(why="the search was stopped by Ctrl-C")
        except MemoryError:
            verdict = Undecided(why="to try such depths takes too much memory")
    if isinstance(verdict, Hopeless):
        waits = verdict.waits
    last = outcome.prints[-1] if outcome.prints else None
    printed = f"the last text printed is of `{last.actor}` in cycle {last.cycle}: {last.text}" if last else ""
    return DeadlockReport(cycle=int(outcome.now), waits=waits, blocked=blocked, verdict=verdict, printed=printed)


def _mismatch(outcome: Outcome, wait: Waiting, ended: str) -> PartnerFinished:
    fifo = outcome.fifos[wait.channel]
    return PartnerFinished(
        channel=wait.channel,
        partner=ended,
        puts=fifo.puts,
        gets=fifo.gets,
        waits_to_put=wait.puts,
        initial=fifo.initial,
        tokens=wait.tokens,
    )


def _reference(network: Network, memory: Memory, calls: int) -> Attempt:
    """Runs of the reference engine."""

    def attempt(tried: Mapping[str, int], seconds: float | None = None) -> Outcome:
        outcome = execute(network, tried, memory, seconds=seconds, calls=calls)
        if outcome.ending is Ending.INTERRUPTED:
            raise KeyboardInterrupt
        return outcome

    return attempt


def _remedy(network: Network, depths: Mapping[str, int], attempt: Attempt) -> Verdict:
    """Whether depth helps at all, and if so the depths that do."""
    unbounded = attempt(dict.fromkeys(depths, UNBOUNDED), UNBOUNDED_SECONDS)
    match unbounded.ending:
        case Ending.FINISHED if network.graph.is_timed:
            return deeper_in_time(network, depths, attempt)
        case Ending.FINISHED:
            return find_depths(network, depths, unbounded, attempt)
        case Ending.DEADLOCK:
            waits, ended = waiting_cycle(network, unbounded, depths)
            return Hopeless(waits=waits, ended=ended)
        case Ending.LIVELOCK:
            return Undecided(why="with unbounded channels actors poll for ever")
        case Ending.FAILED if unbounded.failure is not None:
            return Undecided(why=f"with unbounded channels `{unbounded.failure.actor}` fails: {unbounded.failure.what}")
    return Undecided(why=f"with unbounded channels it still ran after {UNBOUNDED_SECONDS:.0f} s")
