"""Moves a nest into the loop that uses what it computes, or into the one that makes what it uses."""

import islpy

from spatial.analysis.dependence.sets import Undecided, bounded
from spatial.ir.mlir import func, ir
from spatial.schedule.copying import is_pure, used_in
from spatial.schedule.legality import check_order
from spatial.schedule.loops.again import check_again, check_left_out
from spatial.schedule.loops.moves import Move, move_of
from spatial.schedule.loops.placing import place
from spatial.schedule.loops.regions import Part, part_of, places_of, turned
from spatial.schedule.loops.requests import refused
from spatial.schedule.orders import placed
from spatial.source.errors import ProgramError

__all__ = ["compute_at", "reverse_compute_at"]

BEFORE, BEHIND = -1, 1 << 30
"""Places in a body before and behind all that is in it."""


def compute_at(function: func.FuncOp, producer: ir.OpView | ir.Value, loop: ir.OpView) -> None:
    """Moves a nest into a loop behind it that uses what it writes: an iteration first computes what it needs.

    That is a part of the nest, loop by loop the least one that writes all elements used in the iteration. Where each
    iteration of the nest has one place then, these places must keep every dependence. Where several
    iterations of the loop need the same, it is computed for each of them, which must do the same. What none needs is
    left out, if nobody else needs it.
    """
    move = move_of(function, producer, loop, "compute_at")
    try:
        with bounded():
            part = _part(move, move.pairs)
            homes = turned(part.executed, move.inner.shared)
            check_left_out(move, homes.domain())
            once = homes.is_single_valued()
            if not once:
                check_again(move)
            texts = _texts(move, homes) if once else []
    except Undecided:
        raise _unclear(move) from None
    if once:
        check_order(move.dependences, placed(*move.both, texts, BEFORE), move.step, move.both)
    place(move.nest, part, move.loop, move.step, first=True)


def reverse_compute_at(function: func.FuncOp, consumer: ir.OpView | ir.Value, loop: ir.OpView) -> None:
    """Moves a nest into a loop before it that writes what it uses: what an iteration completes is used at its end.

    Each iteration of the nest comes to the last iteration of the loop that writes something it reads. These places
    must keep every dependence.
    """
    move = move_of(function, consumer, loop, "reverse_compute_at", backwards=True)
    try:
        with bounded():
            homes = turned(_some(move, move.pairs), move.inner.shared).lexmax()
            _check_all(move, homes.domain())
            part = _part(move, turned(homes, move.inner.shared))
            if not turned(part.executed, move.inner.shared).is_subset(homes):
                raise _unclear(move)
            texts = _texts(move, homes)
    except Undecided:
        raise _unclear(move) from None
    check_order(move.dependences, placed(*move.both, texts, BEHIND), move.step, move.both)
    for op in _brought(move):
        op.operation.move_before(move.targets[0].operation)
    place(move.nest, part, move.loop, move.step, first=False)


def _some(move: Move, pairs: islpy.Map) -> islpy.Map:
    """Pairs of iterations; refused where there are none."""
    if pairs.is_empty():
        nest, loop = move.names
        maker, user = (loop, nest) if move.backwards else (nest, loop)
        title = f"`{move.step}` finds nothing that `{user}` uses and `{maker}` computes"
        raise refused(title, (move.nest.loops[0], f"`{nest}`"), (move.loop, f"`{loop}`"))
    return pairs


def _part(move: Move, pairs: islpy.Map) -> Part:
    found = part_of(_some(move, pairs), move.outer, move.inner, move.parameters)
    if found is None:
        raise _unclear(move)
    return found


def _texts(move: Move, homes: islpy.Map) -> list[str]:
    """In which iterations of the loops each iteration of the nest comes, as isl writes it."""
    found = places_of(homes, move.inner, move.parameters)
    if found is None:
        raise _unclear(move)
    names = {variable: f"i{number}" for number, variable in enumerate(move.inner.variables)}
    return [each.text({**move.dependences.parameters, **names}) for each in found]


def _unclear(move: Move) -> ProgramError:
    nest, loop = move.names
    title = f"`{move.step}` needs a part of `{nest}` for each iteration of `{loop}` that loops can go through"
    places = (move.nest.loops[0], "the nest"), (move.loop, "what belongs to an iteration of this is no such part")
    return refused(title, *places)


def _check_all(move: Move, done: islpy.Set) -> None:
    """Refuses to move a nest of which some iterations use nothing that the loop computes."""
    left = move.inner.iterations.subtract(done)
    if left.is_empty():
        return
    nest, loop = move.names
    title = f"`{move.step}` takes a nest of which each iteration uses something that `{loop}` computes"
    point = left.lexmin().sample_point() if not move.parameters else left.sample_point()
    places = enumerate(move.inner.variables)
    values = [int(point.get_coordinate_val(islpy.dim_type.set, at).to_python()) for at, _ in places]
    told = ", ".join(f"{name} = {value}" for name, value in zip(move.around, values, strict=True))
    raise refused(
        title,
        (move.nest.loops[0], f"at {told} it does not"),
        (move.loop, f"`{loop}`"),
        hint=f"`peel` it from `{nest}` first",
    )


def _brought(move: Move) -> list[ir.OpView]:
    """The arithmetic between the loops and a nest behind them; refused where the nest uses another value from there."""
    block = list(move.nest.loops[0].operation.block.operations)
    between = block[block.index(move.targets[0]) + 1 : block.index(move.nest.loops[0])]
    left: set[ir.Operation] = set()
    for op in between:
        uses = {value.owner.operation for value in op.operands if not isinstance(value.owner, ir.Block)}
        if not is_pure(op) or uses & left:
            left.add(op.operation)
    for value in used_in(move.nest.loops[0].operation):
        if not isinstance(value.owner, ir.Block) and value.owner.operation in left:
            title = f"`{move.step}` cannot move `{move.names[0]}` past a value that it uses"
            raise refused(title, (value.owner.opview, "the value"), (move.nest.loops[0], "used in here"))
    return [op for op in between if op.operation not in left]
