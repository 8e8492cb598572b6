"""The discrete Fourier transform of N complex numbers, N a power of two, by log2(N) stages of N / 2 butterflies.

Every stage joins pairs of transforms of 2^s points to one of twice the size. Butterfly b of stage s takes two numbers,
turns the second by its twiddle factor, and hands on the sum and the difference. Numbers enter in bit-reversed order,
B blocks follow one another. Cycles: B blocks pass log2(N) stages, behind a source.
"""

import numpy as np

import spatial as sp
from spatial import Stream, float32
from tests.conformance.program import Program


@sp.struct
class Complex:
    re: float32
    im: float32


def turned(cosine, sine, re, im):
    """A complex number turned by an angle; kernels and the reference call it."""
    return cosine * re - sine * im, cosine * im + sine * re


def reversed_bits(number, width):
    return int(f"{number:0{width}b}"[::-1], 2) if width else 0


def twiddles(N):
    turns = np.exp(-2j * np.pi * np.arange(N // 2) / N)
    return turns.real.astype(np.float32), turns.imag.astype(np.float32)


def make(B, N, depth=2):
    stages = N.bit_length() - 1
    cosines, sines = twiddles(N)

    @sp.region()
    def fft(X: Complex[B, N], Y: Complex[B, N]):
        numbers: Stream[Complex, depth][stages + 1, N]

        @sp.kernel(mapping=[N], args=[X])
        def source(X: Complex[B, N]):
            n = sp.get_pid()
            for b in range(B):
                numbers[0, n].put(X[b, reversed_bits(n, stages)])

        @sp.kernel(mapping=[stages, N // 2])
        def butterfly():
            s, n = sp.get_pid()
            half = 1 << s
            top = n // half * 2 * half + n % half
            turn = n % half * (N // (2 * half))
            for b in range(B):
                x, y = numbers[s, top].get(), numbers[s, top + half].get()
                re, im = turned(cosines[turn], sines[turn], y.re, y.im)
                numbers[s + 1, top].put(Complex(x.re + re, x.im + im))
                numbers[s + 1, top + half].put(Complex(x.re - re, x.im - im))

        @sp.kernel(mapping=[N], args=[Y])
        def sink(Y: Complex[B, N]):
            n = sp.get_pid()
            for b in range(B):
                Y[b, n] = numbers[stages, n].get()

    return fft


def reference(size, X):
    """The same butterflies in float32, all of a stage at once; close to NumPy's transform."""
    N = size[1]
    cosines, sines = twiddles(N)
    Y = X[:, [reversed_bits(n, N.bit_length() - 1) for n in range(N)]]
    half = 1
    while half < N:
        top = np.array([n for n in range(N) if not n & half])
        turn = top % half * (N // (2 * half))
        x, y = Y[:, top], Y[:, top + half]
        re, im = turned(cosines[turn], sines[turn], y["re"], y["im"])
        Y["re"][:, top], Y["re"][:, top + half] = x["re"] + re, x["re"] - re
        Y["im"][:, top], Y["im"][:, top + half] = x["im"] + im, x["im"] - im
        half *= 2
    assert np.allclose(Y["re"] + 1j * Y["im"], np.fft.fft(X["re"] + 1j * X["im"]), rtol=1e-4, atol=1e-4)
    return Y


def inputs(random, B, N):
    X = np.zeros((B, N), sp.numpy_dtype(Complex))
    X["re"], X["im"] = random.normal(size=(2, B, N))
    return (X,)


PROGRAM = Program(
    name="fft",
    make=make,
    sizes=((1, 2), (3, 4), (4, 16)),
    inputs=inputs,
    reference=reference,
    cycles=lambda B, N: B + N.bit_length(),
)
