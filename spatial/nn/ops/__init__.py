"""Operators with predefined schedules: call one with its sizes and types, and get its function and its schedule."""

from spatial.nn.operator import Operator
from spatial.nn.ops.attending import attention
from spatial.nn.ops.convolution import conv2d
from spatial.nn.ops.elements import gelu
from spatial.nn.ops.products import gemm, gemv
from spatial.nn.ops.rows import layer_norm, softmax

__all__ = ["Operator", "attention", "conv2d", "gelu", "gemm", "gemv", "layer_norm", "softmax"]
