"""`spatial verify`."""

import numpy as np
import pytest

PROGRAMS = """
import spatial as sp
from spatial import Stream, float32, int8, int16, int32

def product(A: int8[3, 4], B: int8[4, 2], C: int32[3, 2]):
    for i, j in sp.grid(3, 2):
        total: int32 = 0
        for k in range(4):
            total += A[i, k] * B[k, j]
        C[i, j] = total

def narrow(A: int8[3, 4], B: int8[4, 2], C: int32[3, 2]):
    for i, j in sp.grid(3, 2):
        total: int16 = 0
        for k in range(4):
            total += A[i, k] * B[k, j]
        C[i, j] = total

def added(A: int8[3, 4], B: int8[4, 2], C: int32[3, 2]):
    for i, j in sp.grid(3, 2):
        for k in range(4):
            C[i, j] += A[i, k] * B[k, j]

@sp.kernel()
def passing(x: Stream[int32, 2], y: Stream[int32, 2]):
    total: int32 @ sp.Stateful = 0
    while True:
        total += x.get()
        y.put(total)

def scheduled():
    s = sp.customize(product)
    s.reorder("j", "i")
    return s

def counted(x: int8[4], counts: int32[2]):
    counts[0] = 0
    counts[1] = 0
    for n in range(4):
        counts[x[n] & 1] += 1
"""


@pytest.fixture(autouse=True)
def programs(folder):
    (folder / "programs.py").write_text(PROGRAMS, encoding="utf-8")


def test_equal_programs_are_told_with_status_0(spatial):
    result = spatial("verify", "programs.py:product", "programs.py:scheduled")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "`product` and `product` are equal in all 6 cells (exact, seed " in result.stdout


def test_tokens_and_calls_are_counted_as_they_are_asked_for(spatial):
    result = spatial("verify", "programs.py:passing", "programs.py:passing", "--tokens", "3", "--calls", "4")
    assert result.exit_code == 0
    assert "are equal in all 12 cells" in result.stdout


def test_programs_that_differ_are_told_with_status_1(spatial):
    result = spatial("verify", "programs.py:product", "programs.py:narrow")
    assert result.exit_code == 1
    assert "`product` and `narrow` differ in 6 of 6 cells" in result.stdout


def test_testing_finds_inputs_and_repeats_them(spatial):
    one, other = (
        spatial("verify", "programs.py:product", "programs.py:narrow", "--mode", "test", "--seed", "7").stdout
        for _ in range(2)
    )
    assert one == other
    assert "differ, found by test" in one
    result = spatial("verify", "programs.py:product", "programs.py:scheduled", "--mode", "test", "--samples", "5")
    assert result.exit_code == 0
    assert "agree in 5 tests: that is testing, no proof" in result.stdout


def test_a_value_for_a_parameter_holds_for_each_element(spatial, folder):
    programs = "programs.py:product", "programs.py:added"
    assert spatial("verify", *programs).exit_code == 1
    np.savez(folder / "zeros.npz", C=np.zeros((3, 2), np.int32))
    for options in (("C=0",), ("C=0", "--mode", "test", "--samples", "5"), ("--inputs", "zeros.npz", "--mode", "test")):
        told = spatial("verify", *programs, *options)
        assert told.exit_code == 0, told.output


def test_what_cannot_be_proven_has_status_1_and_can_be_tested(spatial):
    programs = "programs.py:counted", "programs.py:counted"
    proof = spatial("verify", *programs)
    assert proof.exit_code == 1
    assert "data decides" in proof.stdout
    assert spatial("verify", *programs, "--mode", "test").exit_code == 0


def test_a_verdict_as_json(spatial):
    verdict = spatial("verify", "programs.py:product", "programs.py:narrow", "--json").data["verdict"]
    assert (verdict["equal"], verdict["kind"], verdict["mode"]) == (False, "different", "exact")
    assert (verdict["cells"], verdict["different"]) == (6, 6)
    again = spatial("verify", "programs.py:product", "programs.py:narrow", "--json", f"--seed={verdict['seed']}")
    assert again.data["verdict"]["seed"] == verdict["seed"]
    tested = spatial("verify", "programs.py:product", "good.py:scale", "--json", "--mode=test").data["verdict"]
    assert tested["kind"] == "interface"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("programs.py:product",), "Missing argument"),
        (("programs.py:product", "nothing.py"), "there is no file nothing.py"),
        (("programs.py:product", "programs.py:nothing"), "has no `nothing`"),
        (("programs.py:product", "programs.py:narrow", "C=x"), "is no number"),
        (("programs.py:product", "programs.py:narrow", "--samples", "0"), "at least 1"),
        (("programs.py:product", "programs.py:narrow", "--mode", "guess"), "'guess' is not one of"),
        (("programs.py:product", "programs.py:narrow", "D=1", "--mode", "test"), "is given no `D`"),
    ],
)
def test_a_wrong_command_has_status_2(spatial, arguments, told):
    result = spatial("verify", *arguments)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())
