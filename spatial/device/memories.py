"""What channels and arrays take of an FPGA, controllers included, as a synthesis report would count it.

Source of the figures: the tables of FIFOs and memories in published reports of Vitis HLS 2023.2 for xcu280 (artifact of
Basalama and Cong, Stream-HLS, FPGA 2025), where they are of one width (32 bits) at depths from 2 to 524,288.
"""

from spatial.device.model import Device, Storage
from spatial.device.operators import Resources
from spatial.device.storage import SHIFT_REGISTER, memory_of

__all__ = ["array_resources", "fifo_resources"]

DISTRIBUTED = 4096  # bits up to which a memory is made of look-up tables, and no block RAM
ROWS = 64  # words that one look-up table holds of each bit, as RAM
URAM_SHAPE = (4096, 72)  # words and bits of an UltraRAM (UG573)
BLOCK = 16384  # bits of a block RAM that words use
SHAPES = ((512, 36), (1024, 18), (2048, 9), (4096, 4), (8192, 2))  # words and bits of a block RAM (UG573)


def fifo_resources(device: Device, depth: int, bits: int, storage: str = "") -> Resources:
    """What a channel of `depth` tokens of `bits` bits takes.

    Two tokens are two registers; more are shift registers up to the bits that the device says, RAM of look-up tables up
    to 4096 bits, then block RAMs, of which a deep one takes as many as its bits fill; or what it is bound to.
    """
    if depth <= 2 and storage != "bram":
        return Resources(lut=bits + 8, ff=2 * bits + 4)
    address = max(1, (depth - 1).bit_length())
    if device.fifo(depth, bits, storage).storage is Storage.REGISTER:
        return Resources(lut=bits * -(-depth // SHIFT_REGISTER) + 18, ff=address + 3)
    if depth * bits <= DISTRIBUTED and not storage:
        return Resources(lut=2 * bits * -(-depth // ROWS) + 40, ff=3 * bits + 3 * address + 3)
    return Resources(lut=78, ff=2 * bits + 31, bram18=memory_of(device, depth, bits, storage).blocks)


def array_resources(words: int, bits: int, storage: str = "") -> Resources:
    """What an array of `words` elements of `bits` bits takes.

    `storage` is what it is bound to, as `sp.Memory` names it with its ports behind, `"BRAM(2P)"`; without it, it is RAM
    of look-up tables up to 4096 bits, else block RAM.
    """
    match storage.partition("(")[0]:
        case "registers":
            return Resources(ff=words * bits, lut=bits * -(-words // 4))
        case "URAM":
            deep, wide = URAM_SHAPE
            return Resources(uram=-(-words // deep) * -(-bits // wide))
        case "SRL":
            return Resources(lut=bits * -(-words // SHIFT_REGISTER))
        case "LUTRAM":
            return _distributed(words, bits)
        case "" if words * bits <= DISTRIBUTED:
            return _distributed(words, bits)
        case _:
            return Resources(bram18=_blocks(words, bits))


def _distributed(words: int, bits: int) -> Resources:
    """Each bit of a word takes a look-up table for 64 words, and a register where it is read."""
    return Resources(lut=bits * -(-words // ROWS) + 1, ff=bits)


def _blocks(words: int, bits: int) -> int:
    """Up to 8192 words, blocks of the shape that they fit in beside each other; more fill as many as their bits."""
    wide = next((width for deep, width in SHAPES if words <= deep), None)
    return (words * bits + BLOCK // 2) // BLOCK if wide is None else -(-bits // wide)
