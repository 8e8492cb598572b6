"""Buffers of PEs are filled from channels, or a message says why not."""

import numpy as np
import pytest

import spatial as sp
from spatial import int32


def gemv(A: int32[4, 6], x: int32[6], y: int32[4]):
    for i in range(4, name="rows"):
        part: int32[6]
        for k in range(6):
            part[k] = x[k]
        for k in range(6):
            y[i] += A[i, 5 - k] * part[5 - k]


def conv(A: int32[4, 6], w: int32[2, 3], B: int32[4]):
    for i in range(4, name="PE"):
        weights: int32[2, 3]
        for r in range(2):
            for c in range(3):
                weights[r, c] = w[r, c]
        for c in range(3):
            for r in range(2):
                B[i] += A[i, c] * weights[r, c] + A[i, r]


def test_a_buffer_stays_where_its_elements_are_used_in_another_order():
    for program, shapes, name in ((gemv, ((4, 6), (6,), (4,)), "part"), (conv, ((4, 6), (2, 3), (4,)), "weights")):
        arrays = [np.arange(np.prod(shape), dtype=np.int32).reshape(shape) for shape in shapes]
        wanted, found = arrays[-1].copy(), arrays[-1].copy()
        sp.simulate(program, *arrays[:-1], wanted)
        s = sp.customize(program)
        buffer = s[name]
        s.to(buffer, s.unfold("rows" if program is gemv else "PE"), axis=0, depth=2)
        assert name in {each.name for each in [buffer, s[name]]}
        run = sp.simulate(s, *arrays[:-1], found)
        np.testing.assert_array_equal(found, wanted)
        assert len(run.actors) == 6  # a loader, four PEs, a drain


def own_parts(A: int32[4, 6], B: int32[4]):
    for i in range(4, name="PE"):
        row: int32[6]
        for k in range(6):
            row[k] = A[i, k]
        for k in range(6):
            B[i] += row[k]


def test_each_pe_has_a_channel_of_its_own_where_axis_numbers_them():
    A, B = np.arange(24, dtype=np.int32).reshape(4, 6), np.zeros(4, np.int32)
    s = sp.customize(own_parts)
    row = s.row
    s.unfold("PE")
    with pytest.raises(sp.ProgramError, match="no two PEs use the same elements of `A`"):
        s.to(row, "PE", axis=0)
    sp.simulate(s, A, B)
    np.testing.assert_array_equal(B, A.sum(axis=1))


def odd_buffers(A: int32[6], B: int32[4], n: int32):
    for i in range(4, name="PE"):
        backwards: int32[6]
        for k in range(6):
            backwards[5 - k] = A[k]
        twice: int32[6]
        for k in range(6):
            twice[k] = A[k]
        twice[0] = 7
        computed: int32[6]
        for k in range(6):
            computed[k] = A[k] + 1
        fine: int32[6]
        for k in range(6):
            fine[k] = A[k]
        partial: int32[6] = 0
        for k in range(n):
            partial[k] = A[k]
        for k in range(6):
            B[i] += backwards[k] + twice[k] + computed[k] + partial[k] + fine[k]


def test_refusals_say_what_is_in_the_way(golden):
    s = sp.customize(odd_buffers)
    pe = s.unfold("PE")
    told = []
    asked = {
        "backwards": (("backwards", pe), {}),
        "twice": (("twice", pe), {}),
        "computed": (("computed", pe), {}),
        "partial": (("partial", pe), {}),
        "an array of the program": (("B", pe), {}),
        "another kernel": (("twice", "pe"), {}),
        "no such axis": (("fine", pe), {"axis": 1}),
        "no depth": (("computed", pe), {"depth": 0}),
    }
    for name, (given, named) in asked.items():
        before = str(s.module)
        with pytest.raises(sp.ProgramError) as error:
            s.to(*given, **named)
        assert str(s.module) == before
        told.append(f"# {name}\n{error.value}")
    golden("\n\n".join(told) + "\n", "to.txt")
