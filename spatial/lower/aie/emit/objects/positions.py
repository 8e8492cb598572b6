"""Where operations stand in a function, as far as the life of a token asks."""

from collections.abc import Iterator

from spatial.ir.function import operations
from spatial.ir.mlir import func, ir

__all__ = ["Positions"]


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
