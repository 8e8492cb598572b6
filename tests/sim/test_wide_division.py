"""Divisions of integers of more bits than a register has, on the native engine."""

import numpy as np
import pytest

import spatial as sp
from spatial import Int, UInt
from spatial.lower.llvm import module as machine_module
from spatial.source.errors import InternalError
from tests.sim.both import alike, both

WIDTHS = (65, 70, 100, 127, 128, 140)


def divided(element):
    """Quotients and rests in the width of the operands, and in a wider one that they would fit into."""

    @sp.region()
    def divide(x: element, y: element, B: element[6]):
        @sp.kernel(args=[x, y, B])
        def pe(x: element, y: element, B: element[6]):
            B[0] = x // y
            B[1] = x % y
            B[2] = (1 * x) // y
            B[3] = (1 * x) % y
            B[4] = (1 * x) // 5
            B[5] = (1 * x) % 5

    return divide


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", [Int, UInt])
def test_wide_operands_divide_alike_on_both_engines(kind, width):
    built = both(divided(kind(width)))
    least, greatest = (-1 << width - 1, (1 << width - 1) - 1) if kind is Int else (0, (1 << width) - 1)
    for x, y in [(least, 7), (greatest, greatest // 3), (greatest - 5, max(least, -3) or 3), (17, greatest)]:
        B = np.zeros(6, object)
        alike(built, x, y, B)
        built[1](x, y, B)
        assert B[2:].tolist() == [x // y, x % y, x // 5, x % 5]


def test_machine_code_that_is_not_there_is_an_internal_error(monkeypatch):
    monkeypatch.setattr(machine_module.ExecutionEngine, "raw_lookup", lambda engine, name: 0)
    with pytest.raises(InternalError, match="no machine code for `df_steps`"):
        machine_module.generate({})
