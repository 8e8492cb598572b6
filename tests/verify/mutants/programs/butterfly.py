"""A stage of a Fourier transform: complex numbers times factors, sums and differences."""

import spatial as sp
from spatial import Stream, float32

H = 3


@sp.region()
def program(re: float32[2, H], im: float32[2, H], cosine: float32[H], sine: float32[H], out: float32[4, H]):
    real: Stream[float32, 2][2]
    imaginary: Stream[float32, 2][2]

    @sp.kernel()
    def twiddle(re: float32[2, H], im: float32[2, H], cosine: float32[H], sine: float32[H]):
        for h in range(H):
            real[0].put(re[0, h])
            imaginary[0].put(im[0, h])
            real[1].put(re[1, h] * cosine[h] - im[1, h] * sine[h])
            imaginary[1].put(re[1, h] * sine[h] + im[1, h] * cosine[h])

    @sp.kernel()
    def cross(out: float32[4, H]):
        for h in range(H):
            a: float32 = real[0].get()
            b: float32 = real[1].get()
            c: float32 = imaginary[0].get()
            d: float32 = imaginary[1].get()
            out[0, h] = a + b
            out[1, h] = c + d
            out[2, h] = a - b
            out[3, h] = c - d
