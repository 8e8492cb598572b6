"""Mapped programs made by hand: nodes and fifos without a program behind them."""

from dataclasses import dataclass, field

from spatial.device.npu import Kind, Tile
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import ir
from spatial.lower.aie.design import End, Fifo, Link, Mapped, Node, Transfer
from spatial.source.span import Span
from spatial.types.dtype import DType, int16

FILE = "design.py"


@dataclass
class Design:
    """Collects a mapped program; each thing stands on a line of its own of a file that does not exist."""

    name: str = "design"
    nodes: list[Node] = field(default_factory=list)
    fifos: list[Fifo] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    line: int = 0

    def span(self) -> Span:
        self.line += 1
        return Span(FILE, self.line, 1, self.line, 10)

    def node(self, kind: Kind, name: str, tile: Tile | None = None, stack: int | None = None) -> str:
        self.nodes.append(Node(name=name, kind=kind, tile=tile, stack=stack, span=self.span()))
        return name

    def core(self, name: str, **asked) -> str:
        return self.node(Kind.CORE, name, **asked)

    def memory(self, name: str, **asked) -> str:
        return self.node(Kind.MEMORY, name, **asked)

    def shim(self, name: str, **asked) -> str:
        return self.node(Kind.SHIM, name, **asked)

    def fifo(
        self,
        name: str,
        producer: str,
        consumers: str | list[str],
        shape: tuple[int, ...] = (64,),
        element: DType = int16,
        depth: int = 2,
        objects: int = 1,
        walk: tuple[tuple[int, int], ...] = (),
    ) -> str:
        names = [consumers] if isinstance(consumers, str) else consumers
        self.fifos.append(
            Fifo(
                name=name,
                element=element,
                shape=shape,
                producer=End(node=producer, depth=depth, walk=walk),
                consumers=tuple(End(node=each, depth=depth) for each in names),
                channels=(),
                objects=objects,
                span=self.span(),
            )
        )
        return name

    def transfer(self, fifo: str, array: str, offset: int, walk: tuple[tuple[int, int], ...]) -> None:
        self.transfers.append(Transfer(fifo=fifo, array=array, offset=offset, walk=walk))

    def moves(self, fifo: str, array: str, size: int, stride: int = 1) -> None:
        """One transfer of so many elements."""
        self.transfer(fifo, array, 0, ((1, 0), (1, 0), (1, 0), (size, stride)))

    def link(self, node: str, sources: list[str], targets: list[str], offsets: tuple[int, ...] = ()) -> None:
        self.links.append(Link(node=node, sources=tuple(sources), targets=tuple(targets), offsets=offsets))

    def mapped(self) -> Mapped:
        with ir.Context(), ir.Location.unknown():
            module = ir.Module.create()
        graph = ActorGraph(
            name=self.name,
            actors=(),
            channels=(),
            parameters=(),
            arrays=(),
            scalars=(),
            memories=(),
            specializations={},
        )
        return Mapped(
            name=self.name,
            module=module,
            graph=graph,
            nodes=tuple(self.nodes),
            fifos=tuple(self.fifos),
            links=tuple(self.links),
            transfers=tuple(self.transfers),
        )


def gemm(rows: int, columns: int, steps: int = 8, side: int = 64) -> Mapped:
    """A product on `rows` times `columns` cores: A goes along rows, B along columns, C is joined in columns."""
    made = Design("gemm")
    block = (side, side)
    for i in range(rows):
        for j in range(columns):
            made.core(f"pe[{i},{j}]")
    for i in range(rows):
        made.fifo(f"A{i}_L3", made.shim(f"A{i}.shim"), made.memory(f"A{i}.memory"), block, objects=steps)
        made.fifo(f"A{i}", f"A{i}.memory", [f"pe[{i},{j}]" for j in range(columns)], block, objects=steps)
        made.link(f"A{i}.memory", [f"A{i}_L3"], [f"A{i}"])
    for j in range(columns):
        made.fifo(f"B{j}_L3", made.shim(f"B{j}.shim"), made.memory(f"B{j}.memory"), block, objects=steps)
        made.fifo(f"B{j}", f"B{j}.memory", [f"pe[{i},{j}]" for i in range(rows)], block, objects=steps)
        made.link(f"B{j}.memory", [f"B{j}_L3"], [f"B{j}"])
    for j in range(columns):
        made.memory(f"C{j}.memory"), made.shim(f"C{j}.shim")
        parts = [made.fifo(f"C{i}{j}", f"pe[{i},{j}]", f"C{j}.memory", block) for i in range(rows)]
        whole = made.fifo(f"C{j}_L3", f"C{j}.memory", f"C{j}.shim", (rows * side, side))
        made.link(f"C{j}.memory", parts, [whole], tuple(i * side * side for i in range(rows)))
    return made.mapped()
