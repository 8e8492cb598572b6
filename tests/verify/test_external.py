"""Functions in C++: what they write is a function of what they are given, of which a proof knows nothing more."""

import shutil
from pathlib import Path

import pytest

import spatial as sp
from spatial import int8, int32
from spatial.meta.external import External
from spatial.verify.kinds import Kind

needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler")
ARGS = [sp.In(int8[2, 2]), sp.In(int8[2, 2]), sp.Out(int32[2, 2])]
MM = """extern "C" void mm(const signed char *A, const signed char *B, int *C) {
  for (int i = 0; i < 4; i++) C[i] = A[i / 2 * 2] * B[i % 2] + A[i / 2 * 2 + 1] * B[2 + i % 2];
}
"""


def multiply(A, B, C):
    for i, j in sp.grid(2, 2):
        C[i, j] = int32(A[i, 0]) * B[0, j] + int32(A[i, 1]) * B[1, j]


def first_product(A, B, C):
    for i, j in sp.grid(2, 2):
        C[i, j] = int32(A[i, 0]) * B[0, j]


def plain(A: int8[3, 2, 2], B: int8[2, 2], C: int32[3, 2, 2]):
    for n in range(3):
        for i, j in sp.grid(2, 2):
            C[n, i, j] = int32(A[n, i, 0]) * B[0, j] + int32(A[n, i, 1]) * B[1, j]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two files that have one function each, of one name."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "mm.cc").write_text(MM)
    (tmp_path / "other.cc").write_text(MM.replace("+ A", "- A"))
    return tmp_path


def called(mm: External, *, first: int = 0, step: int = 1, swapped: bool = False) -> object:
    """A program that calls a function on each matrix, from one on."""

    @sp.kernel()
    def calls(A: int8[3, 2, 2], B: int8[2, 2], C: int32[3, 2, 2]):
        for n in range(3):
            if swapped:
                mm(B, A[(first + step * n) % 3], C[(first + step * n) % 3])
            else:
                mm(A[(first + step * n) % 3], B, C[(first + step * n) % 3])

    return calls


def copied(mm: External, *, rows: int = 2) -> object:
    """A program with an actor for each matrix, which calls a function on its copies."""

    @sp.region()
    def copies(A: int8[3, 2, 2], B: int8[2, 2], C: int32[3, 2, 2]):
        @sp.kernel(mapping=[3])
        def pe(A: int8[3, 2, 2], B: int8[2, 2], C: int32[3, 2, 2]):
            n = sp.get_pid()
            a: int8[2, 2]
            b: int8[2, 2]
            c: int32[2, 2]
            for i, j in sp.grid(rows, 2):
                a[i, j] = A[n, i, j]
            b[:] = B
            mm(a, b, c)
            C[n] = c

    return copies


@pytest.mark.parametrize("mode", ["exact", "ring"])
def test_calls_on_the_same_numbers_write_the_same(folder: Path, mode: str) -> None:
    mm = sp.external("mm", source=folder / "mm.cc", args=ARGS)
    for other in (called(mm, first=2, step=2), copied(mm)):
        verdict = sp.verify(called(mm), other, mode=mode)
        assert verdict.kind is Kind.EQUAL
        assert "`mm` is in C++: what it writes is taken for a function" in str(verdict)


def test_other_numbers_and_other_functions_are_told_apart(folder: Path) -> None:
    mm, other = (sp.external("mm", source=folder / file, args=ARGS) for file in ("mm.cc", "other.cc"))
    flags = sp.external("mm", source=folder / "mm.cc", args=ARGS, flags="-Dint=short")
    for wrong in (called(mm, swapped=True), called(other), called(flags)):
        assert sp.verify(called(mm), wrong, mode="ring", explain=False).kind is Kind.DIFFERENT


def test_what_is_given_and_was_never_written_is_told(folder: Path) -> None:
    mm = sp.external("mm", source=folder / "mm.cc", args=ARGS)
    assert sp.verify(copied(mm, rows=1), called(mm), explain=False).kind is Kind.UNINITIALISED


@pytest.mark.parametrize("mode", ["exact", "ring"])
def test_a_function_of_one_program_does_what_its_reference_does(mode: str) -> None:
    right, wrong = (sp.external("mm", args=ARGS, reference=each) for each in (multiply, first_product))
    verdict = sp.verify(plain, called(right), mode=mode)
    assert verdict.kind is Kind.EQUAL
    assert "it is taken to do what its reference does" in str(verdict)
    assert sp.verify(plain, called(wrong), mode=mode, explain=False).kind is Kind.DIFFERENT
    assert sp.verify(called(right), called(wrong), mode=mode, explain=False).kind is Kind.DIFFERENT


@needs_compiler
def test_the_call_that_differs_is_told_with_inputs(folder: Path) -> None:
    mm, other = (sp.external("mm", source=folder / file, args=ARGS) for file in ("mm.cc", "other.cc"))
    found = str(sp.verify(called(mm), called(other)))
    assert "given_to_mm_of_mm_cc(3)" in found
    assert "given_to_mm_of_other_cc(3)" in found
    assert "is 1 in `calls` and -1 in `calls`" in found


@needs_compiler
def test_functions_that_differ_in_their_flags_alone_are_told_by_them(folder: Path) -> None:
    mm, other = (sp.external("mm", source=folder / "mm.cc", args=ARGS, flags=each) for each in ("", "-DWIDE=1.5"))
    found = str(sp.verify(called(mm), called(other)))
    assert "given_to_mm_of_mm_cc(3)" in found
    assert "given_to_mm_of_mm_cc_with_-DWIDE=1_5(3)" in found


@needs_compiler
def test_a_test_runs_functions_in_cpp(folder: Path) -> None:
    mm, other = (sp.external("mm", source=folder / file, args=ARGS) for file in ("mm.cc", "other.cc"))
    assert sp.verify(plain, called(mm), mode="test", samples=5).kind is Kind.AGREE
    assert sp.verify(plain, called(other), mode="test", samples=5).kind is Kind.DIFFERENT


def test_numbers_of_the_run_and_what_is_read_and_written_are_given_too(folder: Path) -> None:
    args = [sp.InOut(int32[2]), sp.In(int32)]
    add = sp.external("add", source=folder / "mm.cc", args=args)

    def twice(first: int, second: int) -> object:
        @sp.kernel()
        def adds(X: int32[2], Y: int32[2]):
            Y[:] = X
            add(Y, first)
            add(Y, second)

        return adds

    assert sp.verify(twice(1, 2), twice(1, 2))
    assert not sp.verify(twice(1, 2), twice(2, 1), explain=False)


def test_an_element_that_is_written_and_given_twice_is_a_fault(folder: Path) -> None:
    copy = sp.external("copy", source=folder / "mm.cc", args=[sp.In(int32[2]), sp.Out(int32[2])])

    @sp.kernel()
    def overlapping(X: int32[3]):
        copy(X[0:2], X[1:3])

    assert sp.verify(overlapping, overlapping).kind is Kind.FAULT


def test_a_call_that_writes_nothing_is_refused_with_its_line(folder: Path) -> None:
    shown = sp.external("shown", source=folder / "mm.cc", args=[sp.In(int32[2])])

    @sp.kernel()
    def shows(X: int32[2], Y: int32[2]):
        shown(X)
        Y[:] = X

    verdict = sp.verify(shows, shows)
    assert verdict.kind is Kind.REFUSED
    assert "a function in C++ that gives nothing back cannot be run on symbols" in str(verdict)
