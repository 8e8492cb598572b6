"""What a person meets in the C++ of a design and in what is told beside it."""

import subprocess
import sys

import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, Stream, float32, int32
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
