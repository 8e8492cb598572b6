"""The steps of a schedule that lay a program out in space."""

from collections.abc import Sequence

from spatial.customize.references import BandLike, BufferLike, Grid, GridLike
from spatial.customize.steps import Site, Steps, primitive
from spatial.ir.mlir import func, scf
from spatial.schedule.calls.detaching import check_starts_none, detach, is_called
from spatial.schedule.space.bundling import bundle
from spatial.schedule.space.chaining import chain
from spatial.schedule.space.dataflow import dataflow
from spatial.schedule.space.double import check_own, double_buffer
from spatial.schedule.space.fifo import pass_on
from spatial.schedule.space.streaming import to
from spatial.schedule.space.unfolding import unfold
from spatial.source.errors import Misuse, ProgramError

__all__ = ["SpaceSteps"]


class SpaceSteps(Steps):
    """Grids of PEs, and the channels between them."""

    @primitive
    def unfold(
        self,
        at: Site,
        band: BandLike,
        axis: int | Sequence[int] | None = None,
        factor: int | Sequence[int] | None = None,
    ) -> Grid:
        """Makes a grid of PEs of the loops of a band: `for i, j in sp.grid(M, N, name="PE")` becomes M x N of them.

            s.unfold("PE", axis=[0, 1], factor=[M, N])

        `axis` says which loops of the band become axes of the grid, all if it is left out; `factor` how many
        PEs there are along each, as many as there are iterations if it is left out, else consecutive ones share a PE.
        The kernel is called as the band is, and a PE is given the indices of its iterations.

        A function that the program calls becomes kernels that its caller starts, and waits for, as for a region:
        that takes 4 cycles; what it is given is memory of the module then.

        Refused where an iteration needs what another one does, where the function does something beside the
        band, and where it is a grid already.
        """
        loops = at.band(band)
        axes = _several("axis", axis, 0, range(len(loops)), at)
        factors = None if factor is None else _several("factor", factor, 1, (), at)
        if not axes or any(place not in range(len(loops)) for place in axes) or len(set(axes)) < len(axes):
            title = f"`axis` of `unfold` has places of loops in the band, each once, not `{axis}`"
            known = ", ".join(f"{place} is `{loop.attributes['df.name'].value}`" for place, loop in enumerate(loops))
            raise ProgramError([Misuse(title=title, span=at.span, hint=known)])
        if factors is not None and len(factors) != len(axes):
            title = f"`factor` of `unfold` has a number of PEs for each of {len(axes)} axes, not {len(factors)} of them"
            raise ProgramError([Misuse(title=title, span=at.span, hint=f"write `factor={[2] * len(axes)}`")])
        chosen = [loop for place in sorted(axes) if isinstance(loop := loops[place], scf.ForOp)]
        ordered = None if factors is None else [count for _, count in sorted(zip(axes, factors, strict=True))]
        name = str(band).rpartition(":")[2]
        return Grid(name=unfold(at.module, _of_kernel(at), chosen, ordered, name=name), span=at.span)

    @primitive
    def dataflow(self, at: Site, kernel: GridLike | None = None) -> tuple[Grid, ...]:
        """Makes processes of the nests of a function, which run beside each other: the kernels they become.

            load, compute = s.dataflow()

        A process is called as its nest, or by its number, `matmul_0`. An array that one nest writes and later ones read
        is handed on: a reader waits for a token that says that it is written, until `to` makes a channel of the array.
        What only begins with numbers belongs to the nest that goes on with it.

        Refused where two nests write an array, where one is written after another nest has read it, where two nests
        use one stream, or both print, and where a value passes between them.
        """
        at.choose(kernel)
        return tuple(Grid(name=name, span=at.span) for name in dataflow(at.module, _of_kernel(at)))

    @primitive
    def double_buffer(self, at: Site, buffer: BufferLike) -> Grid:
        """Gives a buffer two halves: while an iteration uses one, a process of its own fills the other for the next.

            s.dataflow(); s.double_buffer(s.A_buffer)

        What the loop's body does before the buffer is first read goes to the kernel `fill_A_buffer`, which is returned;
        a token says that a half is ready, another one that it is free. Legal where each iteration fills
        the buffer anew before it is read, where nothing but it passes between the two processes, and where the function
        does nothing beside the loop.
        """
        value = at.buffer(buffer)
        check_own(at.function, value)
        return Grid(name=double_buffer(at.module, _of_kernel(at), value), span=at.span)

    @primitive
    def chain(self, at: Site, *parts: object) -> Grid:
        """Makes one actor of several, which does what they do one after the other, on one PE.

            s.chain(s["load"], s["compute"]); s.chain(s["gemm"][:, 0, 0])

        Parts are kernels, what steps return for them, and slices of grids of PEs: never names. Channels from one to a
        later one become local arrays. Others stay, and may need to be deeper, as one actor is done before the next
        one begins; a run that deadlocks says how deep. Refused where an actor would wait for one behind it, or for
        itself by way of another one, where one runs for ever, and where time decides what actors do.
        """
        return Grid(name=chain(at.module, at.state.graph, at.actors(parts)), span=at.span)

    @primitive
    def bundle(self, at: Site, *parts: object) -> Grid:
        """Makes one actor of PEs that run one function: it does what each does in turn, on one PE, with one copy of it.

            s.bundle(s["gemm"][:, 0])

        Parts are given as for `chain`; channels and branches are chosen by whose turn it is. Refused where PEs
        run several functions, are given different arrays, or would find in a local what another one left, and where
        `chain` is.
        """
        return Grid(name=bundle(at.module, at.state.graph, at.actors(parts)), span=at.span)

    @primitive
    def to(self, at: Site, target: BufferLike, dst: GridLike, axis: int = 0, depth: int | None = None) -> str:
        """Gives PEs the elements of a buffer by channels of `depth` tokens, which pass them on from PE to PE.

            buf_A = s.buffer_at(s.A, "j")
            pe = s.unfold("PE")
            s.to(buf_A, pe, axis=1, depth=4)

        What fills the buffer moves into a loader for each chain of PEs. A PE gets an element, uses it, and puts
        it for the next one; behind the last one it is dropped. Where elements are used one by one as they come, the
        buffer is no more. `axis` is the one that channels run along: all PEs of a line along it use the same
        elements. Where these differ along it, and are the same along the only other axis, it
        numbers the channels, which run along that one.

        Without a `depth` tools choose the least with which the program loses no cycles on their device, and `sp.report`
        prints it; the depths of other channels stay.

        Of an array that `dataflow` handed on, `dst` is the process that reads it: `s.to(s.H, "relu")` makes a channel
        `fifo_H` of it. Refused where one reads another sequence of elements than the other one writes, each once; the
        message shows the first one out of order.

        The channels are called `fifo_A`, the loaders `load_A`, what drops the rest `drain_A`. Refused where no two PEs
        use the same elements, and where the buffer is no copy, in order, of a part of an array that is only read.
        """
        grid = str(dst)
        size = None if depth is None else _number("depth", depth, 1, at)
        if (array := at.array(target)) is not None:
            return pass_on(at.module, array, grid, size)
        buffer = at.buffer(target)
        kernel = at.kernel
        if is_called(at.function):
            title = f"`to` gives elements to PEs, and `{kernel}` is a function that is called"
            raise ProgramError([Misuse(title=title, span=at.span, hint="`s.unfold` makes PEs of one of its nests")])
        if kernel != grid:
            title = f"`{target}` belongs to `{kernel}`, not to `{grid}`"
            alone = [actor.kernel for actor in at.state.graph.actors].count(kernel) == 1
            advice = (
                "`s.dataflow()` makes processes, which hand on arrays"
                if alone
                else f'write `s.to({target}, "{kernel}")`'
            )
            raise ProgramError([Misuse(title=title, span=at.span, hint=advice)])
        name = str(at.reference(buffer))
        return to(at.module, kernel, name, _number("axis", axis, 0, at), size)


def _of_kernel(at: Site) -> func.FuncOp:
    """The function at hand as that of a kernel: one that is called becomes one, which its caller starts."""
    check_starts_none(at.function, at.kernel)
    return detach(at.module, at.function) if is_called(at.function) else at.function


def _several(name: str, given: object, least: int, default: Sequence[int], at: Site) -> list[int]:
    """One number or several, as several, each at least `least`."""
    if given is None:
        return list(default)
    found = list(given) if isinstance(given, list | tuple | range) else [given]
    return [_number(name, each, least, at) for each in found]


def _number(name: str, given: object, least: int, at: Site) -> int:
    """What is given for `name`, if it is a number of at least `least`."""
    if not isinstance(given, int) or isinstance(given, bool) or given < least:
        title = f"`{name}` is a number of at least {least}, not `{given!r}`"
        raise ProgramError([Misuse(title=title, span=at.span)])
    return given
