"""Memory that a region's body declares for its kernels to share."""

from spatial.kernel.errors import MOST_ELEMENTS, ArrayTooLarge
from spatial.kernel.initial import initial_values
from spatial.kernel.references import ArrayRef
from spatial.region.errors import BadInitialValue
from spatial.source.errors import ProgramError
from spatial.source.span import Span
from spatial.types.tensor import TensorType

__all__ = ["declare_array"]


def declare_array(name: str, type_: TensorType, span: Span, value: object = None) -> ArrayRef:
    """The array that `name: type_ = value` declares; without a value it begins with zeros in every run.

    Raises `ProgramError` where the value does not fit the type.
    """
    if type_.size > MOST_ELEMENTS:
        raise ProgramError([ArrayTooLarge(span=span)])
    try:
        initial = () if value is None else initial_values(value, type_)
    except ValueError as error:
        raise ProgramError([BadInitialValue(name=name, told=str(error), span=span)]) from None
    return ArrayRef(name=name, type=type_, span=span, owned=True, initial=initial)
