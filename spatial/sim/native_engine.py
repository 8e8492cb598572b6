"""The native engine: runs machine code until nobody can go on."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from spatial.lower.llvm.layout import BUDGET_SPENT, DONE, NEVER, SLOT_FIELDS, ActorField, RunField
from spatial.sim.engine import Ending, Failure, Outcome, Watch, last_act
from spatial.sim.errors import SharedElement
from spatial.sim.image import Image, image_of
from spatial.sim.native import NativeProgram
from spatial.sim.readout import Readout
from spatial.sim.stalls import Stalls
from spatial.sim.waits import end_calls, is_quiet
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["execute_native"]

BUDGET = 10_000_000  # stages that are run before Python looks for Ctrl-C


def execute_native(
    program: NativeProgram,
    depths: Mapping[str, int],
    memory: Mapping[str, Sequence[object]],
    *,
    record: frozenset[str] = frozenset(),
    until: int | None = None,
    watch: Watch | None = None,
) -> Outcome:
    """Runs a program as `engine.execute` does, with the same outcome.

    After a fault the outcome is that of all cycles before it.
    """
    if record:
        title = f"the native engine does not record tokens yet, as asked for `{min(record)}`"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint='write `engine="simpy"`')])
    own = {each.name: each.values for each in program.network.graph.memories}
    run = NativeRun(program, depths, {**own, **memory}, NEVER if until is None else until)
    interrupted = run.advance(watch)
    run.check_sharing()
    cycle = run.field(RunField.FAULT_CYCLE)
    if cycle == NEVER:
        return run.outcome(Ending.INTERRUPTED if interrupted else None)
    failure = run.failure()
    if cycle:
        run = NativeRun(program, depths, {**own, **memory}, cycle)
        run.advance(watch)
    return run.outcome(Ending.FAILED, failure)


class NativeRun:
    """One run under way; nothing happens from the cycle `limit` on.

    Of the channels `kept` the cycles of at least so many last tokens can be looked at afterwards.
    """

    def __init__(
        self,
        program: NativeProgram,
        depths: Mapping[str, int],
        memory: Mapping[str, Sequence[object]],
        limit: int,
        *,
        kept: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self.program = program
        self.graph = program.network.graph
        self.depths = depths
        self.limit = limit
        self.stalls = Stalls()
        self.image: Image = image_of(program, depths, memory, limit, kept)

    def field(self, field: RunField) -> int:
        return int(self.image.run[field])

    def advance(self, watch: Watch | None) -> bool:
        """Runs until nobody can go on; whether Ctrl-C ended it sooner."""
        run = self.image.run
        try:
            run[RunField.BUDGET] = BUDGET
            while self.program.machine.run(run.ctypes.data) == BUDGET_SPENT and run[RunField.SHARED_SITE] < 0:
                self.read_log()
                run[RunField.BUDGET] = BUDGET
                if watch is not None:
                    watch(*self.progress())
        except KeyboardInterrupt:
            return True
        finally:
            self.read_log()
        return False

    def read_log(self) -> None:
        """Takes over the stalls noted so far."""
        entries = self.field(RunField.LOGGED)
        if entries:
            self.stalls.add(self.image.log[: entries * SLOT_FIELDS])
            self.image.run[RunField.LOGGED] = 0

    def progress(self) -> tuple[int, int]:
        """The latest cycle anyone has come to, and how many actors have ended."""
        names = [actor.name for actor in self.graph.actors]
        latest = max((self.image.actor(name, ActorField.CLOCK) for name in names), default=0)
        return latest, sum(self.image.actor(name, ActorField.STATE) == DONE for name in names)

    def check_sharing(self) -> None:
        """Refuses a run in which actors touch each other's elements: whether tokens order that is not watched."""
        if (site := self.field(RunField.SHARED_SITE)) >= 0:
            actor = self.graph.actors[self.field(RunField.SHARED_ACTOR)]
            place = self.program.codes[actor.function].places[site]
            raise ProgramError([SharedElement(actor=actor.name, span=place.span)])

    def failure(self) -> Failure:
        actor = self.graph.actors[self.field(RunField.FAULT_ACTOR)]
        number = self.field(RunField.FAULT_SITE)
        what = self.program.codes[actor.function].places[number].what.format(self.field(RunField.FAULT_VALUE))
        site = self.program.network.functions[actor.function].sites[self.program.first_place[actor.function] + number]
        return Failure(actor=actor.name, what=what, site=site)

    def outcome(self, ending: Ending | None = None, failure: Failure | None = None) -> Outcome:
        """What the run leaves, as the reference engine would; how it ended follows from that, unless it is given."""
        if ending is None and self.field(RunField.CUT):
            ending = Ending.STOPPED
        cut = ending in (Ending.STOPPED, Ending.FAILED) and self.limit != NEVER
        found = Readout(self.program, self.depths, self.image, self.stalls, self.limit if cut else self.progress()[0])
        if ending is None:
            ending = Ending.FINISHED if is_quiet(self.graph, found.actors.values()) else Ending.DEADLOCK
        for state in end_calls(self.graph, found.actors.values()) if ending is Ending.FINISHED else ():
            state.stalled_input -= found.now - state.since
        return Outcome(
            ending=ending,
            now=found.now,
            last=max(map(last_act, found.actors.values()), default=0),
            actors=found.actors,
            fifos=found.fifos,
            memory={name: array.tolist() for name, array in self.image.arrays.items()},
            still=found.still,
            failure=failure,
        )
