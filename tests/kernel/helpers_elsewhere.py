"""Functions in a file of their own, which kernels elsewhere call."""

import spatial as sp
from spatial import Int

OFFSET = 100


def shifted(x):
    return x + OFFSET


def send_all(stream, values, count):
    for k in range(count):
        stream.put(values[k])


def position():
    i, j = sp.get_pid()
    return i * 10 + j


def wrong(x):
    return x + nowhere


def narrow(x: Int(4)) -> Int(4):
    return x + 1
