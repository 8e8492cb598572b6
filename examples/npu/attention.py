"""Attention as a pipeline of three cores: products with keys, softmax of each row, products with values."""

import spatial as sp
from spatial import Stream, float32

__all__ = ["attention"]


def attention(queries: int, keys: int, depth: int, block: int = 8):
    """`attention(Q, K, V, out)` with out = softmax(Q K^T) V in float32, blocks of queries at a time."""
    blocks = queries // block

    @sp.region()
    def attention(
        Q: float32[queries, depth], K: float32[keys, depth], V: float32[keys, depth], out: float32[queries, depth]
    ):
        rows: Stream[float32[block, depth], 2]
        all_keys: Stream[float32[keys, depth], 2]
        all_values: Stream[float32[keys, depth], 2]
        scores: Stream[float32[block, keys], 2]
        weights: Stream[float32[block, keys], 2]
        result: Stream[float32[block, depth], 2]

        @sp.kernel(args=[Q])
        def load(Q: float32[queries, depth]):
            for i in range(blocks):
                rows.put(Q[i * block : (i + 1) * block, :])

        @sp.kernel(args=[K, V])
        def load_all(K: float32[keys, depth], V: float32[keys, depth]):
            all_keys.put(K[0:keys, :])
            all_values.put(V[0:keys, :])

        @sp.kernel()
        def score():
            k = all_keys.get()
            for _ in range(blocks):
                q = rows.get()
                s: float32[block, keys] = 0
                for i in range(block):
                    for j in range(keys):
                        for d in range(depth):
                            s[i, j] += q[i, d] * k[j, d]
                scores.put(s)

        @sp.kernel()
        def softmax():
            for _ in range(blocks):
                s = scores.get()
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
                weights.put(w)

        @sp.kernel()
        def mix():
            v = all_values.get()
            for _ in range(blocks):
                w = weights.get()
                o: float32[block, depth] = 0
                for i in range(block):
                    for j in range(keys):
                        for d in range(depth):
                            o[i, d] += w[i, j] * v[j, d]
                result.put(o)

        @sp.kernel(args=[out])
        def store(out: float32[queries, depth]):
            for i in range(blocks):
                out[i * block : (i + 1) * block, :] = result.get()

    return attention
