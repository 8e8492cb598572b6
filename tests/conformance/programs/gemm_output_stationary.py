"""C = A @ B on M x N PEs that each keep one element of C.

The array is that of `examples/systolic`: rows of A enter from the left, columns of B from the top, and every PE passes
both on. Cycles: a token passes M + N channels on its way to the last drain, and K tokens come one a cycle.
"""

from examples.systolic.output_stationary import output_stationary
from spatial import int8, int32
from tests.conformance.matrices import int8_operands, integer_product
from tests.conformance.program import Program


def make(M, N, K, depth=2):
    return output_stationary(M, N, K, int8, int32, depth=depth)


PROGRAM = Program(
    name="gemm_output_stationary",
    make=make,
    sizes=((1, 1, 1), (2, 3, 5), (4, 4, 8)),
    inputs=int8_operands,
    reference=integer_product,
    cycles=lambda M, N, K: K + M + N,
)
