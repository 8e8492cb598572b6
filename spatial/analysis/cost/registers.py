"""What a function takes beside operators: registers between stages, control of loops and processes, arrays of its own.

Registers follow from the stages; what controls takes is an estimate, rounded from published synthesis reports (artifact
of Basalama and Cong, Stream-HLS, FPGA 2025).
"""

from collections.abc import Iterator

from spatial.analysis.loops import inner, is_loop
from spatial.analysis.pipelining.memories import kind_of
from spatial.analysis.pipelining.speeds import operator_of, width_of
from spatial.analysis.pipelining.timing import LoopTiming, Timings
from spatial.analysis.static import Arguments, evaluate
from spatial.device.memories import array_resources
from spatial.device.operators import Operators, Resources
from spatial.device.storage import SHIFT_REGISTER
from spatial.ir.channels import CHANNEL_OPERATIONS, streams_of, writes_channel
from spatial.ir.function import operations
from spatial.ir.layouts import layout_of
from spatial.ir.mlir import arith, func, ir, memref, scf

__all__ = ["arrays_in", "control_of", "registers_of"]

COUNTER = 16  # bits of a loop's counter where its range is not known
SHORT = 2  # registers in a row
PROCESS = Resources(lut=10, ff=5)  # start, done, idle, and the register that tells it once
END = Resources(lut=11)  # the wait of a channel's end
LOOP = Resources(lut=25)  # what a loop's counters are chosen by, and its end
STAGE = Resources(lut=2, ff=2)  # whether a stage holds an iteration, and whether it may go on


def control_of(function: func.FuncOp, timings: Timings) -> Resources:
    """What starts and ends a function, waits for its channels, and counts its loops; nothing where there is nothing."""
    if len(function.entry_block.operations) == 1:
        return Resources()
    used = (op for op in operations(function.entry_block) if isinstance(op, CHANNEL_OPERATIONS))
    ends = {(stream, writes_channel(op)) for op in used for stream in streams_of(op)}
    total = PROCESS + END.times(len(ends))
    for op in inner(function):
        if is_loop(op):
            total += _counter(op)
        timing = timings.get(op.operation)
        if timing is not None:
            total += LOOP + STAGE.times(timing.latency)
    return total


def registers_of(timings: Timings, operators: Operators) -> Resources:
    """What keeps values from the stage they are made in to the last that uses them.

    Where iterations begin every II cycles, a value that lives so long needs a register less for each of them. One that
    needs more than two is kept in a register at both ends and shift registers of look-up tables between them.
    """
    total = Resources()
    for timing in timings.values():
        for bits, cycles in _kept(timing, operators):
            rows = -(-cycles // timing.ii)
            between = -(-max(0, rows - SHORT) // SHIFT_REGISTER)
            total += Resources(ff=bits * min(rows, SHORT), lut=bits * between)
    return total


def arrays_in(function: func.FuncOp) -> Resources:
    """What the local arrays, scalars and constant tables of a function take."""
    total = Resources()
    for op in operations(function.entry_block):
        if isinstance(op, memref.AllocaOp):
            total += _array(op)
        elif isinstance(op, memref.GetGlobalOp):
            words, bits = _size(op.result.type)
            total += array_resources(words, bits)
    return total


def _counter(loop: ir.OpView) -> Resources:
    """A counter, its increment and its comparison; a `while` computes its own."""
    if not isinstance(loop, scf.ForOp):
        return Resources(lut=2, ff=1)
    high = evaluate(list(loop.operands)[1], Arguments({}))
    bits = COUNTER if high is None else max(1, high.bit_length())
    return Resources(lut=2 * (bits + 7), ff=bits)


def _kept(timing: LoopTiming, operators: Operators) -> Iterator[tuple[int, int]]:
    """The bits of each value, and the cycles for which it waits to be used last."""
    for op, stage in timing.stages.items():
        made = stage + (operators.speed("load").latency if _reads_memory(op.opview) else 0)
        for result in op.results:
            if isinstance(result.type, ir.MemRefType) or isinstance(op.opview, arith.ConstantOp):
                continue
            last = max((_begun(use.owner, timing, operators) for use in result.uses), default=made)
            if last > made:
                yield _width(result), last - made


def _reads_memory(op: ir.OpView) -> bool:
    return isinstance(op, memref.LoadOp) and not kind_of(op.memref).registers


def _begun(user: ir.OpView, timing: LoopTiming, operators: Operators) -> int:
    """The stage in which an operation takes its operands."""
    op = user.operation
    if op not in timing.stages:
        return 0
    operator = operator_of(user)
    latency = operators.speed(operator[0], *operator[1]).latency if operator else 0
    return timing.stages[op] - latency


def _array(op: memref.AllocaOp) -> Resources:
    words, bits = _size(op.result.type)
    storage = op.attributes["df.storage"].value if "df.storage" in op.attributes else ""
    layout = layout_of(op.result)
    if (not storage or (layout and layout.complete)) and kind_of(op.result).registers:
        return array_resources(words, bits, "registers") if words > 1 else Resources(ff=bits)
    if layout:
        return array_resources(layout.words, bits, storage).times(layout.banks)
    return array_resources(words, bits, storage)


def _size(kind: ir.MemRefType) -> tuple[int, int]:
    """The elements of an array and the bits of each."""
    words = 1
    for extent in kind.shape:
        words *= extent
    return words, 64 if isinstance(kind.element_type, ir.IndexType) else int(kind.element_type.width)


def _width(value: ir.Value) -> int:
    return width_of(value) if isinstance(value.type, ir.IntegerType | ir.IndexType) else int(value.type.width)
