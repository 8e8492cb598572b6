"""Takes the steps of one schedule again where its kernel or function stands in another program."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from spatial.customize.references import Band, Buffer, Grid, Loop, place
from spatial.customize.state import State
from spatial.customize.steps import Step
from spatial.ir.function import parameters
from spatial.ir.mlir import func
from spatial.schedule.calls.writing import calls_in
from spatial.source.report import Label, Problem, Report
from spatial.source.span import Span

__all__ = ["Other", "Replayed", "correspondence", "differences", "flat", "instances", "translated"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A schedule is composed where something else is called so; `why` tells what differs in the instances."""

    name: str
    why: tuple[str, ...]
    places: tuple[tuple[Span, str], ...]
    span: Span

    def report(self) -> Report:
        return Report(
            code="schedule/other",
            title=f"the schedule is of another `{self.name}` than the one that is called here",
            primary=Label(self.span, "composed here"),
            related=tuple(Label(span, text) for span, text in self.places),
            notes=self.why,
            hint=f"customize the `{self.name}` that is called, with the types that it is given",
        )


def flat(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps, with those that a composed schedule had in place of its being composed."""
    for step in steps:
        yield from flat(step.parts) if step.parts else (step,)


def instances(state: State, name: str) -> list[str]:
    """What the instances of a kernel or function are called in a program, in its order."""
    return list(dict.fromkeys(state.kernel(each) for each, op in state.functions.items() if _name(op) == name))


def _name(function: func.FuncOp) -> str:
    """What the user calls the kernel or the function that it is made of."""
    attributes = function.attributes
    return str(attributes["df.kernel" if "df.kernel" in attributes else "df.callee"].value)


def differences(known: State, here: State, label: str) -> tuple[str, ...]:
    """In what the function called `label` here differs from the one of a schedule, which began as `known`."""
    if label not in here.called:
        return ()
    function = next(iter(known.functions.values()))
    wanted, given = known.place(function.name.value), here.place(label)
    if wanted != given:
        return (f"it is defined in {place(wanted)}, `{label}` in {place(given)}",)
    types = {each.name: str(each.type) for each in parameters(function)}
    found = {each.name: str(each.type) for each in parameters(here.functions[label])}
    return tuple(
        f"`{name}` is `{types[name]}` in the schedule, `{type_}` in `{label}`"
        for name, type_ in found.items()
        if types.get(name, type_) != type_
    )


def correspondence(known: State, here: State, label: str) -> dict[str, str]:
    """For each function that another schedule's program calls, what the same one is called in the instance `label`."""
    found: dict[str, str] = {}
    if label in here.called:
        own = next(iter(known.functions.values()))
        found[_name(own)] = label
        _match(known, own, here, here.functions[label], found)
    return found


def _match(known: State, function: func.FuncOp, here: State, other: func.FuncOp, found: dict[str, str]) -> None:
    for one, same in zip(calls_in(function), calls_in(other), strict=False):
        callee, name = known.functions[one.callee.value], same.callee.value
        if _name(callee) == _name(here.functions[name]):
            found[one.callee.value] = name
            _match(known, callee, here, here.functions[name], found)


def translated(value: object, step: Step, known: State, label: str, called: Mapping[str, str]) -> object:
    """What a step was given in another schedule, as names of the kernel called `label` here.

    `known` is the other schedule's program, `called` says what the functions that it calls, and the grids that it made,
    are called here.
    """
    match value:
        case Loop() | Buffer():
            return _address(value.function, _owner(value.function, known), value.name, label, called)
        case Band():
            function = value.loops[0].function
            return _address(function, _owner(function, known), value.name, label, called)
        case Grid():
            return replace(value, name=called.get(value.name, value.name))
        case str() if value in step.named:
            owner, _, name = value.rpartition(":")
            function = step.named[value]
            return called[name] if name == function else _address(function, owner, name, label, called)
        case str():
            return called.get(value, value)
        case list() | tuple():
            return [translated(each, step, known, label, called) for each in value]
    return value


def _owner(function: str, known: State) -> str:
    return known.address(function) if function in known.functions else function


def _address(function: str, owner: str, name: str, label: str, called: Mapping[str, str]) -> str:
    """A name in a function, or in the one of a kernel's PEs that the owner ends in: `pe[0]` or `pe_0`."""
    for known in (function, owner):
        if known in called:
            return f"{called[known]}:{name}"
    cut = next((at for at, letter in enumerate(owner) if letter == "["), len(owner))
    return f"{label}{owner[cut:]}:{name}"
