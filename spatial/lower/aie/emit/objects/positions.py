"""Where operations stand in a function, as far as the life of a token asks."""

from collections.abc import Iterator

from spatial.ir.dialect import ByReferenceOp
from spatial.ir.function import operations
from spatial.ir.mlir import func, ir

__all__ = ["Positions", "users_of"]


class Positions:
    """The block of every operation of a function, and its place in it."""

    def __init__(self, function: func.FuncOp) -> None:
        self.own: dict[ir.Operation, tuple[ir.Block, int]] = {}
        blocks = [function.entry_block]
        for op in operations(function.entry_block):
            blocks += [block for region in op.regions for block in region.blocks]
        for block in blocks:
            for number, op in enumerate(block.operations):
                self.own[op.operation] = (block, number)

    def block(self, op: ir.Operation) -> ir.Block:
        """The block that an operation stands in."""
        return self.own[op][0]

    def index(self, op: ir.Operation) -> int:
        """The place of an operation in its block."""
        return self.own[op][1]

    def within(self, op: ir.Operation, block: ir.Block) -> int | None:
        """The place in a block of what holds an operation, None where it stands outside."""
        for each in self._around(op):
            own, number = self.own[each]
            if own == block:
                return number
        return None

    def _around(self, op: ir.Operation) -> Iterator[ir.Operation]:
        """An operation, then those around it."""
        while op in self.own:
            yield op
            op = op.parent


def users_of(memory: ir.Value) -> list[ir.Operation]:
    """The operations that use an array; one that is passed to a function is used by the call too."""
    direct = [use.owner.operation for use in memory.uses]
    passed = [each.opview.passed for each in direct if isinstance(each.opview, ByReferenceOp)]
    return [*direct, *(use.owner.operation for value in passed for use in value.uses)]
