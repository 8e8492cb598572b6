"""Products of matrices in three types, on one core up to all of them.

Run it: `python -m examples.npu.gemm --type int8 --cores 4x4 --device npu1`

Sums are exact in int32 for integers. For bf16 they are kept in float32, added up in order, and rounded to
bfloat16 once, when the block is through.
"""

import ml_dtypes
import numpy as np

import spatial as sp
from examples.npu.asked import asked
from examples.npu.told import told
from spatial import bfloat16, int8, int16, int32
from spatial.nn.npu import gemm

__all__ = ["TYPES", "draw", "main", "product", "run"]

TYPES = {"int8": (int8, int32), "int16": (int16, int32), "bf16": (bfloat16, bfloat16)}
"""The types of factors and results."""

NUMPY = {int8: np.int8, int16: np.int16, int32: np.int32, bfloat16: ml_dtypes.bfloat16}


def draw(kind, M, K, N):
    """Two factors: integers of all sizes, or reals between -1 and 1."""
    dtype = NUMPY[TYPES[kind][0]]
    random = np.random.default_rng(0)
    if kind == "bf16":
        return [random.uniform(-1, 1, shape).astype(dtype) for shape in ((M, K), (K, N))]
    most = np.iinfo(dtype).max
    return [random.integers(-most, most, shape, dtype, endpoint=True) for shape in ((M, K), (K, N))]


def product(kind, A, B):
    """What NumPy makes of it, with sums of the same type in the same order."""
    _, result = TYPES[kind]
    kept = np.float32 if kind == "bf16" else np.int32
    sums = np.zeros((len(A), len(B[0])), kept)
    for k in range(len(B)):
        sums += np.outer(A[:, k].astype(kept), B[k].astype(kept))
    return sums.astype(NUMPY[result])


def run(kind="int8", cores=(4, 4), device="npu1", sizes=(256, 256, 256)):
    """Builds a product and compares what it computes; the placed design."""
    dtype, result = TYPES[kind]
    M, K, N = sizes
    module = sp.build(gemm(M, K, N, dtype, out=result, cores=cores), target="aie", device=device)
    A, B = draw(kind, M, K, N)
    C = np.zeros((M, N), NUMPY[result])
    module(A, B, C)
    assert np.array_equal(C, product(kind, A, B)), "the design computes something else"
    return module


def main(given=None):
    wanted = asked(__doc__, given, cores="4x4", size="256x256x256", of="M x K x N of the product", types=TYPES)
    M, K, N = wanted.size
    print(told(run(wanted.type, wanted.cores, wanted.device, wanted.size), 2 * M * K * N))


if __name__ == "__main__":
    main()
