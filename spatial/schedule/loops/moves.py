"""A nest that shall run inside a loop beside it, and which of their iterations have to do with each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import islpy

from spatial.analysis.dependence.accesses import Access
from spatial.analysis.dependence.dependence import Dependence
from spatial.analysis.dependence.dependences import Dependences
from spatial.analysis.dependence.sets import IN, OUT, iterations
from spatial.analysis.loops import is_loop
from spatial.ir.function import loads, stores
from spatial.ir.mlir import func, ir, scf
from spatial.schedule.copying import is_inside, is_pure, statements
from spatial.schedule.loops.nests import Nest, perfect_nest
from spatial.schedule.loops.regions import Space
from spatial.schedule.loops.requests import called, counted, for_loop, refused
from spatial.schedule.memory.requests import buffer_name
from spatial.schedule.naming import loop_name

__all__ = ["Move", "move_of"]


@dataclass(frozen=True, kw_only=True)
class Move:
    """A `nest` on its way into `loop`, which is the last of `targets`, loops that stand beside it with nothing between.

    It stands before them, or, `backwards`, behind them.
    """

    step: str
    nest: Nest
    targets: tuple[scf.ForOp, ...]
    backwards: bool
    dependences: Dependences

    @property
    def loop(self) -> scf.ForOp:
        """Where the nest goes."""
        return self.targets[-1]

    @property
    def both(self) -> tuple[scf.ForOp, scf.ForOp]:
        """The two loops that the user named."""
        return self.nest.loops[0], self.loop

    @property
    def names(self) -> tuple[str, str]:
        """What these are called."""
        return loop_name(self.nest.loops[0]), loop_name(self.loop)

    @cached_property
    def parameters(self) -> tuple[ir.Value, ...]:
        """The values fixed before all loops, in the order that sets have them in."""
        return tuple(self.dependences.parameters)

    @cached_property
    def inner(self) -> Space:
        """The loops of the nest, and those around it."""
        return self._space(self.nest.loops)

    @property
    def around(self) -> list[str]:
        """What these are called."""
        return [loop_name(each) for each in (*_around(self.nest.loops[0], self.step), *self.nest.loops)]

    @cached_property
    def outer(self) -> Space:
        """The loops that the nest goes into, and those around them."""
        return self._space(self.targets)

    @cached_property
    def pairs(self) -> islpy.Map:
        """From the iterations of the outer loops to those of the nest that they pass values to, or get values from."""
        nest, loop = self.nest.loops[0].operation, self.loop.operation
        writing, reading = (loop, nest) if self.backwards else (nest, loop)
        found = islpy.Map.empty(islpy.Map.from_domain_and_range(self.outer.iterations, self._own).get_space())
        for each in self.flows:
            if is_inside(each.source.op.operation, writing) and is_inside(each.sink.op.operation, reading):
                found = found.union(self._pairs(each))
        return found

    @cached_property
    def flows(self) -> tuple[Dependence, ...]:
        """What passes values from or to the nest."""
        return tuple(each for each in self.touching if each.kind == "flow")

    @cached_property
    def touching(self) -> tuple[Dependence, ...]:
        """All dependences of what the nest does."""
        return self.dependences.among(lambda one, other: self.moves(one) or self.moves(other))

    def moves(self, access: Access) -> bool:
        """Whether an access is one of the nest's."""
        return is_inside(access.op.operation, self.nest.loops[0].operation)

    @property
    def _own(self) -> islpy.Set:
        return self.inner.iterations.project_out(islpy.dim_type.set, 0, self.inner.shared)

    def _pairs(self, flow: Dependence) -> islpy.Map:
        """The iterations of the outer loops and of the nest that a value passes between."""
        pairs = flow.relation if self.backwards else flow.relation.reverse()
        outer, inner, shared = len(self.outer.variables), len(self.inner.variables), self.inner.shared
        pairs = pairs.project_out(IN, outer, pairs.dim(IN) - outer)
        pairs = pairs.project_out(OUT, inner, pairs.dim(OUT) - inner)
        for place in range(shared):
            pairs = pairs.equate(IN, place, OUT, place)
        return pairs.project_out(OUT, 0, shared)

    def _space(self, loops: Sequence[scf.ForOp]) -> Space:
        known = {loop.op.operation: loop for loop in self.dependences.loops}
        around = [known[each.operation] for each in [*_around(loops[0], self.step), *loops]]
        for loop in around:
            if not loop.exact:
                title = f"`{self.step}` takes loops whose bounds are sums of the variables outside"
                raise refused(title, (loop.op, "its bounds are known only in a run"))
        variables = tuple(loop.variable for loop in around if loop.variable is not None)
        set_ = iterations(around, self.dependences.parameters)
        return Space(variables=variables, iterations=set_, shared=len(around) - len(loops))


def move_of(
    function: func.FuncOp, nest: ir.OpView | ir.Value, loop: ir.OpView, step: str, *, backwards: bool = False
) -> Move:
    """A nest and the loop where it goes, which stands behind it, or, `backwards`, before it, or in a loop that does.

    The nest is given by its outermost loop, or by an array: it is the one that writes it, or, `backwards`, reads it.
    """
    target = for_loop(loop, step)
    found = _nest_of(nest, target, step, backwards=backwards) if isinstance(nest, ir.Value) else nest
    outermost = for_loop(found, step)
    targets = _targets(outermost, target, step, backwards=backwards)
    loops = list(_perfect(outermost))
    for each in (*loops, *targets):
        counted(each, step)
    whole = perfect_nest(outermost, loops[-1], step)
    return Move(step=step, nest=whole, targets=targets, backwards=backwards, dependences=Dependences.of(function))


def _nest_of(array: ir.Value, loop: scf.ForOp, step: str, *, backwards: bool) -> ir.OpView:
    """The nest that writes an array, or, `backwards`, reads it, beside a loop or one around that."""
    deed, does = ("reads", loads) if backwards else ("writes", stores)
    around = [*(each.operation for each in _around(loop, step)), loop.operation]
    beside = [op for each in around for op in each.block.operations if op.operation not in around]
    using = [use.owner.operation for use in array.uses if does(use.owner)]
    found = [op for op in beside if is_loop(op) and any(is_inside(each, op.operation) for each in using)]
    if len(found) == 1:
        return found[0]
    name = buffer_name(array)
    many = f"several nests do: {', '.join(map(called, found))}" if found else "none does"
    title = f"`{step}` takes the nest that {deed} `{name}`, and beside `{loop_name(loop)}` {many}"
    raise refused(title, *((op, f"this {deed} `{name}`") for op in found), hint="name the nest's outermost loop")


def _targets(nest: scf.ForOp, loop: scf.ForOp, step: str, *, backwards: bool) -> tuple[scf.ForOp, ...]:
    """The loops from one beside the nest to the one where it goes."""
    found = [loop]
    names = loop_name(nest), loop_name(loop)
    while found[0].operation.block != nest.operation.block:
        parent = found[0].operation.parent.opview
        if not isinstance(parent, scf.ForOp):
            title = f"`{step}` takes loops beside each other, `{names[0]}` and `{names[1]}` are not"
            raise refused(title, (nest, f"`{names[0]}`"), (loop, f"`{names[1]}`"))
        found.insert(0, parent)
    order = list(nest.operation.block.operations)
    place, other = order.index(nest), order.index(found[0])
    if place == other or (place > other) != backwards:
        where = "behind" if backwards else "before"
        title = f"`{step}` takes a nest that stands {where} the loop, `{names[0]}` does not stand {where} `{names[1]}`"
        raise refused(title, (nest, "the nest"), (loop, "the loop"))
    return tuple(found)


def _around(loop: scf.ForOp, step: str) -> list[scf.ForOp]:
    """The loops around a loop, the outermost first."""
    found: list[scf.ForOp] = []
    op = loop.operation.parent.opview
    while not isinstance(op, func.FuncOp):
        if not isinstance(op, scf.IfOp):
            found.insert(0, for_loop(op, step))
        op = op.operation.parent.opview
    return found


def _perfect(loop: scf.ForOp) -> Iterator[scf.ForOp]:
    """A loop, and the loops in it as long as there is nothing else."""
    yield loop
    doing = [op for op in statements(loop.body) if not is_pure(op)]
    if len(doing) == 1 and isinstance(doing[0], scf.ForOp):
        yield from _perfect(doing[0])
