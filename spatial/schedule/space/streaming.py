"""Gives the PEs of a grid parts of an array by channels, which pass them from one PE to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatial.ir.dialect import ActorOp, GetOp, PutOp
from spatial.ir.function import parameters, region_function
from spatial.ir.graph import element_name
from spatial.ir.mlir import func, ir, scf
from spatial.ir.retyping import Added, bound_to, declare, first_array, replace_actor, with_parameters
from spatial.schedule.building import erase_loop
from spatial.schedule.copying import is_pure
from spatial.schedule.loops.requests import refused, wrong
from spatial.schedule.naming import buffers_of
from spatial.schedule.space.ends import End, drain_of, loader_of
from spatial.schedule.space.filling import Filling, filling_of
from spatial.schedule.space.functions import actors_of, declare_fifo, functions_of, symbol
from spatial.types.tensor import element_of

__all__ = ["to"]

Pid = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """Channels that run through a grid of PEs along an axis: a PE gets from the one that has its pid as indices."""

    stream: str
    axis: int

    def behind(self, pid: Pid) -> Pid:
        """The indices of the channel that a PE puts into."""
        return (*pid[: self.axis], pid[self.axis] + 1, *pid[self.axis + 1 :])

    def lane(self, pid: Pid) -> Pid:
        """Which of the chains a PE is in."""
        return (*pid[: self.axis], *pid[self.axis + 1 :]) or (0,)

    def channel(self, indices: Pid) -> str:
        """A channel's name."""
        return element_name(self.stream, indices)


def to(module: ir.Module, kernel: str, name: str, axis: int, depth: int | None) -> str:
    """Fills the buffer `name` of a grid of PEs from channels that run along an axis; what the stream is called.

    A loader for each chain of PEs reads the array. Each PE gets an element and puts it for the next one; what leaves
    the last one is dropped, so that all PEs are alike. Where PEs use the elements one by one as they come, they need
    no buffer any more.
    """
    actors = actors_of(module, kernel)
    functions = functions_of(module, actors)
    fillings = [filling_of(each, buffers_of(each)[name], name) for each in functions.values()]
    function, filling = next(iter(functions.values())), fillings[0]
    array = parameters(function)[list(function.arguments).index(filling.source)]
    stream, element = symbol(module, f"fifo_{array.name}"), element_of(array.type)
    place = filling.store.location
    with place:
        end = Added(name=stream, kind="stream", type=element, location=ir.Location.name(stream, place))
        loader = loader_of(module, function, name, array.name, end)
        chains = Chains(stream=stream, axis=_running(actors, loader, axis, array.name, filling))
        drain = drain_of(module, loader, array.name)
        with ir.InsertionPoint.at_block_begin(region_function(module).entry_block):
            for indices in sorted({each for actor in actors for each in (pid_of(actor), chains.behind(pid_of(actor)))}):
                declare_fifo(stream, indices, depth, element)
        _declare_ends(actors, chains, loader, drain)
    made = {each: _passing(function, name, end) for each, function in functions.items()}
    for actor in actors:
        _give_ends(actor, chains, *made[actor.callee.value])
    return stream


def pid_of(actor: ActorOp) -> Pid:
    """The place of an actor in its grid."""
    return tuple(axis.value for axis in actor.pid)


def _running(actors: Sequence[ActorOp], loader: End, axis: int, array: str, filling: Filling) -> int:
    """The axis along which all PEs are given the same: the one asked for, or the only other one.

    Along the axis asked for they may instead differ, each place having a channel of its own. An axis of one PE is none
    to run along where there is a longer one.
    """
    axes = len(pid_of(actors[0]))
    if axis >= axes:
        kernel = actors[0].kernel.value
        raise wrong(
            f"`{kernel}` has {axes} ax{'es' if axes > 1 else 'is'}, `axis={axis}` is none of them", "write `axis=0`"
        )
    same = [each for each in range(axes) if _is_same(actors, loader, each)]
    several = [each for each in same if len({pid_of(actor)[each] for actor in actors}) > 1]
    for possible in (several, same):
        if axis in possible:
            return axis
        if len(possible) == 1:
            return possible[0]
    title = f"no two PEs use the same elements of `{array}`"
    raise refused(title, (filling.store, "each has its own here"), hint="give the PEs their parts with `partition`")


def _is_same(actors: Sequence[ActorOp], loader: End, axis: int) -> bool:
    """Whether what a loader is given does not depend on the place along an axis."""
    found: dict[Pid, set[tuple[str, ...]]] = {}
    for actor in actors:
        pid = pid_of(actor)
        lane = (*pid[:axis], *pid[axis + 1 :])
        found.setdefault(lane, set()).add(tuple(map(str, loader.given(bound_to(actor), ""))))
    return all(len(each) == 1 for each in found.values())


def _declare_ends(actors: Sequence[ActorOp], chains: Chains, loader: End, drain: End) -> None:
    """Declares a loader before the first PE of each chain, and a drain behind its last one."""
    by_pid = {pid_of(actor): actor for actor in actors}
    entered = {chains.behind(pid) for pid in by_pid}
    with ir.InsertionPoint(actors[0]):
        for pid, actor in by_pid.items():
            if pid not in entered:
                given = loader.given(bound_to(actor), chains.channel(pid))
                declare(loader.function, loader.kernel, chains.lane(pid), given)
    with ir.InsertionPoint.at_block_terminator(region_function_of(actors[0])):
        for pid, actor in by_pid.items():
            if (left := chains.behind(pid)) not in by_pid:
                given = drain.given(bound_to(actor), chains.channel(left))
                declare(drain.function, drain.kernel, chains.lane(pid), given)


def region_function_of(actor: ActorOp) -> ir.Block:
    """The block that an actor is declared in."""
    block: ir.Block = actor.operation.block
    return block


def _give_ends(actor: ActorOp, chains: Chains, callee: func.FuncOp, kept: Sequence[int]) -> None:
    """Gives an actor the ends of its channels."""
    pid, bound = pid_of(actor), bound_to(actor)
    count = len(actor.values) + len(actor.channels)
    given = [*bound[:count], chains.channel(pid), chains.channel(chains.behind(pid)), *bound[count:]]
    replace_actor(actor, callee, [given[n] for n in kept])


def _passing(function: func.FuncOp, name: str, end: Added) -> tuple[func.FuncOp, list[int]]:
    """The function with the ends of a channel, and which of its parameters are left then."""
    count = first_array(function)
    function = with_parameters(function, [*range(count), end, end, *range(count, len(function.arguments))])
    filling = filling_of(function, buffers_of(function)[name], name)
    _stream(filling, function.arguments[count], function.arguments[count + 1])
    kept = [n for n, each in enumerate(function.arguments) if each != filling.source or any(True for _ in each.uses)]
    return with_parameters(function, kept), kept


def _stream(filling: Filling, taken: ir.Value, passed: ir.Value) -> None:
    """Takes elements from a channel where they are used, or where they fill the buffer, and passes them on."""
    copy = filling.store.value.owner.opview
    place = filling.use or copy
    with ir.InsertionPoint(_early(place)), place.location:
        token = GetOp(taken, place.result.type).value
        PutOp(passed, token)
    place.result.replace_all_uses_with(token)
    place.operation.erase()
    if filling.use is not None:
        filling.store.operation.erase()
        copy.operation.erase()
        for loop in filling.loops[:1]:
            if _is_idle(loop):
                erase_loop(loop)
        filling.buffer.owner.erase()


def _early(op: ir.OpView) -> ir.OpView:
    """The first operation of a block before which a token can be taken for another one: memory waits for no channel."""
    return next(each for each in op.operation.block.operations if not isinstance(each, GetOp | PutOp))


def _is_idle(op: ir.OpView) -> bool:
    """Whether an operation does nothing but arithmetic, or is a loop around nothing else."""
    if isinstance(op, scf.ForOp):
        return all(map(_is_idle, op.body.operations))
    return isinstance(op, scf.YieldOp) or is_pure(op)
