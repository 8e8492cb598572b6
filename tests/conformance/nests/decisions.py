"""Plain forms of what numbers decide the course of."""

import spatial as sp
from spatial import Stream, bool_, float32, float64, int16, int32, uint8
from tests.conformance.programs.game_of_life import AROUND
from tests.conformance.programs.mandelbrot import MOST
from tests.conformance.programs.mode_in_band import treated
from tests.conformance.programs.packets import Beat, crc8
from tests.conformance.programs.smith_waterman import GAP, MATCH, MISMATCH

__all__ = [
    "align", "histogram", "jacobi", "life", "mandelbrot", "modes",
    "packets", "polling", "route", "sieve", "sorted_rows",
]  # fmt: skip


def histogram(B, P, S):
    def nest(X: uint8[P * S], counts: int32[B]):
        for b in range(B):
            counts[b] = 0
        for n in range(P * S):
            counts[X[n]] += 1

    return nest


def sorted_rows(B, N):
    """Each row by insertion."""

    def nest(X: int32[B, N], Y: int32[B, N]):
        for b in range(B):
            for n in range(N):
                number: int32 = X[b, n]
                for m in range(n):
                    least: int32 = min(Y[b, m], number)
                    number = max(Y[b, m], number)
                    Y[b, m] = least
                Y[b, n] = number

    return nest


def life(H, W, G):
    def nest(generations: int32, before: bool_[H, W], after: bool_[H, W]):
        alive: bool_[H, W]
        neighbours: int32[H, W]
        for i, j in sp.grid(H, W):
            alive[i, j] = before[i, j]
        for generation in range(generations):
            for i, j in sp.grid(H, W):
                count: int32 = 0
                for down, right in sp.meta_for(AROUND):
                    count += alive[(i + down) % H, (j + right) % W]
                neighbours[i, j] = count
            for i, j in sp.grid(H, W):
                alive[i, j] = neighbours[i, j] == 3 or (alive[i, j] and neighbours[i, j] == 2)
        for i, j in sp.grid(H, W):
            after[i, j] = alive[i, j]

    return nest


def jacobi(P, S, G):
    size = P * S

    def nest(steps: int32, rod: float32[size], out: float32[size]):
        cells: float32[size + 2]
        for n in range(size):
            cells[n + 1] = rod[n]
        cells[0] = rod[0]
        cells[size + 1] = rod[size - 1]
        for g in range(steps):
            left: float32 = cells[0]
            for s in range(1, size + 1):
                here: float32 = cells[s]
                cells[s] = left * 0.25 + here * 0.5 + cells[s + 1] * 0.25
                left = here
        for n in range(size):
            out[n] = cells[n + 1]

    return nest


def mandelbrot(P, N):
    def nest(re: float64[P * N], im: float64[P * N], steps: int32[P * N]):
        for n in range(P * N):
            x: float64 = 0
            y: float64 = 0
            count: int32 = 0
            while count < MOST and x * x + y * y <= 4:
                x, y = x * x - y * y + re[n], 2 * x * y + im[n]
                count += 1
            steps[n] = count

    return nest


def modes(P, B, N):
    def nest(own: int32[P], mode: uint8[B], X: int32[B, N], Y: int32[B, N]):
        for b, n in sp.grid(B, N):
            number: int32 = X[b, n]
            for p in range(P):
                number = treated(number, int32(mode[b]), own[p])
            Y[b, n] = number

    return nest


def route(P, N):
    def nest(target: uint8[N], data: int32[N], stored: int32[P, N], counts: int32[P]):
        for p in range(P):
            count: int32 = 0
            for n in range(N):
                if target[n] == p:
                    stored[p, count] = data[n]
                    count += 1
            counts[p] = count

    return nest


def sieve(P, N):
    def nest(limit: int32, primes: int32[P]):
        found: int32[P]
        count: int32 = 0
        for number in range(2, limit):
            divided: bool = False
            for p in range(count):
                if number % found[p] == 0:
                    divided = True
            if not divided:
                found[count] = number
                count += 1
        for p in range(P):
            primes[p] = found[p]

    return nest


def align(Q, T):
    def nest(query: uint8[Q], target: uint8[T], best: int16[1]):
        scores: int16[Q + 1, T + 1]
        peak: int16 = 0
        for n in range(T + 1):
            scores[0, n] = 0
        for n in range(Q + 1):
            scores[n, 0] = 0
        for i in range(Q):
            row: int16 = 0
            for j in range(T):
                similar = MATCH if target[j] == query[i] else MISMATCH
                score: int16 = max(0, scores[i, j] + similar, scores[i, j + 1] + GAP, scores[i + 1, j] + GAP)
                scores[i + 1, j + 1] = score
                row = max(row, score)
            peak = max(row, peak) if i > 0 else row
        best[0] = peak

    return nest


def polling(P, N):
    def nest(X: int32[P, N], sums: int32[P], counts: int32[P]):
        for p in range(P):
            for n in range(N):
                sums[p] += X[p, n]
                counts[p] += 1

    return nest


def packets(count, length):
    """The same in two kernels: one marks where a checksum belongs, one writes it."""

    @sp.region()
    def nest(source: Stream[Beat, 2], target: Stream[Beat, 2]):
        sums: Stream[Beat, 4]

        @sp.kernel()
        def add():
            crc: uint8 = 0
            while True:
                beat = source.get()
                crc = crc8(crc, beat.data)
                sums.put(Beat(beat.data, False))
                if beat.last:
                    sums.put(Beat(crc, True))
                    crc = 0

        @sp.kernel()
        def pass_on():
            while True:
                target.put(sums.get())

    return nest
