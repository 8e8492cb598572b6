"""Rows of floats, less their mean, divided by the square root of their squares' sum."""

import spatial as sp
from spatial import float32

R, C = 2, 4


def program(X: float32[R, C], Y: float32[R, C]):
    for r in range(R):
        total: float32 = 0
        for c in range(C):
            total += X[r, c]
        mean: float32 = total / C
        squares: float32 = 0
        for c in range(C):
            away: float32 = X[r, c] - mean
            squares += away * away
        scale: float32 = sp.sqrt(squares / C + 0.001)
        for c in range(C):
            Y[r, c] = (X[r, c] - mean) / scale
