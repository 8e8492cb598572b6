"""Lowers what tokens carry: a number of one word lies in its slot, all else in the payload of its channel."""

from abc import ABC
from collections.abc import Callable

from spatial.ir.dialect import (
    GetBlockOp,
    GetOp,
    PeekBlockOp,
    PeekOp,
    PutOp,
    SelectBlockOp,
    SelectOp,
    TryGetBlockOp,
    TryGetOp,
    TryPutOp,
)
from spatial.ir.mlir import ir
from spatial.lower.llvm.kinds import from_word, is_word, load_value, store_value, to_word, type_text
from spatial.lower.llvm.machine import POINTER
from spatial.lower.llvm.memory import bytes_of_memory
from spatial.lower.llvm.statements import Statements

__all__ = ["Read", "Tokens", "Write"]

Blocks = GetBlockOp | PeekBlockOp | SelectBlockOp | TryGetBlockOp
Read = GetOp | PeekOp | SelectOp | TryGetOp | Blocks
Write = PutOp | TryPutOp


class Tokens(Statements, ABC):
    """Tokens on their way between channels and values or arrays."""

    def receive(self, op: Read, channel: str, position: str | None = None) -> None:
        """Takes over the token behind so many oldest ones."""
        place = self.machine.integer(0) if position is None else position
        if isinstance(op, Blocks):
            self.write_block(op.block, self.payload(channel, place), op)
        else:
            self.bind(op.value, self.number(channel, place, op.value.type))

    def receive_nothing(self, op: Read) -> None:
        """Takes over zero, or a block of zeros."""
        if isinstance(op, Blocks):
            self.write_block(op.block, None, op)
        else:
            self.bind(op.value, self.machine.zero(type_text(op.value.type)))

    def number(self, channel: str, position: str, kind: ir.Type) -> str:
        """The number that a token carries."""
        machine = self.machine
        if is_word(kind):
            return from_word(machine, machine.call("df_token", [(channel, POINTER), (position, "i64")], "i64"), kind)
        return load_value(machine, self.payload(channel, position), kind)

    def payload(self, channel: str, position: str) -> str:
        """Where the token behind so many oldest ones lies."""
        return self.machine.call("df_payload", [(channel, POINTER), (position, "i64")], POINTER)

    def place_token(self, op: Write, block: Callable[[], str]) -> None:
        """Puts the next token into the payload, if it is no number of a word; a block as `snapshot` has it."""
        kind = op.value.type
        if is_word(kind):
            return
        at = self.machine.call("df_next_payload", [(self.value(op.stream), POINTER)], POINTER)
        if isinstance(kind, ir.MemRefType):
            self.copy(block(), at, bytes_of_memory(kind))
        else:
            store_value(self.machine, self.value(op.value), at, kind)

    def word_of(self, value: ir.Value) -> str:
        """What a token has in its slot."""
        return to_word(self.machine, self.value(value), value.type) if is_word(value.type) else self.machine.integer(0)
