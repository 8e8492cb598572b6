"""Designs that are placed by hand are written in the vendor's format; a person read the goldens."""

import pytest

from spatial.build.subject import program_of
from spatial.device.npu import npu
from spatial.ir.mlir import ir
from spatial.lower.aie.emit.design import emit
from tests.lower.aie.emit.hand import gemm, vector_add
from tests.lower.aie.emit.programs import gemm_program, vector_program


def vector_design():
    mapped, placement = vector_add(program_of(vector_program(1024, 64)), 1024, 64)
    return emit(mapped, placement, npu(placement.device))


def gemm_design():
    mapped, placement = gemm(program_of(gemm_program(32, 16)), 32, 16)
    return emit(mapped, placement, npu(placement.device))


@pytest.mark.parametrize("make", [vector_design, gemm_design])
def test_text_of_a_design_is_the_golden(make, golden):
    design = make()
    golden(design.code, f"{design.name}.mlir")


@pytest.mark.parametrize("make", [vector_design, gemm_design])
def test_generic_form_parses_where_the_dialects_are_unknown(make):
    with ir.Context() as context, ir.Location.unknown():
        context.allow_unregistered_dialects = True
        parsed = ir.Module.parse(make().generic)
        (device,) = parsed.body.operations
        assert device.operation.name == "aie.device"


def test_block_that_is_only_read_is_the_object_itself():
    code = vector_design().code
    assert "memref.alloca" not in code
    assert "aie.buffer" not in code


def test_integers_that_only_wrap_stay_in_registers_of_the_hardware():
    assert "i33" not in gemm_design().code
    assert "i64" not in gemm_design().code.partition("aie.runtime_sequence")[0]
