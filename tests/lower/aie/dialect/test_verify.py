"""A module that is no design is refused, each wrong operation with its place."""

from collections.abc import Callable

import pytest

from spatial.ir.function import operations
from spatial.ir.mlir import arith, ir, memref, scf
from spatial.lower.aie.dialect import build
from spatial.lower.aie.dialect.functions import call
from spatial.lower.aie.dialect.ops import CONSUME, PRODUCE, aie_context
from spatial.lower.aie.dialect.verify import faults_of, verify_design
from spatial.source.errors import InternalError
from tests.lower.aie.dialect.sound import NPU, sound


def told(module: ir.Module) -> list[str]:
    return [f"{each.operation} {each.why}" for each in faults_of(module, NPU)]


def test_a_sound_module_has_no_fault():
    assert told(sound()) == []


def changed(number: int, name: str, attribute: str, value: str) -> ir.Module:
    """The sound module with another attribute at one of the operations of a name."""
    module = sound()
    with aie_context():
        found = [op for op in operations(module.body) if op.operation.name == name]
        found[number].attributes[attribute] = ir.Attribute.parse(value)
    return module


CHANGED = [
    (0, "aie.device", "device", "4 : i32", "aie.device @main is for device 4, `npu1_2col` is 6"),
    (0, "aie.tile", "col", "2 : i32", "aie.tile has col = 2, which is 0 to 1"),
    (0, "aie.tile", "col", "0 : i64", "aie.tile has col of type i64, which is i32"),
    (1, "aie.tile", "row", "0 : i32", "aie.tile is tile (0, 0), which is named before"),
    (1, "aie.buffer", "sym_name", '"kept"', "aie.buffer @kept has a name that 2 operations have"),
    (0, "aie.buffer", "initial_value", "dense<0> : tensor<5xi32>", "begins with values of tensor<5xi32>"),
    (0, "aie.buffer", "initial_value", "7 : i32", "begins with 7 : i32, which are no elements"),
    (0, "aie.lock", "init", "64 : i32", "aie.lock @started has init = 64, which is 0 to 63"),
    (0, "aie.objectfifo_create", "elemNumber", "[2 : i32]", "aie.objectfifo @whole has 1 depths, and 2 ends"),
    (0, "aie.objectfifo_create", "elemNumber", "[2 : i32, 0 : i32]", "has the depth 0 : i32, which is an i32 of 1"),
    (0, "aie.objectfifo_create", "dimensionsToStream", "[[4]]", "which is a size and a stride, each an i64"),
    (0, "aie.objectfifo_create", "dimensionsFromStreamPerConsumer", "[]", "has walks for 0 consumers, it has 1"),
    (0, "aie.objectfifo_create", "elemType", "memref<4xi32>", "whose objects are no arrays of numbers"),
    (4, "aie.objectfifo_create", "initValues", "[]", "begins with 0 objects, its producer holds 1"),
    (4, "aie.objectfifo_create", "initValues", "[dense<0> : tensor<4xi8>]", "begins with values of tensor<4xi8>"),
    (0, "aie.objectfifo_link", "fifoIns", "[@gone]", "aie.objectfifo.link names @gone, which is no objectFIFO"),
    (0, "aie.objectfifo_link", "fifoIns", "[@whole, @own]", "has 2 sources and 2 targets, one side has 1"),
    (0, "aie.objectfifo_link", "fifoIns", "[@own]", "takes from @own, which does not end at tile (0, 1)"),
    (0, "aie.objectfifo_link", "fifoOuts", "[@left, @own]", "gives to @own, which does not begin at tile (0, 1)"),
    (0, "aie.objectfifo_link", "dst_offsets", "[0]", "has 1 dst_offsets for 2 parts"),
    (0, "aie.objectfifo_link", "dst_offsets", "[0, 17]", "puts @right at element 17 of @whole, which has 32"),
    (0, "aie.core", "stack_size", "65537 : i32", "aie.core has stack_size = 65537, which is 0 to 65536"),
    (0, "aie.objectfifo_acquire", "objFifo_name", "@gone", "aie.objectfifo.acquire names @gone"),
    (0, "aie.objectfifo_acquire", "port", "0 : i32", "is in the core at (0, 2), where @left does not begin"),
    (0, "aie.objectfifo_acquire", "port", "2 : i32", "has port = 2, which is 0 to 1"),
    (0, "aie.objectfifo_acquire", "objFifo_name", "@right", "is in the core at (0, 2), where @right does not end"),
    (0, "aie.objectfifo_acquire", "size", "3 : i32", "aie.objectfifo.acquire has size = 3, which is 1 to 2"),
    (0, "aie.objectfifo_acquire", "size", "2 : i32", "scf.for begins with 0 objects of @left, and ends with 1"),
    (0, "aie.objectfifo_subview_access", "index", "1 : i32", "subview.access has index = 1, which is 0 to 0"),
    (0, "aie.objectfifo_release", "size", "2 : i32", "gives back 2 objects of @left, 1 too many"),
    (0, "aie.use_lock", "action", "3 : i32", "aie.use_lock has action = 3, which is 0 to 2"),
    (0, "func.func", "link_with", "", "func.func @work has no object file to be linked with"),
    (0, "aiex.npu_rtp_write", "buffer", "@gone", "aiex.npu.rtp_write names @gone, which is no buffer"),
    (0, "aiex.npu_rtp_write", "index", "4 : ui32", "writes word 4 of @kept, which is memref<4xi32>"),
    (0, "aiex.set_lock", "value", "64 : i32", "aiex.set_lock has value = 64, which is 0 to 63"),
    (0, "aiex.npu_dma_memcpy_nd", "metadata", "@gone", "aiex.npu.dma_memcpy_nd names @gone"),
    (0, "aiex.npu_dma_memcpy_nd", "metadata", "@own", "names @own, which has no end at a shim"),
    (0, "aiex.npu_dma_memcpy_nd", "id", "16 : i64", "has id = 16, which is 0 to 15"),
    (0, "aiex.npu_dma_memcpy_nd", "burst_length", "32 : i64", "has bursts of 32 bytes, which are (64, 128, 256)"),
    (0, "aiex.npu_dma_memcpy_nd", "static_sizes", "[1, 64]", "as static_sizes, which are 4 numbers of type i64"),
    (0, "aiex.npu_dma_memcpy_nd", "static_sizes", "[1, 0, 1, 64]", "has the sizes [1, 0, 1, 64], each is 1 at least"),
    (0, "aiex.npu_dma_memcpy_nd", "static_offsets", "[0, 0, 0, 1]", "moves elements 1 to 64 of an array of 64"),
    (0, "aiex.npu_dma_memcpy_nd", "static_strides", "[0, 0, 0, -1]", "moves elements -63 to 0 of an array of 64"),
    (0, "aiex.npu_dma_wait", "symbol", "@left", "aiex.npu.dma_wait names @left, which has no end at a shim"),
]


@pytest.mark.parametrize(("number", "name", "attribute", "value", "what"), CHANGED)
def test_a_wrong_attribute_is_told(number, name, attribute, value, what):
    if not value:
        module = sound()
        with aie_context():
            del next(op for op in operations(module.body) if op.operation.name == name).attributes[attribute]
    else:
        module = changed(number, name, attribute, value)
    assert any(what in each for each in told(module)), told(module)


def i32(*shape: int) -> ir.Type:
    return ir.MemRefType.get(list(shape), ir.IntegerType.get_signless(32))


def found(name: str) -> ir.OpView:
    """The operation of a name in the device that is under way."""
    device = ir.InsertionPoint.current.block
    while device.owner.name != "aie.device":
        device = device.owner.operation.block
    return next(
        op for op in device.operations if "sym_name" in op.attributes and op.attributes["sym_name"].value == name
    )


def use_far() -> None:
    memref.store(
        arith.constant(ir.IntegerType.get_signless(32), 1), found("far").buffer, [arith.constant(ir.IndexType.get(), 0)]
    )


def loop_that_takes() -> None:
    zero, one = (arith.constant(ir.IndexType.get(), number) for number in (0, 1))
    loop = scf.ForOp(zero, one, one)
    with ir.InsertionPoint(loop.body):
        build.acquire("own", CONSUME, 1, i32(4))
        scf.YieldOp([])


def branch(both: bool) -> None:
    chosen = scf.IfOp(arith.constant(ir.IntegerType.get_signless(1), ir.BoolAttr.get(True)), has_else=both)
    for block in (chosen.then_block, *([chosen.else_block] if both else [])):
        with ir.InsertionPoint(block):
            build.acquire("own", CONSUME, 1, i32(4))
            scf.YieldOp([])


def second_core() -> None:
    tile = found("kept").tile
    for _ in range(2):
        with ir.InsertionPoint(build.core(tile, 1024, "other", dynamic=False)):
            build.end()


def core_on_a_shim() -> None:
    with ir.InsertionPoint(build.core(build.tile(1, 0), 1024, "other", dynamic=False)):
        build.end()


def endless_core() -> None:
    given = {"stack_size": "1024 : i32", "dynamic_objfifo_lowering": "true"}
    attributes = {name: ir.Attribute.parse(text) for name, text in given.items()}
    ir.Operation.create("aie.core", [ir.IndexType.get()], [found("far").tile], attributes, regions=1)


WRITTEN: list[tuple[str, Callable[[], object], str]] = [
    ("in_core", use_far, "memref.store uses @far of tile (1, 3), which the core at (0, 2) does not reach"),
    ("in_core", loop_that_takes, "scf.for begins with 0 objects of @own, and ends with 1"),
    ("in_core", lambda: branch(both=False), "scf.if begins with 0 objects of @own, and ends with 1"),
    ("in_core", lambda: branch(both=True), "scf.for begins with 0 objects of @own, and ends with 1"),
    ("in_core", lambda: build.acquire("own", CONSUME, 1, i32(8)), "@own is !aie.objectfifo<memref<4xi32>>"),
    ("in_core", lambda: build.wait("made"), "aiex.npu.dma_wait stands in a core"),
    ("in_core", lambda: call("gone", []), "is refused by MLIR's verifier"),
    ("in_sequence", lambda: build.release("made", PRODUCE), "aie.objectfifo.release stands in the host's sequence"),
    ("in_device", lambda: build.release("made", PRODUCE), "aie.objectfifo.release stands in a device"),
    ("in_device", second_core, "aie.core is at tile (0, 2), which has a core already"),
    ("in_device", core_on_a_shim, "aie.core is at tile (1, 0), which is no core tile"),
    ("in_device", endless_core, "aie.core does not end with aie.end"),
    ("in_device", lambda: build.allocate("own", found("far").tile), "into tile (1, 3), which (0, 2) does not reach"),
    ("in_device", lambda: build.allocate("gone", found("far").tile), "names @gone, which is no objectFIFO"),
    ("in_device", lambda: build.sequence("other", []), "aie.runtime_sequence @sequence is the second of its device"),
    ("in_device", lambda: build.fifo("lone", [found("far").tile], [1], i32(4)), "has 1 ends, it has a producer and a"),
    ("in_device", lambda: build.buffer(build.tile(1, 0), "lost", i32(4)), "@lost lies in no core tile or memory tile"),
]


@pytest.mark.parametrize(("place", "write", "what"), WRITTEN)
def test_a_wrong_operation_is_told(place, write, what):
    module = sound(**{place: write})
    assert any(what in each for each in told(module)), told(module)


def test_what_is_wrong_is_raised_with_its_place():
    module = changed(0, "aie.objectfifo_acquire", "size", "3 : i32")
    with pytest.raises(InternalError, match=r"does not verify:\ndesign.py:3:5: aie.objectfifo.acquire has size = 3"):
        verify_design(module, NPU)


def test_a_module_has_one_device():
    with aie_context(), ir.Location.unknown():
        module = ir.Module.create()
        assert told(module) == ["builtin.module has 0 devices, it has 1"]
