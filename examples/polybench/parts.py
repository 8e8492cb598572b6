"""What the kernels of this folder are made of: products of blocks with parts of arrays, summed by trees.

Arrays hold zeros behind their ends, so that blocks of `lanes` elements fill them: `filled` says how long they are.
"""

import spatial as sp

__all__ = ["across", "along", "column_block", "filled", "part_of", "row_block"]


def filled(extent, lanes):
    """The least multiple of `lanes` that is not less than `extent`."""
    return -(-extent // lanes) * lanes


def along(block, A, i, k, lanes, low=0, count=0):
    """The sum of the products of a block with row i of A from column k on, or of `count` elements from k + low on.

    Neighbours are added in pairs, pairs of pairs, and so on.
    """
    with sp.meta_if(1 in (count, lanes)):
        return block[low] * A[i, k + low]
    with sp.meta_else():
        whole = count if count > 0 else lanes
        half = whole // 2
        return along(block, A, i, k, lanes, low, half) + along(block, A, i, k, lanes, low + half, whole - half)


def across(block, A, k, j, lanes, low=0, count=0):
    """The same with column j of A from row k on."""
    with sp.meta_if(1 in (count, lanes)):
        return block[low] * A[k + low, j]
    with sp.meta_else():
        whole = count if count > 0 else lanes
        half = whole // 2
        return across(block, A, k, j, lanes, low, half) + across(block, A, k, j, lanes, low + half, whole - half)


def part_of(block, x, k, lanes):
    """Fills a block with elements of x from k on."""
    for u in range(lanes, unroll=True):
        block[u] = x[k + u]


def row_block(block, A, i, k, lanes):
    """Fills a block with elements of row i of A from column k on."""
    for u in range(lanes, unroll=True):
        block[u] = A[i, k + u]


def column_block(block, A, k, j, lanes):
    """Fills a block with elements of column j of A from row k on."""
    for u in range(lanes, unroll=True):
        block[u] = A[k + u, j]
