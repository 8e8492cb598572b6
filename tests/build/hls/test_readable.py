"""What a person meets in the C++ of a design and in what is told beside it."""

import subprocess
import sys

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, Stream, bool_, float16, float32, int32, uint8
from tests.lower.hls.cpp import needs_compiler

NUMBER = Fixed(40, 30)


def alternating():
    @sp.region()
    def top(A: int32[4], B: int32[4]):
        ways: Stream[int32, 2][2]

        @sp.kernel(args=[A])
        def load(A: int32[4]):
            for k in range(4):
                ways[k % 2].put(A[k])

        @sp.kernel(args=[B])
        def store(B: int32[4]):
            for k in range(4):
                B[k] = ways[0].get() if k % 2 < 1 else ways[1].get()

    return top


@needs_compiler
def test_a_token_is_taken_in_a_statement_of_its_branch():
    module = sp.build(alternating(), target="hls")
    lines = [line.strip() for line in str(module.design.files["processes.h"]).splitlines()]
    at = lines.index("value = ways_in.read();")
    assert lines[at - 1 : at + 5] == [
        "if (k % 2 < 1) {",
        "value = ways_in.read();",
        "} else {",
        "value = ways_in_2.read();",
        "}",
        "B[k] = value;",
    ]
    A, B = np.arange(4, dtype=np.int32), np.zeros(4, np.int32)
    module(A, B)
    assert B.tolist() == A.tolist()


@needs_compiler
def test_a_process_may_be_given_nothing(capfd):
    @sp.region()
    def top(A: int32[1]):
        @sp.kernel()
        def talk():
            for k in range(2):
                print("k is", k)

        @sp.kernel(args=[A])
        def work(A: int32[1]):
            A[0] = 1

    A = np.zeros(1, np.int32)
    sp.build(top, target="hls")(A)
    assert A.tolist() == [1]
    assert "k is 0\nk is 1\n" in capfd.readouterr().out


@needs_compiler
@pytest.mark.parametrize("x", [0.0, -0.0, 0.1, 1e16, 123456.0, 1.5e-7, -3.25, np.nan, np.inf, -np.inf])
def test_floats_are_printed_as_the_simulator_prints_them(x, capsys):
    @sp.region()
    def top(X: float32[1], F: NUMBER[1]):
        @sp.kernel(args=[X, F])
        def show(X: float32[1], F: NUMBER[1]):
            print(X[0], F[0])

    arguments = np.array([x], np.float32), sp.quantize(np.array([x if abs(x) < 500 else 1 / 3]), NUMBER)
    sp.simulate(top, *arguments)
    expected = capsys.readouterr().out
    sp.build(top, target="hls")(*arguments)
    assert capsys.readouterr().out == expected


def test_notes_and_warnings_print_as_messages():
    @sp.region()
    def top(A: int32[4]):
        numbers: Stream[int32, 4]

        @sp.kernel()
        def load():
            for k in range(4):
                numbers.put(k)

        @sp.kernel(args=[A])
        def store(A: int32[4]):
            for k in range(3):
                A[k] = numbers.get()
            print(A[0])

    noted = sp.build(top, target="hls").notes
    assert any(str(note).startswith("note[hls/left-out]: ") for note in noted)


def test_the_package_is_a_command():
    done = subprocess.run([sys.executable, "-m", "spatial", "--help"], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("Usage: spatial ")


@needs_compiler
def test_complements_of_unsigned_numbers_have_the_bits_of_the_program():
    @sp.region()
    def top(A: uint8[4], B: uint8[4], C: int32[4]):
        @sp.kernel(args=[A, B, C])
        def turn(A: uint8[4], B: uint8[4], C: int32[4]):
            for k in range(4):
                wide: int32 = A[k]
                B[k] = A[k] ^ 0xFF if A[k] & 1 else ~A[k] >> 1
                C[k] = ~wide if A[k] < 9 else ~A[k]

    given = np.array([0, 255, 7, 200], np.uint8), np.zeros(4, np.uint8), np.zeros(4, np.int32)
    simulated = [np.copy(each) for each in given]
    sp.build(top, target="hls")(*given)
    sp.simulate(top, *simulated)
    assert all(np.array_equal(a, b) for a, b in zip(given, simulated, strict=True))


@needs_compiler
def test_types_that_stand_in_blocks_only_have_their_headers():
    @sp.region()
    def top(a: Stream[NUMBER[2]], b: Stream[float16[2], 4], Y: int32[2]):
        @sp.kernel(args=[Y])
        def count(Y: int32[2]):
            for k in range(2):
                x = a.get()
                Y[k] = x[0] > x[1]

        @sp.kernel()
        def send():
            block: float16[2] = 0
            b.put(block)

    Y = np.zeros(2, np.int32)
    sp.build(top, target="hls")(np.array([[1, 2], [4, 3]]), Y)
    assert Y.tolist() == [0, 1]


def test_a_function_is_the_top_function_by_its_name():
    def doubled(A: int32[4]):
        for k in range(4):
            A[k] = 2 * A[k]

    module = sp.build(doubled, target="hls")
    assert module.design.top.name == "doubled"
    assert "static void doubled_2(" in module.code


def test_an_index_of_an_unrolled_loop_is_in_range():
    def summed(A: int32[8], Y: int32[1]):
        total: int32 = 0
        for k in range(8):
            total += A[k]
        Y[0] = total

    s = sp.customize(summed)
    s.unroll("k", 4)
    code = sp.build(s, target="hls").code
    assert "[k + 3]" in code
    assert "within" not in code


@needs_compiler
def test_a_selection_asks_one_channel_in_a_statement():
    @sp.region()
    def top(A: int32[8], Y: int32[8]):
        odd: Stream[int32, 2]
        even: Stream[int32, 2]

        @sp.kernel(args=[A])
        def load(A: int32[8]):
            for k in range(8):
                if A[k] % 2:
                    odd.put(A[k])
                else:
                    even.put(A[k])

        @sp.kernel(args=[Y])
        def store(Y: int32[8]):
            for k in range(8):
                _, value = sp.select(odd, even)
                Y[k] = value

    module = sp.build(top, target="hls")
    lines = [line.strip() for line in module.code.splitlines()]
    at = lines.index("poll: while (!taken) {")
    assert lines[at + 2 : at + 6] == [
        "if (turn == 0) {",
        "taken = odd.read_nb(odd_token);",
        "} else {",
        "taken = even.read_nb(odd_token);",
    ]
    A, Y = np.arange(8, dtype=np.int32), np.zeros(8, np.int32)
    module(A, Y)
    assert sorted(Y.tolist()) == A.tolist()


def test_buffers_are_bound_as_the_memory_that_they_are_of():
    @sp.region()
    def top(A: int32[16], B: int32[16]):
        kept: int32[16] @ sp.Memory("URAM", ports="2P")
        filled: Stream[bool_]

        @sp.kernel(args=[A, kept])
        def fill(A: int32[16], kept: int32[16]):
            for k in range(16):
                kept[k] = A[15 - k]
            filled.put(True)

        @sp.kernel(args=[kept, B])
        def use(kept: int32[16], B: int32[16]):
            filled.get()
            for k in range(16):
                B[k] = kept[15 - k]

    code = sp.build(top, target="hls").code
    assert code.count("ap_int<32> kept_local[16];") == 2
    assert code.count("#pragma HLS bind_storage variable=kept_local type=ram_2p impl=uram") == 2


@needs_compiler
@pytest.mark.parametrize("first", [3, [1, 2, 3, 4, 5, 6, 7, 8]])
def test_memory_of_one_kernel_is_bound_as_it_says(first):
    @sp.region()
    def top(A: int32[8], B: int32[8]):
        kept: int32[8] @ sp.Memory("URAM") = first

        @sp.kernel(args=[A, kept, B])
        def turn(A: int32[8], kept: int32[8], B: int32[8]):
            for k in range(8):
                B[k] = kept[k]
                kept[k] = A[k]

    module, B = sp.build(top, target="hls"), np.zeros(8, np.int32)
    assert "#pragma HLS bind_storage variable=kept type=ram_2p impl=uram" in module.code
    module(np.zeros(8, np.int32), B)
    assert B.tolist() == np.broadcast_to(first, 8).tolist()
