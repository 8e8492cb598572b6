"""What is wrong with one program alone has a verdict of its own."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, float32, int8, int16, int32, uint8
from spatial.verify.kinds import Kind

N = 8


def plain(X: int32[N], Y: int32[N]):
    for i in range(N):
        Y[i] = X[i] + 1


def through(depth: int, *, ahead: int = 0, extra: int = 0):
    """The same through a channel, of which the reader first wants `ahead` tokens of another."""

    @sp.region()
    def streamed(X: int32[N], Y: int32[N]):
        values: Stream[int32, depth]
        order: Stream[int32, depth]

        @sp.kernel(args=[X])
        def load(X: int32[N]):
            for i in range(ahead):
                values.put(X[i])
            order.put(0)
            for i in range(ahead, N):
                values.put(X[i])
            for i in range(extra):
                values.put(X[i])

        @sp.kernel(args=[Y])
        def store(Y: int32[N]):
            go: int32 = order.get()
            for i in range(N):
                Y[i] = values.get() + 1

    return streamed


def test_channels_as_deep_as_needed_are_equal() -> None:
    assert sp.verify(plain, through(4, ahead=4))


def test_deadlock_at_the_declared_depth() -> None:
    verdict = sp.verify(plain, through(2, ahead=4))
    assert verdict.kind is Kind.DEADLOCK
    assert "waits to put into `values` (2/2 full)" in str(verdict)


def test_tokens_that_are_left() -> None:
    verdict = sp.verify(plain, through(2, extra=1))
    assert verdict.kind is Kind.TOKENS_LEFT


def test_built_module_is_compared_at_its_depths() -> None:
    assert sp.verify(plain, sp.build(through(2, ahead=4), depths={"values": 4}))


def test_out_of_bounds() -> None:
    def beyond(X: int32[N], Y: int32[N]):
        for i in range(N):
            Y[i] = X[i + i // 7] + 1

    assert sp.verify(plain, beyond).kind is Kind.OUT_OF_BOUNDS


def test_memory_that_nothing_was_written_to() -> None:
    def stale(X: int32[N], Y: int32[N]):
        buffer: int32[N]
        for i in range(N):
            if i > 0:
                buffer[i] = X[i] + 1
            Y[i] = buffer[i]

    verdict = sp.verify(stale, stale)
    assert verdict.kind is Kind.UNINITIALISED
    assert "`Y[0]` depends on memory" in str(verdict)


def test_the_line_is_told_that_reads_what_was_never_written_and_where_it_is_declared() -> None:
    def stale(X: int32[N], Y: int32[N]):
        buffer: int32[N]
        for i in range(N):
            if i != 3:
                buffer[i] = X[i]
            Y[i] = buffer[i] + 1

    found = str(sp.verify(plain, stale))
    assert "`Y[3]` depends on memory" in found
    assert "`stale`, `stale[0]`, i = 3: uninitialised + 1" in found
    assert "`buffer` begins undefined" in found
    assert "`buffer[:] = 0`" in found


@pytest.mark.parametrize("mode", ["exact", "ring"])
def test_a_division_by_a_number_that_is_zero_is_a_fault(mode: str) -> None:
    def divided(X: int32[N], Y: int32[N]):
        for i in range(N):
            Y[i] = X[i] // (i - 3)

    def guarded(X: int32[N], Y: int32[N]):
        for i in range(N):
            if i != 3:
                Y[i] = X[i] // (i - 3)

    verdict = sp.verify(divided, divided, mode=mode)
    assert verdict.kind is Kind.FAULT
    assert "`divided` fails in `divided[0]`: division by zero" in str(verdict)
    assert sp.verify(guarded, guarded, mode=mode)


@pytest.mark.parametrize("mode", ["exact", "test"])
def test_programs_that_give_nothing_back_are_not_called_equal(mode: str) -> None:
    def summed(X: int32[N]):
        total: int32 = 0
        for i in range(N):
            total += X[i]

    verdict = sp.verify(summed, summed, mode=mode)
    assert verdict.kind is Kind.REFUSED
    assert "neither `summed` nor `summed` writes an array" in str(verdict)


def test_answers_that_depend_on_time() -> None:
    @sp.region()
    def polled(X: int32[N], Y: int32[N]):
        values: Stream[int32, 2]

        @sp.kernel(args=[X])
        def load(X: int32[N]):
            for i in range(N):
                values.put(X[i])

        @sp.kernel(args=[Y])
        def store(Y: int32[N]):
            i: int32 = 0
            while i < N:
                done, value = values.try_get()
                if done:
                    Y[i] = value + 1
                    i += 1

    assert sp.verify(plain, polled).kind is Kind.NONDETERMINISTIC


def test_data_that_decides_how_often_a_loop_runs_is_refused_with_its_line() -> None:
    def counted(X: int32[N], Y: int32[N]):
        for i in range(X[0]):
            Y[i] = X[i] + 1

    verdict = sp.verify(plain, counted)
    assert verdict.kind is Kind.REFUSED
    assert "for i in range(X[0])" in str(verdict)
    assert 'mode="test"' in str(verdict)


def test_a_number_that_decides_may_be_given() -> None:
    def counted(n: int32, X: int32[N], Y: int32[N]):
        for i in range(n):
            Y[i] = X[i] + 1

    def whole(n: int32, X: int32[N], Y: int32[N]):
        for i in range(N):
            Y[i] = X[i] + 1

    assert sp.verify(counted, whole).kind is Kind.REFUSED
    assert sp.verify(counted, whole, inputs={"n": N})
    assert not sp.verify(counted, whole, inputs={"n": N - 1}, explain=False)


def test_branches_are_choices() -> None:
    def branched(X: int32[N], Y: int32[N]):
        for i in range(N):
            if X[i] > 0:
                Y[i] = X[i]
            else:
                Y[i] = 0

    def chosen(X: int32[N], Y: int32[N]):
        for i in range(N):
            Y[i] = X[i] if X[i] > 0 else 0

    def largest(X: int32[N], Y: int32[N]):
        for i in range(N):
            Y[i] = max(X[i], 0)

    assert sp.verify(chosen, chosen)
    assert sp.verify(branched, branched)
    assert not sp.verify(chosen, largest, explain=False)


@pytest.mark.parametrize("element", [int8, uint8])
def test_widths_and_signs_are_seen(element: sp.Int) -> None:
    def wide(X: element[N], Y: int32[N]):
        for i in range(N):
            Y[i] = X[i] * X[i]

    def buffered(X: element[N], Y: int32[N]):
        for i in range(N):
            square: int16 = X[i] * X[i]
            Y[i] = square

    def narrow(X: element[N], Y: int32[N]):
        for i in range(N):
            square: element = X[i] * X[i]
            Y[i] = square

    assert bool(sp.verify(wide, buffered)) is (element is int8)
    assert not sp.verify(wide, narrow, explain=False)
    assert sp.verify(narrow, narrow)


def test_known_weights_are_numbers() -> None:
    weights = np.array([1.5, -2.0, 0.0, 3.25], np.float32)

    def one(X: float32[4], Y: float32[4]):
        for i in range(4):
            Y[i] = X[i] * weights[i]

    def other(X: float32[4], Y: float32[4]):
        W: float32[4] = weights
        for i in range(4):
            Y[i] = W[i] * X[i]

    for mode in ("exact", "ring"):
        assert sp.verify(one, other, mode=mode)
        assert sp.verify(one, other, mode=mode, reassociate=mode == "ring")


def test_a_design_for_hardware_is_compared_as_its_code_says() -> None:
    assert sp.verify(plain, sp.build(through(4, ahead=4), target="hls"))
