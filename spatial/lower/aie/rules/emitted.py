"""Rules about the cores of a written module: what they and their tiles' memory hold."""

import math
from collections.abc import Iterator, Mapping

from spatial.ir.function import operations
from spatial.ir.mlir import arith, func, ir, scf
from spatial.lower.aie.design import Kind, Node
from spatial.lower.aie.dialect.ops import AccessOp, AcquireOp, BufferOp, CoreOp, ReleaseOp
from spatial.lower.aie.footprint import WORD, in_memory, padded, used_by_core
from spatial.lower.aie.placement.loads import loads_of
from spatial.lower.aie.rules.cores import cores_of, device_of, node_of, tile_of
from spatial.lower.aie.rules.errors import Breach
from spatial.lower.aie.rules.subject import Subject

__all__ = ["copied", "data_memory", "program_bytes", "program_memory"]

BUNDLE = 16
"""The bytes of an instruction with all its slots: one for each operation that stands for no other number."""

SIZES: dict[type[ir.OpView], int] = {
    arith.ConstantOp: 0,
    scf.YieldOp: 0,
    scf.ForOp: 4 * BUNDLE,
    scf.IfOp: 3 * BUNDLE,
    scf.WhileOp: 4 * BUNDLE,
    AcquireOp: 5 * BUNDLE,
    AccessOp: 3 * BUNDLE,
    ReleaseOp: 5 * BUNDLE,
    func.CallOp: 2 * BUNDLE,
}
START = 1024
"""What every program has: entry, stack, and the functions of the run-time library that most use."""


def data_memory(subject: Subject) -> Iterator[Breach]:
    """The arrays of a core as they were written fit beside stack and objects."""
    assert subject.placement is not None
    mapped, tiles = in_memory(subject.mapped), subject.placement.tiles
    loads = loads_of(mapped, subject.npu, tiles)
    for node in mapped.nodes:
        if node.kind is not Kind.CORE:
            continue
        buffers = _buffers(subject, node)
        demand = loads[tiles[node.name]].memory - used_by_core(mapped, node) + sum(size for _, size in buffers)
        if demand > subject.npu.core.memory:
            yield Breach(
                title=f"the core of `{node.name}` needs {demand} bytes of data memory, a core tile has "
                f"{subject.npu.core.memory}",
                span=node.span,
                label=f"{sum(size for _, size in buffers)} bytes are arrays of its own, the rest stack and objects",
                notes=tuple(f"`{name}` takes {size} bytes" for name, size in buffers if size > WORD),
                hint="use smaller blocks, or a depth of 1 for streams that need no second object",
            )


def copied(subject: Subject) -> Mapping[str, int]:
    """For each core the bytes of arrays that were written and that placing it did not count: copies of tokens."""
    mapped = in_memory(subject.mapped)
    cores = [node for node in mapped.nodes if node.kind is Kind.CORE]
    written = {node.name: sum(size for _, size in _buffers(subject, node)) for node in cores}
    return {node.name: max(0, written[node.name] + node.copied - used_by_core(mapped, node)) for node in cores}


def program_memory(subject: Subject) -> Iterator[Breach]:
    """The program of a core fits, as far as its operations tell; functions of object files are not counted."""
    most = subject.npu.core.program
    for core in cores_of(subject):
        node = node_of(subject, core)
        size = program_bytes(core)
        if node is not None and size > most:
            yield Breach(
                title=f"the program of `{node.name}` takes about {size} bytes, a core tile has {most} bytes of program "
                "memory",
                span=node.span,
                notes=(f"it has {_count(core)} operations, most of which take an instruction of {BUNDLE} bytes",),
                hint="write loops in place of what is written out: `range` for `sp.meta_for`, no `unroll`",
            )


def program_bytes(core: CoreOp) -> int:
    """An estimate from above of a core's program: instructions by operation, nothing of what a compiler saves."""
    return START + sum(SIZES.get(type(op), BUNDLE) for op in operations(core.body.blocks[0]))


def _count(core: CoreOp) -> int:
    return sum(1 for _ in operations(core.body.blocks[0]))


def _buffers(subject: Subject, node: Node) -> list[tuple[str, int]]:
    """The memory of a core's own by name and bytes, with a word for each fifo end, where its next object is noted."""
    assert subject.placement is not None
    tile = subject.placement.tiles[node.name]
    device = device_of(subject).operations
    found = [
        (op.sym_name.value, _bytes(op.buffer.type)) for op in device if isinstance(op, BufferOp) and tile_of(op) == tile
    ]
    ends = sum(any(end.node == node.name for end in fifo.ends) for fifo in subject.mapped.fifos)
    return [*found, ("next objects", WORD * ends)]


def _bytes(kind: ir.MemRefType) -> int:
    element = kind.element_type
    bits = 64 if isinstance(element, ir.IndexType) else int(element.width)
    return padded(math.prod(kind.shape) * max(8, bits) // 8)
