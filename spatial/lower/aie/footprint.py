"""The bytes that objects, and what a core has of its own, take of a tile's memory."""

import math
from dataclasses import replace

from spatial.device.npu import Npu
from spatial.ir.dialect import GetBlockOp, PutOp
from spatial.ir.function import kernels, operations
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir, memref
from spatial.lower.aie.design import Fifo, Mapped, Node
from spatial.lower.aie.emit.storage import stores_of
from spatial.source.span import Span
from spatial.types.dtype import DType, Int
from spatial.types.tensor import element_of, size_of

__all__ = ["WORD", "bytes_of", "element_bytes", "in_memory", "locals_of", "stack_of", "traffic", "used_by_core"]

WORD = 4


def in_memory(mapped: Mapped) -> Mapped:
    """The same program with the elements of fifos as they lie in memory: some are widened to words, for DMA's sake."""
    stores = stores_of(mapped).fifos
    lying = {name: Int(8 * each.bytes) for name, each in stores.items() if each.bytes != element_bytes(each.dtype)}
    return replace(mapped, fifos=tuple(_lying(fifo, lying.get(fifo.name)) for fifo in mapped.fifos))


def _lying(fifo: Fifo, element: DType | None) -> Fifo:
    return fifo if element is None else replace(fifo, element=element)


def element_bytes(dtype: DType) -> int:
    """The bytes of one element in a tile's memory: the next power of two that holds its bits."""
    return 1 << max(0, math.ceil(math.log2(max(dtype.bits, 8) / 8)))


def bytes_of(fifo: Fifo) -> int:
    """The bytes of one object of a fifo."""
    return math.prod(fifo.shape) * element_bytes(fifo.element)


def traffic(fifo: Fifo) -> int:
    """The bytes that pass through a fifo in a run."""
    return fifo.objects * bytes_of(fifo)


def stack_of(node: Node, npu: Npu) -> int:
    """The bytes of a core's stack: what the user asked for, else what the compiler gives."""
    return npu.core.stack if node.stack is None else node.stack


def used_by_core(mapped: Mapped, node: Node) -> int:
    """The bytes of a core's own arrays, run-time parameters, and tokens that are known not to stay in their objects."""
    parameters = sum(padded(element_bytes(each.type)) for each in mapped.parameters if each.node == node.name)
    return parameters + node.copied + sum(size for _, _, size in locals_of(mapped, node))


def locals_of(mapped: Mapped, node: Node) -> list[tuple[str, Span, int]]:
    """The arrays of a core by name, line and bytes: locals of its body, and memory of the module it is bound to."""
    actor = mapped.graph.actor.get(node.actor)
    if actor is None:
        return []
    memories = {memory.name: memory for memory in mapped.graph.memories}
    kept = [memories[name] for name in actor.arrays if name in memories]
    found = [(each.name, each.span, _bytes(element_of(each.type), size_of(each.type))) for each in kept]
    body = next(each for each in kernels(mapped.module) if each.name.value == actor.function)
    return found + [_local(each) for each in _allocations(body) if not _is_token(each)]


def padded(size: int) -> int:
    """A size rounded up to whole words."""
    return -(-size // WORD) * WORD


def _bytes(dtype: DType, size: int) -> int:
    return padded(element_bytes(dtype) * size)


def _allocations(body: func.FuncOp) -> list[memref.AllocaOp]:
    found = (op for op in operations(body.entry_block) if isinstance(op, memref.AllocaOp))
    return [op for op in found if op.result.type.shape]


def _is_token(allocation: memref.AllocaOp) -> bool:
    """Whether it is a token that is taken or given: as a rule it is read and built in the fifo's object.

    Where it cannot be, it takes memory that only the written module shows, `Node.copied`.
    """
    return any(isinstance(use.owner.opview, GetBlockOp | PutOp) for use in allocation.result.uses)


def _local(allocation: memref.AllocaOp) -> tuple[str, Span, int]:
    kind = allocation.result.type
    bits = kind.element_type.width if not isinstance(kind.element_type, ir.IndexType) else 32
    size = (1 << max(0, math.ceil(math.log2(max(bits, 8) / 8)))) * math.prod(kind.shape)
    name = allocation.attributes["df.name"].value if "df.name" in allocation.attributes else ""
    return name, span_of(allocation.location), padded(size)
