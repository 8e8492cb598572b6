"""What a channel takes of an FPGA's memory: look-up tables as shift registers, or block RAMs."""

from dataclasses import dataclass

from spatial.device.model import Device, Storage

__all__ = ["DEEPEST", "SHIFT_REGISTER", "Memory", "largest_register", "memory_of"]

DEEPEST = (1 << 52) - 1  # tokens; what counts bytes or cycles of them stays far within 64 bits

SHIFT_REGISTER = 32  # bits in one look-up table
BLOCK_SHAPES = ((16384, 1), (8192, 2), (4096, 4), (2048, 9), (1024, 18), (512, 36))  # words and their bits


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Memory:
    """Memory in block RAMs of 18 Kb, bits, and look-up tables; less is what has fewer blocks, then fewer bits.

    `bits` are those of the tokens that fit in, whatever they are held in.
    """

    blocks: int = 0
    bits: int = 0
    tables: int = 0

    def __add__(self, other: "Memory") -> "Memory":
        return Memory(blocks=self.blocks + other.blocks, bits=self.bits + other.bits, tables=self.tables + other.tables)

    def times(self, count: int) -> "Memory":
        """That of so many channels alike."""
        return Memory(blocks=self.blocks * count, bits=self.bits * count, tables=self.tables * count)


def memory_of(device: Device, depth: int, bits: int, storage: str = "") -> Memory:
    """What a channel of `depth` tokens of `bits` bits takes, in the `storage` it is bound to, if it is.

    A shift register takes a look-up table for each bit of a token and each 32 tokens. A memory is made of
    blocks of 18 Kb in the one shape that needs the fewest, beside and above each other. Source: AMD, "UltraScale
    Architecture Configurable Logic Block" (UG574), SRLC32E, and "UltraScale Architecture Memory Resources"
    (UG573), RAMB18E2 as simple dual-port memory; those of the 7 series have the same sizes (UG473, UG474).
    """
    if device.fifo(depth, bits, storage).storage is Storage.REGISTER:
        return Memory(bits=depth * bits, tables=bits * -(-depth // SHIFT_REGISTER))
    blocks = min(-(-bits // width) * -(-depth // words) for words, width in BLOCK_SHAPES)
    return Memory(bits=depth * bits, blocks=blocks)


def largest_register(device: Device, bits: int) -> int:
    """The greatest depth at which a channel of tokens of `bits` bits is still a shift register; at least 2."""
    return max(2, device.register_bits // bits)
