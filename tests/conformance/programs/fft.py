"""The discrete Fourier transform of N complex numbers, N a power of two, by log2(N) stages of N / 2 butterflies.

Every stage joins pairs of transforms of 2^s points to one of twice the size. Butterfly b of stage s takes two numbers,
turns the second by its twiddle factor, and hands on the sum and the difference. Numbers enter in bit-reversed order,
B blocks follow one another. Cycles: B blocks pass log2(N) stages, behind a source.
"""

import numpy as np

import spatial as sp
from spatial import Stream, float32
from tests.conformance.program import Program


def reversed_bits(number, width):
    return int(f"{number:0{width}b}"[::-1], 2) if width else 0


def twiddles(N):
    turns = np.exp(-2j * np.pi * np.arange(N // 2) / N)
    return turns.real.astype(np.float32), turns.imag.astype(np.float32)


def turned(cosine, sine, re, im):
    """A complex number turned by an angle; kernels and the reference call it."""
    return cosine * re - sine * im, cosine * im + sine * re


def make(B, N, depth=2):
    stages = N.bit_length() - 1
    cosines, sines = twiddles(N)

    @sp.region()
    def fft(re: float32[B, N], im: float32[B, N], out_re: float32[B, N], out_im: float32[B, N]):
        reals: Stream[float32, depth][stages + 1, N]
        imaginaries: Stream[float32, depth][stages + 1, N]

        @sp.kernel(mapping=[N], args=[re, im])
        def source(re: float32[B, N], im: float32[B, N]):
            n = sp.get_pid()
            for b in range(B):
                reals[0, n].put(re[b, reversed_bits(n, stages)])
                imaginaries[0, n].put(im[b, reversed_bits(n, stages)])

        @sp.kernel(mapping=[stages, N // 2])
        def butterfly():
            s, n = sp.get_pid()
            half = 1 << s
            top = n // half * 2 * half + n % half
            turn = n % half * (N // (2 * half))
            for b in range(B):
                x_re, x_im = reals[s, top].get(), imaginaries[s, top].get()
                y_re, y_im = reals[s, top + half].get(), imaginaries[s, top + half].get()
                y_re, y_im = turned(cosines[turn], sines[turn], y_re, y_im)
                reals[s + 1, top].put(x_re + y_re)
                imaginaries[s + 1, top].put(x_im + y_im)
                reals[s + 1, top + half].put(x_re - y_re)
                imaginaries[s + 1, top + half].put(x_im - y_im)

        @sp.kernel(mapping=[N], args=[out_re, out_im])
        def sink(out_re: float32[B, N], out_im: float32[B, N]):
            n = sp.get_pid()
            for b in range(B):
                out_re[b, n] = reals[stages, n].get()
                out_im[b, n] = imaginaries[stages, n].get()

    return fft


def reference(size, re, im):
    """The same butterflies in float32, all of a stage at once; close to NumPy's transform."""
    N = re.shape[1]
    cosines, sines = twiddles(N)
    order = [reversed_bits(n, N.bit_length() - 1) for n in range(N)]
    x, y = re[:, order], im[:, order]
    half = 1
    while half < N:
        top = np.array([n for n in range(N) if not n & half])
        turn = top % half * (N // (2 * half))
        bottom = top + half
        t, u = turned(cosines[turn], sines[turn], x[:, bottom], y[:, bottom])
        x[:, top], x[:, bottom] = x[:, top] + t, x[:, top] - t
        y[:, top], y[:, bottom] = y[:, top] + u, y[:, top] - u
        half *= 2
    assert np.allclose(x + 1j * y, np.fft.fft(re + 1j * im), rtol=1e-4, atol=1e-4)
    return x, y


def inputs(random, B, N):
    return random.normal(size=(B, N)).astype(np.float32), random.normal(size=(B, N)).astype(np.float32)


PROGRAM = Program(
    name="fft",
    make=make,
    sizes=((1, 2), (3, 4), (4, 16)),
    inputs=inputs,
    reference=reference,
    cycles=lambda B, N: B + N.bit_length(),
)
