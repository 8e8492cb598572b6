"""Bit slices, and words that several values are packed into."""

import random

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, Int, UInt, bool_, float32, int8, int16, int32, uint8, uint32
from spatial.types.values import numpy_dtype
from tests.sim.programs import region_of


@pytest.mark.parametrize("seed", range(6))
def test_slices_are_the_bits_python_counts(seed):
    draw = random.Random(seed)
    lines, expected, types = [], [], {}
    words = [draw.getrandbits(70) for _ in range(4)]
    for case in range(40):
        start = draw.randrange(70)
        stop = draw.randint(start + 1, 70)
        width = stop - start
        types[f"y{case}_type"] = UInt(width)
        form = draw.choice([f"{start}:{stop}", f"s{start}[0]:s{start}[0] + {width}"])
        types |= {f"y{case}": form}
        lines.append(f"y{case}[k] = W[k][{form.replace(f's{start}[0]', f'(S[{start}])')}]")
        expected.append([word >> start & (1 << width) - 1 for word in words])
    declared = ", ".join(f"y{case}: y{case}_type[4]" for case in range(40))
    text = ["@sp.region()", "def net():", "    @sp.kernel()", f"    def only(W: Word[4], S: int32[70], {declared}):"]
    text += ["        for k in range(4):", *(f"            {line}" for line in lines)]
    names = {name: dtype for name, dtype in types.items() if name.endswith("_type")}
    region = region_of("\n".join(text) + "\n", Word=UInt(70), int32=int32, **names)
    outputs = [np.zeros(4, numpy_dtype(names[f"y{case}_type"])) for case in range(40)]
    sp.simulate(region, np.array(words, object), np.arange(70, dtype=np.int32), *outputs)
    assert [output.tolist() for output in outputs] == expected


def test_bits_are_written_into_locals_and_elements():
    @sp.region()
    def top(A: int32[4], W: uint32[4], F: bool_[4]):
        @sp.kernel(args=[A, W, F])
        def work(A: int32[4], W: uint32[4], F: bool_[4]):
            for k in range(4):
                w: UInt(32) = 0
                w[0:8] = A[k]
                w[8 * k : 8 * k + 8] = 255
                w[-1] = True
                W[k] = w
                W[k][4:8] = W[k][0:4] + 3
                W[k][k + 16] ^= True
                F[k] = A[k][31] and not A[k][0]

    A, W, F = np.array([300, 301, -2, -1], np.int32), np.zeros(4, np.uint32), np.zeros(4, bool)
    run = sp.simulate(top, A, W, F)
    expected = []
    for k, a in enumerate(A.tolist()):
        w = a & 255
        w = w & ~(255 << 8 * k) | 255 << 8 * k
        w |= 1 << 31
        w = w & ~0xF0 | ((w & 15) + 3 & 15) << 4
        expected.append(w ^ 1 << k + 16)
    assert W.tolist() == expected
    assert F.tolist() == [False, False, True, False]
    assert run.cycles == 4


def test_a_bit_reversal_indexes_the_loop_variable():
    @sp.region()
    def top(A: int32[8], B: int32[8]):
        @sp.kernel(args=[A, B])
        def reverse(A: int32[8], B: int32[8]):
            for k in range(8):
                r: UInt(3) = 0
                r[0], r[1], r[2] = k[2], k[1], k[0]
                B[r] = A[k]

    A, B = np.arange(8, dtype=np.int32), np.zeros(8, np.int32)
    sp.simulate(top, A, B)
    assert B.tolist() == [0, 4, 2, 6, 1, 5, 3, 7]


def test_a_running_bit_outside_of_the_number_is_a_fault_at_its_line():
    @sp.region()
    def top(A: int32[2], B: bool_[2]):
        @sp.kernel(args=[A, B])
        def work(A: int32[2], B: bool_[2]):
            for k in range(2):
                B[k] = A[k][A[k]]

    B = np.zeros(2, bool)
    with pytest.raises(sp.RunError, match="bit 32 is none of the 32 bits") as failed:
        sp.simulate(top, np.array([31, 32], np.int32), B)
    assert "B[k] = A[k][A[k]]" in str(failed.value)


def test_words_are_packed_lowest_first_and_unpacked_again():
    @sp.region()
    def top(A: int8[4], W: uint32[2], B: int8[4], C: int16[2], S: int8[2, 2]):
        @sp.kernel(args=[A, W, B, C, S])
        def work(A: int8[4], W: uint32[2], B: int8[4], C: int16[2], S: int8[2, 2]):
            W[0] = sp.pack(A)
            W[1] = sp.pack(A[1:3], int16(-2))
            v: int8[4] = sp.unpack(W[0], int8)
            B[:] = v
            a, b = sp.unpack(W[1], UInt(8), Int(24))
            C[0], C[1] = a, b
            s = sp.unpack(W[0], int8)[3]
            pair: int8[2, 2] = [[s, v[0]], [v[1], 7]]
            S[:, :] = pair

    A, W = np.array([1, -1, 127, -128], np.int8), np.zeros(2, np.uint32)
    B, C, S = np.zeros(4, np.int8), np.zeros(2, np.int16), np.zeros((2, 2), np.int8)
    sp.simulate(top, A, W, B, C, S)
    assert W.tolist() == [0x807FFF01, 0xFFFE7FFF]
    assert B.tolist() == A.tolist()
    assert C.tolist() == [0xFF, 0xFE7F - 0x10000]
    assert S.tolist() == [[-128, 1], [-1, 7]]


def test_bitcast_reads_the_same_bits_as_another_type():
    @sp.struct
    class Halves:
        low: int16
        high: int16

    @sp.region()
    def top(F: float32[3], W: uint32[3], G: float32[3], H: Halves[3], X: Fixed(32, 16)[3]):
        @sp.kernel(args=[F, W, G, H, X])
        def work(F: float32[3], W: uint32[3], G: float32[3], H: Halves[3], X: Fixed(32, 16)[3]):
            for k in range(3):
                W[k] = sp.bitcast(F[k], UInt(32))
                w = sp.bitcast(F[k], uint32)
                G[k] = sp.bitcast(w ^ 0x80000000, float32)
                H[k] = sp.bitcast(w, Halves)
                X[k] = sp.bitcast(w, Fixed(32, 16))

    F = np.array([1.0, -2.5, -np.nan], np.float32)
    W, G, X = np.zeros(3, np.uint32), np.zeros(3, np.float32), np.zeros(3)
    H = np.zeros(3, sp.numpy_dtype(Halves))
    sp.simulate(top, F, W, G, H, X)
    assert W.tolist() == [0x3F800000, 0xC0200000, 0x7FC00000]
    assert G.tolist()[:2] == [-1.0, 2.5]
    assert np.isnan(G[2])
    assert H["high"].tolist() == [0x3F80, 0xC020 - 0x10000, 0x7FC0]
    assert X.tolist() == [0x3F80, 0xC020 - 0x10000, 0x7FC0]


def test_lists_and_arrays_become_tables_of_the_declared_type():
    halves = [0.5, 0.25, 1, 2]
    grid = np.array([[1, -2], [3, -4]])
    wide = [2**69, 1]
    small = np.array([0.3, -0.3])

    @sp.region()
    def top(A: Fixed(16, 8)[4], B: Int(5)[2, 2], C: UInt(70)[2], D: Fixed(8, 2)[2], E: sp.float8_e5m2[4], F: uint8[3]):
        @sp.kernel(args=[A, B, C, D, E, F])
        def work(
            A: Fixed(16, 8)[4],
            B: Int(5)[2, 2],
            C: UInt(70)[2],
            D: Fixed(8, 2)[2],
            E: sp.float8_e5m2[4],
            F: uint8[3],
        ):
            a: Fixed(16, 8)[4] = halves
            b: Int(5)[2, 2] = grid
            c: UInt(70)[2] = wide
            d: Fixed(8, 2)[2] = small
            e: sp.float8_e5m2[4] = halves
            f: uint8[3] = [1, 200, 3]
            A[:], B[:], C[:], D[:], E[:], F[:] = a, b, c, d, e, f

    form = numpy_dtype(sp.float8_e5m2)
    arrays = [np.zeros(4), np.zeros((2, 2), np.int8), np.array([0, 0], object), np.zeros(2), np.zeros(4, form)]
    last = np.zeros(3, np.uint8)
    sp.simulate(top, *arrays, last)
    assert arrays[0].tolist() == [0.5, 0.25, 1.0, 2.0]
    assert arrays[1].tolist() == grid.tolist()
    assert arrays[2].tolist() == wide
    assert arrays[3].tolist() == [0.25, -0.5]
    assert arrays[4].astype(float).tolist() == [0.5, 0.25, 1.0, 2.0]
    assert last.tolist() == [1, 200, 3]


def test_a_word_is_unpacked_into_an_array_without_a_copy():
    @sp.region()
    def top(X: uint32[2], Y: int32[8], Z: int32[2]):
        @sp.kernel(args=[X, Y, Z])
        def work(X: uint32[2], Y: int32[8], Z: int32[2]):
            for k in range(2):
                v: int8[4] = sp.unpack(X[k], int8[4])
                low, rest = sp.unpack(X[k], UInt(8), Int(8)[3])
                Y[4 * k] = v[0]
                Y[4 * k + 1] = v[3]
                Y[4 * k + 2] = low
                Y[4 * k + 3] = rest[2]
            Z[0] = sp.sum(int32(sp.unpack(X[0], int8[4])))
            Z[1] = sp.sum(sp.unpack(X[1], UInt(1)[4, 8]))

    X = np.array([0x80FF0201, 0x7F00FFFE], np.uint32)
    Y, Z = np.zeros(8, np.int32), np.zeros(2, np.int32)
    sp.simulate(top, X, Y, Z)
    assert Y.tolist() == [1, -128, 1, -128, -2, 127, 254, 127]
    assert Z.tolist() == [1 + 2 - 1 - 128, int(X[1]).bit_count()]


def test_a_slice_begins_at_any_expression_that_is_written_twice():
    @sp.region()
    def top(X: uint32[1], S: uint8[1], Y: uint32[4]):
        @sp.kernel(args=[X, S, Y])
        def work(X: uint32[1], S: uint8[1], Y: uint32[4]):
            x = X[0]
            Y[0] = x[S[0][0:2] : S[0][0:2] + 17]
            Y[1] = x[(S[0] if S[0][7] else 3) : (S[0] if S[0][7] else 3) + 5]
            Y[2] = x[2 * S[0] : 2 * S[0] + 4]
            Y[3] = x[S[0] & 7 : 9 + (S[0] & 7)]

    Y = np.zeros(4, np.uint32)
    x, s = 0xDEADBEEF, 6
    sp.simulate(top, [x], [s], Y)
    assert Y.tolist() == [x >> 2 & 0x1FFFF, x >> 3 & 31, x >> 12 & 15, x >> 6 & 511]
