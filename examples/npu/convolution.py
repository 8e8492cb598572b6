"""A layer of filters of 3 x 3 on an image: cores have bands of the image and some of the filters.

Run it: `python -m examples.npu.convolution --cores 4x4 --device npu1`

Rows of the image are blocks, of which a core keeps three. Sums are exact in int32; they are shifted, a bias is added,
and what is negative becomes 0.
"""

import numpy as np

import spatial as sp
from examples.npu.asked import asked
from examples.npu.told import told
from spatial.nn.npu import conv2d

__all__ = ["layer", "main", "run"]

SHIFT = 9


def layer(X, weights):
    """What NumPy makes of it: an image with a border, and filters with the bias in the last row."""
    height, width, channels = X.shape[0] - 2, X.shape[1] - 2, X.shape[2]
    sums = np.zeros((height, width, weights.shape[1]), np.int32)
    for r, s in np.ndindex(3, 3):
        filters = weights[(3 * r + s) * channels :][:channels]
        sums += X[r : r + height, s : s + width].astype(np.int32) @ filters.astype(np.int32)
    return np.clip((sums >> SHIFT) + weights[-1], 0, 127).astype(np.int8)


def run(cores=(4, 4), device="npu1", height=32, width=32, channels=32, filters=32):
    """Builds a layer and compares what it computes; the placed design."""
    wanted = conv2d(channels, height + 2, width + 2, filters, shift=SHIFT, cores=cores)
    module = sp.build(wanted, target="aie", device=device)
    random = np.random.default_rng(0)
    X = np.zeros((height + 2, width + 2, channels), np.int8)
    X[1:-1, 1:-1] = random.integers(-128, 128, (height, width, channels), np.int8)
    weights = random.integers(-128, 128, (9 * channels + 1, filters), np.int8)
    Y = np.zeros((height, width, filters), np.int8)
    module(X, weights, Y)
    assert np.array_equal(Y, layer(X, weights)), "the design computes something else"
    return module


def main(given=None):
    wanted = asked(__doc__, given, cores="4x4", size="32x32x32x32", of="height x width x channels x filters")
    height, width, channels, filters = wanted.size
    module = run(wanted.cores, wanted.device, height, width, channels, filters)
    print(told(module, 2 * 9 * height * width * channels * filters))


if __name__ == "__main__":
    main()
