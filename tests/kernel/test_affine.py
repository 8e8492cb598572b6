"""Bounds of index expressions are exact: no index is refused that no PE reaches."""

import pytest

import spatial as sp
from spatial import int32
from spatial.kernel.lower.affine import LoopVariable, PeNumber, fixed, variable
from spatial.region.program import compile_region
from spatial.source.errors import ProgramError


def test_a_variable_that_cancels_leaves_a_constant():
    k = variable(LoopVariable(0, 7))
    assert (k.scaled(2) + k.scaled(-2) + fixed(3)).bounds(0) == (3, 3)


def test_different_variables_vary_independently():
    i, j = variable(LoopVariable(0, 3)), variable(LoopVariable(1, 2))
    assert (i + j.scaled(-1)).bounds(0) == (-2, 2)


def test_numbers_of_the_pe_are_taken_together():
    row, column = variable(PeNumber((0, 1, 2))), variable(PeNumber((2, 1, 0)))
    assert (row + column).bounds_everywhere(3) == [(2, 2)] * 3


def test_a_product_of_variables_is_not_followed():
    k = variable(LoopVariable(0, 7))
    assert k.times(k) is None
    assert k.times(fixed(3)).bounds(0) == fixed(3).times(k).bounds(0) == (0, 21)


def test_indices_on_the_diagonal_are_within():
    @sp.region()
    def program(A: int32[4]):
        @sp.kernel(mapping=[4, 4], args=[A])
        def pe(A: int32[4]):
            i, j = sp.get_pid()
            with sp.meta_if(i == j):
                for k in range(4):
                    A[(k + i) - j] = A[2 * k - k]

    compile_region(program)


@pytest.mark.parametrize(("extent", "fits"), [(7, True), (6, False)])
def test_the_last_element_a_nest_reaches_decides(extent, fits):
    @sp.region()
    def program(A: int32[extent]):
        @sp.kernel(mapping=[2], args=[A])
        def pe(A: int32[extent]):
            p = sp.get_pid()
            for i, j in sp.grid(2, 3):
                x = A[3 * i + j + p]

    if fits:
        compile_region(program)
        return
    with pytest.raises(ProgramError, match=r"index 1 to 6 \(at `pe\[1\]`\) is outside of `A`"):
        compile_region(program)


def test_nothing_is_said_of_an_index_that_may_not_be_reached():
    @sp.region()
    def program(A: int32[4], n: int32[1]):
        @sp.kernel(args=[A, n])
        def pe(A: int32[4], n: int32[1]):
            for k in range(8):
                if k < 4:
                    A[k] = 0
            for k in range(n[0]):
                for m in range(8):
                    A[m] = k

    compile_region(program)
