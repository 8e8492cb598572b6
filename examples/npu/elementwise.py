"""An operation on each element: every core has a part of the arrays, which passes through it in blocks.

Run it: `python -m examples.npu.elementwise --cores 8 --device npu2`
"""

import numpy as np

import spatial as sp
from examples.npu.asked import asked
from examples.npu.told import told
from spatial import Stream, int16

__all__ = ["add_relu", "main", "run"]


def add_relu(size: int, block: int = 256, cores: int = 4):
    """`add_relu(A, B, C)` with C = max(A + B, 0) of int16, in blocks on so many cores."""
    share = size // cores
    if share * cores != size or share % block:
        raise ValueError(f"{size} elements are no multiple of {cores} x {block}")

    @sp.region()
    def add_relu(A: int16[size], B: int16[size], C: int16[size]):
        left: Stream[int16[block], 2][cores]
        right: Stream[int16[block], 2][cores]
        result: Stream[int16[block], 2][cores]

        @sp.kernel(mapping=[cores], args=[A, B])
        def load(A: int16[size], B: int16[size]):
            p = sp.get_pid()
            for i in range(share // block):
                left[p].put(A[p * share + i * block : p * share + (i + 1) * block])
                right[p].put(B[p * share + i * block : p * share + (i + 1) * block])

        @sp.kernel(mapping=[cores])
        def work():
            p = sp.get_pid()
            for _ in range(share // block):
                a = left[p].get()
                b = right[p].get()
                c: int16[block] = 0
                for i in range(block):
                    total: int16 = a[i] + b[i]
                    c[i] = max(total, 0)
                result[p].put(c)

        @sp.kernel(mapping=[cores], args=[C])
        def store(C: int16[size]):
            p = sp.get_pid()
            for i in range(share // block):
                C[p * share + i * block : p * share + (i + 1) * block] = result[p].get()

    return add_relu


def run(cores=4, device="npu1", size=16384):
    """Builds it and compares what it computes; the placed design."""
    module = sp.build(add_relu(size, cores=cores), target="aie", device=device)
    random = np.random.default_rng(0)
    A, B = (random.integers(-16384, 16384, size, np.int16) for _ in range(2))
    C = np.zeros(size, np.int16)
    module(A, B, C)
    assert np.array_equal(C, np.maximum(A + B, 0)), "the design computes something else"
    return module


def main(given=None):
    wanted = asked(__doc__, given, cores="4", size="16384", of="elements")
    print(told(run(*wanted.cores, wanted.device, *wanted.size)))


if __name__ == "__main__":
    main()
