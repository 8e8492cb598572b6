"""A sound module, written by hand: a core between two shims, with a memory tile that hands blocks on to it."""

from collections.abc import Callable

from spatial.device.npu import Npu, npu
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.lower.aie.dialect import build
from spatial.lower.aie.dialect.functions import call, declare
from spatial.lower.aie.dialect.ops import CONSUME, PRODUCE, aie_context

__all__ = ["NPU", "sound"]

NPU: Npu = npu("npu1_2col")
ONCE = [(1, 0)] * 3

Write = Callable[[], object]


def _i32(*shape: int) -> ir.MemRefType:
    return ir.MemRefType.get(list(shape), ir.IntegerType.get_signless(32))


def _nothing() -> None:
    """Writes nothing more."""


def sound(in_device: Write = _nothing, in_core: Write = _nothing, in_sequence: Write = _nothing) -> ir.Module:
    """The module, with what is written beside its own operations: in the device, in its core, in the sequence."""
    with aie_context(), ir.Location.file("design.py", 3, 5):
        module = ir.Module.create()
        declare(module.body, "work", [_i32(16)], "work.o")
        with ir.InsertionPoint(module.body):
            block = build.device(NPU.code, "main")
        with ir.InsertionPoint(block):
            shim, memory, core, other = (build.tile(*place) for place in ((0, 0), (0, 1), (0, 2), (1, 3)))
            kept = build.buffer(core, "kept", _i32(4))
            build.buffer(other, "far", _i32(4))
            started = build.lock(core, "started")
            build.fifo("whole", [shim, memory], [2, 2], _i32(32), into=[[]])
            build.fifo("left", [memory, core], [2, 2], _i32(16), into=[[]])
            build.fifo("right", [memory, other], [2, 2], _i32(16), into=[[]])
            build.fifo("made", [core, shim], [2, 2], _i32(16), out=[(4, 4), (4, 1)], into=[[]])
            build.fifo("own", [core, core], [1, 1], _i32(4), into=[[]])
            build.link(["whole"], ["left", "right"], [0, 16])
            in_device()
            _core(core, kept, started, in_core)
            inside = build.sequence("sequence", [_i32(64), _i32(32)])
            with ir.InsertionPoint(inside):
                build.rtp_write("kept", 0, 7)
                build.set_lock(started, 1)
                build.memcpy(inside.arguments[0], "whole", (0, 0, 0, 0), [*ONCE, (64, 1)], 0, token=False)
                build.memcpy(inside.arguments[1], "made", (0, 0, 0, 0), [*ONCE, (32, 1)], 1, token=True)
                build.wait("made")
                in_sequence()
            build.end()
        return module


def _core(tile: ir.Value, kept: ir.Value, started: ir.Value, more: Write) -> None:
    with ir.InsertionPoint(build.core(tile, 1024, "pe", dynamic=True)):
        build.use_lock(started)
        zero, two, one = (arith.constant(ir.IndexType.get(), number) for number in (0, 2, 1))
        loop = scf.ForOp(zero, two, one)
        with ir.InsertionPoint(loop.body):
            view = build.acquire("left", CONSUME, 1, _i32(16))
            taken = build.access(view, 0, _i32(16))
            made = build.access(build.acquire("made", PRODUCE, 1, _i32(16)), 0, _i32(16))
            call("work", [made])
            memref.store(memref.load(taken, [zero]), kept, [zero])
            more()
            build.release("left", CONSUME)
            build.release("made", PRODUCE)
            scf.YieldOp([])
        build.end()
