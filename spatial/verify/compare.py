"""Compares two programs by running both on the same tokens."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from spatial.analysis.endless import UNENDING
from spatial.device.model import Device
from spatial.sim.reference.engine import Ending
from spatial.source.errors import ProgramError
from spatial.source.report import Problem
from spatial.types.tensor import shape_of
from spatial.verify.counterexample import Counterexample
from spatial.verify.domain import Domain, Words
from spatial.verify.errors import (
    DifferentParameters,
    NothingGiven,
    NotSymbolic,
    RunFailed,
    Stuck,
    TimeDecides,
    Uninitialised,
    Unordered,
)
from spatial.verify.explain.divergence import Teller, first_apart
from spatial.verify.flow import first_poll, flow_of, refusals
from spatial.verify.kinds import Kind
from spatial.verify.prepare.branches import without_branches
from spatial.verify.prepare.externals import functions_in_cpp, without_externals
from spatial.verify.rewrite import Symbolic
from spatial.verify.running import LONGEST, Ran
from spatial.verify.side import Side, paired
from spatial.verify.streams.closing import as_arrays, channel_pairs, other_counts
from spatial.verify.streams.counting import Counts, counted
from spatial.verify.verdict import Verdict
from spatial.verify.work import Known, Work

__all__ = ["Comparison"]

IN_CPP = {
    True: "is in C++: what it writes is taken for a function of what it is given, and it does nothing else",
    False: "is in C++: it is taken to do what its reference does",
}
PATIENCE = 10.0  # seconds: a program that runs longer is not run again to find out where it differs


class Comparison:
    """Two programs under way: `pairs` has for each parameter of the first, or channel of one, that of the second.

    Where they differ they are run again to find out where that begins, if they are to `explain` it. There are so many
    tokens for the channels of streams as are `offered`. So many `calls` are compared, one where none is told and
    nothing is kept from call to call, else two.
    """

    def __init__(
        self,
        first: Side,
        second: Side,
        domain: Domain,
        known: Known,
        device: Device,
        *,
        explain: bool,
        offered: Mapping[str, int],
        calls: int | None = None,
    ) -> None:
        self.sides = (first, second)
        self.offered = offered
        self.domain = domain
        self.known = known
        self.device = device
        self.explain = explain
        self.seconds: dict[str, float] = {}
        self.pairs = paired(first, second)
        self.calls = calls or (2 if any(side.kept for side in self.sides) else 1)
        self.counts: tuple[Counts, ...] = ()
        self.told: dict[str, str] = {}

    def run(self) -> Verdict:
        """The verdict on both programs."""
        if (problem := self.mismatch()) is not None:
            return self.verdict(Kind.INTERFACE, [problem])
        if not any(side.gives for side in self.sides):
            names = self.sides[0].name, self.sides[1].name
            return self.verdict(Kind.REFUSED, [NothingGiven(programs=names, span=self.sides[1].span)])
        self.pairs = channel_pairs(self.pairs, self.sides[0])
        for side in self.sides:
            if (poll := first_poll(side.module)) is not None:
                return self.verdict(Kind.NONDETERMINISTIC, [TimeDecides(operation=poll[0], span=poll[1])])
        works = self.works()
        if problems := [problem for work in works for problem in _refused(work)]:
            return self.verdict(Kind.REFUSED, problems)
        try:
            return self.followed(works)
        except ProgramError as error:
            if not all(isinstance(problem, NotSymbolic) for problem in error.problems):
                raise
            return self.verdict(Kind.REFUSED, error.problems)

    def followed(self, works: tuple[Work, Work]) -> Verdict:
        """The verdict on programs that can be run on symbols, call after call."""
        verdict, runs = self.called(works)
        for call in range(2, self.calls + 1):
            if verdict.kind is not Kind.EQUAL:
                break
            first, second = (
                replace(work, call=call, kept=ran.kept) for work, (_, ran) in zip(works, runs, strict=True)
            )
            later, runs = self.called((first, second))
            told = verdict.notes if later.kind is Kind.EQUAL else ()
            cells = verdict.cells + later.cells if later.cells else 0
            verdict = replace(later, cells=cells, notes=tuple(dict.fromkeys((*told, *later.notes))))
        return verdict

    def called(self, works: tuple[Work, Work]) -> tuple[Verdict, list[tuple[Symbolic, Ran]]]:
        """The verdict on a call, as far as is seen before it is done, and what both programs leave."""
        self.sides = works[0].side, works[1].side
        if any(side.is_open for side in self.sides):
            works = self.closed(works)
        runs = [self.ran(work) for work in works]
        of_call = (f"in call {works[0].call}",) if works[0].call > 1 else ()
        for work, (_, ran) in zip(works, runs, strict=True):
            if (kind := _ending(ran)) is not None:
                return self.verdict(kind, _problems(work, ran, self.offered), notes=of_call), runs
        if problems := list(other_counts(self.sides, self.counts, self.pairs)):
            return self.verdict(Kind.DIFFERENT, problems, notes=of_call), runs
        found = self.compared(works, runs)
        return found if found.kind is Kind.EQUAL else replace(found, notes=of_call), runs

    def works(self) -> tuple[Work, Work]:
        """Both programs without branches that data decides, as far as they can be choices."""
        names = ({name: name for name in self.pairs}, {other: name for name, other in self.pairs.items()})
        unknown = self.unknown()
        made = []
        for label, side, own in zip(("first", "second"), self.sides, names, strict=True):
            known = {name: self.known[given] for name, given in own.items() if given in self.known}
            plain = without_externals(side.module, side.graph, unknown)
            flat = replace(side, module=without_branches(plain, side.graph, known))
            made.append(Work(label=label, side=flat, domain=self.domain, names=own, known=known, device=self.device))
        return made[0], made[1]

    def unknown(self) -> frozenset[str]:
        """Functions in C++ of which nothing is known: both programs call them, or nothing else tells what they do."""
        here, there = (functions_in_cpp(side.module) for side in self.sides)
        both = here.keys() & there.keys()
        called = {**here, **there}
        found = {name for name, each in called.items() if each.file and (name in both or not each.reference)}
        self.told = {each.symbol: IN_CPP[name in found] for name, each in called.items()}
        return frozenset(found)

    def closed(self, works: tuple[Work, Work]) -> tuple[Work, Work]:
        """Both programs with arrays in the place of streams, of as many tokens as go through these."""
        self.counts = tuple(counted(work, self.offered) for work in works)
        first, second = (as_arrays(work, each) for work, each in zip(works, self.counts, strict=True))
        self.sides = first.side, second.side
        return first, second

    def verdict(self, kind: Kind, problems: Sequence[Problem] = (), **found: Any) -> Verdict:
        first, second = self.sides
        return Verdict(
            kind=kind,
            mode=self.domain.name,
            first=first.name,
            second=second.name,
            seed=self.domain.seed,
            problems=tuple(dict.fromkeys(problems)),
            seconds=self.seconds,
            **found,
        )

    def mismatch(self) -> DifferentParameters | None:
        """The first parameters that are not of one type."""
        first, second = self.sides
        if len(self.pairs) != len(first.forms) or len(first.forms) != len(second.forms):
            told = [f"`{each.name}({', '.join(each.forms)})`" for each in self.sides]
            return DifferentParameters(first=told[0], second=told[1], span=second.span)
        for name, other in self.pairs.items():
            if first.forms[name] != second.forms[other]:
                told = [f"`{name}: {first.forms[name]}`", f"`{other}: {second.forms[other]}`"]
                return DifferentParameters(first=told[0], second=told[1], span=second.span)
        return None

    def ran(self, work: Work) -> tuple[Symbolic, Ran]:
        """What a program leaves, but for tokens of streams that it was only given to look at."""
        program, ran = work.run()
        ran = replace(ran, left=tuple(each for each in ran.left if each.channel not in work.names))
        self.seconds |= {f"{work.label}: {what}": seconds for what, seconds in ran.seconds.items()}
        return program, ran

    def compared(self, works: Sequence[Work], runs: Sequence[tuple[Symbolic, Ran]]) -> Verdict:
        """The verdict on what both programs leave."""
        (_, one), (_, other) = runs
        wrong = self.wrong(one, other)
        cells = sum(one.arrays[name].size for name in wrong) // self.domain.words
        differing = {name: len(places) for name, places in wrong.items()}
        different = sum(differing.values())
        counts: dict[str, Any] = {"cells": cells, "different": different, "differing": differing}
        if not different:
            return self.verdict(Kind.EQUAL, notes=tuple(self.notes()), **counts)
        if problem := self.uninitialised(works, runs, wrong):
            return self.verdict(Kind.UNINITIALISED, [problem], **counts)
        name = next(name for name, places in wrong.items() if len(places))
        return self.verdict(Kind.DIFFERENT, counterexample=self.example(works, runs, name, wrong[name]), **counts)

    def notes(self) -> Iterator[str]:
        """What an equality does not say."""
        yield from (f"`{symbol}` {told}" for symbol, told in self.told.items())
        for name, count in self.counts[0].taken.items() if self.counts else ():
            if name in self.counts[0].cut and name not in self.known:
                yield f"all of the {count} tokens in `{name}` are taken: `tokens=` says how many there are"
        about = "call" if self.calls == 1 else f"{self.calls} calls"
        for name in dict.fromkeys(name for side in self.sides for name in side.kept):
            yield f"`{name}` keeps its values from one call to the next: this is about the first {about}"

    def wrong(self, one: Ran, other: Ran) -> dict[str, Words]:
        """For each array that either program writes the places of the elements that differ."""
        first, second = self.sides
        found: dict[str, Words] = {}
        for name, with_ in self.pairs.items():
            if name in first.outputs or with_ in second.outputs:
                here, there = (ran.reshape(-1, self.domain.words) for ran in (one.arrays[name], other.arrays[with_]))
                found[name] = np.flatnonzero((here != there).any(axis=1))
        return found

    def uninitialised(
        self, works: Sequence[Work], runs: Sequence[tuple[Symbolic, Ran]], wrong: dict[str, Words]
    ) -> Uninitialised | None:
        """Whether an element that differs depends on what stands in memory to which nothing was written."""
        for work, (program, ran) in zip(works, runs, strict=True):
            if sum(ran.seconds.values()) > PATIENCE or not (program.unwritten or work.side.graph.made):
                continue
            again = replace(work, label=f"{work.label} again").run()[1]
            for name, places in wrong.items():
                own = name if work is works[0] else self.pairs[name]
                here, there = (each.arrays[own].reshape(-1, self.domain.words)[places] for each in (ran, again))
                changed = places[(here != there).any(axis=1)]
                if len(changed):
                    return self.unwritten(work, program, own, int(changed[0]), ran)
        return None

    def unwritten(self, work: Work, program: Symbolic, name: str, place: int, ran: Ran) -> Uninitialised:
        """An element that depends on memory to which nothing was written."""
        indices = tuple(map(int, np.unravel_index(place, shape_of(work.side.types[name]))))
        found = Uninitialised(program=work.side.name, array=name, indices=indices, span=work.side.span)
        if not self.explain:
            return found
        token = int(ran.arrays[name][place * self.domain.words])
        memory, step = Teller(work, program).never_written(token)
        return replace(found, memory=memory, step=step)

    def example(
        self, works: Sequence[Work], runs: Sequence[tuple[Symbolic, Ran]], name: str, places: Words
    ) -> Counterexample:
        """The first element that differs, and the operations where it begins to."""
        place = int(places[0])
        indices = tuple(map(int, np.unravel_index(place, shape_of(self.sides[0].types[name]))))
        found = Counterexample(array=name, indices=indices, span=self.sides[1].span)
        if not self.explain or any(sum(ran.seconds.values()) > PATIENCE for _, ran in runs):
            return found
        tellers, tokens = [], []
        for work, (program, ran) in zip(works, runs, strict=True):
            tellers.append(Teller(work, program))
            own = name if work is works[0] else self.pairs[name]
            tokens.append(int(ran.arrays[own][place * self.domain.words]))
        first, second = first_apart(tellers[0], tellers[1], (tokens[0], tokens[1]))
        return replace(found, first=first, second=second)


def _refused(work: Work) -> list[Problem]:
    """What keeps a program from being run on symbols."""
    side = work.side
    return list(refusals(side.module, flow_of(side.module, side.graph, work.known)))


def _ending(ran: Ran) -> Kind | None:
    """How a run ended, if not well."""
    failure = ran.failure
    match ran.ending:
        case Ending.DEADLOCK:
            return Kind.DEADLOCK
        case Ending.FAILED if ran.endless or (failure is not None and failure.what == UNENDING):
            return Kind.ENDLESS
        case Ending.FAILED if failure is not None and failure.other_site is not None:
            return Kind.RACE
        case Ending.FAILED if failure is not None and " is outside of " in failure.what:
            return Kind.OUT_OF_BOUNDS
        case Ending.FAILED:
            return Kind.FAULT
        case Ending.LIVELOCK | Ending.STOPPED:
            return Kind.ENDLESS
    return Kind.TOKENS_LEFT if ran.left else None


def _problems(work: Work, ran: Ran, offered: Mapping[str, int]) -> list[Problem]:
    """What a run ended with, for the user, who has `offered` so many tokens."""
    side, failure = work.side, ran.failure
    if ran.waits:
        counts = {wait.channel: offered.get(work.names.get(wait.channel, "")) for wait in ran.waits if not wait.puts}
        given = next(((name, count) for name, count in counts.items() if count is not None), None)
        return [Stuck(program=side.name, waits=ran.waits, given=given)]
    if failure is None:
        told = f"it has not ended after {LONGEST:.0f} seconds"
        return list(ran.left) or [RunFailed(program=side.name, what=told, actor=side.name, span=side.span)]
    if failure.other_site is not None:
        spans = failure.other_site.span, failure.site.span
        return [Unordered(element=failure.what, actors=(failure.other_actor, failure.actor), spans=spans)]
    return [RunFailed(program=side.name, what=failure.what.rstrip(","), actor=failure.actor, span=failure.site.span)]
