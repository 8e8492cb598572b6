"""Lowers channel operations: each waits in its place, all of a stage happen together at its end."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from spatial.analysis.loops import polls
from spatial.analysis.pipeline import Timings
from spatial.ir.channels import POLLS, SELECTS, streams_of, writes_channel
from spatial.ir.dialect import GetBlockOp, GetOp, PutOp
from spatial.ir.function import operations
from spatial.ir.mlir import func, ir, scf
from spatial.lower.llvm.alias import apart
from spatial.lower.llvm.code import Armed, Round, Stop
from spatial.lower.llvm.layout import ActorField, ChannelField, RunField
from spatial.lower.llvm.machine import POINTER, Variable, bytes_of
from spatial.lower.llvm.tokens import Tokens
from spatial.lower.llvm.values import Watched

__all__ = ["Pending", "Ports"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A channel operation that can happen; where it stands in a branch, `flag` tells whether it has been reached.

    One that has chosen among several channels keeps the number in `chosen`. A poll has happened (`done`).
    """

    op: ir.OpView
    flag: Variable | None
    chosen: Variable | None = None
    done: bool = False


class Ports(Tokens, ABC):
    """Channel operations; `pending` are those of the stage being written, `branches` counts the `if`s around."""

    def __init__(self, function: func.FuncOp, timings: Timings, watched: Watched) -> None:
        super().__init__(function, timings, watched)
        self.positions = {argument: position for position, argument in enumerate(function.arguments)}
        self.pending: list[Pending] = []
        self.waits: dict[int, tuple[ir.OpView, int, tuple[Pending, ...]]] = {}
        self.polls = any(isinstance(op, POLLS) for op in operations(function.entry_block))
        self.whiles: list[scf.WhileOp] = []
        self.pauses: dict[int, int] = {}
        machine = self.machine
        self.stalled_input, self.stalled_output = machine.variable("i64"), machine.variable("i64")
        machine.keep(self.clock, 8 * ActorField.CLOCK)
        machine.keep(self.stalled_input, 8 * ActorField.STALLED_INPUT)
        machine.keep(self.stalled_output, 8 * ActorField.STALLED_OUTPUT)

    def stops(self) -> dict[int, Stop]:
        """The states in which the actor waits; asked for when the text is complete."""
        return {state: self.stop_of(*wait) for state, wait in self.waits.items()}

    def stop_of(self, op: ir.OpView, place: int, pending: tuple[Pending, ...]) -> Stop:
        tokens, position = self.tokens_of(op)
        return Stop(
            parameters=tuple(self.positions[stream] for stream in streams_of(op)),
            puts=writes_channel(op),
            place=place,
            armed=tuple(self.armed(each) for each in pending if not each.done),
            tokens=tokens,
            position=position,
            choice=isinstance(op, SELECTS),
        )

    def tokens_of(self, op: ir.OpView) -> tuple[int, int | None]:
        """How many tokens a read needs, or where 1 less than that is kept."""
        return 1, None

    def armed(self, pending: Pending) -> Armed:
        return Armed(
            parameters=tuple(self.positions[stream] for stream in streams_of(pending.op)),
            puts=writes_channel(pending.op),
            flag=None if pending.flag is None else self.kept_at(pending.flag),
            chosen=0 if pending.chosen is None else self.kept_at(pending.chosen),
        )

    def kept_at(self, variable: Variable) -> int:
        """Where a variable is kept while the actor stops: in its frame, or in the lane."""
        return self.machine.frame[variable] if variable.lane is None else variable.lane

    def channel_operation(self, op: ir.OpView) -> bool:
        match op:
            case GetOp() | GetBlockOp():
                self.get(op)
            case PutOp():
                self.put(op)
            case _:
                return False
        if self.stage is None:
            self.end_stage()
        return True

    def get(self, op: GetOp | GetBlockOp) -> None:
        self.wait(op, "df_visible", ChannelField.READER, self.stalled_input)
        self.acquire(self.value(op.stream))
        self.receive(op, self.value(op.stream))
        self.arm(op)

    def put(self, op: PutOp) -> None:
        """Waits; what is no number of a word is in its place before the stage ends, and nobody sees it."""
        block = self.snapshot(op)
        self.wait(op, "df_free", ChannelField.WRITER, self.stalled_output)
        self.release(self.value(op.stream))
        self.place_token(op, block)
        self.arm(op)

    def acquire(self, channel: str, position: str | None = None) -> None:
        """Sees what the writer of the oldest token, or of one behind it, had seen, if that matters."""
        if self.watched.clocks:
            machine = self.machine
            number = machine.op(f"llvm.load {machine.offset(channel, 8 * ChannelField.GETS)} : {POINTER} -> i64")
            if position is not None:
                number = machine.binary("llvm.add", number, position)
            given = [("%run", POINTER), ("%actor", POINTER), (channel, POINTER), (number, "i64")]
            machine.call("df_acquire", given)

    def release(self, channel: str) -> None:
        """Lets the next token carry what the actor has seen, if that matters."""
        if self.watched.clocks:
            self.machine.call("df_release", [("%run", POINTER), ("%actor", POINTER), (channel, POINTER)])

    def wait(self, op: ir.OpView, when: str, end: ChannelField, stalled: Variable, at: Variable | None = None) -> None:
        """Goes on in the first cycle in which the operation can happen; stops until that is known.

        `when` finds it out, of a channel and the position of a token where that is given.
        """
        machine, go, wait, check = self.machine, *(self.machine.label() for _ in range(3))
        machine.go(check)
        channel = self.value(op.stream)
        position = [] if at is None else [(machine.read(at), "i64")]
        ready = machine.call(when, [(channel, POINTER), *position], "i64")
        now = machine.read(self.clock)
        then = machine.op(f"llvm.intr.smax({now}, {ready}) : (i64, i64) -> i64")
        known = machine.op(f'llvm.icmp "slt" {then}, {self.run_field(RunField.LIMIT)} : i64')
        machine.branch(known, go, wait)
        machine.begin(wait)
        at_end = machine.offset(channel, 8 * end)
        machine.call("df_wait", [("%run", POINTER), ("%actor", POINTER), (at_end, POINTER), (then, "i64")])
        self.wait_at(op, check)
        machine.begin(go)
        self.stalled(stalled, now, then)
        self.waited(op, now, then)
        machine.assign(self.clock, then)

    @abstractmethod
    def waited(self, op: ir.OpView, begin: str, end: str) -> None:
        """An operation goes on that may have waited."""

    def wait_at(self, op: ir.OpView, check: str) -> None:
        """Waits, to go on at a label when something has changed."""
        self.waits[self.stop_at(check)] = (op, self.place(op), tuple(self.pending))

    def own_variable(self, type_: str) -> Variable:
        """A variable of whatever waits by itself."""
        return self.machine.stack_variable(type_)

    def stop_at(self, label: str) -> int:
        """Stops, to go on at a label when something has changed; the number of the state."""
        return self.machine.stop(label)

    def stalled(self, kind: Variable, begin: str, end: str) -> None:
        """Books the cycles waited."""
        machine = self.machine
        waited = machine.binary("llvm.sub", end, begin)
        machine.assign(kind, machine.binary("llvm.add", machine.read(kind), waited))
        self.resumed(begin, end)

    def resumed(self, begin: str, end: str) -> None:
        """Notes until when an actor has waited that polls."""
        if self.polls:
            machine, go, note = self.machine, self.machine.label(), self.machine.label()
            machine.branch(machine.op(f'llvm.icmp "slt" {begin}, {end} : i64'), note, go)
            machine.begin(note)
            machine.call("df_resumed", [("%run", POINTER), ("%actor", POINTER), (end, "i64")])
            machine.go(go)

    def run_field(self, field: RunField) -> str:
        return self.machine.op(f"llvm.load {self.machine.offset('%run', 8 * field)}{apart(field)} : {POINTER} -> i64")

    def arm(self, op: ir.OpView, chosen: Variable | None = None, *, done: bool = False) -> None:
        """The operation can happen when its stage ends, or has happened."""
        flag = None
        if self.stage is not None and (self.branches or self.machine.lane):
            flag = self.machine.variable("i1")
            if flag.lane is None:
                self.machine.initial(flag, "false")
            self.machine.assign(flag, self.machine.constant("true", "i1"))
        self.pending.append(Pending(op=op, flag=flag, chosen=chosen, done=done))

    def end_stage(self) -> None:
        """What the stage waited for happens, and a cycle goes by."""
        self.commit(self.pending)
        self.pending = []
        self.pass_time(self.machine.integer(1))

    def commit(self, pending: list[Pending]) -> None:
        """Everything the stage waited for happens now."""
        machine = self.machine
        for each in pending:
            if each.flag is None:
                self.act(each)
                continue
            yes, no = machine.label(), machine.label()
            machine.branch(machine.read(each.flag), yes, no)
            machine.begin(yes)
            self.act(each)
            machine.assign(each.flag, machine.constant("false", "i1"))
            machine.go(no)

    def under_way(self, pending: list[Pending]) -> str:
        """Whether any of these operations has been reached."""
        machine = self.machine
        found = machine.constant("false", "i1")
        for each in pending:
            reached = machine.constant("true", "i1") if each.flag is None else machine.read(each.flag)
            found = machine.binary("llvm.or", found, reached, "i1")
        return found

    def act(self, pending: Pending) -> None:
        if pending.done:
            return
        machine, op = self.machine, pending.op
        now = (self.now(), "i64")
        if isinstance(op, PutOp):
            given = [("%run", POINTER), (self.value(op.stream), POINTER), (self.word_of(op.value), "i64"), now]
            machine.call("df_give", given)
        else:
            machine.call("df_take", [("%run", POINTER), (self.channel_of(pending), POINTER), now])
        self.acted()

    def channel_of(self, pending: Pending) -> str:
        """The channel whose token leaves."""
        return self.value(pending.op.stream)

    def acted(self) -> None:
        """Notes that an actor has moved a token that polls."""
        if self.polls:
            now = self.machine.read(self.clock)
            self.machine.call("df_acted", [("%run", POINTER), ("%actor", POINTER), (now, "i64")])

    def breathe(self, work: int = 1) -> None:
        machine, go, pause, resume = self.machine, *(self.machine.label() for _ in range(3))
        budget = self.run_field(RunField.BUDGET)
        left = machine.binary("llvm.sub", budget, machine.integer(work))
        machine.do(
            f"llvm.store {left}, {machine.offset('%run', 8 * RunField.BUDGET)}{apart(RunField.BUDGET)} : i64, {POINTER}"
        )
        in_time = self.in_time()
        some_left = machine.op(f'llvm.icmp "sgt" {left}, {machine.integer(0)} : i64')
        machine.branch(machine.binary("llvm.and", in_time, some_left, "i1"), go, pause, " weights([1000, 1])")
        machine.begin(pause)
        given = [("%run", POINTER), ("%actor", POINTER), (self.in_time(), "i1"), (machine.read(self.clock), "i64")]
        machine.call("df_pause", given)
        state = machine.stop(resume)
        if self.whiles and not polls(self.whiles[-1]):
            self.pauses[state] = self.place(self.whiles[-1])
        machine.begin(resume)
        machine.branch(self.in_time(), go, pause)
        machine.begin(go)

    def in_time(self) -> str:
        """Whether the run goes on to the present cycle."""
        now = self.machine.read(self.clock)
        return self.machine.op(f'llvm.icmp "slt" {now}, {self.run_field(RunField.LIMIT)} : i64')

    def rounds(self) -> dict[int, Round]:
        """The states in which the actor pauses in a `while`; asked for when the text is complete."""
        machine, found = self.machine, {}
        for state, place in self.pauses.items():
            variables = [
                each for each in machine.saves[state] if each not in machine.kept and each not in machine.moments
            ]
            places = [(machine.frame[variable], bytes_of(variable.type)) for variable in variables]
            found[state] = Round(place=place, kept=(*places, *machine.areas))
        return found
