"""What the kernels of this folder are made of: products of blocks with parts of arrays, summed by trees.

A block of `lanes` elements may reach beyond the end of what it cuts: it holds zeros there, and the array is read at its
last element.
"""

import spatial as sp

__all__ = ["across", "along", "column_block", "part_of", "place", "row_block"]


def along(block, A, i, k, lanes, low=0, count=0):
    """The sum of the products of a block with row i of A from column k on, or of `count` elements from k + low on.

    Neighbours are added in pairs, pairs of pairs, and so on.
    """
    with sp.meta_if(1 in (count, lanes)):
        return block[low] * A[i, place(k + low, A.shape[1], lanes)]
    with sp.meta_else():
        whole = count if count > 0 else lanes
        half = whole // 2
        return along(block, A, i, k, lanes, low, half) + along(block, A, i, k, lanes, low + half, whole - half)


def across(block, A, k, j, lanes, low=0, count=0):
    """The same with column j of A from row k on."""
    with sp.meta_if(1 in (count, lanes)):
        return block[low] * A[place(k + low, A.shape[0], lanes), j]
    with sp.meta_else():
        whole = count if count > 0 else lanes
        half = whole // 2
        return across(block, A, k, j, lanes, low, half) + across(block, A, k, j, lanes, low + half, whole - half)


def place(k, extent, lanes):
    """Where an element of a block, or a row of a PE, is read in an array of `extent`: not behind its end."""
    with sp.meta_if(extent % lanes == 0):
        return k
    with sp.meta_else():
        return min(k, extent - 1)


def part_of(block, x, k, lanes):
    """Fills a block with elements of x from k on."""
    for u in range(lanes, unroll=True):
        block[u] = x[place(k + u, x.shape[0], lanes)] if k + u < x.shape[0] else 0.0


def row_block(block, A, i, k, lanes):
    """Fills a block with elements of row i of A from column k on."""
    for u in range(lanes, unroll=True):
        block[u] = A[i, place(k + u, A.shape[1], lanes)] if k + u < A.shape[1] else 0.0


def column_block(block, A, k, j, lanes):
    """Fills a block with elements of column j of A from row k on."""
    for u in range(lanes, unroll=True):
        block[u] = A[place(k + u, A.shape[0], lanes), j] if k + u < A.shape[0] else 0.0
