"""Programs whose exported folders differ in what host programs have to do."""

import spatial as sp
from spatial import Stream, float32, int32

__all__ = ["called", "passed", "running_sum", "scaled"]

SIZE, BLOCK = 64, 16


@sp.region()
def scaled(A: float32[SIZE], B: float32[SIZE], by: float32, more: int32):
    """Numbers of each run."""
    given: Stream[float32[BLOCK], 2]
    made: Stream[float32[BLOCK], 2]

    @sp.kernel(args=[A])
    def load(A: float32[SIZE]):
        for i in range(SIZE // BLOCK):
            given.put(A[i * BLOCK : (i + 1) * BLOCK])

    @sp.kernel(args=[by, more])
    def work(by: float32, more: int32):
        for _ in range(SIZE // BLOCK):
            x = given.get()
            y: float32[BLOCK] = 0
            for j in range(BLOCK):
                y[j] = x[j] * by + more
            made.put(y)

    @sp.kernel(args=[B])
    def store(B: float32[SIZE]):
        for i in range(SIZE // BLOCK):
            B[i * BLOCK : (i + 1) * BLOCK] = made.get()


@sp.region()
def passed(a: Stream[int32[BLOCK], 2], b: Stream[int32[BLOCK], 2]):
    """Streams as parameters."""

    @sp.kernel()
    def work():
        for _ in range(SIZE // BLOCK):
            x = a.get()
            y: int32[BLOCK] = 0
            for j in range(BLOCK):
                y[j] = x[j] + 1
            b.put(y)


def running_sum(*, lasts: bool = False, taken: int = SIZE // BLOCK):
    """A kernel without an end that keeps a sum; it also counts calls where that `lasts`, and takes so many blocks."""
    count = SIZE // BLOCK

    @sp.region()
    def running_sum(A: int32[SIZE], B: int32[SIZE]):
        given: Stream[int32[BLOCK], count]
        made: Stream[int32[BLOCK], 2]

        @sp.kernel(args=[A])
        def load(A: int32[SIZE]):
            for i in range(count):
                given.put(A[i * BLOCK : (i + 1) * BLOCK])

        @sp.kernel()
        def add():
            with sp.meta_if(lasts):
                total: int32[BLOCK] @ sp.Stateful = 0
                for _ in range(taken):
                    x = given.get()
                    for j in range(BLOCK):
                        total[j] += x[j]
                    made.put(total)
            with sp.meta_else():
                total: int32[BLOCK] = 0
                while True:
                    x = given.get()
                    for j in range(BLOCK):
                        total[j] += x[j]
                    made.put(total)

        @sp.kernel(args=[B])
        def store(B: int32[SIZE]):
            for i in range(taken):
                B[i * BLOCK : (i + 1) * BLOCK] = made.get()

    return running_sum


def called(source):
    """A function in C++."""
    twice = sp.external("twice", args=[sp.In(int32[BLOCK]), sp.Out(int32[BLOCK])], source=source)

    @sp.region()
    def called(A: int32[SIZE], B: int32[SIZE]):
        given: Stream[int32[BLOCK], 2]
        made: Stream[int32[BLOCK], 2]

        @sp.kernel(args=[A])
        def load(A: int32[SIZE]):
            for i in range(SIZE // BLOCK):
                given.put(A[i * BLOCK : (i + 1) * BLOCK])

        @sp.kernel()
        def work():
            for _ in range(SIZE // BLOCK):
                x = given.get()
                y: int32[BLOCK] = 0
                twice(x, y)
                made.put(y)

        @sp.kernel(args=[B])
        def store(B: int32[SIZE]):
            for i in range(SIZE // BLOCK):
                B[i * BLOCK : (i + 1) * BLOCK] = made.get()

    return called
