"""Designs that are mapped and placed by hand, so that what is written does not hang on a solver."""

from spatial.lower.aie.design import End, Fifo, Kind, Link, Mapped, Node, Placement, Transfer
from spatial.source.span import UNKNOWN
from spatial.types.dtype import int8, int32

__all__ = ["ByHand", "gemm", "vector_add"]


class ByHand:
    """A design under way."""

    def __init__(self, program, device):
        self.program, self.device = program, device
        self.nodes, self.fifos, self.links, self.transfers, self.tiles = [], [], [], [], {}

    def node(self, name, kind, tile, actor=""):
        self.nodes.append(Node(name=name, kind=kind, actor=actor, span=UNKNOWN))
        self.tiles[name] = tile

    def fifo(self, name, element, shape, producer, consumers, channels=(), initial=(), depth=2):
        ends = tuple(End(node=each, depth=depth) for each in (producer, *consumers))
        made = Fifo(
            name=name,
            element=element,
            shape=shape,
            producer=ends[0],
            consumers=ends[1:],
            channels=channels,
            objects=1,
            initial=initial,
            span=UNKNOWN,
        )
        self.fifos.append(made)

    def transfer(self, fifo, array, offset, *walk):
        self.transfers.append(Transfer(fifo=fifo, array=array, offset=offset, walk=walk))

    def join(self, node, sources, targets, offsets=()):
        self.links.append(Link(node=node, sources=sources, targets=targets, offsets=offsets))

    def done(self, parameters=()):
        mapped = Mapped(
            name=self.program.graph.name,
            module=self.program.module,
            graph=self.program.graph,
            nodes=tuple(self.nodes),
            fifos=tuple(self.fifos),
            links=tuple(self.links),
            transfers=tuple(self.transfers),
            parameters=parameters,
        )
        placement = Placement(
            device=self.device, tiles=self.tiles, memory_of={}, routes=(), cost=0, bound=0, seconds=0.0
        )
        return mapped, placement


def vector_add(program, size, block):
    """One core between three shims."""
    design = ByHand(program, "npu1_1col")
    design.node("add_0", Kind.CORE, (0, 2), "add[0]")
    for name in ("A_in", "B_in", "C_out"):
        design.node(name, Kind.SHIM, (0, 0))
    design.fifo("fa", int32, (block,), "A_in", ("add_0",), ("fa",))
    design.fifo("fb", int32, (block,), "B_in", ("add_0",), ("fb",))
    design.fifo("fc", int32, (block,), "add_0", ("C_out",), ("fc",))
    for fifo, array in (("fa", "A"), ("fb", "B"), ("fc", "C")):
        design.transfer(fifo, array, 0, (1, 0), (1, 0), (1, 0), (size, 1))
    return design.done()


def gemm(program, size, tile):
    """Four cores: blocks of A go to a row of them, blocks of B to a column, those of C are joined in memory tiles."""
    design, blocks = ByHand(program, "npu1_2col"), size // tile
    for i in range(2):
        for j in range(2):
            design.node(f"pe_{i}_{j}", Kind.CORE, (j, 2 + i), f"pe[{i},{j}]")
    for n in range(2):
        for array in "AB":
            design.node(f"{array}_in{n}", Kind.SHIM, (n, 0))
            design.node(f"{array}_mem{n}", Kind.MEMORY, (n, 1))
            design.fifo(f"{array}{n}_L3", int8, (tile, tile), f"{array}_in{n}", (f"{array}_mem{n}",))
            design.join(f"{array}_mem{n}", (f"{array}{n}_L3",), (f"{array}{n}",))
        design.fifo(f"A{n}", int8, (tile, tile), f"A_mem{n}", (f"pe_{n}_0", f"pe_{n}_1"), (f"fa[{n},0]", f"fa[{n},1]"))
        design.fifo(f"B{n}", int8, (tile, tile), f"B_mem{n}", (f"pe_0_{n}", f"pe_1_{n}"), (f"fb[0,{n}]", f"fb[1,{n}]"))
        design.transfer(f"A{n}_L3", "A", n * tile * size, (1, 0), (blocks, tile), (tile, size), (tile, 1))
        design.transfer(f"B{n}_L3", "B", n * tile, (1, 0), (blocks, tile * size), (tile, size), (tile, 1))
    for j in range(2):
        design.node(f"C_out{j}", Kind.SHIM, (j, 0))
        design.node(f"C_mem{j}", Kind.MEMORY, (j, 1))
        for i in range(2):
            design.fifo(f"C{i}{j}", int32, (tile, tile), f"pe_{i}_{j}", (f"C_mem{j}",), (f"fc[{i},{j}]",))
        design.fifo(f"C{j}_L3", int32, (2 * tile, tile), f"C_mem{j}", (f"C_out{j}",))
        design.join(f"C_mem{j}", (f"C0{j}", f"C1{j}"), (f"C{j}_L3",), (0, tile * tile))
        design.transfer(f"C{j}_L3", "C", j * tile, (1, 0), (1, 0), (size, size), (tile, 1))
    return design.done()
