"""Whether iterations of a nest may run several times, or not at all."""

from collections.abc import Iterator

import islpy

from spatial.analysis.dependence.dependence import Dependence
from spatial.analysis.dependence.scopes import unwritten
from spatial.analysis.dependence.sets import differ, same, touched
from spatial.schedule.copying import is_inside
from spatial.schedule.errors import NotPossible
from spatial.schedule.loops.moves import Move
from spatial.source.errors import ProgramError
from spatial.source.span import Span, caller_span

__all__ = ["check_again", "check_left_out"]

Places = tuple[tuple[Span, str], ...]
DEEDS = {"flow": ("written", "read"), "anti": ("read", "written"), "output": ("written", "written")}


def check_left_out(move: Move, done: islpy.Set) -> None:
    """Refuses to leave out iterations of the nest, of which not all are `done`, where somebody else needs them."""
    if move.inner.iterations.is_subset(done):
        return
    places = next(_elsewhere(move), None)
    if places is not None:
        nest, loop = move.names
        raise _refused(
            f"`{move.step}` would leave out iterations of `{nest}` that no iteration of `{loop}` needs", places
        )


def _elsewhere(move: Move) -> Iterator[Places]:
    """Where the nest does something for others than the iterations of the loop."""
    for access in move.dependences.accesses:
        if move.moves(access) and access.writes and access.resource.local is None:
            yield ((access.span, f"`{access.resource.name}` does not belong to the function alone"),)
    for flow in move.flows:
        within = is_inside(flow.sink.op.operation, move.loop.operation)
        if move.moves(flow.source) and not within and (not move.moves(flow.sink) or _between_iterations(move, flow)):
            name = flow.source.resource.name
            yield ((flow.source.span, f"`{name}` is written here"), (flow.sink.span, "and used here"))


def check_again(move: Move) -> None:
    """Refuses to run iterations of the nest again unless each does the same again, and nobody can tell."""
    nest, loop = move.names
    needed = f"several iterations of `{loop}` need one of `{nest}`"
    for access in move.dependences.accesses:
        if move.moves(access) and access.resource.kind != "array":
            raise _refused(f"{needed}, which may run only once", ((access.span, "this would happen again"),))
    for each in move.touching:
        if move.moves(each.source) and _tells(move, each):
            first, second = DEEDS[each.kind]
            places = (each.source.span, f"{first} here"), (each.sink.span, f"{second} here")
            raise _refused(f"{needed}, which would not do the same to `{each.source.resource.name}` again", places)


def _tells(move: Move, each: Dependence) -> bool:
    """Whether it makes a difference that the source happens again."""
    if move.moves(each.sink):
        return not each.private and (_between_iterations(move, each) or _changes(move, each))
    sink = each.sink.op.operation
    if not _meanwhile(move, each):
        return False
    if each.scopes is not None:
        return is_inside(sink, move.targets[0].operation) and each.scopes[1].depth < len(move.outer.variables)
    return each.kind != "flow" or not is_inside(sink, move.loop.operation)


def _changes(move: Move, each: Dependence) -> bool:
    """Whether an iteration of the nest reads what an earlier one, or what stands before, wrote, and changes it."""
    if each.kind != "anti":
        return False
    names, depth = move.dependences.parameters, len(move.inner.variables)
    writes = [one for one in move.dependences.accesses if one.writes and one.resource is each.source.resource]
    own = [one for one in writes if move.moves(one)]
    left = unwritten([(each.source, touched(each.source, names))], own, depth, names)
    return any(not each.relation.domain().intersect(elements.domain()).is_empty() for _, elements in left)


def _meanwhile(move: Move, each: Dependence) -> bool:
    """Whether the sink comes before the loops that the nest goes into have ended, in one iteration of those around."""
    shared = move.inner.shared
    sizes = len(each.source.loops), len(each.sink.loops)
    if min(sizes) < shared or each.relation.intersect(same(*sizes, tuple(range(shared)))).is_empty():
        return False
    block = move.targets[0].operation.block
    op = each.sink.op.operation
    while op is not None and op.block != block:
        op = op.parent
    order = [other.operation for other in block.operations]
    return op is not None and order.index(op) <= order.index(move.targets[0].operation)


def _between_iterations(move: Move, each: Dependence) -> bool:
    """Whether two operations of the nest depend on each other in different iterations, with the same around them."""
    sizes, shared = (len(each.source.loops), len(each.sink.loops)), move.inner.shared
    around = each.relation.intersect(same(*sizes, tuple(range(shared))))
    return not around.intersect(differ(*sizes, tuple(range(shared, len(move.inner.variables))))).is_empty()


def _refused(title: str, places: Places) -> ProgramError:
    return ProgramError([NotPossible(title=title, span=caller_span(), places=places)])
