"""How rows are cut into blocks and shared out among cores."""

from spatial.nn.npu.fitting import MEMORY, blocks_of
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["refused", "shared"]

MOST = 64  # rows of a block


def shared(
    name: str, rows: int, block: int | None, cores: int, *, row: int, beside: int = 0, step: int = 1
) -> tuple[int, int, int]:
    """The rows of a block, how many of the cores are used, and the blocks of each.

    A row of all blocks together takes `row` bytes, two of each block are in a core's memory, and `beside` bytes of
    other things. The rows of a block are a multiple of `step`, if the number of all is. Raises `ProgramError` where
    they do not divide all, or do not fit.
    """
    fits = (MEMORY - beside) // (2 * row)
    block = block or _best(rows, cores, min(fits, MOST), step)
    if block > fits:
        title = f"`{name}` on cores: a block of {block} rows takes {2 * row * block + beside} bytes of a core"
        raise refused(f"{title}, which has {MEMORY}", "give fewer columns" if block == 1 else "give fewer `rows`")
    if rows % block:
        title = f"`{name}` on cores: {rows} rows are no multiple of the {block} that a block has"
        raise refused(title, "leave `rows` out, or give a divisor")
    used, each = blocks_of(rows // block, cores)
    return block, used, each


def refused(title: str, hint: str) -> ProgramError:
    """What is asked for does not fit, told at the line that asks."""
    return ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])


def _best(rows: int, cores: int, most: int, step: int) -> int:
    """The largest block of at most so many rows that leaves as many cores busy as any."""
    found = [n for n in range(1, most + 1) if rows % n == 0 and (n % step == 0 or rows % step)]
    return max(found, key=lambda n: (blocks_of(rows // n, cores)[0], n), default=1)
