"""A floor plan of a placed design as SVG: what tiles do and hold, and the ways between them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from xml.sax.saxutils import escape

from spatial.lower.aie.design import Kind, Placement, Tile
from spatial.sim.npu.prediction import Prediction, TileUse

__all__ = ["floor_plan"]

WIDE, HIGH, GAP, EDGE, HEAD = 148, 76, 26, 30, 56
FILLS: Mapping[Kind, str] = {Kind.CORE: "#2f6fb0", Kind.MEMORY: "#3f8f5f", Kind.SHIM: "#a06a2c"}
SHOWN = 22


def floor_plan(prediction: Prediction, placement: Placement) -> str:
    """The array with row 0, the shims, at the bottom; open it in a browser.

    A tile is as dark as it is busy, with its nodes, and a bar for how full its memory is. A line between two tiles is
    as thick as streams run there; dashes lead to memory that a neighbour shares.
    """
    device = prediction.device
    width = 2 * EDGE + device.columns * (WIDE + GAP) - GAP
    height = HEAD + EDGE + device.rows * (HIGH + GAP) - GAP
    plan = Plan(prediction, placement)
    parts = [*plan.heading(), *plan.ways(), *plan.shared(), *plan.tiles()]
    style = "font-family='system-ui, sans-serif' font-size='11'"
    opened = f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' {style}>"
    return "\n".join([opened, f"<rect width='{width}' height='{height}' fill='white'/>", *parts, "</svg>", ""])


class Plan:
    """A floor plan being drawn."""

    def __init__(self, prediction: Prediction, placement: Placement) -> None:
        self.prediction = prediction
        self.placement = placement
        self.rows = prediction.device.rows

    def corner(self, tile: Tile) -> tuple[int, int]:
        """The upper left corner of a tile."""
        column, row = tile
        return EDGE + column * (WIDE + GAP), HEAD + (self.rows - 1 - row) * (HIGH + GAP)

    def middle(self, tile: Tile) -> tuple[int, int]:
        left, top = self.corner(tile)
        return left + WIDE // 2, top + HIGH // 2

    def heading(self) -> Iterator[str]:
        found = self.prediction
        title = f"{found.design} on {found.device.title}: {1e6 * found.seconds:.1f} µs a call, predicted"
        yield f"<text x='{EDGE}' y='22' font-size='15' font-weight='bold'>{escape(title)}</text>"
        yield f"<text x='{EDGE}' y='40' fill='#555'>bottleneck: {escape(str(found.bottleneck))}</text>"

    def ways(self) -> Iterator[str]:
        """Lines between neighbouring tiles, as thick as the streams of all fifos that use them."""
        steps: Counter[tuple[Tile, Tile]] = Counter()
        fifos: dict[tuple[Tile, Tile], list[str]] = {}
        routes = self.placement.routes
        for fifo, step in sorted({(route.fifo, step) for route in routes for step in _steps(route.tiles)}):
            steps[step] += 1
            fifos.setdefault(step, []).append(fifo)
        for (first, second), count in sorted(steps.items()):
            (x1, y1), (x2, y2) = self.shifted(first, second), self.shifted(first, second, end=True)
            told = escape(f"{_tile(first)} to {_tile(second)}: {', '.join(fifos[first, second])}")
            line = f"x1='{x1}' y1='{y1}' x2='{x2}' y2='{y2}' stroke='#777' stroke-width='{1 + count}'"
            yield f"<line {line}><title>{told}</title></line>"

    def shifted(self, first: Tile, second: Tile, *, end: bool = False) -> tuple[int, int]:
        """The end of a line, beside that of what runs the other way."""
        x, y = self.middle(second if end else first)
        upward, rightward = second[1] > first[1], second[0] > first[0]
        if first[0] == second[0]:
            return x + (10 if upward else -10), y
        return x, y + (10 if rightward else -10)

    def shared(self) -> Iterator[str]:
        """Dashes from a core to the tile whose memory it uses."""
        for fifo, memory in sorted(self.placement.memory_of.items()):
            for core in self.prediction.cores:
                if core.tile != memory and fifo in self.prediction.shared.get(core.node, ()):
                    (x1, y1), (x2, y2) = self.middle(core.tile), self.middle(memory)
                    line = f"x1='{x1}' y1='{y1}' x2='{x2}' y2='{y2}'"
                    yield f"<line {line} stroke='#b03030' stroke-width='2' stroke-dasharray='5 4'/>"

    def tiles(self) -> Iterator[str]:
        for use in self.prediction.tiles.values():
            yield from self.tile(use)

    def tile(self, use: TileUse) -> Iterator[str]:
        left, top = self.corner(use.tile)
        shade = 0.12 + 0.88 * min(1.0, use.busy) if use.nodes else 0.0
        box = f"x='{left}' y='{top}' width='{WIDE}' height='{HIGH}' rx='5'"
        told = escape(f"{use.kind.value} {_tile(use.tile)}: {', '.join(use.nodes) or 'unused'}")
        yield f"<rect {box} fill='white'/>"
        colour = FILLS[use.kind]
        yield f"<rect {box} fill='{colour}' fill-opacity='{shade:.2f}' stroke='{colour}'><title>{told}</title></rect>"
        ink = "white" if shade > 0.5 else "#222"
        for place, line in enumerate(_lines(use)):
            yield f"<text x='{left + 8}' y='{top + 16 + 14 * place}' fill='{ink}'>{escape(line)}</text>"
        if use.room:
            full = round((WIDE - 16) * min(1.0, use.memory / use.room))
            bar = f"x='{left + 8}' y='{top + HIGH - 12}' height='6'"
            yield f"<rect {bar} width='{WIDE - 16}' fill='#ddd'/><rect {bar} width='{full}' fill='#c8a020'/>"


def _steps(tiles: tuple[Tile, ...]) -> list[tuple[Tile, Tile]]:
    return list(pairwise(tiles))


def _lines(use: TileUse) -> list[str]:
    """What stands in a tile: where it is, who is there, how busy and how full."""
    first = f"{_tile(use.tile)} {use.kind.value}"
    if not use.nodes:
        return [first]
    names = use.nodes[0] if len(use.nodes) == 1 else f"{len(use.nodes)} ends"
    short = names if len(names) <= SHOWN else names[: SHOWN - 1] + "…"
    memory = f", {use.memory / 1024:.0f} of {use.room // 1024} KiB" if use.room else ""
    return [first, short, f"{100 * use.busy:.0f} % busy{memory}"]


def _tile(tile: Tile) -> str:
    return f"({tile[0]},{tile[1]})"
