"""Puts several actors in sequence into one."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

import networkx

from spatial.analysis.loops import is_endless
from spatial.ir.dialect import ActorOp, ChannelOp, GetBlockOp, GetOp, PutOp
from spatial.ir.dtypes import memory_type
from spatial.ir.function import kernels, operations, region_function
from spatial.ir.graph import ActorGraph, Channel, element_name
from spatial.ir.mlir import func, ir, memref, scf
from spatial.ir.pins import join_pins, tile_of
from spatial.ir.retyping import declare, with_parameters
from spatial.schedule.copying import erase_unused, rename
from spatial.schedule.indices import Index, divided, minus, plus, times, value_of
from spatial.schedule.loops.requests import counted_trips, refused, wrong
from spatial.schedule.naming import fresh_name
from spatial.schedule.space.functions import symbol
from spatial.schedule.space.merging import merged, piece_of
from spatial.types.tensor import TensorType, element_of, shape_of

__all__ = ["chain", "check_ends", "check_order", "check_pins", "clean", "count_of", "name_of", "number_of", "passes"]

STEP = "chain"
Place = tuple[ir.Value, ...]


def chain(module: ir.Module, graph: ActorGraph, names: Sequence[str]) -> str:
    """Makes one actor of several, which does what they do one after the other; what its kernel is called.

    Channels from one to a later one become local arrays. Refused where tokens go back, or come by way of another actor,
    so that it would wait for itself, where time decides what actors do, and where one never ends.
    """
    region = region_function(module).entry_block
    known = {name_of(op): op for op in region.operations if isinstance(op, ActorOp)}
    actors = [known[name] for name in names]
    if len(set(names)) < 2 or len(set(names)) < len(names):
        raise wrong(f"`{STEP}` takes at least two different actors", 'write `s.chain(s["load"], s["compute"])`')
    check_ends(module, graph, actors, STEP)
    check_order(graph, names, known, STEP)
    check_pins(actors, STEP)
    inside = [each for each in graph.channels if passes(each, names)]
    kernel = symbol(module, "_".join(dict.fromkeys(actor.kernel.value for actor in actors)))
    function, given = merged(module, [piece_of(module, actor) for actor in actors], kernel)
    for channel in inside:
        _localize(function, function.arguments[given.index(channel.name)], channel)
    used = [n for n, argument in enumerate(function.arguments) if any(True for _ in argument.uses)]
    function = with_parameters(function, used)
    with ir.InsertionPoint(actors[0]), actors[0].location:
        join_pins(actors, declare(function, kernel, (0,), [given[n] for n in used]))
    clean(module, actors, {each.name for each in inside})
    return kernel


def name_of(op: ActorOp) -> str:
    return element_name(op.kernel.value, tuple(axis.value for axis in op.pid))


def passes(channel: Channel, names: Sequence[str]) -> bool:
    """Whether a channel leads from one of the actors to another one."""
    ends = channel.writer, channel.reader
    actors = {end.actor for end in ends if end is not None}
    return None not in ends and len(actors) == 2 and actors <= set(names)


def check_ends(module: ir.Module, graph: ActorGraph, actors: Sequence[ActorOp], step: str) -> None:
    """Refuses programs that time decides, and actors that never end."""
    if graph.is_timed:
        raise refused(f"`{step}` takes programs in which time decides nothing, actors of this one poll channels")
    functions = {each.name.value: each for each in kernels(module)}
    for actor in actors:
        for op in operations(functions[actor.callee.value].entry_block):
            if is_endless(op):
                raise refused(
                    f"`{step}` takes actors that end, `{name_of(actor)}` does not", (op, "this runs for ever")
                )


def check_pins(actors: Sequence[ActorOp], step: str) -> None:
    """Refuses actors that a schedule wants on several tiles."""
    pinned = [(actor, tile) for actor in actors if (tile := tile_of(actor)) is not None]
    for (first, here), (other, there) in itertools.pairwise(pinned):
        if here != there:
            title = f"`{step}` makes one actor of `{name_of(first)}` and `{name_of(other)}`, pinned to different tiles"
            places = (first, f"pinned to {here}"), (other, f"pinned to {there}")
            raise refused(title, *places, hint="pin one of them, or what the step returns")


def check_order(graph: ActorGraph, names: Sequence[str], known: Mapping[str, ActorOp], step: str) -> None:
    """Refuses a sequence in which an actor would wait for one behind it, or for itself by way of others."""
    within = set(names)
    outside = graph.network.subgraph([each for each in graph.network if each not in within])
    for place, name in enumerate(names):
        for other in graph.network.successors(name):
            if other in within:
                if names.index(other) < place:
                    title = f"`{step}` would let `{other}` wait for tokens of `{name}`, which comes behind it"
                    raise refused(title, (known[name], "puts them"), (known[other], "gets them"))
                continue
            for last in (other, *networkx.descendants(outside, other)):
                back = next((each for each in graph.network.successors(last) if each in within), None)
                if back is not None:
                    title = f"`{step}` would make an actor that waits for itself, by way of `{other}`"
                    places = (known[name], f"`{name}` puts tokens for it"), (known[back], f"`{back}` waits for more")
                    raise refused(title, *places, hint=f"chain `{other}` too")


def _localize(function: func.FuncOp, stream: ir.Value, channel: Channel) -> None:
    """Passes tokens in an array: those of the one put to the one get, which are as many."""
    users = [use.owner for use in stream.uses]
    puts = [op for op in users if isinstance(op, PutOp)]
    gets = [op for op in users if isinstance(op, GetOp | GetBlockOp)]
    if not any(isinstance(op, GetBlockOp) or any(True for _ in op.value.uses) for op in gets):
        for op in (*puts, *gets):
            _erase(op)
        return
    count = _check_plain(stream, puts, gets, channel)
    put, get = puts[0], gets[0]
    shape = shape_of(channel.element)
    type_ = TensorType(element_of(channel.element), (count, *shape))
    name = fresh_name(function, channel.stream)
    with ir.InsertionPoint.at_block_begin(function.entry_block), ir.Location.name(name, put.location):
        buffer = memref.alloca(memory_type(type_), [], [])
    buffer.owner.attributes["df.name"] = ir.StringAttr.get(name)
    buffer.owner.attributes["df.type"] = ir.StringAttr.get(str(type_))
    with ir.InsertionPoint(put), put.location:
        at = value_of(number_of(put))
        if isinstance(get, GetBlockOp):
            _move(function, shape, lambda place: memref.store(memref.load(put.value, place), buffer, [at, *place]))
        else:
            memref.store(put.value, buffer, [at])
    with ir.InsertionPoint(get), get.location:
        here = value_of(number_of(get))
        if isinstance(get, GetBlockOp):
            _move(function, shape, lambda place: memref.store(memref.load(buffer, [here, *place]), get.block, place))
        else:
            get.results[0].replace_all_uses_with(memref.load(buffer, [here]))
    _erase(put)
    _erase(get)


def _move(function: func.FuncOp, shape: Sequence[int], body: Callable[[Place], None], outer: Place = ()) -> None:
    """Loops over all places of a block at the insertion point, around what `body` makes of each."""
    if len(outer) == len(shape):
        body(outer)
        return
    loop = scf.ForOp(value_of(0), value_of(shape[len(outer)]), value_of(1))
    rename(loop, fresh_name(function, f"place_{len(outer)}"))
    with ir.InsertionPoint(loop.body):
        _move(function, shape, body, (*outer, loop.induction_variable))
        scf.YieldOp([])


def _check_plain(stream: ir.Value, puts: Sequence[ir.OpView], gets: Sequence[ir.OpView], channel: Channel) -> int:
    """How many tokens pass, where one operation puts them and one gets them, as often whatever the data are."""
    uses = [use.owner for use in stream.uses]
    title = f"`{STEP}` keeps the tokens of `{channel.name}` in an array"
    if len(puts) != 1 or len(gets) != 1 or len(uses) != 2:
        why = f"{title}, where one `put` and one `get` use it"
        raise refused(why, *((op, "used here") for op in uses[:4]))
    if channel.initial:
        raise refused(f"{title}, `{channel.name}` begins with tokens", (puts[0], "put here"))
    counts = [count_of(op, title) for op in (puts[0], gets[0])]
    if counts[0] != counts[1]:
        places = (puts[0], f"puts {counts[0]} tokens"), (gets[0], f"gets {counts[1]}")
        raise refused(f"{title}, as many as are put are not got", *places)
    return counts[0]


def count_of(op: ir.OpView, title: str) -> int:
    """How often an operation is done."""
    count, parent = 1, op.operation.parent.opview
    while not isinstance(parent, func.FuncOp):
        if not isinstance(parent, scf.ForOp):
            raise refused(f"{title}, as many as loops count", (op, "how often this is done depends on more"))
        count *= counted_trips(parent, STEP)[1]
        parent = parent.operation.parent.opview
    return count


def _around(op: ir.OpView, within: scf.ForOp | None) -> Iterator[scf.ForOp]:
    """The loops around an operation, those inside of a loop, the innermost first."""
    parent = op.operation.parent.opview
    while isinstance(parent, scf.ForOp) and (within is None or parent != within):
        yield parent
        parent = parent.operation.parent.opview


def number_of(op: ir.OpView, within: scf.ForOp | None = None) -> Index:
    """Which of its tokens an operation puts or gets, in an iteration of a loop, at the insertion point."""
    number: Index = 0
    for loop in reversed(list(_around(op, within))):
        bounds, trips = counted_trips(loop, STEP)
        here = divided(minus(loop.induction_variable, bounds.low), bounds.step)
        number = plus(times(number, trips), here)
    return number


def _erase(op: ir.OpView) -> None:
    operands = list(op.operands)[1:]
    op.operation.erase()
    erase_unused(operands)


def clean(module: ir.Module, actors: Sequence[ActorOp], channels: set[str]) -> None:
    """Takes away actors, the functions that nobody runs then, and channels that are no more."""
    for actor in actors:
        actor.operation.erase()
    region = region_function(module).entry_block
    for op in list(region.operations):
        if isinstance(op, ChannelOp) and element_name(op.stream.value, tuple(i.value for i in op.indices)) in channels:
            op.operation.erase()
    run = {op.callee.value for op in region.operations if isinstance(op, ActorOp)}
    for function in kernels(module):
        if function.name.value not in run:
            function.operation.erase()
