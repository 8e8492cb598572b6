"""Parameters that are streams: the tokens that are taken are the same unknowns, those that come out are compared."""

import re

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int8, int16, int32
from spatial.verify.kinds import Kind

N = 6


def scaled(factor: int = 3, count: int = N, kept: sp.Int = int32, swapped: bool = False) -> object:
    """A kernel that multiplies so many tokens, and passes them on."""
    first, second = (1, 0) if swapped else (0, 1)

    @sp.kernel()
    def scale(a: Stream[int32, 4], b: Stream[int32, 4][2]):
        for i in range(count):
            x: int32 = a.get()
            y: kept = x * factor
            b[first].put(y)
            b[second].put(x)

    return scale


@sp.region()
def staged(x: Stream[int32, 2], y: Stream[int32, 2][2]):
    between: Stream[int32, 1]

    @sp.kernel()
    def pass_on():
        for i in range(N):
            v: int32 = x.get()
            between.put(v)
            y[1].put(v)

    @sp.kernel()
    def multiply():
        for i in range(N):
            y[0].put(between.get() * 3)


@sp.kernel()
def unending(a: Stream[int32, 4], b: Stream[int32, 4][2]):
    while True:
        x: int32 = a.get()
        b[0].put(3 * x)
        b[1].put(x)


@pytest.mark.parametrize("mode", ["exact", "ring", "test"])
def test_a_region_of_other_names_and_depths_is_the_kernel(mode: str) -> None:
    verdict = sp.verify(scaled(), staged, mode=mode)
    assert verdict.kind is (Kind.AGREE if mode == "test" else Kind.EQUAL)
    assert verdict.cells == (0 if mode == "test" else 2 * N)


@pytest.mark.parametrize("wrong", [scaled(kept=int16), scaled(swapped=True)])
def test_other_tokens_are_seen(wrong: object) -> None:
    verdict = sp.verify(scaled(), wrong, explain=False)
    assert verdict.kind is Kind.DIFFERENT
    assert "`b[0][0]` is not the same" in str(verdict)


def test_the_operation_and_tokens_that_show_it_are_told() -> None:
    found = str(sp.verify(scaled(), scaled(factor=4)))
    assert "i = 0: a[0] * 3" in found
    assert "is 3 in `scale` and 4 in `scale`" in found


@pytest.mark.parametrize("mode", ["exact", "test"])
def test_another_number_of_tokens_is_a_difference(mode: str) -> None:
    verdict = sp.verify(scaled(), scaled(count=N - 1), mode=mode)
    assert verdict.kind is Kind.DIFFERENT
    if mode == "exact":
        assert "`scale` takes 6 tokens from `a`, `scale` 5" in str(verdict)
        assert "`scale` puts 6 tokens into `b[0]`, `scale` 5" in str(verdict)


def test_what_takes_tokens_for_ever_is_compared_on_some() -> None:
    verdict = sp.verify(unending, unending)
    assert verdict
    assert verdict.cells == 512
    assert "all of the 256 tokens in `a` are taken" in str(verdict)
    assert sp.verify(unending, scaled(), explain=False).kind is Kind.DIFFERENT
    assert sp.verify(unending, scaled(), tokens={"a": N})


def test_tokens_that_are_given_may_decide() -> None:
    @sp.kernel()
    def sized(a: Stream[int32, 4], b: Stream[int32, 4]):
        count: int32 = a.get()
        for i in range(count):
            b.put(a.get() + 1)

    @sp.kernel()
    def fixed(a: Stream[int32, 4], b: Stream[int32, 4]):
        count: int32 = a.get()
        for i in range(2):
            b.put(a.get() + 1)

    assert sp.verify(sized, fixed).kind is Kind.REFUSED
    assert sp.verify(sized, fixed, inputs={"a": np.array([2, 8, 9], np.int32)})
    assert sp.verify(sized, fixed, inputs={"a": [1, 8, 9]}, explain=False).kind is Kind.DIFFERENT


def test_blocks_and_looking_ahead() -> None:
    @sp.kernel()
    def windows(a: Stream[int8[2], 4], b: Stream[int32[2], 4]):
        for i in range(3):
            out: int32[2]
            after = a.peek(1)
            here = a.get()
            for k in range(2):
                out[k] = here[k] * after[k]
            b.put(out)

    @sp.kernel()
    def kept(a: Stream[int8[2], 4], b: Stream[int32[2], 4]):
        for i in range(3):
            here = a.get()
            after = a.peek(0)
            out: int32[2]
            for k in range(2):
                out[k] = after[k] * here[k]
            b.put(out)

    @sp.kernel()
    def wrong(a: Stream[int8[2], 4], b: Stream[int32[2], 4]):
        for i in range(3):
            out: int32[2]
            after = a.peek(1)
            here = a.get()
            for k in range(2):
                out[k] = here[k] * after[1 - k]
            b.put(out)

    verdict = sp.verify(windows, kept)
    assert verdict, str(verdict)
    assert verdict.cells == 6
    assert sp.verify(windows, wrong, explain=False).different == 6


def test_another_way_of_a_stream_is_another_interface() -> None:
    @sp.kernel()
    def backward(b: Stream[int32, 4][2], a: Stream[int32, 4]):
        for i in range(N):
            a.put(b[0].get() + b[1].get())

    verdict = sp.verify(scaled(), backward)
    assert verdict.kind is Kind.INTERFACE
    assert "`a: Stream[int32], taken from`" in str(verdict)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"tokens": -1}, "`tokens` is how many, or a dictionary of that, not `-1`"),
        ({"tokens": {"b": 3}}, "`b[0]` is no stream that `scale` is given"),
        ({"inputs": {"a": 3}}, "`a` is a stream: it takes an array of tokens, not `3`"),
        ({"inputs": {"b": [3]}}, "`b` is not given: `scale` puts into it"),
    ],
)
def test_wrong_options_are_told(options: dict[str, object], told: str) -> None:
    with pytest.raises(sp.ProgramError, match=re.escape(told)):
        sp.verify(scaled(), scaled(), **options)


@pytest.mark.parametrize("mode", ["exact", "test"])
def test_a_program_that_looks_ahead_is_given_what_it_looks_at(mode: str) -> None:
    @sp.kernel()
    def paired(x: Stream[int32, 4], y: Stream[int32, 4]):
        for i in range(4):
            after: int32 = x.peek(1)
            y.put(after - x.get())

    assert sp.verify(paired, paired, mode=mode, samples=4)


def test_a_deadlock_for_want_of_tokens_tells_how_many_were_given() -> None:
    found = sp.verify(scaled(), staged, tokens={"a": N - 1})
    assert found.kind is Kind.DEADLOCK
    assert "`a` is given 5 tokens, and more are waited for: give it more by `tokens=` or `inputs=`" in str(found)
