"""Attributes that have another form in the vendor's text than in our modules."""

from collections.abc import Callable, Mapping, Sequence

from spatial.ir.mlir import ir

__all__ = ["NAMES", "attributes_text", "layout_text", "operation_name"]

NAMES: Mapping[str, str] = {
    "aie.objectfifo_create": "aie.objectfifo",
    "aie.objectfifo_link": "aie.objectfifo.link",
    "aie.objectfifo_allocate": "aie.objectfifo.allocate",
    "aie.objectfifo_acquire": "aie.objectfifo.acquire",
    "aie.objectfifo_release": "aie.objectfifo.release",
    "aie.objectfifo_subview_access": "aie.objectfifo.subview.access",
    "aiex.npu_dma_memcpy_nd": "aiex.npu.dma_memcpy_nd",
    "aiex.npu_dma_wait": "aiex.npu.dma_wait",
    "aiex.npu_rtp_write": "aiex.npu.rtp_write",
}
"""The vendor's names of operations that have another one here."""

TRANSFER = {"operandSegmentSizes": "array<i32: 1, 0, 0, 0>"}
ADDED: Mapping[str, Mapping[str, str]] = {"aiex.npu_dma_memcpy_nd": TRANSFER}


def operation_name(op: ir.Operation) -> str:
    """What the vendor calls an operation."""
    return NAMES.get(op.name, op.name)


def layout_text(layout: Sequence[Sequence[ir.IntegerAttr]]) -> str:
    """A walk through memory, outermost first."""
    pairs = (f"<size = {size.value}, stride = {stride.value}>" for size, stride in layout)
    return f"[{', '.join(pairs)}]"


def attributes_text(op: ir.Operation) -> str:
    """All attributes of an operation in the plain dictionary of the generic form."""
    own = (name for name in op.attributes if not name.startswith("df."))
    texts = {name: FORMS.get(name, str)(op.attributes[name]) for name in own}
    texts |= ADDED.get(op.name, {})
    return f" {{{', '.join(f'{name} = {texts[name]}' for name in sorted(texts))}}}" if texts else ""


def _layouts(given: ir.Attribute) -> str:
    return f"#aie<bd_dim_layout_array_array[{', '.join(layout_text(layout) for layout in given)}]>"


def _numbers(given: ir.Attribute) -> str:
    return f"array<i64: {', '.join(str(each.value) for each in given)}>"


FORMS: Mapping[str, Callable[[ir.Attribute], str]] = {
    "dimensionsToStream": lambda given: f"#aie<bd_dim_layout_array{layout_text(given)}>",
    "dimensionsFromStreamPerConsumer": _layouts,
    "static_offsets": _numbers,
    "static_sizes": _numbers,
    "static_strides": _numbers,
}
