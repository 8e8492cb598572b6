"""Lowers the channel operations whose outcome depends on time: polls and selection, and those that look ahead."""

from abc import ABC
from collections.abc import Callable

from spatial.analysis.loops import polls
from spatial.analysis.pipeline import Timings
from spatial.ir.channels import CLOCK_DEPENDENT
from spatial.ir.dialect import (
    EmptyOp,
    FullOp,
    PeekBlockOp,
    PeekOp,
    SelectBlockOp,
    SelectOp,
    TryGetBlockOp,
    TryGetOp,
    TryPutOp,
)
from spatial.ir.function import memory_of, operations, stores
from spatial.ir.mlir import arith, func, ir, memref, scf
from spatial.lower.llvm.kinds import type_text
from spatial.lower.llvm.layout import NEVER, ChannelField, RunField
from spatial.lower.llvm.machine import POINTER, Variable
from spatial.lower.llvm.memory import bytes_of_memory
from spatial.lower.llvm.ports import Pending, Ports
from spatial.lower.llvm.values import Watched

__all__ = ["Polls"]

NONE = "-1"


class Polls(Ports, ABC):
    """An actor that asks at a cycle goes on when all is known that happens before; `asked` has the places of polls.

    `granted` holds for each group of channels the number of the last one chosen.
    """

    def __init__(self, function: func.FuncOp, timings: Timings, watched: Watched) -> None:
        super().__init__(function, timings, watched)
        self.clocked = any(isinstance(op, CLOCK_DEPENDENT) for op in operations(function.entry_block))
        self.asked: dict[int, int] = {}
        self.granted: dict[tuple[ir.Value, ...], Variable] = {}
        self.looked_at: dict[ir.Operation, Variable] = {}

    def channel_operation(self, op: ir.OpView) -> bool:
        match op:
            case TryGetOp() | TryGetBlockOp():
                self.try_get(op)
            case TryPutOp():
                self.try_put(op)
            case EmptyOp():
                self.look(op, "df_visible")
            case FullOp():
                self.look(op, "df_free")
            case PeekOp() | PeekBlockOp():
                self.peek(op)
            case SelectOp() | SelectBlockOp():
                self.select(op)
            case _:
                return super().channel_operation(op)
        if self.stage is None:
            self.end_stage()
        return True

    # Polls

    def try_get(self, op: TryGetOp | TryGetBlockOp) -> None:
        machine, channel = self.machine, self.value(op.stream)
        there = self.ask(op, "df_visible")
        self.bind(op.done, there)

        def take() -> None:
            self.acquire(channel)
            self.receive(op, channel)
            machine.call("df_take", [("%run", POINTER), (channel, POINTER), (machine.read(self.clock), "i64")])

        self.if_there(op, there, take, lambda: self.receive_nothing(op))

    def try_put(self, op: TryPutOp) -> None:
        machine, channel = self.machine, self.value(op.stream)
        block = self.snapshot(op)
        there = self.ask(op, "df_free")
        self.bind(op.done, there)

        def put() -> None:
            self.release(channel)
            self.place_token(op, block)
            word, now = (self.word_of(op.value), "i64"), (machine.read(self.clock), "i64")
            machine.call("df_give", [("%run", POINTER), (channel, POINTER), word, now])

        self.if_there(op, there, put)

    def look(self, op: EmptyOp | FullOp, when: str) -> None:
        there = self.ask(op, when, moves=False)
        vain = self.machine.binary("llvm.xor", there, self.machine.constant("true", "i1"), "i1")
        self.bind(op.holds, vain)
        self.polled(op, vain)

    def ask(self, op: ir.OpView, when: str, *, moves: bool = True) -> str:
        """Whether an operation can happen now; what moves a token need not wait until it is known that it can."""
        machine, go, wait, check = self.machine, *(self.machine.label() for _ in range(3))
        machine.go(check)
        ready, now = machine.call(when, [(self.value(op.stream), POINTER)], "i64"), machine.read(self.clock)
        there = machine.op(f'llvm.icmp "sle" {ready}, {now} : i64')
        known = self.is_known(now)
        if moves:
            known = machine.binary("llvm.or", known, there, "i1")
        machine.branch(known, go, wait)
        machine.begin(wait)
        self.ask_for(now)
        self.stop_at(check)
        machine.begin(go)
        if self.timing is not None and isinstance(self.timing.nest[-1], scf.WhileOp):
            self.arm(op, done=True)
        return there

    def is_known(self, cycle: str) -> str:
        """Whether all that happens before a cycle is known."""
        return self.machine.call("df_is_known", [("%run", POINTER), (cycle, "i64")], "i1")

    def ask_for(self, cycle: str) -> None:
        """Goes on when all that happens before a cycle is known."""
        self.machine.call("df_ask", [("%run", POINTER), ("%actor", POINTER), (cycle, "i64")])

    def if_there(
        self, op: ir.OpView, there: str, move: Callable[[], None], otherwise: Callable[[], None] = lambda: None
    ) -> None:
        """Moves a token if it can be moved; notes a poll if not."""
        machine, yes, no, behind = self.machine, *(self.machine.label() for _ in range(3))
        machine.branch(there, yes, no)
        machine.begin(yes)
        move()
        self.acted()
        machine.jump(behind)
        machine.begin(no)
        otherwise()
        self.polled(op, machine.constant("true", "i1"))
        machine.go(behind)

    def polled(self, op: ir.OpView, vain: str) -> None:
        machine, place = self.machine, self.place(op)
        self.asked[place] = self.positions[op.stream]
        now = machine.read(self.clock)
        given = [(machine.integer(place), "i64"), (now, "i64"), (vain, "i1")]
        machine.call("df_polled", [("%run", POINTER), ("%actor", POINTER), *given])

    # Looking ahead

    def peek(self, op: PeekOp | PeekBlockOp) -> None:
        machine = self.machine
        at = self.looked_at[op.operation] = self.own_variable("i64")
        kind = type_text(op.position.type)
        position = self.value(op.position)
        machine.assign(at, position if kind == "i64" else machine.op(f"llvm.sext {position} : {kind} to i64"))
        fine = machine.op(f'llvm.icmp "sge" {machine.read(at)}, {machine.integer(0)} : i64')
        self.demand(fine, op, "`peek({})`, but tokens count from 0,", machine.read(at))
        self.wait(op, "df_seen", ChannelField.READER, self.stalled_input, at)
        channel = self.value(op.stream)
        self.acquire(channel, machine.read(at))
        self.receive(op, channel, machine.read(at))

    def tokens_of(self, op: ir.OpView) -> tuple[int, int | None]:
        if not isinstance(op, PeekOp | PeekBlockOp):
            return 1, None
        constant = op.position.owner
        if not isinstance(constant, ir.Block) and isinstance(constant.opview, arith.ConstantOp):
            return 1 + int(constant.opview.attributes["value"].value), None
        return 1, self.kept_at(self.looked_at[op.operation])

    # Selection

    def select(self, op: SelectOp | SelectBlockOp) -> None:
        machine = self.machine
        whens = self.any_token(op)
        number = machine.variable("i64")
        machine.assign(number, self.choice(op, whens))
        machine.assign(self.last_granted(op), machine.read(number))
        kind = type_text(op.chosen.type)
        chosen = machine.read(number)
        self.bind(op.chosen, chosen if kind == "i64" else machine.op(f"llvm.trunc {chosen} : i64 to {kind}"))
        channel = self.channel_of(Pending(op=op, flag=None, chosen=number))
        self.acquire(channel)
        self.receive(op, channel)
        self.arm(op, number)

    def any_token(self, op: SelectOp | SelectBlockOp) -> list[str]:
        """Goes on in the first cycle in which a channel holds a token; from when each one's can be taken."""
        machine, go, wait, check = self.machine, *(self.machine.label() for _ in range(3))
        machine.go(check)
        channels = [self.value(stream) for stream in op.streams]
        whens = [machine.call("df_visible", [(channel, POINTER)], "i64") for channel in channels]
        first, last = self.least("smin", whens), self.least("smax", whens)
        now = machine.read(self.clock)
        then = machine.op(f"llvm.intr.smax({now}, {first}) : (i64, i64) -> i64")
        seen = machine.op(f'llvm.icmp "slt" {last}, {machine.integer(NEVER)} : i64')
        known = machine.binary("llvm.or", seen, self.is_known(then), "i1")
        in_time = machine.op(f'llvm.icmp "slt" {then}, {self.run_field(RunField.LIMIT)} : i64')
        machine.branch(machine.binary("llvm.and", known, in_time, "i1"), go, wait)
        machine.begin(wait)
        ends = [machine.offset(channel, 8 * ChannelField.READER) for channel in channels]
        for end, when in zip(ends, whens, strict=True):
            machine.call("df_stand", [("%actor", POINTER), (end, POINTER), (when, "i64")])
        machine.call("df_expect", [("%run", POINTER), ("%actor", POINTER), (then, "i64")])
        self.wait_at(op, check)
        machine.begin(go)
        none = machine.integer(0)
        for channel in channels:
            machine.do(f"llvm.store {none}, {machine.offset(channel, 8 * ChannelField.READER)} : i64, {POINTER}")
        self.stalled(self.stalled_input, now, then)
        machine.assign(self.clock, then)
        return whens

    def choice(self, op: SelectOp | SelectBlockOp, whens: list[str]) -> str:
        """The number of the channel whose token is the oldest, of equally old ones the next in turn."""
        machine, count, now = self.machine, self.machine.integer(len(whens)), self.machine.read(self.clock)
        never = machine.integer(NEVER)
        last = machine.read(self.last_granted(op))
        best, number = never, machine.integer(0)
        for each, (stream, when) in enumerate(zip(op.streams, whens, strict=True)):
            turn = machine.binary("llvm.sub", machine.integer(each - 1), last)
            behind = machine.op(f'llvm.icmp "slt" {turn}, {machine.integer(0)} : i64')
            again = machine.binary("llvm.add", turn, count)
            turn = machine.op(f"llvm.select {behind}, {again}, {turn} : i1, i64")
            age = machine.call("df_age", [(self.value(stream), POINTER), (when, "i64")], "i64")
            rank = machine.binary("llvm.add", machine.binary("llvm.mul", age, count), turn)
            holds = machine.op(f'llvm.icmp "sle" {when}, {now} : i64')
            rank = machine.op(f"llvm.select {holds}, {rank}, {never} : i1, i64")
            better = machine.op(f'llvm.icmp "slt" {rank}, {best} : i64')
            best = machine.op(f"llvm.select {better}, {rank}, {best} : i1, i64")
            number = machine.op(f"llvm.select {better}, {machine.integer(each)}, {number} : i1, i64")
        return number

    def least(self, name: str, values: list[str]) -> str:
        """The least or the greatest of values."""
        found, *rest = values
        for value in rest:
            found = self.machine.op(f"llvm.intr.{name}({found}, {value}) : (i64, i64) -> i64")
        return found

    def last_granted(self, op: SelectOp | SelectBlockOp) -> Variable:
        group = tuple(op.streams)
        if group not in self.granted:
            self.granted[group] = self.machine.stack_variable("i64")
            self.machine.initial(self.granted[group], NONE)
        return self.granted[group]

    def channel_of(self, pending: Pending) -> str:
        if pending.chosen is None:
            return super().channel_of(pending)
        machine, number = self.machine, self.machine.read(pending.chosen)
        first, *rest = [self.value(stream) for stream in pending.op.streams]
        for each, channel in enumerate(rest, 1):
            this = machine.op(f'llvm.icmp "eq" {number}, {machine.integer(each)} : i64')
            first = machine.op(f"llvm.select {this}, {channel}, {first} : i1, {POINTER}")
        return first

    # Going round

    def turn(self, op: scf.WhileOp) -> None:
        """Shows the state of an actor that may go round in a circle, where nothing has moved for long."""
        if not polls(op):
            return
        machine, ask, check, wait, look, show, go = self.machine, *(self.machine.label() for _ in range(6))
        may = machine.call("df_may_last", [("%run", POINTER), (machine.read(self.clock), "i64")], "i1")
        machine.branch(may, ask, go, " weights([1, 1000])")
        machine.begin(ask)
        machine.go(check)
        machine.branch(self.is_known(machine.read(self.clock)), look, wait)
        machine.begin(wait)
        self.ask_for(machine.read(self.clock))
        self.stop_at(check)
        machine.begin(look)
        lasts = machine.call("df_lasts", [("%run", POINTER), (machine.read(self.clock), "i64")], "i1")
        machine.branch(lasts, show, go)
        machine.begin(show)
        site = machine.integer(self.place(op))
        machine.show(site, go, list(self.memory()))
        machine.begin(go)

    def memory(self) -> list[tuple[str, int]]:
        """What an actor can change besides variables: addresses and bytes."""
        stored = {memory_of(op) for op in operations(self.function.entry_block) if stores(op)}
        arrays = [op.result for op in self.found(memref.AllocaOp) if op.result in self.names]
        arrays += [argument for argument in self.function.arguments if argument in stored]
        return [(self.names[array], bytes_of_memory(array.type)) for array in arrays]
