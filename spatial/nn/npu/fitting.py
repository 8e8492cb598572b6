"""How blocks are shared out among cores."""

__all__ = ["blocks_of"]


def blocks_of(blocks: int, cores: int) -> tuple[int, int]:
    """How many of at most `cores` have a share, and how many blocks each has: as many cores as divide the blocks."""
    used = max(each for each in range(1, min(blocks, cores) + 1) if blocks % each == 0)
    return used, blocks // used
