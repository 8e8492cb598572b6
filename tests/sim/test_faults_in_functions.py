"""What goes wrong in a function while the program runs is told with the calls that led there."""

from pathlib import Path

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32


def quotient(a, b):
    assert a >= 0
    return a // b


def halved(a, b):
    return quotient(a, b) + quotient(b, a)


def push(lane, count):
    for k in range(count):
        lane.put(k)


def texts(error):
    """What is told, each label with the text it stands under."""
    report = error.value.problems[0].report()
    return [label.text for label in (report.primary, *report.related)]


def lines(error):
    report = error.value.problems[0].report()
    source = Path(__file__).read_text(encoding="utf-8").splitlines()
    return [source[label.span.line - 1].strip() for label in (report.primary, *report.related)]


def dividing():
    @sp.region()
    def program(A: int32[2]):
        @sp.kernel()
        def pe(A: int32[2]):
            A[0] = halved(A[0], A[1])

    return program


def test_a_division_by_zero_tells_of_the_calls_around_it():
    with pytest.raises(sp.ProgramError) as error:
        sp.simulate(dividing(), np.array([0, 4], np.int32))
    assert texts(error) == ["while this ran", "in this call of `quotient`", "in this call of `halved`"]
    told = ["return a // b", "return quotient(a, b) + quotient(b, a)", "A[0] = halved(A[0], A[1])"]
    assert lines(error) == told
    assert error.value.problems[0].report().related[0].span.column > len("    return quotient(a, b)")


def test_an_assertion_tells_of_the_calls_around_it():
    with pytest.raises(sp.ProgramError) as error:
        sp.simulate(dividing(), np.array([-1, 4], np.int32))
    assert texts(error)[1:] == ["in this call of `quotient`", "in this call of `halved`"]


def test_a_deadlock_tells_of_the_calls_around_what_waits():
    @sp.region()
    def program(Y: int32[1]):
        there: Stream[int32, 2]
        back: Stream[int32, 2]

        @sp.kernel()
        def ping(Y: int32[1]):
            push(there, 4)
            Y[0] = back.get()

        @sp.kernel()
        def pong():
            push(back, 4)
            there.get()

    with pytest.raises(sp.Deadlock) as error:
        sp.simulate(program, np.zeros(1, np.int32))
    assert [text for text in texts(error) if text.startswith("in this")] == ["in this call of `push`"] * 2
    assert [line for line in lines(error) if line.startswith("push")] == ["push(there, 4)", "push(back, 4)"]


def test_a_livelock_tells_of_the_calls_around_what_polls():
    def awaited(lane):
        while lane.empty():
            pass
        return lane.get()

    @sp.region()
    def program(Y: int32[1]):
        a: Stream[int32, 2]
        b: Stream[int32, 2]

        @sp.kernel()
        def left(Y: int32[1]):
            Y[0] = awaited(a)
            b.put(1)

        @sp.kernel()
        def right():
            x = awaited(b)
            a.put(x)

    with pytest.raises(sp.Livelock) as error:
        sp.simulate(program, np.zeros(1, np.int32))
    assert texts(error).count("in this call of `awaited`") == 2
