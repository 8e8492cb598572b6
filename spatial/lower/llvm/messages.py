"""Lowers `print` and `assert`: the numbers in their texts are noted, Python makes the texts of them."""

from abc import ABC
from collections.abc import Sequence

from spatial.analysis.pipeline import LoopTiming, Timings
from spatial.ir.channels import streams_of, writes_channel
from spatial.ir.dialect import AssertOp, PrintOp, TextOp
from spatial.ir.dtypes import parse_dtype
from spatial.ir.mlir import func, ir
from spatial.lower.llvm.code import Message, Stop, Text
from spatial.lower.llvm.kinds import WORD, to_words
from spatial.lower.llvm.layout import Note
from spatial.lower.llvm.machine import POINTER
from spatial.lower.llvm.polls import Polls
from spatial.lower.llvm.ports import Pending
from spatial.lower.llvm.values import Watched

__all__ = ["Messages"]

WORDS = 3  # of a text's numbers that an entry of the log has


class Messages(Polls, ABC):
    """What is told the user; `says` is set while the stage being written has texts that are told at its end.

    `messages` are the texts by their places, `notes` counts the entries that one iteration can make. What is `traced`
    notes for timelines when iterations begin and end, of which there are `rows` by the places of their loops, and
    where they wait, in `queues`.
    """

    traced = False

    def __init__(self, function: func.FuncOp, timings: Timings, watched: Watched) -> None:
        super().__init__(function, timings, watched)
        self.messages: dict[int, Message] = {}
        self.notes = 0
        self.says = False
        self.prints = bool(self.found(PrintOp))
        self.rows: dict[int, int] = {}
        self.queues: dict[int, Stop] = {}
        self.fault_iteration = self.machine.variable("i64")

    def iteration_number(self) -> str:
        """The number of the iteration that is being written, where each has texts of its own."""
        return self.machine.integer(0)

    def simple(self, op: ir.OpView) -> None:
        match op:
            case PrintOp():
                self.say(op)
            case AssertOp():
                self.demand(self.value(op.operands[0]), op, "")
            case TextOp():
                pass
            case _:
                super().simple(op)

    def say(self, op: PrintOp) -> None:
        """A text is told when its stage ends; outside of a pipeline at once."""
        place = self.place(op)
        self.tell(Note.SAID, self.machine.integer(place), self.iteration_number())
        self.message(place, op, op.end.value)
        if self.stage is None:
            self.speak()
        else:
            self.says = True

    def message(self, place: int, op: PrintOp | AssertOp, end: str = "") -> None:
        """Notes the numbers of a text."""
        texts = [value.owner.opview for value in op.operands if isinstance(value.owner.opview, TextOp)]
        words = [word for text in texts for word in to_words(self.machine, self.value(text.operand), text.operand.type)]
        for begin in range(0, len(words), WORDS):
            self.tell(Note.VALUES, *words[begin : begin + WORDS])
        self.messages[place] = Message(pieces=tuple(_pieces(op, texts)), end=end)

    def speak(self) -> None:
        """What the iteration has said is told now."""
        self.tell(Note.SPOKEN, self.iteration_number(), self.machine.read(self.clock))
        self.says = False

    def tell(self, kind: Note, *words: str) -> None:
        """Notes something of the actor."""
        machine, zero = self.machine, self.machine.integer(0)
        given = [machine.integer(kind), *words, *(zero for _ in range(WORDS - len(words)))]
        machine.call("df_tell", [("%run", POINTER), ("%actor", POINTER), *((word, "i64") for word in given)])
        self.notes += 1

    def commit(self, pending: list[Pending]) -> None:
        if self.says:
            self.speak()
        super().commit(pending)

    # Timelines

    def begin_iteration(self, timing: LoopTiming) -> None:
        """Notes that an iteration begins, where a timeline is asked for."""
        if self.traced:
            place = self.place(timing.nest[-1])
            self.rows[place] = timing.rows
            self.tell(Note.BEGUN, self.machine.integer(place), self.iteration_number(), self.machine.read(self.clock))

    def end_iteration(self, cycles: int) -> None:
        """Notes that an iteration ends in so many cycles."""
        if self.traced:
            end = self.machine.binary("llvm.add", self.machine.read(self.clock), self.machine.integer(cycles))
            self.tell(Note.ITERATED, self.iteration_number(), end)

    def waited(self, op: ir.OpView, begin: str, end: str) -> None:
        if self.traced:
            machine, place = self.machine, self.place(op)
            parameters = tuple(self.positions[stream] for stream in streams_of(op))
            self.queues[place] = Stop(parameters=parameters, puts=writes_channel(op), place=place, armed=())
            number = machine.binary("llvm.shl", self.iteration_number(), machine.integer(32))
            what = machine.binary("llvm.or", number, machine.integer(place))
            given = [("%run", POINTER), ("%actor", POINTER), (what, "i64"), (begin, "i64"), (end, "i64")]
            machine.call("df_waited", given)
            self.notes += 1

    # Faults

    def failing(self, op: ir.OpView, place: int) -> None:
        self.machine.assign(self.fault_iteration, self.iteration_number())
        if isinstance(op, AssertOp):
            self.tell(Note.FAILED, self.machine.integer(place))
            self.message(place, op)

    def failed(self) -> None:
        if self.prints:
            self.tell(Note.SPOKEN, self.machine.read(self.fault_iteration), self.machine.read(self.fault_cycle))


def _pieces(op: PrintOp | AssertOp, texts: Sequence[TextOp]) -> list[str | Text]:
    given = iter(texts)
    return [piece.value if isinstance(piece, ir.StringAttr) else _text(next(given)) for piece in op.pieces]


def _text(op: TextOp) -> Text:
    kind = op.operand.type
    width = kind.width if isinstance(kind, ir.IntegerType) else WORD
    dtype = parse_dtype(op.dtype.value)
    return Text(dtype=dtype, conversion=op.conversion.value, form=op.form.value, words=-(-width // WORD))
