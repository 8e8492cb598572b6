"""What a placed design takes of its NPU."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from spatial.build.aie.placed import Placed
from spatial.lower.aie.design import Fifo, Kind, Tile
from spatial.lower.aie.emit.storage import bytes_of
from spatial.sim.npu.predict import NotPredicted
from spatial.sim.npu.prediction import Prediction
from spatial.sim.npu.told import prediction_text
from spatial.source.errors import Misuse, ProgramError
from spatial.viz.floor_plan import floor_plan

__all__ = ["AieReport", "TileReport", "floor_plan_of", "report_of"]

WIDTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class TileReport:
    """A tile: what stands there, the bytes of the objects that lie in its memory, and its channels in and out."""

    tile: Tile
    kind: str
    nodes: tuple[str, ...]
    memory: int
    limit: int
    inputs: int
    outputs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AieReport:
    """A placed design: its tiles, and how good the placement is.

    `cost` is what the placement minimized, `bound` what is proven to be the least; it took `placing` seconds.
    `prediction` is what a call takes on the NPU, None where only a run tells, `unknown` says why. `not_proven` says why
    it is not known that the design never stands still, if it is not, and `kept` what a call leaves on the array, which
    is loaded anew for the next one then.
    """

    program: str
    device: str
    tiles: tuple[TileReport, ...]
    fifos: int
    shared: int
    transfers: int
    cost: int
    bound: int
    placing: float
    prediction: Prediction | None
    unknown: str = ""
    not_proven: str = ""
    kept: tuple[str, ...] = ()

    @property
    def seconds(self) -> float | None:
        """What a call takes on the NPU, as predicted, from asking to its return; None where that is not known."""
        return None if self.prediction is None else self.prediction.seconds

    @property
    def cores(self) -> int:
        """The cores that work."""
        return sum(each.kind == "core" for each in self.tiles)

    def __str__(self) -> str:
        good = "which is the least" if self.cost == self.bound else f"the least is between {self.bound} and that"
        return "\n".join(
            [
                f"{self.program} on {self.device}: {self.cores} cores, {self.fifos} objectFIFOs, {self.shared} of them "
                f"in shared memory, {self.transfers} transfers of the host",
                f"placed in {self.placing:.2f} s at a cost of {self.cost}, {good}",
                *_table(self.tiles),
                f"that it never stands still is not proven: {self.not_proven}"
                if self.not_proven
                else "it never stands still: every lock, object and transfer was run",
                *(f"the array is loaded anew for each call: {each}" for each in self.kept),
                f"its time is not known before a run: {self.unknown}"
                if self.prediction is None
                else prediction_text(self.prediction),
            ]
        )


def report_of(made: Placed) -> AieReport:
    """The report of a placed design."""
    placement, prediction = made.placement, made.prediction
    tiles = sorted(set(placement.tiles.values()))
    return AieReport(
        program=made.program.graph.name,
        device=made.npu.title,
        tiles=tuple(_tile(made, tile) for tile in tiles),
        fifos=len(made.mapped.fifos),
        shared=len(placement.memory_of),
        transfers=sum(step.task is not None for step in made.design.steps),
        cost=placement.cost,
        bound=placement.bound,
        placing=placement.seconds,
        prediction=prediction if isinstance(prediction, Prediction) else None,
        unknown=prediction.why if isinstance(prediction, NotPredicted) else "",
        not_proven=made.course.unknown.why if made.course.unknown is not None else "",
        kept=made.kept,
    )


def floor_plan_of(made: Placed) -> str:
    """A picture of a placed design; raises `ProgramError` where its time is not known before a run."""
    if isinstance(made.prediction, NotPredicted):
        title = (
            f"how long `{made.program.graph.name}` takes on an NPU is only known by running it: {made.prediction.why}"
        )
        raise ProgramError([Misuse(title=title, span=made.prediction.span, hint="give loops constant ranges")])
    return floor_plan(made.prediction, made.placement)


def _tile(made: Placed, tile: Tile) -> TileReport:
    here = tuple(node.name for node in made.mapped.nodes if made.placement.tiles[node.name] == tile)
    carried = [fifo for fifo in made.mapped.fifos if fifo.name not in made.placement.memory_of]
    kind = made.npu.kind_of(tile)
    return TileReport(
        tile=tile,
        kind=kind.value,
        nodes=here,
        memory=0 if kind is Kind.SHIM else sum(_bytes(made, fifo, tile) for fifo in made.mapped.fifos),
        limit=made.npu.limits(kind).memory,
        inputs=sum(end.node in here for fifo in carried for end in fifo.consumers),
        outputs=sum(fifo.producer.node in here for fifo in carried),
    )


def _bytes(made: Placed, fifo: Fifo, tile: Tile) -> int:
    """What the objects of a fifo take of a tile's memory; a link keeps those of its larger side once."""
    size = math.prod(fifo.shape) * bytes_of(fifo.element)
    memory = made.placement.memory_of.get(fifo.name)
    if memory is not None:
        return size * fifo.producer.depth if memory == tile else 0
    linked = {name for link in made.mapped.links for name in _smaller(link.sources, link.targets)}
    ends = [end for end in fifo.ends if made.placement.tiles[end.node] == tile]
    if made.npu.kind_of(tile) is Kind.MEMORY and fifo.name in linked:
        return 0
    return sum(size * end.depth for end in ends)


def _smaller(sources: Sequence[str], targets: Sequence[str]) -> Sequence[str]:
    """The fifos of a link whose objects lie within those of the other side."""
    return sources if len(sources) > 1 else targets


def _table(tiles: Sequence[TileReport]) -> Sequence[str]:
    table = Table()
    for title in ("tile", "kind", "what stands there", "objects", "in", "out"):
        table.add_column(title, overflow="fold")
    for each in tiles:
        memory = f"{each.memory} of {each.limit} bytes" if each.limit else ""
        channels = str(each.inputs), str(each.outputs)
        table.add_row(str(each.tile), each.kind, ", ".join(each.nodes), memory, *channels)
    console = Console(file=io.StringIO(), width=WIDTH, markup=False)
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]
