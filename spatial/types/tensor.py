"""The name other packages import tensor types by; scalars make them, so the class lives beside the scalars."""

from spatial.types.dtype import TensorType

__all__ = ["TensorType"]
