"""The steps of a schedule that rewrite loops."""

from collections.abc import Sequence

from spatial.customize.references import BufferLike, Loop, LoopLike
from spatial.customize.steps import Site, Steps, primitive
from spatial.ir.mlir import ir
from spatial.schedule.loops.compute_at import compute_at, reverse_compute_at
from spatial.schedule.loops.distribute import distribute
from spatial.schedule.loops.fuse import fuse
from spatial.schedule.loops.jam import unroll_and_jam
from spatial.schedule.loops.parallel import parallel
from spatial.schedule.loops.peel import peel
from spatial.schedule.loops.pipeline import pipeline
from spatial.schedule.loops.reorder import reorder
from spatial.schedule.loops.simplify import simplify
from spatial.schedule.loops.split import split
from spatial.schedule.loops.tile import tile
from spatial.schedule.loops.unroll import unroll

__all__ = ["LoopSteps"]


class LoopSteps(Steps):
    """Steps that rewrite loops; `docs/schedules.md` shows each of them, before and after."""

    @primitive
    def split(
        self, at: Site, loop: LoopLike, factor: int | None = None, *, parts: int | None = None
    ) -> tuple[Loop, Loop]:
        """Cuts a loop `i` into blocks of `factor` iterations, or into `parts` blocks: `i.outer` and `i.inner` in it.

        Always legal: the order of iterations stays. Where blocks do not fill the loop, a branch leaves out what is
        behind its end.
        """
        found = at.loop(loop)
        outer, inner = split(at.function, found, factor, parts=parts)
        return at.loop_reference(outer), at.loop_reference(inner)

    @primitive
    def reorder(self, at: Site, *loops: LoopLike) -> tuple[Loop, ...]:
        """Puts loops of a perfect nest into this order, outermost first, at the places that they have now.

        Legal where every dependence keeps its direction, those of integer reductions (and of floating ones over
        `sp.reduction`) on themselves excepted. Of bounds that depend on a loop which comes inside, those of all its
        iterations are taken, and a branch leaves out the rest.
        """
        found = at.loops(loops)
        return _references(at, reorder(at.function, *found))

    @primitive
    def tile(self, at: Site, loops: Sequence[LoopLike], factors: Sequence[int]) -> tuple[Loop, ...]:
        """Cuts the loops of a nest into blocks and runs block by block: `i.outer`, `j.outer`, `i.inner`, `j.inner`.

        The same as to `split` each and to `reorder` them, and legal where that is.
        """
        found = at.loops(loops)
        return _references(at, tile(at.function, found, factors))

    @primitive
    def fuse(self, at: Site, *loops: LoopLike) -> Loop:
        """Makes one loop of a perfect nest, `i.j`, or of neighbours with equally many iterations, the first of them.

        A nest keeps its order, so it is always legal. Of neighbours each iteration then does what all did in it;
        legal where every dependence keeps its direction, those of reductions on themselves excepted.
        """
        found = at.loops(loops)
        return at.loop_reference(fuse(at.function, *found))

    @primitive
    def unroll(self, at: Site, loop: LoopLike, factor: int | None = None) -> tuple[Loop, ...]:
        """Writes out `factor` iterations in each of a loop, or all; the loops that are left, `i.rest` the last.

        Always legal: the order of iterations stays.
        """
        found = at.loop(loop)
        return _references(at, unroll(at.function, found, factor))

    @primitive
    def unroll_and_jam(self, at: Site, loop: LoopLike, factor: int) -> tuple[Loop, ...]:
        """Writes out `factor` iterations of a loop side by side in the loops inside it; the loops that are left.

        Legal where the bounds of the loops inside do not depend on it, and every dependence keeps its direction.
        A local that each iteration writes before it reads becomes one for each of those side by side.
        """
        found = at.loop(loop)
        return _references(at, unroll_and_jam(at.function, found, factor))

    @primitive
    def simplify(self, at: Site, loop: LoopLike) -> Loop:
        """Does once what an iteration of a loop computes, loads or stores several times.

        Arithmetic on the same operands is done once, an element at hand is not loaded again, and a store that a later
        one overwrites unread is left out. Legal wherever something is done twice: values stay the same, bit for bit.
        """
        found = at.loop(loop)
        return at.loop_reference(simplify(at.function, found))

    @primitive
    def pipeline(self, at: Site, loop: LoopLike, ii: int | None = None, style: str = "elastic") -> Loop:
        """Begins an iteration of a loop every `ii` cycles, by default as often as can be; loops inside are written out.

        Always legal: values are those of iterations in order. Where the body cannot keep the interval, simulating
        or building it says what limits it.
        """
        found = at.loop(loop)
        return at.loop_reference(pipeline(at.function, found, ii, style))

    @primitive
    def parallel(self, at: Site, loop: LoopLike) -> None:
        """Builds all iterations of a loop side by side; the loop is gone, loops inside do all of them in turn.

        Legal where no iteration needs another one, not even for a sum.
        """
        found = at.loop(loop)
        parallel(at.function, found)

    @primitive
    def peel(self, at: Site, loop: LoopLike, *, first: int | None = None, last: int | None = None) -> tuple[Loop, Loop]:
        """Takes the first or the last iterations of a loop into one of their own, `i.first` or `i.last`.

        Always legal: the order of iterations stays. Returns both loops in the order in which they run.
        """
        found = at.loop(loop)
        return _pair(at, peel(at.function, found, first=first, last=last))

    @primitive
    def distribute(self, at: Site, loop: LoopLike, cut: LoopLike, *, after: bool = False) -> tuple[Loop, Loop]:
        """Makes two loops of one: what stands before the loop `cut` in its body, and that loop with what follows.

        With `after` the loop itself stays in the first part. Legal where every dependence keeps its direction,
        those of reductions on themselves excepted.
        """
        found, inner = at.loop(loop), at.loop(cut)
        return _pair(at, distribute(at.function, found, inner, after=after))

    @primitive
    def compute_at(self, at: Site, producer: LoopLike | BufferLike, loop: LoopLike) -> None:
        """Moves a nest into a loop behind it, of which each iteration first computes what it needs of the nest.

        The nest is named by its outermost loop, or by the array that it alone writes. What an iteration needs is, loop
        by loop, the least part of the nest that writes all elements it uses. Legal where the nest's iterations then
        keep every dependence. Where several iterations of the loop need the same, it is computed for each: legal where
        that does the same every time. What no iteration needs is left out: legal where nobody else needs it.
        """
        found = at.thing(producer)
        compute_at(at.function, found, at.loop(loop))

    @primitive
    def reverse_compute_at(self, at: Site, consumer: LoopLike | BufferLike, loop: LoopLike) -> None:
        """Moves a nest into a loop before it, of which each iteration at its end does what its results suffice for.

        The nest is named by its outermost loop, or by the array that it alone reads. Each of its iterations comes to
        the last iteration of the loop that writes something it uses. Legal where every dependence is kept, and where
        each of its iterations uses something that the loop computes.
        """
        found = at.thing(consumer)
        reverse_compute_at(at.function, found, at.loop(loop))


def _references(at: Site, loops: Sequence[ir.OpView]) -> tuple[Loop, ...]:
    return tuple(map(at.loop_reference, loops))


def _pair(at: Site, loops: tuple[ir.OpView, ir.OpView]) -> tuple[Loop, Loop]:
    first, second = loops
    return at.loop_reference(first), at.loop_reference(second)
