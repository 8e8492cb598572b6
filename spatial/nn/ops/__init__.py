"""Operators with predefined schedules: call one with its sizes and types, and get its function and its schedule."""

from spatial.nn.operator import Operator
from spatial.nn.ops.products import gemm, gemv

__all__ = ["Operator", "gemm", "gemv"]
