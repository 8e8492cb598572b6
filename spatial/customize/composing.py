"""Takes the steps of one schedule again where its kernel stands in another program."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spatial.customize.references import Band, Buffer, Loop
from spatial.customize.state import State
from spatial.customize.steps import Step
from spatial.source.report import Label, Problem, Report
from spatial.source.span import Span

__all__ = ["Replayed", "flat", "instances", "translated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A step of another schedule is refused in this program."""

    problem: Problem
    schedule: str
    step: str
    at: Span

    def report(self) -> Report:
        report = self.problem.report()
        label = Label(self.at, f"`{self.step}` of the schedule of `{self.schedule}`")
        return replace(report, related=(*report.related, label))


def flat(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps, with those that a composed schedule had in place of its being composed."""
    for step in steps:
        yield from flat(step.parts) if step.parts else (step,)


def instances(state: State, name: str) -> list[str]:
    """What the instances of a kernel or function are called in a program, in its order."""
    functions = [each for each, op in state.functions.items() if op.attributes["df.kernel"].value == name]
    return list(dict.fromkeys(state.kernel(function) for function in functions))


def translated(value: object, step: Step, known: State, label: str) -> object:
    """What a step was given in another schedule, as names of the kernel called `label` here.

    `known` is the other schedule's program.
    """
    match value:
        case Loop() | Buffer():
            owner = known.address(value.function) if value.function else ""
            return _address(owner, value.name, label)
        case Band():
            return _address(known.address(value.loops[0].function), value.name, label)
        case str() if value in step.named:
            owner, _, name = value.rpartition(":")
            return _address(owner, name, label)
        case list() | tuple():
            return [translated(each, step, known, label) for each in value]
    return value


def _address(owner: str, name: str, label: str) -> str:
    """A name in a kernel, or in the one of its PEs that the owner ends in: `pe[0]` or `pe_0`."""
    cut = next((at for at, letter in enumerate(owner) if letter == "["), len(owner))
    return f"{label}{owner[cut:]}:{name}"
