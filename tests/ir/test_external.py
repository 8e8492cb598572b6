"""The IR of a call of a function in C++ holds all that a tool needs to call it."""

import spatial as sp
from spatial import int8, int32
from spatial.ir.dialect import ExternalOp, context
from spatial.ir.external import has_reference
from spatial.ir.function import kernels, operations
from spatial.ir.mlir import ir
from spatial.region.program import compile_region
from spatial.sim.reference.external import passed_to


def multiply(A, B, C, scale):
    C[:] = A @ B * scale


def test_the_module_keeps_the_call_with_its_reference_inside(tmp_path):
    (tmp_path / "mm.cc").touch()
    args = [sp.In(int8[4, 4]), sp.In(int8[4, 4]), sp.Out(int32[4, 4]), sp.In(int32)]
    mm = sp.external("mm", args=args, source=tmp_path / "mm.cc", reference=multiply, cycles=9, flags="-O3 -g")

    @sp.region()
    def top(A: int8[4, 4], C: int32[4, 4]):
        @sp.kernel()
        def pe(A: int8[4, 4], C: int32[4, 4]):
            mm(A, A, C, 2)

    module = compile_region(top).module
    (call,) = [op for op in operations(kernels(module)[0].entry_block) if isinstance(op, ExternalOp)]
    assert (call.symbol.value, call.source.value, call.cycles.value) == ("mm", str(tmp_path / "mm.cc"), 9)
    assert [flag.value for flag in call.flags] == ["-O3", "-g"]
    assert [str(each.type) for each in passed_to(call)] == ["int8[4, 4]", "int8[4, 4]", "int32[4, 4]", "int32"]
    assert [each.direction for each in passed_to(call)] == ["in", "in", "out", ""]
    assert has_reference(call)
    with context():
        assert str(ir.Module.parse(str(module))) == str(module)
