"""Compares two programs by running both on the same tokens."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from spatial.device.model import Device
from spatial.sim.reference.engine import Ending
from spatial.source.report import Problem
from spatial.types.tensor import element_of, shape_of, size_of
from spatial.verify.branches import without_branches
from spatial.verify.counterexample import Counterexample
from spatial.verify.domain import Domain, Words
from spatial.verify.errors import DifferentParameters, Endless, RunFailed, Stuck, TimeDecides, Unordered
from spatial.verify.flow import Flow, first_poll, flow_of, refusals
from spatial.verify.graph import known_number
from spatial.verify.kinds import Kind
from spatial.verify.rewrite import symbolic
from spatial.verify.running import Memory, Ran, run_symbolic
from spatial.verify.side import Side, paired
from spatial.verify.verdict import Verdict

__all__ = ["Comparison", "Known"]

Known = Mapping[str, Sequence[int | float]]
"""The elements that parameters of the first program begin with, as the engine has them."""


class Comparison:
    """Two programs under way: `pairs` has for each parameter of the first that of the second."""

    def __init__(self, first: Side, second: Side, domain: Domain, known: Known, device: Device) -> None:
        self.first = first
        self.second = second
        self.domain = domain
        self.device = device
        self.seconds: dict[str, float] = {}
        self.pairs = paired(first, second)
        self.begun = {"first": known, "second": {self.pairs[name]: known[name] for name in known if name in self.pairs}}

    def run(self) -> Verdict:
        """The verdict on both programs."""
        if (problem := self.mismatch()) is not None:
            return self.verdict(Kind.INTERFACE, [problem])
        sides = {"first": self.first, "second": self.second}
        for side in sides.values():
            if (poll := first_poll(side.module)) is not None:
                return self.verdict(Kind.NONDETERMINISTIC, [TimeDecides(operation=poll[0], span=poll[1])])
        sides = {label: self.flat(side, label) for label, side in sides.items()}
        if problems := [each for label, side in sides.items() for each in self.refused(side, label)]:
            return self.verdict(Kind.REFUSED, problems)
        runs = {label: self.ran(side, label) for label, side in sides.items()}
        for label, ran in runs.items():
            if (kind := _ending(ran)) is not None:
                return self.verdict(kind, _problems(sides[label], ran))
        return self.compared(runs["first"], runs["second"])

    def verdict(self, kind: Kind, problems: Sequence[Problem] = (), **found: object) -> Verdict:
        return Verdict(
            kind=kind,
            mode=self.domain.name,
            first=self.first.name,
            second=self.second.name,
            seed=self.domain.seed,
            problems=tuple(dict.fromkeys(problems)),
            seconds=self.seconds,
            **found,  # type: ignore[arg-type]
        )

    def mismatch(self) -> DifferentParameters | None:
        """The first parameters that are not of one type."""
        here, there = self.first.types, self.second.types
        if len(self.pairs) != len(here) or len(here) != len(there):
            told = [f"`{each.name}({', '.join(each.types)})`" for each in (self.first, self.second)]
            return DifferentParameters(first=told[0], second=told[1], span=self.second.span)
        for name, other in self.pairs.items():
            if here[name] != there[other]:
                told = [f"`{name}: {here[name]}`", f"`{other}: {there[other]}`"]
                return DifferentParameters(first=told[0], second=told[1], span=self.second.span)
        return None

    def flat(self, side: Side, label: str) -> Side:
        """A program without branches that data decides, as far as they can be choices."""
        return replace(side, module=without_branches(side.module, side.graph, self.begun[label]))

    def refused(self, side: Side, label: str) -> Iterator[Problem]:
        return refusals(side.module, flow_of(side.module, side.graph, self.begun[label]))

    def ran(self, side: Side, label: str) -> Ran:
        """What a program leaves."""
        begun = time.perf_counter()
        program = symbolic(side.module, side.graph, self.domain, label, frozenset(self.begun[label]))
        memory = self.memory(side, label, program.flow)
        self.seconds[f"{label}: rewriting"] = time.perf_counter() - begun
        ran = run_symbolic(program, memory, side.depths, self.device)
        self.seconds |= {f"{label}: {what}": seconds for what, seconds in ran.seconds.items()}
        return ran

    def memory(self, side: Side, label: str, flow: Flow) -> Memory:
        """What the parameters of a program begin with: tokens that both programs are given, or known numbers."""
        names = {self.pairs[name] if label == "second" else name: name for name in self.pairs}
        found: dict[str, Sequence[object] | Words] = {}
        for name, type_ in side.types.items():
            known = self.begun[label].get(name)
            if known is not None and not flow.names(name):
                found[name] = known
            elif known is not None:
                dtype = element_of(type_)
                found[name] = self.domain.words_of([known_number(each, dtype, self.domain) for each in known])
            elif name in side.graph.made:
                found[name] = np.tile(self.domain.poison(label), size_of(type_))
            else:
                found[name] = self.domain.fresh(f"parameter {names[name]}", size_of(type_))
        return found

    def compared(self, one: Ran, other: Ran) -> Verdict:
        """The verdict on what both programs leave."""
        cells, differing, first = 0, {}, None
        written = self.first.outputs | {name for name, with_ in self.pairs.items() if with_ in self.second.outputs}
        for name, with_ in self.pairs.items():
            if name not in written:
                continue
            here, there = (each.reshape(-1, self.domain.words) for each in (one.arrays[name], other.arrays[with_]))
            wrong = np.flatnonzero((here != there).any(axis=1))
            cells, differing[name] = cells + len(here), len(wrong)
            if len(wrong) and first is None:
                indices = np.unravel_index(int(wrong[0]), shape_of(self.first.types[name]))
                first = Counterexample(array=name, indices=tuple(map(int, indices)))
        kind = Kind.EQUAL if first is None else Kind.DIFFERENT
        different = sum(differing.values())
        return self.verdict(kind, cells=cells, different=different, differing=differing, counterexample=first)


def _ending(ran: Ran) -> Kind | None:
    """How a run ended, if not well."""
    match ran.ending:
        case Ending.DEADLOCK:
            return Kind.DEADLOCK
        case Ending.FAILED if ran.failure is not None and ran.failure.other_site is not None:
            return Kind.RACE
        case Ending.FAILED if ran.failure is not None and " is outside of " in ran.failure.what:
            return Kind.OUT_OF_BOUNDS
        case Ending.FAILED:
            return Kind.FAULT
        case Ending.LIVELOCK | Ending.STOPPED:
            return Kind.ENDLESS
    return Kind.TOKENS_LEFT if ran.left else None


def _problems(side: Side, ran: Ran) -> list[Problem]:
    """What a run ended with, for the user."""
    failure = ran.failure
    if ran.waits:
        return [Stuck(program=side.name, waits=ran.waits)]
    if failure is None:
        return list(ran.left) or [Endless(program=side.name, span=side.span)]
    if failure.other_site is not None:
        spans = failure.other_site.span, failure.site.span
        return [Unordered(element=failure.what, actors=(failure.other_actor, failure.actor), spans=spans)]
    return [RunFailed(program=side.name, what=failure.what, actor=failure.actor, span=failure.site.span)]
