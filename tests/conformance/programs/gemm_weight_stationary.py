"""C = A @ B on K x N PEs that each keep one element of B.

The array is that of `examples/systolic`: the weights come down from the top first, then rows of A pass from the left
to the right while partial sums flow down. Cycles: K for the weights, then M sums that pass K rows, behind N columns.
"""

from examples.systolic.weight_stationary import weight_stationary
from spatial import int8, int32
from tests.conformance.matrices import int8_operands, integer_product
from tests.conformance.program import Program


def make(M, N, K, depth=2):
    return weight_stationary(M, N, K, int8, int32, depth=depth)


PROGRAM = Program(
    name="gemm_weight_stationary",
    make=make,
    sizes=((1, 1, 1), (5, 3, 2), (8, 3, 4)),
    inputs=int8_operands,
    reference=integer_product,
    cycles=lambda M, N, K: K + M + K + N,
)
