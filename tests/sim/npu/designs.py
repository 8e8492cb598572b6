"""The product of matrices of a published design, mapped and placed by hand as it was measured."""

from collections.abc import Iterator

from spatial.build.subject import program_of
from spatial.lower.aie.design import End, Fifo, Kind, Link, Mapped, Node, Placement, Transfer
from spatial.nn.npu import gemm
from spatial.nn.npu.products import TILES
from spatial.source.span import Span

HERE = Span(file=__file__, line=1, column=1, end_line=1, end_column=1)


class Gemm:
    """M x K by K x N on rows x columns of cores: A sent to rows, B to columns, C joined in each column."""

    def __init__(self, M, K, N, dtype, rows=4, columns=4, depth=2):
        self.m, self.k, self.n = TILES[str(dtype)]
        self.M, self.K, self.N, self.dtype, self.rows, self.columns, self.depth = M, K, N, dtype, rows, columns, depth
        self.P, self.Q, self.T = M // (self.m * rows), N // (self.n * columns), K // self.k
        self.program = program_of(gemm(M, K, N, dtype, sums=dtype, cores=(rows, columns), tile=TILES[str(dtype)]))

    def mapped(self) -> Mapped:
        fifos = [each for group in (self.fifos_A(), self.fifos_B(), self.fifos_C()) for each in group]
        return Mapped(
            name="gemm",
            module=self.program.module,
            graph=self.program.graph,
            nodes=tuple(self.nodes()),
            fifos=tuple(fifos),
            links=tuple(self.links()),
            transfers=tuple(self.transfers()),
        )

    def placement(self, device="npu1") -> Placement:
        tiles = {node.name: self.tile(node.name) for node in self.nodes()}
        return Placement(device=device, tiles=tiles, memory_of={}, routes=(), cost=0, bound=0, seconds=0)

    def tile(self, name: str):
        kind, *where = name.replace("[", " ").replace("]", "").replace(",", " ").split()
        if kind == "multiply":
            return int(where[1]), 2 + int(where[0])
        return int(where[0]), 0 if kind.startswith("host") else 1

    def nodes(self) -> Iterator[Node]:
        for matrix, count in (("A", self.rows), ("B", self.columns), ("C", self.columns)):
            for each in range(count):
                yield Node(name=f"host_{matrix} {each}", kind=Kind.SHIM, span=HERE)
        for c in range(self.columns):
            yield Node(name=f"memory_C {c}", kind=Kind.MEMORY, span=HERE)
        for r in range(self.rows):
            for c in range(self.columns):
                name = f"multiply[{r},{c}]"
                yield Node(name=name, kind=Kind.CORE, actor=name, span=HERE)

    def fifos_A(self) -> Iterator[Fifo]:
        for r in range(self.rows):
            cores = [f"multiply[{r},{c}]" for c in range(self.columns)]
            channels = [f"blocks_A[{r},{c}]" for c in range(self.columns)]
            objects = self.P * self.Q * self.T
            yield self.fifo(f"A{r}", (self.m, self.k), f"host_A {r}", cores, channels, objects)

    def fifos_B(self) -> Iterator[Fifo]:
        for c in range(self.columns):
            cores = [f"multiply[{r},{c}]" for r in range(self.rows)]
            channels = [f"blocks_B[{r},{c}]" for r in range(self.rows)]
            objects = self.P * self.Q * self.T
            yield self.fifo(f"B{c}", (self.k, self.n), f"host_B {c}", cores, channels, objects)

    def fifos_C(self) -> Iterator[Fifo]:
        for c in range(self.columns):
            for r in range(self.rows):
                core, memory = f"multiply[{r},{c}]", f"memory_C {c}"
                yield self.fifo(f"C{r}{c}", (self.m, self.n), core, [memory], (f"blocks_C[{r},{c}]",), self.P * self.Q)
            shape = (self.rows * self.m, self.n)
            yield self.fifo(f"C{c}", shape, f"memory_C {c}", [f"host_C {c}"], (), self.P * self.Q)

    def fifo(self, name, shape, producer, consumers, channels, objects) -> Fifo:
        return Fifo(
            name=name,
            element=self.dtype,
            shape=shape,
            producer=End(node=producer, depth=self.depth),
            consumers=tuple(End(node=each, depth=self.depth) for each in consumers),
            channels=tuple(channels),
            objects=objects,
            span=HERE,
        )

    def links(self) -> Iterator[Link]:
        for c in range(self.columns):
            parts = tuple(f"C{r}{c}" for r in range(self.rows))
            offsets = tuple(r * self.m * self.n for r in range(self.rows))
            yield Link(node=f"memory_C {c}", sources=parts, targets=(f"C{c}",), offsets=offsets)

    def transfers(self) -> Iterator[Transfer]:
        """One for all blocks of rows where there is one block of columns, else one for each."""
        whole, rounds = (self.P, 1) if self.Q == 1 else (self.Q, self.P)
        down = self.rows * self.m
        for _ in range(rounds):
            step = down * self.K if self.Q == 1 else 0
            for r in range(self.rows):
                walk = ((whole, step), (self.T, self.k), (self.m, self.K), (self.k, 1))
                yield Transfer(fifo=f"A{r}", array="A", offset=0, walk=walk)
            across = 0 if self.Q == 1 else self.columns * self.n
            for c in range(self.columns):
                walk = ((whole, across), (self.T, self.k * self.N), (self.k, self.N), (self.n, 1))
                yield Transfer(fifo=f"B{c}", array="B", offset=0, walk=walk)
            step = down * self.N if self.Q == 1 else self.columns * self.n
            for c in range(self.columns):
                walk = ((1, 0), (whole, step), (down, self.N), (self.n, 1))
                yield Transfer(fifo=f"C{c}", array="C", offset=0, walk=walk)
