"""The steps of a schedule that rewrite memory."""

from collections.abc import Sequence

from spatial.customize.references import Buffer, BufferLike, Loop, LoopLike
from spatial.customize.steps import Site, Steps, primitive
from spatial.schedule.memory.buffers import buffer_at, cache_read, cache_write
from spatial.schedule.memory.operators import IMPLEMENTATIONS, bind_operators
from spatial.schedule.memory.pack import pack
from spatial.schedule.memory.partition import partition
from spatial.schedule.memory.requests import wrong
from spatial.schedule.memory.reshape import reshape
from spatial.schedule.memory.reuse import reuse_at
from spatial.schedule.memory.storage import bind, bind_channels

__all__ = ["MemorySteps"]


class MemorySteps(Steps):
    """Steps that rewrite memory; `docs/schedules.md` shows each of them, before and after."""

    @primitive
    def partition(
        self,
        at: Site,
        array: BufferLike,
        kind: str = "complete",
        dim: int | Sequence[int] | None = None,
        factor: int | None = None,
    ) -> None:
        """Cuts dimensions of an array into banks with ports of their own: those in `dim`, counted from 0, or all.

        "complete" gives each index a bank, "block" makes `factor` blocks, "cyclic" deals the elements out to `factor`
        banks. What was asked for before stays: the array is cut as the least layout that serves both. Always legal; an
        array of the program is cut in every kernel that is given it. The factor divides the extent.
        """
        for _, value in at.everywhere(array):
            partition(value, kind, dim, factor)

    @primitive
    def bind(
        self, at: Site, place: LoopLike | BufferLike, impl: str, op: str | None = None, *, ports: str = ""
    ) -> None:
        """Binds an array to storage: "bram", "uram", "lutram", "srl" or "registers", as `@ sp.Memory` does.

        `ports` are "1P", "2P", "S2P" or "T2P". A channel, or all of an array of channels, is bound to "srl" or "bram",
        whatever its depth is. With "dsp" or "fabric" it binds operators instead: those of the kind
        `op`, "mul", "add" or "sub", or of all three, which stand in a loop, or in what an array or a local scalar is
        assigned. Always legal: values do not change.
        """
        if impl in IMPLEMENTATIONS:
            bind_operators(at.thing(place), impl, op)
            return
        if op is not None or isinstance(place, Loop):
            raise wrong(f"operators are not bound to {impl!r}", 'there are "dsp" and "fabric"')
        if channels := at.channels(place):
            bind_channels(channels, impl, ports)
            return
        for _, value in at.everywhere(place):
            bind(value, impl, ports)

    @primitive
    def buffer_at(self, at: Site, array: BufferLike, loop: LoopLike) -> Buffer:
        """Lets each iteration of a loop work on a copy of the part of an array that it uses: `A` becomes `A_buffer`.

        The copy is a box without the dimensions in which it has one index. It is filled when the iteration begins,
        unless all of it is stored first, and what was stored is written back when it ends. Legal where the part is one
        box beside the variables outside, whatever the data are, and no other kernel can tell.
        """
        value = at.buffer(array)
        found = at.loop(loop)
        return at.buffer_reference(buffer_at(at.function, value, found))

    @primitive
    def cache_read(self, at: Site, array: BufferLike, loop: LoopLike | None = None) -> Buffer:
        """Reads an array once into a copy, `A_buffer`: when the program begins, or what an iteration of a loop uses.

        Legal where nothing is stored to the array there, and else as for `buffer_at`.
        """
        value = at.buffer(array)
        found = None if loop is None else at.loop(loop)
        return at.buffer_reference(cache_read(at.function, value, found))

    @primitive
    def cache_write(self, at: Site, array: BufferLike, loop: LoopLike | None = None) -> Buffer:
        """Computes what is stored to an array in a copy, `A_buffer`, which is written back once.

        That is when the program ends, or each iteration of a loop. Legal where something is stored to the array
        there, and else as for `buffer_at`.
        """
        value = at.buffer(array)
        found = None if loop is None else at.loop(loop)
        return at.buffer_reference(cache_write(at.function, value, found))

    @primitive
    def reuse_at(self, at: Site, array: BufferLike, loop: LoopLike) -> Buffer:
        """Keeps what the next iteration of a loop reads of an array again in a buffer that shifts, `A_window`.

        At a loop over rows it holds lines, at one over columns of these lines a window; up to 16 elements shift at
        once, more in a loop. Legal where the part that
        an iteration reads is a box that moves forward along one dimension by less than its extent, and nothing is
        stored to the array in the loop.
        """
        value = at.buffer(array)
        found = at.loop(loop)
        return at.buffer_reference(reuse_at(at.function, value, found))

    @primitive
    def reshape(self, at: Site, array: BufferLike, shape: Sequence[int]) -> Buffer:
        """Gives a local array other dimensions with as many elements, in the same order; only its indices change.

        Always legal; banks are cut afterwards.
        """
        value = at.buffer(array)
        return at.buffer_reference(reshape(at.function, value, shape))

    @primitive
    def pack(self, at: Site, array: BufferLike, factor: int) -> Buffer:
        """Puts `factor` neighbours along the last dimension of a local array into one word, `UInt(factor * bits)`.

        A load takes its element out of its word, a store puts it in: in a loop that is unrolled by the factor,
        `simplify` makes one access of them. Legal for integers, fixed point and floats of 16, 32 and 64 bits, if the
        factor divides the extent and a word has at most 1024 bits; values do not change. Banks are cut afterwards.
        """
        value = at.buffer(array)
        return at.buffer_reference(pack(at.function, value, factor))
