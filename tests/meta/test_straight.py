"""The compiled walk over a kernel's body finds what the walk statement by statement does."""

import pytest

import spatial as sp
from spatial.meta.straight import Tracing
from tests.sim.programs import region_of

REGION = """
@sp.region()
def net(A: int32[4, 6]):
    f: Stream[int32, 2][5, 3]
    @sp.kernel(mapping=[4, 3], args=[A])
    def pe(A: int32[4, 6]):
        i, j = sp.get_pid()
        last = i == 3
        buf: int32[i + 1]
        with sp.meta_if(j == 2):
            pass
        with sp.meta_elif(last):
            for n in sp.meta_for(2):
                x: int32 = f[i + 1, j].get() + n * i
        with sp.meta_else():
            for n in sp.meta_for(2):
                f[i + 2, j].put(A[i, 2 * j + 1])
    @sp.kernel()
    def rest():
        BODY
"""


def walks(monkeypatch: pytest.MonkeyPatch, text: str) -> tuple[str, str, int]:
    """What a program becomes with the compiled walk and without it, and how often the other one was taken."""
    slow, others = Tracing.quick, []

    def quick(tracing, pid):
        found = slow(tracing, pid)
        if found is None:
            others.append(pid)
        return found

    made = []
    for way in (quick, lambda tracing, pid: None):
        monkeypatch.setattr(Tracing, "quick", way)
        try:
            made.append(str(sp.build(region_of(text)).module))
        except sp.ProgramError as error:
            made.append("\n".join(problem.report().title for problem in error.problems))
    return made[0], made[1], len(others)


@pytest.mark.parametrize("index", ["i + 2", "i + 3"])
def test_both_walks_find_the_same(monkeypatch, index):
    gets = "for i in sp.meta_for(2, 5):\n            for j in sp.meta_for(2):\n                for n in range(2):\n"
    body = gets + "                    y: int32 = f[i, j].get()"
    quick, slow, others = walks(monkeypatch, REGION.replace("BODY", body).replace("f[i + 2, j]", f"f[{index}, j]"))
    assert quick == slow
    assert (others > 0) == (index == "i + 3")


def test_a_kernel_that_calls_functions_is_walked_statement_by_statement(monkeypatch):
    text = """
@sp.region()
def net(A: int32[2]):
    @sp.kernel(mapping=[2], args=[A])
    def pe(A: int32[2]):
        i = sp.get_pid()
        def twice(x: int32) -> int32:
            return 2 * x
        A[i] = twice(A[i])
"""
    quick, slow, others = walks(monkeypatch, text)
    assert quick == slow
    assert others == 2
