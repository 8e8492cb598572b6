"""Programs that compile, each for a feature of the language."""

import math

import ml_dtypes
import numpy as np

import spatial
import spatial as sp
from spatial import (
    Int,
    Stream,
    UInt,
    bfloat16,
    bool_,
    float16,
    float32,
    float64,
    index,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)
from spatial import kernel as actor
from spatial import region as network
from spatial.kernel.declared.definition import kernel

WEIGHTS = np.arange(12, dtype=np.int8).reshape(3, 4)
HALVES = np.array([0.5, -1.5], dtype=ml_dtypes.bfloat16)
FLAGS = np.array([True, False, True])
SCALE = np.float32(0.5)
OFFSET = np.int64(3)


def systolic(m, n, k):
    """The output-stationary array of the design, as a closure over its sizes."""

    @sp.region()
    def systolic(A: float32[m, k], B: float32[k, n], C: float32[m, n]):
        fifo_A: Stream[float32, 4][m + 2, n + 2]
        fifo_B: Stream[float32, 4][m + 2, n + 2]

        @sp.kernel(mapping=[m + 2, n + 2], args=[A, B, C])
        def pe(A: float32[m, k], B: float32[k, n], C: float32[m, n]):
            i, j = sp.get_pid()
            with sp.meta_if(i in {0, m + 1} and j in {0, n + 1}):
                pass
            with sp.meta_elif(j == 0):
                for t in range(k):
                    fifo_A[i, j + 1].put(A[i - 1, t])
            with sp.meta_elif(i == 0):
                for t in range(k):
                    fifo_B[i + 1, j].put(B[t, j - 1])
            with sp.meta_elif(i == m + 1):
                for t in range(k):
                    b: float32 = fifo_B[i, j].get()
            with sp.meta_elif(j == n + 1):
                for t in range(k):
                    a: float32 = fifo_A[i, j].get()
            with sp.meta_else():
                acc: float32 = 0
                for t in range(k):
                    a: float32 = fifo_A[i, j].get()
                    b: float32 = fifo_B[i, j].get()
                    acc += a * b
                    fifo_A[i, j + 1].put(a)
                    fifo_B[i + 1, j].put(b)
                C[i - 1, j - 1] = acc

    return systolic


systolic_2x2 = systolic(2, 2, 8)


@sp.region()
def without_parameters():
    fifo: Stream[int32, 2]

    @sp.kernel()
    def source(A: int32[4]):
        for k in range(4):
            fifo.put(A[k])

    @sp.kernel
    def sink(C: int32[4]):
        for k in range(4):
            C[k] = fifo.get()


@spatial.region()
def dotted_decorators(C: int32[1]):
    @spatial.kernel(mapping=[1], args=[C])
    def pe(C: int32[1]):
        C[0] = 1


@network()
def renamed_imports(C: int32[2]):
    @actor(mapping=[2], args=[C])
    def pe(C: int32[2]):
        p = spatial.get_pid()
        C[p] = p


@sp.region
def without_parentheses(C: int32[1]):
    @kernel
    def pe(C: int32[1]):
        C[0] = 1


@sp.region()
def three_axes(C: int32[2, 3, 4]):
    """A docstring is no statement."""

    @sp.kernel(mapping=(2, 3, np.int64(4)), args=(C,))
    def pe(C: int32[2, 3, 4]):
        """Nor is this."""
        i, j, k = sp.get_pid()
        C[i, j, k] = i * 100 + j * 10 + k


@sp.region()
def position_under_one_name(C: int32[2, 2]):
    @sp.kernel(mapping=[2, 2], args=[C])
    def pe(C: int32[2, 2]):
        p = sp.get_pid()
        C[p[0], p[1]] = p[0] + p[1]


@sp.region()
def unused_parameter(A: int32[4], C: int32[4]):
    @sp.kernel(args=[A, C])
    def pe(A: int32[4], C: int32[4]):
        C[0] = 1


@sp.region()
def streams_of_pipes(A: int32[3], C: int32[3]):
    lanes = sp.array(sp.pipe(dtype=int32, depth=3), shape=3)
    row = [sp.pipe(dtype=int32) for _ in range(3)]
    first, last = sp.pipe(dtype=int32, depth=1), sp.pipe(dtype=int32, depth=1)

    for n in range(3):

        @sp.kernel(args=[A])
        def source(A: int32[3]):
            row[n].put(A[n])

    @sp.kernel(mapping=[3])
    def relay():
        i = sp.get_pid()
        lanes[i].put(row[i].get())

    @sp.kernel(args=[C])
    def sink(C: int32[3]):
        first.put(1)
        for n in sp.meta_for(3):
            C[n] = lanes[n].get()
        C[0] += last.get()

    @sp.kernel
    def loop():
        last.put(first.get())


def forward(source, depth):
    """An ordinary function that makes a stream and an actor."""
    target = sp.pipe(dtype=int32, depth=depth)

    @sp.kernel
    def forwarder():
        for _ in range(4):
            target.put(source.get())

    return target


@sp.region()
def made_by_functions(A: int32[4], C: int32[4]):
    def entry():
        head: Stream[int32, 2]

        @sp.kernel(args=[A])
        def feed(A: int32[4]):
            for k in range(4):
                head.put(A[k])

        return head

    chain = entry()
    for _ in range(3):
        chain = forward(chain, 2)

    @sp.kernel(args=[C])
    def collect(C: int32[4]):
        for k in range(4):
            C[k] = chain.get()


@sp.region()
def aliases_of_channels(A: int32[2, 2]):
    fifo: Stream[int32, 2][2, 3]

    @sp.kernel(mapping=[2, 3], args=[A])
    def pe(A: int32[2, 2]):
        i, j = sp.get_pid()
        with sp.meta_if(j < 2):
            out = fifo[i, j + 1]
            out.put(A[i, j])
        with sp.meta_if(j > 0):
            come = fifo[i, j]
            come.get()


@sp.region()
def repetitions(C: int32[4, 4]):
    @sp.kernel(mapping=[4], args=[C])
    def pe(C: int32[4, 4]):
        i = sp.get_pid()
        for n in sp.meta_for(4):
            C[i, n] = n
        with sp.meta_for(i, 4) as n:
            C[i, n] = 2 * n
        for n in sp.meta_for(0, 4, 2):
            for m, s in sp.meta_for([(0, 1), (1, -1)]):
                C[i, n] += m * s
        for n in sp.meta_for(range(2)):
            with sp.meta_if(n == i):
                C[i, n] = -1


@sp.region()
def tables(C: int32[4], F: bfloat16[2], B: bool_[3]):
    @sp.kernel(mapping=[3], args=[C, F, B])
    def pe(C: int32[4], F: bfloat16[2], B: bool_[3]):
        i = sp.get_pid()
        row = WEIGHTS[i]
        for k in range(4):
            C[k] += WEIGHTS[i, k] + WEIGHTS[i][k]
        with sp.meta_if(i == 0):
            local: int8[4] = WEIGHTS[1]
            for k in range(4):
                C[k] += local[k] * row[3] + OFFSET
            for k in range(2):
                F[k] = HALVES[k] * SCALE
            for k in range(3):
                B[k] = FLAGS[k] and B[k]
        C[0] += WEIGHTS[i, 0]


@sp.region()
def rows_of_a_table(C: int32[3]):
    @sp.kernel(mapping=[3], args=[C])
    def pe(C: int32[3]):
        i = sp.get_pid()
        for k in range(4):
            C[i] += WEIGHTS[i][k]


@sp.region()
def slices(A: int32[4, 6], B: int32[6], C: float32[4, 6]):
    @sp.kernel(mapping=[2], args=[A, B, C])
    def pe(A: int32[4, 6], B: int32[6], C: float32[4, 6]):
        i = sp.get_pid()
        A[2, 3 * i : 3 * i + 3] = B[::2]
        with sp.meta_if(i == 0):
            A[0] = B
            A[1, :] = 7
            A[0:2, 0] = 0
            A[3, -2:] = B[:-4]
            A[1:3][1][0] = 5
            row = A[3]
            row[0] = 1
            block: int32[2, 6] = A[0:2]
            block[1, 1:6:2] = row[0:3]
            C[0:2] = A[0:2]
            for k in range(6):
                A[0, k] = row[k] + block[1][k]


@sp.region()
def control(A: int32[8], C: int32[8]):
    @sp.kernel(args=[A, C])
    def pe(A: int32[8], C: int32[8]):
        k = 0
        while k < 8 and A[k] != 0:
            if A[k] > 3:
                C[k] = 1
            elif A[k] < -3 or not A[k] == -1:
                C[k] = 2
            else:
                C[k] = 3
            k += 1
        for i, j in sp.grid(2, 4, name="box", pipeline=2):
            sign = 1 if A[4 * i + j] > 0 else -1
            C[4 * i + j] = sign * C[4 * i + j]
        for n in range(A[0] & 7):
            for m in range(n, 8, 3):
                C[m] = n
        for n in range(2, 8, name="tail", pipeline=sp.Pipeline(ii=1, latency=3, style="rigid")):
            C[n] = min(C[n], 3, n) + max(2, A[n], 1, 4) - abs(A[n])
        low = 0 < A[0] <= 5
        if low:
            C[0] = 0


@sp.region()
def types(
    a: int8[2], b: int16[2], c: int32[2], d: int64[2], e: uint8[2], f: uint16[2], g: uint32[2], h: uint64[2],
    i: Int(5)[2], j: UInt(200)[2], k: float16[2], t: bfloat16[2], m: float32[2], n: float64[2], o: bool_[2],
    p: index[2], q: Int(1024)[2], r: int32[2], s: bool_[2],
):  # fmt: skip
    @sp.kernel
    def integers(
        a: int8[2], b: int16[2], c: int32[2], d: int64[2], e: uint8[2], f: uint16[2], g: uint32[2], h: uint64[2],
        i: Int(5)[2], j: UInt(200)[2], o: bool_[2], p: index[2], q: Int(1024)[2],
    ):  # fmt: skip
        a[0] = a[1] + e[1]
        b[0] = b[1] * f[1] - 1
        c[0] = c[1] // g[1] % 7
        d[0] = -d[1] / h[1]
        e[0] = 255
        f[0] = ~f[1] & 65535 | a[1]
        g[0] = g[1] << 3 >> e[1] ^ i[1]
        h[0] = abs(d[1])
        i[0] = -16
        j[0] = j[1] + (1 << 199)
        o[0] = o[1] != (a[1] < e[1])
        p[0] = p[1] + 1
        q[0] = q[1] << a[1]
        q[1] = q[0] >> d[1]
        a[1] = int8(c[1]) + bool(b[1]) + o[0] * True

    @sp.kernel
    def floats(k: float16[2], t: bfloat16[2], m: float32[2], n: float64[2], r: int32[2], s: bool_[2]):
        k[0] = k[1] * 0.1 + t[1]
        t[0] = t[1] // 2 % 3
        m[0] = math.pi * m[1] / r[1]
        n[0] = n[1] - m[1]
        r[0] = int32(m[0])
        s[0] = m[0] >= n[0]
        m[1] = r[0]
        k[1] = float16(max(m[0], n[0], 0.0))


EXTENT = 4


@sp.region()
def locals_of_all_kinds(C: int32[EXTENT]):
    @sp.kernel(mapping=[2], args=[C])
    def pe(C: int32[EXTENT]):
        p = sp.get_pid()
        size = EXTENT + p
        buffer: int32[size]
        total: int32 = 0
        first: int32
        for k in range(size):
            buffer[k] = k
            first = buffer[k]
        for k in range(EXTENT):
            product = buffer[k] * buffer[k]
            total += product
        C[p] = total + first
        if total > 3:
            side = 1
        else:
            side = 2
        C[p + 2] = side
