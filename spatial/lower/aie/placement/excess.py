"""Limits that no placement can keep, found by counting: pins, single cores, pinned columns, the whole device."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from spatial.device.npu import Kind, Npu, Tile
from spatial.lower.aie.design import Mapped, Node
from spatial.lower.aie.placement.demand import RESOURCES, limit_of
from spatial.lower.aie.placement.errors import BadPin, Part, SamePin, Shortage, listed
from spatial.lower.aie.placement.least import Streams, least_take, possible_parts, streams_of
from spatial.lower.aie.placement.parts import WORDS, parts_of, total_of
from spatial.source.report import Problem

__all__ = ["excesses", "fits_by_count", "too_much", "wherever"]

MOST_NAMES = 3

FEWER = "let one stream carry what several do, in larger tokens, or let cores that talk be one: `s.chain(...)`"
HINTS = {
    (Kind.CORE, "inputs"): FEWER,
    (Kind.CORE, "outputs"): FEWER,
    (Kind.CORE, "locks"): "each stream takes two locks: let one carry what several do, in larger tokens",
    (Kind.CORE, "descriptors"): "an object in flight takes a descriptor: give the streams a smaller depth",
}
"""What to try where a core alone needs more than a tile has."""


def excesses(mapped: Mapped, npu: Npu) -> list[Problem]:
    """Everything that counting finds; the narrower place is told where one explains the other."""
    return list(_pins(mapped, npu)) or list(too_much(mapped, npu))


def fits_by_count(mapped: Mapped, npu: Npu) -> bool:
    """Whether counting finds nothing."""
    return not excesses(mapped, npu)


def too_much(mapped: Mapped, npu: Npu) -> Iterator[Shortage]:
    """Nodes that ask for more than a tile has; else pinned columns and the device as a whole."""
    streams = streams_of(mapped)
    if alone := [found for node in mapped.nodes for found in _alone(mapped, npu, node, streams)]:
        yield from _alike(alone)
        return
    yield from _columns(mapped, npu)
    if whole := list(_whole(mapped, npu)):
        yield replace(whole[0], notes=tuple(each.also for each in whole[1:]))


def _pins(mapped: Mapped, npu: Npu) -> Iterator[Problem]:
    first: dict[Tile, Node] = {}
    wrong: dict[object, list[Node]] = {}
    for node in mapped.nodes:
        if node.tile is None:
            continue
        if not npu.has(node.tile) or npu.kind_of(node.tile) is not node.kind:
            wrong.setdefault((node.kind, node.tile, node.span), []).append(node)
        elif node.kind is Kind.CORE and (other := first.setdefault(node.tile, node)) is not node:
            yield SamePin(first=other.name, second=node.name, tile=node.tile, span=other.span, other=node.span)
    for node, *others in wrong.values():
        assert node.tile is not None, "only pins are collected"
        yield _bad_pin(node, node.tile, npu, (_so(others, ("is", "are")),) if others else ())


def _bad_pin(node: Node, tile: Tile, npu: Npu, notes: tuple[str, ...]) -> BadPin:
    column, row = tile
    right = [each for each in npu.tiles if npu.kind_of(each) is node.kind]
    found = f"a {npu.kind_of(tile).value}" if npu.has(tile) else f"which `{npu.name}` does not have"
    return BadPin(
        name=node.name,
        kind=node.kind.value,
        tile=tile,
        device=npu.name,
        found=found,
        span=node.span,
        notes=notes,
        nearest=min(right, key=lambda each: (abs(each[0] - column) + abs(each[1] - row), each)),
    )


def _alone(mapped: Mapped, npu: Npu, node: Node, streams: Streams) -> Iterator[tuple[Node, Shortage]]:
    for resource in _resources(node.kind):
        limit = _limit(npu, node.kind, resource)
        parts = parts_of(mapped, npu, node, resource)
        if total_of(parts) > limit:
            yield (
                node,
                Shortage(
                    needs=f"{_place(node)} needs",
                    resource=WORDS[node.kind, resource],
                    demand=total_of(parts),
                    has=f"a {_tile(node.kind)} has",
                    limit=limit,
                    parts=parts,
                    hint=HINTS.get((node.kind, resource), ""),
                ),
            )
        elif node.kind is Kind.CORE:
            least = least_take(npu, node, parts, streams, mapped, resource)
            if least > limit:
                yield node, wherever(mapped, npu, node, resource, least)


def wherever(mapped: Mapped, npu: Npu, node: Node, resource: str, demand: int) -> Shortage:
    """A core needs more than a tile has, though it may share memory with some of those that it talks to."""
    parts = parts_of(mapped, npu, node, resource)
    return Shortage(
        needs=f"wherever it stands, {_place(node)} needs",
        resource=WORDS[node.kind, resource],
        demand=demand,
        has=f"a {_tile(node.kind)} has",
        limit=limit_of(npu.core, resource),
        parts=possible_parts(node, parts, streams_of(mapped), mapped, resource),
        notes=("a core has four neighbours at most, with which it shares memory; all else goes over DMA",),
        hint=HINTS.get((node.kind, resource), ""),
    )


def _alike(found: Sequence[tuple[Node, Shortage]]) -> Iterator[Shortage]:
    """Shortages of several PEs at the same lines are told once."""
    groups: dict[object, list[tuple[Node, Shortage]]] = {}
    for node, shortage in found:
        lines = frozenset(part.span for part in shortage.parts)
        groups.setdefault((node.kind, shortage.resource, shortage.demand, lines), []).append((node, shortage))
    for (_, first), *others in groups.values():
        so = _so([node for node, _ in others], ("does", "do"))
        yield replace(first, notes=(so, *first.notes)) if others else first


def _so(others: Sequence[Node], verbs: tuple[str, str]) -> str:
    """A sentence that the same is true of others."""
    names = [f"`{node.name}`" for node in others[:MOST_NAMES]]
    more = [f"{len(others) - len(names)} more"] if len(others) > len(names) else []
    return f"so {verbs[len(others) > 1]} {listed([*names, *more])}" if others else ""


def _resources(kind: Kind) -> tuple[str, ...]:
    """What tiles of a kind have; what comes from cores into a memory tile comes down its own column."""
    return (*RESOURCES, "south") if kind is Kind.MEMORY else RESOURCES


def _limit(npu: Npu, kind: Kind, resource: str) -> int:
    return npu.core.ports.south if resource == "south" else limit_of(npu.limits(kind), resource)


def _place(node: Node) -> str:
    return f"the core of `{node.name}`" if node.kind is Kind.CORE else f"`{node.name}`"


def _tile(kind: Kind) -> str:
    return "core tile" if kind is Kind.CORE else kind.value


def _columns(mapped: Mapped, npu: Npu) -> Iterator[Shortage]:
    """Memory tiles and shims that too much is pinned to."""
    for column in range(npu.columns):
        for kind in (Kind.MEMORY, Kind.SHIM):
            nodes = [node for node in mapped.nodes if node.kind is kind and node.tile and node.tile[0] == column]
            yield from _together(mapped, npu, nodes, kind, f"column {column} needs", "it has", 1)


def _whole(mapped: Mapped, npu: Npu) -> Iterator[Shortage]:
    cores = [node for node in mapped.nodes if node.kind is Kind.CORE]
    if len(cores) > len(npu.cores):
        yield Shortage(
            needs=f"`{mapped.name}` needs",
            resource=WORDS[Kind.CORE, "tiles"],
            demand=len(cores),
            has=f"`{npu.name}` has",
            limit=len(npu.cores),
            parts=tuple(Part(node.name, 1, node.span) for node in cores),
        )
    for kind in (Kind.MEMORY, Kind.SHIM):
        nodes = [node for node in mapped.nodes if node.kind is kind]
        yield from _together(mapped, npu, nodes, kind, f"`{mapped.name}` needs", f"`{npu.name}` has", npu.columns)


def _together(
    mapped: Mapped, npu: Npu, nodes: Sequence[Node], kind: Kind, needs: str, has: str, tiles: int
) -> Iterator[Shortage]:
    for resource in _resources(kind):
        parts = tuple(part for node in nodes for part in parts_of(mapped, npu, node, resource))
        limit = tiles * _limit(npu, kind, resource)
        if total_of(parts) > limit:
            yield Shortage(
                needs=needs, resource=WORDS[kind, resource], demand=total_of(parts), has=has, limit=limit, parts=parts
            )
