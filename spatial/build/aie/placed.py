"""From a program to a placed design for an NPU."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from spatial.analysis.endless import check_endless
from spatial.build.aie.copies import with_copies
from spatial.build.aie.folded import Folded
from spatial.build.aie.forms import deepened, forms_of
from spatial.build.aie.written import unwritten
from spatial.build.collector import collector_paused
from spatial.build.depths import with_depths
from spatial.build.subject import Runnable, program_of
from spatial.device.fpga import device_of
from spatial.device.npu import Npu, npu
from spatial.ir.pins import pins_of
from spatial.lower.aie.design import Mapped, Placement
from spatial.lower.aie.emit.design import Design, emit
from spatial.lower.aie.emit.sequence import Step, passes_whole, steps_of
from spatial.lower.aie.emit.storage import stores_of
from spatial.lower.aie.legalize.legalize import Legal
from spatial.lower.aie.mapping.mapping import map_legal
from spatial.lower.aie.placement.errors import Conflict, NotFound, Shortage
from spatial.lower.aie.placement.place import place
from spatial.lower.aie.rules.judge import broken, broken_in_design, broken_when_placed, notices
from spatial.region.program import Program
from spatial.sim.npu.again import kept_behind
from spatial.sim.npu.predict import NotPredicted, predict
from spatial.sim.npu.prediction import Prediction
from spatial.sim.npu.standstill import Course, StandsStill, course_of
from spatial.source.errors import Misuse, ProgramError
from spatial.source.notice import Notice
from spatial.source.report import Problem
from spatial.source.span import caller_span

__all__ = ["SECONDS", "SEQUENCES", "Placed", "npu_named", "placed"]

SECONDS = 10.0
"""What a placement may take, in units of work that take about a second."""

USUAL = "npu1"
SEQUENCES = ("rounds", "ahead")
AGAIN = 3
"""How often a design is placed again for what was found when it was written."""

UNFIT = (Shortage, Conflict, NotFound, StandsStill)
"""Why another form of a program may do."""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A program, what it becomes on an NPU, where that stands, and its text."""

    program: Program
    npu: Npu
    mapped: Mapped
    placement: Placement
    design: Design
    course: Course
    folded: Folded | None = None

    @cached_property
    def prediction(self) -> Prediction | NotPredicted:
        """What a call takes on the NPU, or why that is not known."""
        return _predicted(self.mapped, self.placement, self.npu, self.design.steps)

    @property
    def notes(self) -> Sequence[Notice]:
        """What works, and costs more than it need, which PEs share cores, and what is not proven."""
        told = (self.folded, self.course.unknown)
        return [*notices(self.mapped), *(note for note in told if note is not None)]

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """What a call leaves on the array that the next one must not find."""
        return kept_behind(self.mapped, self.course)

    @property
    def legal(self) -> Program:
        """The program that the design runs."""
        return Program(name=self.program.name, module=self.mapped.module, graph=self.mapped.graph)


def npu_named(device: object) -> Npu:
    """The NPU that is asked for, the smaller one where none is."""
    if device is None:
        return npu(USUAL)
    if not isinstance(device, str | Npu):
        title = f'a design for `target="aie"` is for an NPU, not for `{device!r}`'
        raise ProgramError([Misuse(title=title, span=caller_span("device"), hint='write `device="npu1"`')])
    return npu(device)


def placed(
    given: Runnable,
    device: object = None,
    depths: Mapping[str, int] | None = None,
    seconds: float | None = None,
    sequence: str | None = None,
) -> Placed:
    """Maps, places and writes a program; raises `ProgramError` with everything that is wrong.

    Where it does not fit, or stands still, channels between the host and one core are joined to fewer, those between
    PEs that take turns become deeper, or PEs along another axis share cores, if that helps.

    Its transfers are in rounds, but "ahead" where they are asked for so, or where a round needs what the next brings.
    """
    found = npu_named(device)
    _check_seconds(seconds)
    _check_sequence(sequence)
    with collector_paused():
        program = deepened(with_depths(program_of(given), device_of("ideal")), depths)
        _refuse(check_endless(program.module))
        return _first_placed(program, found, seconds or SECONDS, sequence)


def _first_placed(program: Program, found: Npu, seconds: float, sequence: str | None) -> Placed:
    """The first form of a program that has a place and does not stand still; raises why the first of all has none."""
    refused: ProgramError | None = None
    for form in forms_of(program, found):
        wanted = Wanted(program=form.program, npu=found, seconds=seconds, sequence=sequence)
        try:
            made = _placed(wanted, form.legal)
            return replace(made, folded=form.folded)
        except ProgramError as error:
            refused = refused or error
            if not all(isinstance(each, UNFIT) for each in error.problems):
                break
    assert refused is not None, "there is one form at least"
    raise refused


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A program to be placed, and what is asked of its placement and its sequence."""

    program: Program
    npu: Npu
    seconds: float
    sequence: str | None


def _placed(wanted: Wanted, legal: Legal) -> Placed:
    """A program placed in its legal form."""
    program, found = wanted.program, wanted.npu
    mapped = map_legal(legal, pins_of(program.module), found)
    _refuse([*unwritten(program, mapped), *broken(mapped, found)])
    made = _with_room(wanted, _written(wanted, mapped))
    mapped, placement, design = made.mapped, made.placement, made.design
    _refuse(broken_in_design(mapped, found, placement, design))
    course = course_of(mapped, placement, found, design.steps)
    _refuse([course.still] if course.still is not None else [])
    return Placed(program=program, npu=found, mapped=mapped, placement=placement, design=design, course=course)


@dataclass(frozen=True, kw_only=True)
class Written:
    """A mapped program, where it stands, and its text, which is yet to be checked."""

    mapped: Mapped
    placement: Placement
    design: Design


def _written(wanted: Wanted, mapped: Mapped) -> Written:
    """A mapped program placed and written."""
    found = wanted.npu
    placement = place(mapped, found, wanted.seconds)
    ahead = wanted.sequence == "ahead" or (wanted.sequence is None and not _has_rounds(mapped, placement, found))
    _refuse(broken_when_placed(mapped, found, placement))
    return Written(mapped=mapped, placement=placement, design=emit(mapped, placement, found, ahead=ahead))


def _with_room(wanted: Wanted, first: Written) -> Written:
    """A design that is placed again for what its cores copy, if that does not fit; the first where nothing fits."""
    made = first
    for _ in range(AGAIN):
        more = with_copies(made.mapped, wanted.npu, made.placement, made.design)
        if more is None:
            return made
        try:
            made = _written(wanted, more)
        except ProgramError:
            return first
    return made


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise ProgramError(problems)


def _has_rounds(mapped: Mapped, placement: Placement, found: Npu) -> bool:
    """Whether what leaves the array in each round follows from what enters it until then."""
    steps, ahead = (steps_of(mapped, placement, found, stores_of(mapped), ahead=each) for each in (False, True))
    if [_kind(step) for step in steps] == [_kind(step) for step in ahead]:
        return True
    return passes_whole(mapped, steps) and isinstance(_predicted(mapped, placement, found, steps), Prediction)


def _kind(step: Step) -> tuple[str, bool]:
    return step.fifo, step.task is None


def _predicted(mapped: Mapped, placement: Placement, found: Npu, steps: Sequence[Step]) -> Prediction | NotPredicted:
    try:
        return predict(mapped, placement, device=found, sequence=steps)
    except NotPredicted as reason:
        return reason


def _check_sequence(sequence: object) -> None:
    if sequence is not None and sequence not in SEQUENCES:
        title, hint = f"there is no sequence {sequence!r}", 'write `sequence="rounds"` or `sequence="ahead"`'
        raise ProgramError([Misuse(title=title, span=caller_span("sequence"), hint=hint)])


def _check_seconds(seconds: object) -> None:
    if seconds is None or (isinstance(seconds, int | float) and not isinstance(seconds, bool) and seconds > 0):
        return
    title = f"`seconds` is how long a placement may take, a number above 0, not `{seconds!r}`"
    raise ProgramError([Misuse(title=title, span=caller_span("seconds"))])
