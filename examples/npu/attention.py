"""Attention as pipelines of three cores: products with keys, softmax of each row, products with values.

Run it: `python -m examples.npu.attention --cores 6 --device npu1`

Each head has a pipeline, and columns of its own in the matrices. Sums are in float32, in order, so that NumPy gives the
same bits.
"""

import numpy as np

import spatial as sp
from examples.npu.asked import asked
from examples.npu.told import told
from spatial import Stream, float32
from spatial.nn import reference

__all__ = ["attention", "main", "product", "run"]


def attention(queries: int, keys: int, depth: int, block: int = 8, heads: int = 1):
    """`attention(Q, K, V, out)` with out = softmax(Q K^T) V in float32, blocks of queries at a time."""
    blocks = queries // block
    width = heads * depth
    if blocks * block != queries:
        raise ValueError(f"{queries} queries are no multiple of {block}")

    @sp.region()
    def attention(
        Q: float32[queries, width], K: float32[keys, width], V: float32[keys, width], out: float32[queries, width]
    ):
        rows: Stream[float32[block, depth], 2][heads]
        all_keys: Stream[float32[keys, depth], 2][heads]
        all_values: Stream[float32[keys, depth], 2][heads]
        scores: Stream[float32[block, keys], 2][heads]
        weights: Stream[float32[block, keys], 2][heads]
        result: Stream[float32[block, depth], 2][heads]

        @sp.kernel(mapping=[heads])
        def load(Q: float32[queries, width]):
            h = sp.get_pid()
            for i in range(blocks):
                rows[h].put(Q[i * block : (i + 1) * block, h * depth : (h + 1) * depth])

        @sp.kernel(mapping=[heads])
        def load_all(K: float32[keys, width], V: float32[keys, width]):
            h = sp.get_pid()
            all_keys[h].put(K[:, h * depth : (h + 1) * depth])
            all_values[h].put(V[:, h * depth : (h + 1) * depth])

        @sp.kernel(mapping=[heads])
        def score():
            h = sp.get_pid()
            k = all_keys[h].get()
            for _ in range(blocks):
                q = rows[h].get()
                s: float32[block, keys] = 0
                for i in range(block):
                    for j in range(keys):
                        for d in range(depth):
                            s[i, j] += q[i, d] * k[j, d]
                scores[h].put(s)

        @sp.kernel(mapping=[heads])
        def softmax():
            h = sp.get_pid()
            for _ in range(blocks):
                s = scores[h].get()
                w: float32[block, keys] = 0
                for i in range(block):
                    most: float32 = s[i, 0]
                    for j in range(keys):
                        most = max(most, s[i, j])
                    total: float32 = 0
                    for j in range(keys):
                        e: float32 = sp.exp(s[i, j] - most)
                        w[i, j] = e
                        total += e
                    for j in range(keys):
                        w[i, j] = w[i, j] / total
                weights[h].put(w)

        @sp.kernel(mapping=[heads])
        def mix():
            h = sp.get_pid()
            v = all_values[h].get()
            for _ in range(blocks):
                w = weights[h].get()
                o: float32[block, depth] = 0
                for i in range(block):
                    for j in range(keys):
                        for d in range(depth):
                            o[i, d] += w[i, j] * v[j, d]
                result[h].put(o)

        @sp.kernel(mapping=[heads])
        def store(out: float32[queries, width]):
            h = sp.get_pid()
            for i in range(blocks):
                out[i * block : (i + 1) * block, h * depth : (h + 1) * depth] = result[h].get()

    return attention


def product(Q, K, V, heads=1):
    """What NumPy makes of it, with sums in the same order."""
    parts = []
    for q, k, v in zip(*(np.split(each, heads, axis=1) for each in (Q, K, V)), strict=True):
        weights = reference.softmax(reference.gemm(q, k.T, np.float32))
        parts.append(reference.gemm(weights, v, np.float32))
    return np.concatenate(parts, axis=1)


def run(cores=3, device="npu1", queries=64, keys=32, depth=16):
    """Builds it and compares what it computes; the placed design."""
    heads = cores // 3
    module = sp.build(attention(queries, keys, depth, heads=heads), target="aie", device=device)
    random = np.random.default_rng(0)
    Q, K, V = (random.standard_normal((n, heads * depth)).astype(np.float32) for n in (queries, keys, keys))
    out = np.zeros_like(Q)
    module(Q, K, V, out)
    assert np.array_equal(out, product(Q, K, V, heads)), "the design computes something else"
    return module


def main(given=None):
    wanted = asked(__doc__, given, cores="3", size="64x32x16", of="queries x keys x depth of a head")
    (cores,), (queries, keys, depth) = wanted.cores, wanted.size
    if cores % 3:
        raise SystemExit("each head takes three cores: give 3, 6, 9, ...")
    print(told(run(cores, wanted.device, queries, keys, depth), 4 * cores // 3 * queries * keys * depth))


if __name__ == "__main__":
    main()
