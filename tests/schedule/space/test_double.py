"""A buffer of two halves is filled by one process while another one uses it."""

import pytest

import spatial as sp
from spatial import int16, int32
from tests.schedule.space.test_dataflow import same


def tiles(A: int16[6, 16], B: int32[6, 4]):
    for t in range(6):
        part: int16[16]
        for i in range(16):
            part[i] = A[t, i] + 1
        for j in range(4):
            total: int32 = 0
            for k in range(4):
                total += part[4 * j + k] * part[4 * j + k]
            B[t, j] = total


def nested(A: int16[3, 4, 8], B: int16[3, 4]):
    for s in range(3):
        for t in range(1, 8, 2):
            row: int16[8]
            for i in range(8):
                row[i] = A[s, t // 2, i]
            B[s, t // 2] = 0
            for i in range(8):
                B[s, t // 2] += row[7 - i]


def rows(A: int16[8, 8], B: int16[8]):
    for i in range(8):
        for k in range(8):
            B[i] += A[i, k] * A[i, 7 - k]


@pytest.mark.parametrize(("program", "buffer"), [(tiles, "part"), (nested, "row")])
def test_filling_and_use_go_on_side_by_side(program, buffer):
    s = sp.customize(program)
    assert str(s.double_buffer(buffer)) == f"fill_{buffer}"
    before, after = same(program, s, build=True)
    assert after < 0.75 * before


def test_the_halves_change_with_each_iteration(golden):
    s = sp.customize(tiles)
    s.double_buffer("part")
    golden(f"{s}\n\n{s.module}\n", "double_buffer.txt")


def test_a_part_that_is_copied_is_loaded_ahead():
    s = sp.customize(rows)
    part = s.buffer_at(s.A, "i")
    loaded = same(rows, s)[1]
    s.double_buffer(part)
    assert same(rows, s)[1] < loaded - 39


def test_other_steps_go_on_in_both_processes():
    s = sp.customize(tiles)
    s.partition("part", kind="cyclic", factor=4)
    fill = s.double_buffer("part")
    s.unroll(f"{fill}:i", 4)
    s.pipeline("j")
    plain = sp.customize(tiles)
    plain.double_buffer("part")
    assert same(tiles, s, build=True)[1] < same(tiles, plain)[1]


def odd(A: int16[8], B: int16[8]):
    kept: int16[8] = 0
    for t in range(4):
        for i in range(8):
            kept[i] = kept[i] + A[i]
        for j in range(8):
            B[j] = kept[j]


def least(A: int16[8, 8], B: int16[8]):
    for t in range(8):
        kept: int16[8]
        for i in range(t):
            kept[i] = A[t, i]
        for j in range(8):
            B[t] += kept[j]


def besides(A: int16[8, 8], B: int16[8], C: int16[8]):
    for t in range(8):
        kept: int16[8]
        for i in range(8):
            kept[i] = A[t, i]
            C[i] = kept[i]
        for j in range(8):
            B[t] += kept[j] + C[j]


def apart(A: int16[8, 8], B: int16[8]):
    for t in range(8):
        kept: int16[8]
        for i in range(8):
            kept[i] = A[t, i]
        for j in range(8):
            B[t] += kept[j]
    B[0] = 0


def more(A: int16[8], B: int16[8]):
    for t in range(4):
        one: int16[8]
        two: int16[8]
        back: int16[8]
        for i in range(8):
            one[i] = A[i]
            two[i] = B[i]
        for j in range(8):
            B[j] = one[j] + two[j]
        for k in range(8):
            back[k] = B[k]
            two[k] = 1


def test_refusals_say_what_is_in_the_way(golden):
    told = []
    cases = {
        "in no loop": (odd, "kept"),
        "something beside the loop": (apart, "kept"),
        "not filled anew": (least, "kept"),
        "another array passes too": (besides, "kept"),
        "an array of the program": (more, "A"),
        "another array is used by both": (more, "one"),
        "written after it was read": (more, "two"),
        "never read": (more, "back"),
    }
    for what, (program, name) in cases.items():
        s = sp.customize(program)
        with pytest.raises(sp.ProgramError) as error:
            s.double_buffer(name)
        assert str(s).endswith("0 steps")
        told.append(f"# {what}\n{error.value}")
    golden("\n\n".join(told) + "\n", "double_refused.txt")
