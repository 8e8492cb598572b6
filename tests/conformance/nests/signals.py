"""Plain filters, transforms and images."""

import numpy as np

import spatial as sp
from spatial import float32, int8, int16, int32, int64, uint8
from tests.conformance.programs.cordic import NUMBER, turns
from tests.conformance.programs.fft import Complex, reversed_bits, turned, twiddles
from tests.conformance.programs.stateful_filter import coefficients
from tests.conformance.programs.stencil import STAGES, WEIGHTS

__all__ = ["biquads", "blur", "convolution", "cordic", "fft", "fir", "sliding_maximum"]


def fir(T, N):
    def nest(h: int16[T], x: int16[N], y: int64[N]):
        for n in range(N):
            total: int64 = 0
            for t in range(T):
                sample: int16 = 0
                if t <= n:
                    sample = x[n - t]
                total = total + h[t] * sample
            y[n] = total

    return nest


def biquads(S, N):
    """All sections on one sample, then the next; they go on with the states of the call before."""
    table = coefficients(S)

    def nest(X: float32[N], Y: float32[N]):
        first: float32[S] @ sp.Stateful = 0
        second: float32[S] @ sp.Stateful = 0
        for n in range(N):
            x: float32 = X[n]
            for s in range(S):
                y: float32 = table[s, 0] * x + first[s]
                first[s] = table[s, 1] * x - table[s, 3] * y + second[s]
                second[s] = table[s, 2] * x - table[s, 4] * y
                x = y
            Y[n] = x

    return nest


def convolution(H, W, R, S):
    def nest(image: int8[H, W], taps: int8[R, S], out: int32[H - R + 1, W - S + 1]):
        for e, g in sp.grid(H - R + 1, W - S + 1):
            total: int32 = 0
            for r, s in sp.grid(R, S):
                total += image[e + r, g + s] * taps[r, s]
            out[e, g] = total

    return nest


def blur(H, W):
    assert STAGES == 2

    def nest(image: uint8[H, W], out: uint8[H - 4, W - 4]):
        between: uint8[H - 2, W - 2]
        for r, c in sp.grid(H - 2, W - 2):
            total = 0
            for i, j in sp.meta_for([(i, j) for i in range(3) for j in range(3)]):
                total += WEIGHTS[i, j] * image[r + i, c + j]
            between[r, c] = total >> 4
        for r, c in sp.grid(H - 4, W - 4):
            total = 0
            for i, j in sp.meta_for([(i, j) for i in range(3) for j in range(3)]):
                total += WEIGHTS[i, j] * between[r + i, c + j]
            out[r, c] = total >> 4

    return nest


def fft(B, N):
    stages = N.bit_length() - 1
    cosines, sines = twiddles(N)
    order = np.array([reversed_bits(n, stages) for n in range(N)], np.int32)
    halves = np.array([1 << s for s in range(stages)], np.int32)
    tops = np.array([[n // h * 2 * h + n % h for n in range(N // 2)] for h in halves.tolist()], np.int32)
    turns_of = np.array([[n % h * (N // (2 * h)) for n in range(N // 2)] for h in halves.tolist()], np.int32)

    def nest(X: Complex[B, N], Y: Complex[B, N]):
        for b in range(B):
            for n in range(N):
                Y[b, n] = X[b, order[n]]
            for s in range(stages):
                for n in range(N // 2):
                    x = Y[b, tops[s, n]]
                    y = Y[b, tops[s, n] + halves[s]]
                    re, im = turned(cosines[turns_of[s, n]], sines[turns_of[s, n]], y.re, y.im)
                    Y[b, tops[s, n]] = Complex(x.re + re, x.im + im)
                    Y[b, tops[s, n] + halves[s]] = Complex(x.re - re, x.im - im)

    return nest


def cordic(S, N):
    angles, start = turns(S)
    powers = 2.0 ** -np.arange(S)

    def nest(angle: NUMBER[N], cosine: NUMBER[N], sine: NUMBER[N]):
        for n in range(N):
            x: NUMBER = start
            y: NUMBER = 0
            z: NUMBER = angle[n]
            for s in sp.meta_for(S):
                up = z >= 0
                across: NUMBER = x - y * powers[s] if up else x + y * powers[s]
                y = y + x * powers[s] if up else y - x * powers[s]
                x = across
                z = z - angles[s] if up else z + angles[s]
            cosine[n] = x
            sine[n] = y

    return nest


def sliding_maximum(K, N):
    def nest(X: int16[N], Y: int16[N - K + 1]):
        for n in range(N - K + 1):
            found: int16 = X[n]
            for k in range(1, K):
                found = max(found, X[n + k])
            Y[n] = found

    return nest
