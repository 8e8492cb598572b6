"""How products are cut into blocks and shared out among cores."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from spatial.types.dtype import DType

__all__ = ["MEMORY", "Product", "Tile", "blocks_of", "fitted", "parts"]

Tile = tuple[int, int, int]

MEMORY = 63 * 1024
"""The bytes of a core's memory beside its stack. Source: AM020, 64 KiB in a tile."""

WORD = 4
MOST = 512  # elements of a block in one direction, of which a descriptor counts one fewer than 1024 words
LEAST = 8  # rows, depth and columns of what a core multiplies at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product of M x K by K x N that is to be cut: the types of factors, sums and results, and the cores."""

    sizes: tuple[int, int, int]
    factor: DType
    sums: DType
    result: DType
    cores: tuple[int, int]

    def memory(self, tile: Tile) -> int:
        """The bytes that blocks take of a core: factors twice, and results too where they are summed up in place."""
        m, k, n = tile
        results = 2 * size_of(self.result) if self.sums == self.result else size_of(self.result) + size_of(self.sums)
        return 2 * size_of(self.factor) * k * (m + n) + results * m * n

    def fits(self, tile: Tile) -> bool:
        """Whether blocks fit a core's memory, and all of them hold whole words."""
        return self.memory(tile) <= MEMORY and all(
            each % step == 0 for each, step in zip(tile, self.steps, strict=True)
        )

    @property
    def steps(self) -> Tile:
        """What rows, depth and columns of a block are multiples of, so that its rows are whole words."""
        return 1, WORD // min(WORD, size_of(self.factor)), WORD // min(WORD, size_of(self.factor), size_of(self.result))


def size_of(dtype: DType) -> int:
    """The bytes of an element in a core: 1, 2, 4 or 8."""
    return 1 << max(0, (dtype.bits - 1).bit_length() - 3)


def blocks_of(blocks: int, cores: int) -> tuple[int, int]:
    """How many of at most `cores` have a share, and how many blocks each has: as many cores as divide the blocks."""
    used = max(each for each in range(1, min(blocks, cores) + 1) if blocks % each == 0)
    return used, blocks // used


def parts(size: int, step: int) -> list[int]:
    """What a size can be cut into: divisors that are multiples of `step`, none below 8 where the size is more."""
    return [each for each in range(min(size, LEAST), min(size, MOST) + 1) if size % each == 0 and each % step == 0]


def fitted(wanted: Product) -> list[Tile]:
    """All blocks that a product can be cut into, so that they fit a core's memory."""
    return [tile for tile in _tiles(wanted) if wanted.fits(tile)]


def _tiles(wanted: Product) -> Iterator[Tile]:
    rows, depths, columns = (parts(size, step) for size, step in zip(wanted.sizes, wanted.steps, strict=True))
    return product(rows, depths, columns)
