"""Functions that kernels call: their values, and that a call costs no time of its own."""

import numpy as np
import pytest

import spatial as sp
from spatial import Int, Stream, float32, int8, int16, int32
from spatial.region.program import compile_region
from tests.kernel import helpers_elsewhere
from tests.kernel.helpers_elsewhere import position, send_all, shifted


def run_of(body, *inputs, size=8):
    """What a kernel of one PE leaves in an array of `size` integers; inputs are int32 arrays of 8."""
    C = np.zeros(size, np.int32)
    arrays = [np.asarray(given, np.int32) for given in inputs]
    run = sp.simulate(body, *arrays, C)
    return C.tolist(), run


A = np.arange(8, dtype=np.int32)


def clip(x, low=0, high=100):
    if x < low:
        return low
    if x > high:
        return high
    return x


def fill(target, value):
    for k in range(len(target)):
        target[k] = value


def accumulate(x: int8) -> int16:
    x += 1
    return x


def total(values, low, high):
    """A balanced tree of additions; the recursion is decided at compile time."""
    with sp.meta_if(high - low == 1):
        return values[low]
    middle = (low + high) // 2
    return total(values, low, middle) + total(values, middle, high)


def power(x, n):
    with sp.meta_if(n == 0):
        return 1
    with sp.meta_elif(n % 2 == 1):
        return x * power(x, n - 1)
    half = power(x, n // 2)
    return half * half


def twice(function, x):
    return function(function(x))


class Scale:
    def __init__(self, factor):
        self.factor = factor

    def apply(self, x):
        return x * self.factor


TRIPLE = Scale(3)


def test_scalars_are_passed_by_value():
    def bump(x):
        x += 1
        return x

    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            n: int32 = 5
            C[0] = bump(n)
            C[1] = n
            C[2] = bump(A[3])
            C[3] = A[3]

    assert run_of(region, A)[0][:4] == [6, 5, 4, 3]


def test_every_way_returns_its_value():
    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            for k in range(8):
                C[k] = clip(A[k] * 30 - 40, high=99)

    assert run_of(region, A)[0] == [min(max(30 * k - 40, 0), 99) for k in range(8)]


def test_functions_call_functions_by_keyword():
    def first(x, y):
        return x - y

    def swapped(x, y):
        return first(y, x)

    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            C[0] = swapped(y=A[1], x=A[7])

    assert run_of(region, A)[0][0] == -6


def test_arrays_and_slices_are_passed_by_reference():
    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            grid: int32[2, 3]
            fill(C, 7)
            fill(C[2:6:2], 5)
            fill(grid[1], 9)
            C[7] = grid[1, 2]

    assert run_of(region, A)[0] == [7, 7, 5, 7, 5, 7, 7, 9]


def test_declared_types_convert():
    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            C[0] = accumulate(A[7] * 100)
            C[1] = helpers_elsewhere.narrow(A[7])

    assert run_of(region, A)[0][:2] == [np.int8(700 - 512 - 256) + 1, -8]


def test_compile_time_arguments_decide():
    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            C[0] = total(A, 0, 8)
            C[1] = power(A[3], 5)
            for n in sp.meta_for(3):
                C[2 + n] = power(A[2], n)

    assert run_of(region, A)[0][:5] == [28, 243, 1, 2, 4]


def test_functions_are_values_at_compile_time():
    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            base = A[1]

            def above(x):
                return x + base

            operations = [lambda x: x + 1, lambda x: x * 2]
            C[0] = twice(above, A[5])
            C[1] = twice(lambda x: x * base * 3, A[2])
            for n in sp.meta_for(2):
                C[2 + n] = operations[n](A[4])
            C[4] = TRIPLE.apply(A[6])

    assert run_of(region, A)[0][:5] == [7, 18, 5, 8, 18]


def test_functions_inside_see_the_names_around_as_they_are():
    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            state: int32 = 1

            def scaled(x, by=3):
                local = x * by
                return local + state

            C[0] = scaled(A[1])
            state = 10
            C[1] = scaled(A[1], by=A[2])
            local = 4
            for k in range(2, 8):
                state = k
                C[k] = scaled(local)

    assert run_of(region, A)[0] == [4, 12, 14, 15, 16, 17, 18, 19]


def test_functions_inside_are_evaluated_where_all_is_known():
    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(mapping=[2], args=[C])
        def pe(C: int32[8]):
            p = sp.get_pid()

            def place(n):
                return 4 * p + n

            extent = lambda n: n + 1  # noqa: E731
            with sp.meta_if(place(0) == 4):
                C[place(3)] = 1
            for n in sp.meta_for(extent(1)):
                C[place(n)] = place(n) + 10

    assert run_of(region, A)[0] == [10, 11, 0, 0, 14, 15, 0, 1]


@pytest.mark.parametrize("count", [1, 4])
def test_channels_are_passed_by_reference(count):
    def relay(source, target, many):
        for _ in range(many):
            target.put(shifted(source.get()))

    @sp.region()
    def region(A: int32[8], C: int32[8]):
        lanes: Stream[int32, 2][3]

        @sp.kernel(args=[A])
        def start(A: int32[8]):
            send_all(lanes[0], A, count)

        @sp.kernel(mapping=[2])
        def middle():
            p = sp.get_pid()
            relay(lanes[p], lanes[p + 1], count)

        @sp.kernel(args=[C])
        def end(C: int32[8]):
            for k in range(count):
                C[k] = lanes[2].get()

    values, run = run_of(region, A)
    assert values[:count] == [200 + k for k in range(count)]
    assert run.cycles == count + 3


def test_the_position_is_that_of_the_caller():
    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(mapping=[2, 4], args=[C])
        def pe(C: int32[8]):
            i, j = sp.get_pid()
            C[i * 4 + j] = position()

    assert run_of(region, A)[0] == [0, 1, 2, 3, 10, 11, 12, 13]


def test_a_call_takes_no_time_of_its_own():
    def weighted(a, b):
        return a * 3 + b

    @sp.region()
    def called(A: int32[8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            for k in range(8):
                C[k] = weighted(A[k], k)

    @sp.region()
    def written_out(A: int32[8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            for k in range(8):
                C[k] = A[k] * 3 + k

    one, other = run_of(called, A), run_of(written_out, A)
    assert one[0] == other[0]
    assert one[1].cycles == other[1].cycles == 8


def test_calls_stand_in_conditions():
    def below(x, limit):
        return x < limit

    def next_of(n):
        n += 1
        return n

    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            n: int32 = 0
            while below(n, 5):
                C[n] = 1 if below(A[n], 3) and not below(A[n], 1) else 2
                n = next_of(n)
            if below(n, 6):
                C[7] = n

    assert run_of(region, A)[0] == [2, 1, 1, 2, 2, 0, 0, 5]


def test_pes_that_call_alike_share_a_function():
    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(mapping=[8], args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            p = sp.get_pid()
            C[p] = clip(A[p] * p, 2, 10 + p)

    assert run_of(region, A)[0] == [min(max(k * k, 2), 10 + k) for k in range(8)]
    assert len(compile_region(region).graph.specializations) == 1


def test_shapes_are_known():
    def sizes(part):
        return part.shape[0] * 100 + part.ndim * 10 + part.size

    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            table: float32[2, 3]
            copy: int32[A.shape[0] // 2, len(C)]
            C[0] = sizes(table)
            C[1] = sizes(table[0])
            C[2] = sizes(A[2:6])
            C[3] = copy.size
            with sp.meta_if(len(A) == 8):
                C[4] = A.ndim

    assert run_of(region, A)[0][:5] == [226, 313, 414, 32, 1]


def test_integers_grow_inside_a_function_as_outside():
    def plus(a, b):
        return a + b

    @sp.region()
    def region(A: int32[8], C: int32[8]):
        @sp.kernel(args=[A, C])
        def pe(A: int32[8], C: int32[8]):
            x: Int(4) = 7
            y: Int(4) = 7
            C[0] = plus(x, y)

    assert run_of(region, A)[0][0] == 14
