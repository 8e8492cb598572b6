"""Operators as regions of actors that pass blocks, for NPUs."""

from spatial.nn.npu.convolution import conv2d
from spatial.nn.npu.products import gemm
from spatial.nn.npu.rows import softmax
from spatial.nn.npu.vectors import gemv

__all__ = ["conv2d", "gemm", "gemv", "softmax"]
