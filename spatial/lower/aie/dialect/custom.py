"""The form of a module that people read, in the vendor's own syntax."""

from collections.abc import Callable, Iterator, Mapping

from spatial.ir.function import operations
from spatial.ir.location import span_of
from spatial.ir.mlir import ir, scf
from spatial.lower.aie.dialect.functions import contained
from spatial.lower.aie.dialect.layouts import layout_text
from spatial.lower.aie.dialect.ops import (
    PRODUCE,
    AccessOp,
    AcquireOp,
    AllocateOp,
    BufferOp,
    CoreOp,
    DeviceOp,
    EndOp,
    FifoOp,
    LinkOp,
    LockOp,
    MemcpyOp,
    ReleaseOp,
    RtpWriteOp,
    SequenceOp,
    SetLockOp,
    TileOp,
    UseLockOp,
    WaitOp,
)
from spatial.lower.aie.dialect.regions import REGIONS

__all__ = ["custom_text"]

INDENT = "  "
Names = Callable[[ir.Value], str]


def custom_text(module: ir.Module, device: str) -> str:
    """A module of ours as the vendor's tools print one, for the device of that name."""
    state = ir.AsmState(module.operation)
    lines = ["module {"]
    for op in contained(module.body):
        lines += [f"{INDENT}{line}" for line in _operation(op, state, device)]
    return "\n".join([*lines, "}"]) + "\n"


def _operation(op: ir.OpView, state: ir.AsmState, device: str) -> Iterator[str]:
    """The lines of an operation."""

    def name(value: ir.Value) -> str:
        return str(value.get_name(state))

    def block(inside: ir.Block) -> Iterator[str]:
        for each in contained(inside):
            if isinstance(op, DeviceOp) and isinstance(each, EndOp):
                continue
            yield from (f"{INDENT}{line}" for line in _operation(each, state, device))

    match op:
        case DeviceOp():
            yield f"aie.device({device}) @{op.sym_name.value} {{"
            yield from block(op.body.blocks[0])
            yield "}"
        case CoreOp():
            yield from _core(op, name, block)
        case SequenceOp():
            inside = op.body.blocks[0]
            given = ", ".join(f"{name(each)}: {each.type}" for each in inside.arguments)
            yield f"aie.runtime_sequence @{op.sym_name.value}({given}) {{"
            yield from block(inside)
            yield "}"
        case scf.ForOp() | scf.IfOp() | scf.WhileOp() if _is_ours(op):
            yield from REGIONS[type(op)](op, name, block)
        case _ if type(op) in LINES:
            yield LINES[type(op)](op, name)
        case _:
            yield from _upstream(op, state)


def _is_ours(op: ir.OpView) -> bool:
    """Whether an operation of ours stands somewhere inside."""
    blocks = (block for region in op.regions for block in region.blocks)
    return any(each.operation.name.startswith("aie.") for block in blocks for each in operations(block))


class _Lines:
    """A file that keeps what is written."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text


def _upstream(op: ir.OpView, state: ir.AsmState) -> Iterator[str]:
    file = _Lines()
    op.operation.print(state, file)
    yield from file.text.split("\n")


def _core(op: CoreOp, name: Names, block: Callable[[ir.Block], Iterator[str]]) -> Iterator[str]:
    if "df.actor" in op.attributes:
        yield f"// {op.attributes['df.actor'].value}, {span_of(op.location)}"
    yield f"{name(op.result)} = aie.core({name(op.tile)}) {{"
    yield from block(op.body.blocks[0])
    dynamic = "dynamic_objfifo_lowering = true, " if op.dynamic_objfifo_lowering.value else ""
    yield f"}} {{{dynamic}stack_size = {op.stack_size.value} : i32}}"


def _fifo(op: FifoOp, name: Names) -> str:
    producer, *consumers = op.operands
    walk = f" dimensionsToStream {layout_text(op.dimensionsToStream)}" if len(op.dimensionsToStream) else ""
    ends = [
        f"{name(tile)} dimensionsFromStream {layout_text(layout)}" if len(layout) else name(tile)
        for tile, layout in zip(consumers, op.dimensionsFromStreamPerConsumer, strict=True)
    ]
    depths = ", ".join(f"{each.value} : i32" for each in op.elemNumber)
    more = " {via_DMA = true}" if "via_DMA" in op.attributes and op.attributes["via_DMA"].value else ""
    initial = ""
    if "initValues" in op.attributes:
        initial = f" = [{', '.join(_dense(each) for each in op.attributes['initValues'])}]"
    head = f"aie.objectfifo @{op.sym_name.value}({name(producer)}{walk}, {{{', '.join(ends)}}}, [{depths}])"
    return f"{head}{more} : {op.elemType.value}{initial}"


def _dense(attribute: ir.Attribute) -> str:
    return str(attribute)


def _link(op: LinkOp, name: Names) -> str:
    sources, targets = (", ".join(map(str, each)) for each in (op.fifoIns, op.fifoOuts))
    offsets = " ".join(f"[{', '.join(str(n.value) for n in each)}]" for each in (op.src_offsets, op.dst_offsets))
    return f"aie.objectfifo.link [{sources}] -> [{targets}]({offsets})"


def _end_of(op: AcquireOp | ReleaseOp) -> str:
    port = "Produce" if op.port.value == PRODUCE else "Consume"
    return f"{op.objFifo_name}({port}, {op.size.value})"


def _buffer(op: BufferOp, name: Names) -> str:
    initial = ""
    if "initial_value" in op.attributes:
        initial = f" = {str(op.attributes['initial_value']).rsplit(' : ', 1)[0]}"
    symbol = f'{{sym_name = "{op.sym_name.value}"}}'
    return f"{name(op.buffer)} = aie.buffer({name(op.tile)}) {symbol} : {op.buffer.type}{initial}"


def _access(op: AccessOp, name: Names) -> str:
    types = f"{op.subview.type} -> {op.output.type}"
    return f"{name(op.output)} = aie.objectfifo.subview.access {name(op.subview)}[{op.index.value}] : {types}"


def _transfer(op: MemcpyOp, name: Names) -> str:
    lists = "".join(
        f"[{', '.join(str(n.value) for n in each)}]" for each in (op.static_offsets, op.static_sizes, op.static_strides)
    )
    given = [f"id = {op.id.value} : i64", f"metadata = {op.metadata}"]
    if op.burst_length.value:
        given.insert(0, f"burst_length = {op.burst_length.value} : i64")
    if op.issue_token.value:
        given.append("issue_token = true")
    return f"aiex.npu.dma_memcpy_nd({name(op.array)}{lists}) {{{', '.join(given)}}} : {op.array.type}"


def _written(op: RtpWriteOp, name: Names) -> str:
    return f"aiex.npu.rtp_write({op.buffer}, {op.index.value}, {op.value.value})"


def _lock(op: LockOp, name: Names) -> str:
    given = f'{{init = {op.init.value} : i32, sym_name = "{op.sym_name.value}"}}'
    return f"{name(op.result)} = aie.lock({name(op.tile)}) {given}"


def _acquire(op: AcquireOp, name: Names) -> str:
    return f"{name(op.subview)} = aie.objectfifo.acquire {_end_of(op)} : {op.subview.type}"


LINES: Mapping[type[ir.OpView], Callable[..., str]] = {
    AccessOp: _access,
    AcquireOp: _acquire,
    AllocateOp: lambda op, name: f"aie.objectfifo.allocate {op.objFifo_name}({name(op.tile)})",
    BufferOp: _buffer,
    EndOp: lambda op, name: "aie.end",
    FifoOp: _fifo,
    LinkOp: _link,
    LockOp: _lock,
    MemcpyOp: _transfer,
    ReleaseOp: lambda op, name: f"aie.objectfifo.release {_end_of(op)}",
    RtpWriteOp: _written,
    SetLockOp: lambda op, name: f"aiex.set_lock({name(op.lock)}, {op.value.value})",
    TileOp: lambda op, name: f"{name(op.result)} = aie.tile({op.col.value}, {op.row.value})",
    UseLockOp: lambda op, name: f"aie.use_lock({name(op.lock)}, AcquireGreaterEqual, {op.value.value})",
    WaitOp: lambda op, name: f"aiex.npu.dma_wait {{symbol = {op.symbol}}}",
}
