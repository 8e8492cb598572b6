"""Checks a program against the rules of Vitis HLS, without building it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from spatial.analysis.endless import check_endless
from spatial.analysis.races import check_races
from spatial.build.arguments import channel_depths
from spatial.build.depths import with_depths
from spatial.build.subject import Runnable, program_of
from spatial.build.timed import TimedProgram, timed_program
from spatial.device.fpga import device_of
from spatial.device.model import Device
from spatial.ir.graph import ActorGraph
from spatial.lower.hls.calling.legal import legal_parts
from spatial.lower.hls.calling.parts import Parts
from spatial.lower.hls.calling.separating import separated
from spatial.lower.hls.errors import Feedback
from spatial.lower.hls.interfaces import Interface, check_interfaces, interfaces_of
from spatial.lower.hls.legalize.legal import Legal
from spatial.lower.hls.legalize.legalize import legalize
from spatial.lower.hls.rules.judge import check_legal, check_program, named
from spatial.lower.hls.rules.program import feedback
from spatial.lower.hls.rules.rule import Subject
from spatial.region.program import Program
from spatial.sim.reference.network import compile_network
from spatial.source.errors import ProgramError
from spatial.source.report import Problem

__all__ = ["Checked", "check_for_hls"]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A program that Vitis HLS can build: its program, what is built of it, its ports, and what its user is to know."""

    program: Program
    legal: Legal
    interfaces: Mapping[str, Interface]
    notes: tuple[Problem, ...]

    @property
    def graph(self) -> ActorGraph:
        """The actors and channels, as the user wrote them."""
        return self.program.graph

    def subjects(self, device: Device) -> list[Subject]:
        """What rules are asked of: the program that is built, or each of its parts."""
        return subjects_of(self.legal.parts or self.legal, self.interfaces, device)


def subjects_of(made: Legal | Program | Parts, interfaces: Mapping[str, Interface], device: Device) -> list[Subject]:
    """The programs of a design, each of which is a region for itself."""
    if not isinstance(made, Parts):
        return [Subject(module=made.module, graph=made.graph, interfaces=interfaces, device=device)]
    return [
        Subject(module=each.module, graph=each.graph, interfaces=each.interfaces, device=device) for each in made.all
    ]


def check_for_hls(
    given: Runnable,
    *,
    device: str | Device = "hls",
    interfaces: Mapping[str, Interface] | None = None,
    depths: Mapping[str, int] | None = None,
    proven: bool = True,
) -> Checked:
    """Compiles a program and checks it against the rules of Vitis HLS; see `docs/hls-rules.md`.

    Where neither values nor the clock decide when something happens, it is run without values at its depths, which
    shows every deadlock, and proves that there is none; unless it need not be `proven`. Raises
    `ProgramError` with every problem found; the codes by which Vitis HLS would tell them stand in the titles.
    """
    found = device_of(device)
    program = _compiled(given, found)
    graph = program.graph
    problems: list[Problem] = list(check_interfaces(graph, interfaces))
    ports = {} if problems else interfaces_of(graph, interfaces)
    apart = separated(program.module, graph, ports)
    notes: list[Problem] = []
    for each in subjects_of(apart.parts if apart else program, ports, found):
        errors, more = check_program(each)
        problems += errors
        notes += more
    problems += named(check_races(program.module, graph))
    if problems:
        raise ProgramError(problems)
    legal = legal_parts(apart, found, ports) if apart else legalize(program.module, found, ports, graph)
    for each in subjects_of(legal.parts or legal, ports, found):
        errors, more = check_legal(each)
        problems += errors
        notes += [*_circles_made(each, notes), *more]
    if problems:
        raise ProgramError(problems)
    if proven:
        notes = _proven(notes, legal, found, depths)
    return Checked(program=program, legal=legal, interfaces=ports, notes=tuple(dict.fromkeys(notes)))


def _circles_made(made: Subject, notes: Sequence[Problem]) -> list[Problem]:
    """Circles through what moves an array to and from the actors that use it, where none is told of."""
    told = {actor for note in notes if isinstance(note, Feedback) for actor in note.actors}
    return [each for each in feedback(made) if isinstance(each, Feedback) and told.isdisjoint(each.actors)]


def _compiled(given: Runnable, device: Device) -> Program:
    """The program; what is wrong with it is told with the codes of Vitis HLS."""
    try:
        program = with_depths(program_of(given), device)
    except ProgramError as error:
        raise ProgramError(named(error.problems)) from None
    if problems := check_endless(program.module):
        raise ProgramError(problems)
    return program


def _proven(notes: list[Problem], legal: Legal, device: Device, depths: Mapping[str, int] | None) -> list[Problem]:
    """The notes after a run without values, which proves depths; raises `ProgramError` where it ends in a deadlock."""
    timed = _timed(legal, device)
    if timed is None:
        return notes
    run = timed.run(channel_depths(legal.graph, depths))
    if run.deadlock is not None:
        raise ProgramError(named([run.deadlock]))
    return [replace(note, proven=True) if isinstance(note, Feedback) else note for note in notes]


def _timed(legal: Legal, device: Device) -> TimedProgram | None:
    """The program without values; None where values, the clock or tokens from outside decide when things happen."""
    if any(parameter.stream for parameter in legal.graph.parameters):
        return None
    try:
        return timed_program(compile_network(legal.module, legal.graph, device))
    except ProgramError:
        return None
