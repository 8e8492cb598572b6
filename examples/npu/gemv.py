"""A matrix times a vector: each core has rows of the matrix, the vector goes to all of them.

Run it: `python -m examples.npu.gemv --cores 16 --device npu2`
"""

import numpy as np

import spatial as sp
from examples.npu.asked import asked
from examples.npu.told import told
from spatial.nn import reference
from spatial.nn.npu import gemv

__all__ = ["gemv", "main", "run"]


def run(cores=4, device="npu1", rows=512, columns=256):
    """Builds a product of int8 in int32 and compares what it computes; the placed design."""
    module = sp.build(gemv(rows, columns, cores=cores), target="aie", device=device)
    random = np.random.default_rng(0)
    A, x = (random.integers(-128, 128, shape, np.int8) for shape in ((rows, columns), columns))
    y = np.zeros(rows, np.int32)
    module(A, x, y)
    assert np.array_equal(y, reference.gemv(A, x)), "the design computes something else"
    return module


def main(given=None):
    wanted = asked(__doc__, given, cores="4", size="512x256", of="rows x columns of the matrix")
    rows, columns = wanted.size
    print(told(run(*wanted.cores, wanted.device, rows, columns), 2 * rows * columns))


if __name__ == "__main__":
    main()
