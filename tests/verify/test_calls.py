"""What keeps values from call to call is compared for a sequence of calls, each with inputs of its own."""

import pytest

import spatial as sp
from spatial import Stream, int8, int32
from spatial.verify.kinds import Kind

N = 3


def running(X: int32[N], Y: int32[N]):
    total: int32 @ sp.Stateful = 0
    for i in range(N):
        total += X[i]
        Y[i] = total


def anew(X: int32[N], Y: int32[N]):
    total: int32 = 0
    for i in range(N):
        total += X[i]
        Y[i] = total


def narrow(X: int32[N], Y: int32[N]):
    kept: int8 @ sp.Stateful = 0
    total: int32 = kept
    for i in range(N):
        total += X[i]
        Y[i] = total
    kept = total


def until_the_third(X: int32[N], Y: int32[N]):
    total: int32 @ sp.Stateful = 0
    call: int32 @ sp.Stateful = 0
    call += 1
    for i in range(N):
        total += X[i]
        Y[i] = 0 if call == 3 else total


@pytest.mark.parametrize("mode", ["exact", "ring"])
def test_two_calls_are_compared_where_state_is_kept(mode: str) -> None:
    verdict = sp.verify(running, running, mode=mode)
    assert verdict.kind is Kind.EQUAL
    assert verdict.cells == 2 * N
    assert "`running[0].total` keeps its values from one call to the next: this is about the first 2 calls" in str(
        verdict
    )
    for other in (anew, narrow):
        assert sp.verify(running, other, mode=mode, explain=False).kind is Kind.DIFFERENT
        assert sp.verify(running, other, mode=mode, calls=1).cells == N


def test_numbers_that_are_kept_decide_what_a_later_call_does() -> None:
    assert sp.verify(running, until_the_third)
    verdict = sp.verify(running, until_the_third, calls=3)
    assert verdict.kind is Kind.DIFFERENT
    found = str(verdict)
    assert "i = 0: running[0].total + X[0]" in found
    assert "in call 3" in found
    assert "`call 3: Y" in found


@pytest.mark.parametrize("other", [anew, narrow])
def test_a_test_calls_as_often_and_gives_other_inputs_each_time(other: object) -> None:
    assert sp.verify(running, running, mode="test", samples=5).kind is Kind.AGREE
    found = sp.verify(running, other, mode="test", samples=20)
    assert found.kind is Kind.DIFFERENT
    assert "`call 2: Y[0]`" in str(found)
    assert "  call 2: X = [" in str(found)
    assert sp.verify(running, other, mode="test", samples=5, calls=1)


def test_each_call_takes_its_own_tokens() -> None:
    def summed(more: int):
        @sp.kernel()
        def adds(x: Stream[int32, 2], y: Stream[int32, 2]):
            total: int32 @ sp.Stateful = 0
            count: int32 @ sp.Stateful = 2
            for i in range(count):
                total += x.get()
            count += more
            y.put(total)

        return adds

    assert sp.verify(summed(1), summed(1), calls=3)
    assert sp.verify(summed(0), summed(1), calls=1)
    verdict = sp.verify(summed(0), summed(1))
    assert verdict.kind is Kind.DIFFERENT
    assert "`adds` takes 2 tokens from `x`, `adds` 3" in str(verdict)
    assert "note: in call 2" in str(verdict)


def test_without_state_there_is_one_call_and_its_number_is_checked() -> None:
    assert sp.verify(anew, anew).cells == N
    with pytest.raises(sp.ProgramError, match="`calls` is an integer of at least 1, not `0`"):
        sp.verify(anew, anew, calls=0)
