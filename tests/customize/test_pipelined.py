"""No step leaves a loop in one that is pipelined."""

import pytest

import spatial as sp
from spatial import int32


def rows(A: int32[4, 8], B: int32[4, 8], y: int32[4]):
    for i in range(4):
        for k in range(8):
            y[i] += A[i, k]
        for j in range(8):
            B[i, j] = y[i]


def test_a_copy_of_a_row_is_not_made_in_a_pipelined_loop(golden):
    s = sp.customize(rows)
    s.distribute("i", "j")
    s.pipeline("i")
    with pytest.raises(sp.ProgramError) as caught:
        s.buffer_at(s.A, "i")
    golden(f"{caught.value}\n", "pipelined_buffer_at.err")
    assert len(s.history) == 2


def test_a_copy_of_one_element_is():
    s = sp.customize(rows)
    s.distribute("i", "j")
    s.pipeline("i")
    assert s.buffer_at(s.y, "i").type == "int32"


def test_a_nest_is_not_moved_into_a_pipelined_loop(golden):
    s = sp.customize(rows)
    s.distribute("i", "j")
    s.pipeline("i_1")
    with pytest.raises(sp.ProgramError) as caught:
        s.compute_at("i", "i_1")
    golden(f"{caught.value}\n", "pipelined_compute_at.err")


def add(A: int32[4], B: int32[4]):
    for i in sp.grid(4, name="PE"):
        B[i] += A[i]


def thrice(A: int32[4], B: int32[4]):
    for t in range(3):
        add(A, B)


def told(step):
    with pytest.raises(sp.ProgramError) as caught:
        step()
    return caught.value.problems[0].report()


def test_a_call_of_what_has_loops_is_not_pipelined():
    s = sp.customize(thrice)
    report = told(lambda: s.pipeline("t"))
    assert report.title == "`pipeline` would put a loop into `t`, which is pipelined"
    assert report.related[1].text == "`add`, which is called here, has loops"
    assert not s.history


def test_a_call_that_starts_kernels_is_not_pipelined():
    s, grid = sp.customize(thrice), sp.customize(add)
    grid.unfold("PE")
    s.compose(grid)
    report = told(lambda: s.pipeline("t"))
    assert report.related[1].text == "this starts the kernels of `add`, and waits for them"
    assert len(s.history) == 1
