"""The softmax of each row of a matrix: every core has some of the rows.

Run it: `python -m examples.npu.softmax --type bf16 --cores 16 --device npu1`

The powers are taken in float64 and rounded once to float32, as everywhere in the language; sums are in the order of the
columns, so that NumPy gives the same bits.
"""

import ml_dtypes
import numpy as np

import spatial as sp
from examples.npu.asked import asked
from examples.npu.told import told
from spatial import bfloat16, float32
from spatial.nn import reference
from spatial.nn.npu import softmax

__all__ = ["TYPES", "main", "run"]

TYPES = {"float32": (float32, np.float32), "bf16": (bfloat16, ml_dtypes.bfloat16)}


def run(kind="float32", cores=4, device="npu1", rows=256, columns=64):
    """Builds a softmax and compares what it computes; the placed design."""
    dtype, kept = TYPES[kind]
    module = sp.build(softmax(rows, columns, dtype, cores=cores), target="aie", device=device)
    X = (4 * np.random.default_rng(0).standard_normal((rows, columns))).astype(kept)
    Y = np.zeros_like(X)
    module(X, Y)
    expected = reference.softmax(X.astype(np.float32)).astype(kept)
    assert np.array_equal(Y, expected), "the design computes something else"
    return module


def main(given=None):
    wanted = asked(__doc__, given, cores="4", size="256x64", of="rows x columns of the matrix", types=TYPES)
    print(told(run(wanted.type, *wanted.cores, wanted.device, *wanted.size)))


if __name__ == "__main__":
    main()
