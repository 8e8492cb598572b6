"""Rules about a placement, counted without the solver that found it."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from spatial.device.npu import Tile
from spatial.lower.aie.design import Placement
from spatial.lower.aie.footprint import in_memory
from spatial.lower.aie.placement.cost import by_dma
from spatial.lower.aie.placement.halves import crowded_halves
from spatial.lower.aie.placement.loads import overloads
from spatial.lower.aie.placement.parts import WORDS
from spatial.lower.aie.rules.errors import Breach
from spatial.lower.aie.rules.subject import Subject

__all__ = ["descriptor_halves", "kinds_of_tiles", "reach", "route_ends", "route_room", "tile_room"]


def kinds_of_tiles(subject: Subject) -> Iterator[Breach]:
    """A node stands on a tile of its kind that the device has."""
    placement = _placed(subject)
    for node in subject.mapped.nodes:
        tile = placement.tiles.get(node.name)
        if tile is None or not subject.npu.has(tile) or subject.npu.kind_of(tile) is not node.kind:
            yield Breach(
                title=f"`{node.name}` stands on tile {tile}, it needs a {node.kind.value} of `{subject.npu.name}`",
                span=node.span,
            )


def tile_room(subject: Subject) -> Iterator[Breach]:
    """A tile has all that is asked of it; memory tiles do not spill into their neighbours."""
    placement = _placed(subject)
    mapped = in_memory(subject.mapped)
    for each in overloads(mapped, subject.npu, placement.tiles):
        kind = subject.npu.kind_of(each.tile)
        there = [node for node in mapped.nodes if placement.tiles[node.name] == each.tile]
        yield Breach(
            title=f"tile {each.tile} is asked for {each.demand} {WORDS[kind, each.resource]}, it has {each.limit}",
            span=there[0].span,
            others=tuple((node.span, f"`{node.name}` stands there too") for node in there[1:4]),
        )


def descriptor_halves(subject: Subject) -> Iterator[Breach]:
    """Even channels of a memory tile have one half of its descriptors, odd ones the other."""
    placement = _placed(subject)
    for half in crowded_halves(in_memory(subject.mapped), subject.npu, placement.tiles):
        yield Breach(
            title=f"the {half.name} channels of memory tile {half.tile} need {half.demand} buffer descriptors, "
            f"they have {half.limit}",
            span=half.fifos[0][0].span,
            others=tuple((fifo.span, f"`{fifo.name}` takes {count}") for fifo, count in half.fifos[1:]),
            hint="give the streams a smaller depth",
        )


def reach(subject: Subject) -> Iterator[Breach]:
    """The objects of a fifo in shared memory lie where both its cores reach them: never east, never two tiles away."""
    placement = _placed(subject)
    for name, holder in placement.memory_of.items():
        fifo = subject.mapped.fifo[name]
        for end in fifo.ends:
            tile = placement.tiles[end.node]
            if holder not in subject.npu.neighbours(tile):
                yield Breach(
                    title=f"`{name}` lies in tile {holder}, the core of `{end.node}` at {tile} reaches "
                    f"{', '.join(map(str, subject.npu.neighbours(tile)))}",
                    span=fifo.span,
                )


def route_ends(subject: Subject) -> Iterator[Breach]:
    """Every consumer of a fifo that DMA carries has a route from its producer, over tiles that are neighbours."""
    placement = _placed(subject)
    carried = by_dma(subject.mapped, subject.npu, placement.tiles)
    routes = {(route.fifo, route.consumer): route.tiles for route in placement.routes}
    for fifo in carried:
        for end in fifo.consumers:
            tiles = routes.get((fifo.name, end.node), ())
            if not _connects(tiles, placement.tiles[fifo.producer.node], placement.tiles[end.node]):
                yield Breach(title=f"no route carries `{fifo.name}` to `{end.node}`", span=fifo.span)


def _connects(tiles: tuple[Tile, ...], first: Tile, last: Tile) -> bool:
    steps = all(abs(here[0] - there[0]) + abs(here[1] - there[1]) == 1 for here, there in pairwise(tiles))
    return bool(tiles) and tiles[0] == first and tiles[-1] == last and steps


def route_room(subject: Subject) -> Iterator[Breach]:
    """No more streams leave a tile on a side than it has ports there."""
    placement = _placed(subject)
    streams = {(step, route.fifo) for route in placement.routes for step in pairwise(route.tiles)}
    for (here, there), count in sorted(Counter(step for step, _ in streams).items()):
        ports = subject.npu.limits(subject.npu.kind_of(here)).ports
        side, room = {
            (0, 1): ("north", ports.north),
            (0, -1): ("south", ports.south),
            (1, 0): ("east", ports.east),
            (-1, 0): ("west", ports.west),
        }[there[0] - here[0], there[1] - here[1]]
        if count > room:
            names = sorted(name for step, name in streams if step == (here, there))
            yield Breach(
                title=f"{count} streams leave tile {here} {side}, it has {room} ports there",
                span=subject.mapped.fifo[names[0]].span,
                others=tuple((subject.mapped.fifo[name].span, f"`{name}` runs there too") for name in names[1:]),
            )


def _placed(subject: Subject) -> Placement:
    assert subject.placement is not None
    return subject.placement
