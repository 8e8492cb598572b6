"""Operators as regions of actors that pass blocks, for NPUs."""

from spatial.nn.npu.products import gemm

__all__ = ["gemm"]
