"""Why nothing fits, and what would: limits that exclude each other, fewest columns, depths that fit."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from spatial.device.npu import NPUS, Kind, Npu
from spatial.lower.aie.design import Fifo, Mapped
from spatial.lower.aie.placement.demand import limit_of
from spatial.lower.aie.placement.errors import Conflict, Part, Shortage, listed
from spatial.lower.aie.placement.excess import excesses, fits_by_count, wherever
from spatial.lower.aie.placement.least import possible_parts, streams_of
from spatial.lower.aie.placement.model import Limit, Model
from spatial.lower.aie.placement.parts import WORDS, parts_of, total_of
from spatial.lower.aie.placement.solver import Search, Status, bound_of, run
from spatial.source.report import Problem

__all__ = ["conflict", "counted", "hopeless"]

EFFORT = 0.3
MOST_TRIES = 40


def counted(mapped: Mapped, npu: Npu) -> list[Problem]:
    """What counting finds to be too much, each with what would fit."""
    problems = excesses(mapped, npu)
    remedies = remedies_of(mapped, npu) if any(isinstance(each, Shortage) for each in problems) else ()
    return [_advised(each, remedies) if isinstance(each, Shortage) else each for each in problems]


def _advised(shortage: Shortage, remedies: tuple[str, ...]) -> Shortage:
    return replace(shortage, notes=(*shortage.notes, *_smaller(shortage), *remedies))


def _smaller(shortage: Shortage) -> tuple[str, ...]:
    """Of bytes: how much the part that takes most may take, if the others stay."""
    if not shortage.resource.startswith("bytes") or total_of(shortage.parts) != shortage.demand:
        return ()
    largest = max(shortage.parts, key=lambda part: part.amount)
    left = shortage.limit - (shortage.demand - largest.amount)
    return (f"beside the rest, `{largest.name}` may take {left} bytes",) if left > 0 else ()


def hopeless(mapped: Mapped, npu: Npu) -> bool:
    """Whether it is soon proved that there is no placement."""
    return run(Model(mapped, npu).cp, EFFORT)[0] is Status.NONE


def remedies_of(mapped: Mapped, npu: Npu) -> tuple[str, ...]:
    """Changes that were tried and that do fit, as sentences."""
    found = []
    loose = _unpinned(mapped)
    if loose != mapped and _fits(loose, npu):
        found.append("without its pins the program fits")
    if (wider := _wider(mapped, npu)) is not None:
        found.append(f"the fewest columns that it fits on are {wider.columns}, `{wider.name}`")
    if (depth := _shallower(mapped, npu)) is not None:
        found.append(f"with a depth of at most {depth} it fits")
    return tuple(found)


def _unpinned(mapped: Mapped) -> Mapped:
    return replace(mapped, nodes=tuple(replace(node, tile=None) for node in mapped.nodes))


def _wider(mapped: Mapped, npu: Npu) -> Npu | None:
    """The device with the fewest columns that the program fits on: of its generation, else of a later one."""
    others = [each for each in NPUS.values() if each.columns > npu.columns or each.generation != npu.generation]
    ordered = sorted(others, key=lambda each: (each.generation != npu.generation, each.columns))
    larger = [each for each in ordered if each.generation >= npu.generation and each.columns > npu.columns]
    return next((each for each in larger if _fits(mapped, each)), None)


def _shallower(mapped: Mapped, npu: Npu) -> int | None:
    """The largest depth below what is asked for that everything fits with."""
    most = max((end.depth for fifo in mapped.fifos for end in fifo.ends), default=1)
    return next((depth for depth in range(most - 1, 0, -1) if _fits(_cut(mapped, depth), npu)), None)


def _cut(mapped: Mapped, depth: int) -> Mapped:
    return replace(mapped, fifos=tuple(_cut_fifo(fifo, depth) for fifo in mapped.fifos))


def _cut_fifo(fifo: Fifo, depth: int) -> Fifo:
    producer, *consumers = (replace(end, depth=min(end.depth, depth)) for end in fifo.ends)
    return replace(fifo, producer=producer, consumers=tuple(consumers))


def _fits(mapped: Mapped, npu: Npu) -> bool:
    if not fits_by_count(mapped, npu):
        return False
    status, _ = run(Model(mapped, npu).cp, EFFORT)
    return status in (Status.OPTIMAL, Status.FOUND)


def conflict(mapped: Mapped, npu: Npu) -> Problem:
    """The limits that exclude each other, as few as dropping one after the other leaves.

    Where that is one limit of one core, what is asked of it at least, however everything is placed.
    """
    groups = _smallest(mapped, npu)
    remedies = remedies_of(mapped, npu)
    if len(groups) == 1 and groups[0].place:
        return _alone(mapped, npu, groups[0], remedies)
    parts = tuple(dict.fromkeys(part for group in groups for part in _parts(mapped, npu, group)))
    return Conflict(
        program=mapped.name,
        device=npu.name,
        resources=tuple(dict.fromkeys(_words(group) for group in groups)),
        limits=tuple(_sentence(mapped, npu, group) for group in groups),
        parts=parts or tuple(Part(node.name, 1, node.span) for node in mapped.nodes),
        notes=remedies,
    )


def _alone(mapped: Mapped, npu: Npu, limit: Limit, remedies: tuple[str, ...]) -> Shortage:
    node = mapped.node[str(limit.place)]
    model = Model(mapped, npu, guarded=True)
    for guard in model.guards.values():
        model.cp.add(guard == 0)
    model.cp.minimize(model.core_takes(node, limit.resource))
    status, solver = run(model.cp, EFFORT)
    most = limit_of(npu.core, limit.resource)
    shortage = wherever(mapped, npu, node, limit.resource, max(most + 1, bound_of(status, solver)))
    return replace(shortage, notes=(*shortage.notes, *remedies))


def _group(limit: Limit) -> Limit:
    """Limits of memory tiles and shims are told for all columns together."""
    return replace(limit, place="") if isinstance(limit.place, int) else limit


def _smallest(mapped: Mapped, npu: Npu) -> list[Limit]:
    """Limits that exclude each other, as few as dropping one after the other leaves in the time there is."""
    model = Model(mapped, npu, guarded=True)
    groups = _core(model, {_group(limit) for limit in model.guards}, 3 * EFFORT)
    if groups is None:
        return _kinds(mapped, npu)
    left = MOST_TRIES
    for group in groups:
        if group in groups and left > 0:
            left -= 1
            groups = _core(model, {each for each in groups if each != group}, EFFORT / 3) or groups
    return groups


def _core(model: Model, groups: Collection[Limit], effort: float) -> list[Limit] | None:
    """Of these limits those that the solver finds to exclude each other, all others being dropped; None if none."""
    guards = {guard.index: _group(limit) for limit, guard in model.guards.items() if _group(limit) in groups}
    model.cp.clear_assumptions()
    model.cp.add_assumptions(guard for guard in model.guards.values() if guard.index in guards)
    status, solver = run(model.cp, effort, Search.ASSUMING)
    if status is not Status.NONE:
        return None
    return sorted({guards[index] for index in solver.sufficient_assumptions_for_infeasibility()}, key=repr)


def _kinds(mapped: Mapped, npu: Npu) -> list[Limit]:
    """Resources that exclude each other, of all cores and of all columns together."""
    groups = sorted({replace(limit, place="") for limit in Model(mapped, npu, guarded=True).guards}, key=repr)
    for group in list(groups):
        rest = [each for each in groups if each != group]
        if _exclude(mapped, npu, rest):
            groups = rest
    return groups


def _exclude(mapped: Mapped, npu: Npu, groups: Collection[Limit]) -> bool:
    model = Model(mapped, npu, guarded=True)
    for limit, guard in model.guards.items():
        model.cp.add(guard == (replace(limit, place="") in groups))
    return run(model.cp, EFFORT)[0] is Status.NONE


def _parts(mapped: Mapped, npu: Npu, limit: Limit) -> Iterator[Part]:
    streams = streams_of(mapped)
    for node in mapped.nodes:
        if node.kind.value == limit.kind and limit.place in ("", node.name):
            yield from possible_parts(
                node, parts_of(mapped, npu, node, limit.resource), streams, mapped, limit.resource
            )


def _words(limit: Limit) -> str:
    return WORDS[Kind(limit.kind), limit.resource]


def _sentence(mapped: Mapped, npu: Npu, limit: Limit) -> str:
    kind = Kind(limit.kind)
    most = npu.core.ports.south if limit.resource == "south" else limit_of(npu.limits(kind), limit.resource)
    if kind is Kind.CORE:
        who = f"the core of `{limit.place}`" if limit.place else "each core"
        return f"{who} has {most} {_words(limit)}{_asked(mapped, npu, limit)}"
    nodes = [node for node in mapped.nodes if node.kind is kind]
    asked = {node.name: total_of(parts_of(mapped, npu, node, limit.resource)) for node in nodes}
    each = ", ".join(f"`{name}` {count}" for name, count in asked.items() if count)
    return f"each of the {npu.columns} columns has {most} {_words(limit)}, and nodes need: {each}"


def _asked(mapped: Mapped, npu: Npu, limit: Limit) -> str:
    """What a core takes anywhere, and what more where others are not its neighbours."""
    if not limit.place:
        return ""
    node, streams = mapped.node[str(limit.place)], streams_of(mapped)
    parts = parts_of(mapped, npu, node, limit.resource)
    certain = total_of(parts)
    possible = total_of(possible_parts(node, parts, streams, mapped, limit.resource)) - certain
    others = [
        other
        for other, fifos in streams[node.name].items()
        if possible_parts(node, (), {node.name: {other: fifos}}, mapped, limit.resource)
    ]
    names = listed([f"`{name}`" for name in others])
    more = f"up to {possible} more for streams with {names}, depending on where these stand"
    return f"; it takes {certain} anywhere, and {more}"
