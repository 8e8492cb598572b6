"""A last look at a design: whatever a program writes, some transfer has to bring back."""

from collections.abc import Iterator

from spatial.lower.aie.design import Kind, Mapped
from spatial.lower.aie.rules.errors import Breach
from spatial.lower.hls.legalize.boxes import box_size
from spatial.lower.hls.legalize.seen import Seen, memory_of, program_of, users
from spatial.region.program import Program

__all__ = ["unwritten"]


def unwritten(program: Program, mapped: Mapped) -> Iterator[Breach]:
    """The arrays of the host that a program writes and no transfer of its design does, each shown once."""
    written = {each.array for each in mapped.transfers if _leaves(mapped, each.fifo)}
    known = program_of(program.module, program.graph)
    for array in memory_of(program.graph):
        if array.owned or array.name in written:
            continue
        uses = [each for each in users(known, array) if isinstance(each, Seen)]
        if writer := next((each for each in uses if each.use.writes and box_size(each.use.written)), None):
            yield Breach(
                title=f"no transfer of the design writes `{array.name}`, and `{writer.actor.name}` does",
                span=writer.span,
                label="what is written here would be lost",
                hint=f"put what belongs into `{array.name}` into a stream, and store its tokens in a kernel",
            )


def _leaves(mapped: Mapped, fifo: str) -> bool:
    """Whether a fifo leads to the host."""
    return mapped.node[mapped.fifo[fifo].producer.node].kind is not Kind.SHIM
