"""C = A @ B for matrices larger than the array: 2 x 3 PEs go through the tiles of C.

The array is that of `examples/systolic`. Cycles: K for each tile, and the array fills and drains once, in 2 + 3.
"""

from examples.systolic.tiled import tiled
from tests.conformance.matrices import int8_operands, integer_product
from tests.conformance.program import Program

ROWS, COLUMNS = 2, 3


def make(M, N, K, depth=2):
    return tiled(M, N, K, ROWS, COLUMNS, depth=depth)


PROGRAM = Program(
    name="gemm_tiled",
    make=make,
    sizes=((2, 3, 4), (4, 6, 5), (8, 9, 3)),
    inputs=int8_operands,
    reference=integer_product,
    cycles=lambda M, N, K: (M // ROWS) * (N // COLUMNS) * K + ROWS + COLUMNS,
)
