"""Memory that a region's body declares for its kernels to share."""

from spatial.kernel.declared.references import ArrayRef
from spatial.kernel.errors import MOST_ELEMENTS, ArrayTooLarge, BadInitialValue, WrongUse
from spatial.source.errors import ProgramError
from spatial.source.span import Span
from spatial.types.initial import initial_values
from spatial.types.qualifiers import Qualified
from spatial.types.tensor import TensorType

__all__ = ["declare_array", "is_array"]


def is_array(annotation: object) -> bool:
    """Whether a type declares memory."""
    return isinstance(annotation.type if isinstance(annotation, Qualified) else annotation, TensorType)


def declare_array(name: str, annotation: object, span: Span, value: object = None) -> ArrayRef:
    """The array that `name: type_ = value` declares; without a value it begins with zeros.

    It begins so in every run, unless it is stateful.
    Raises `ProgramError` where the value does not fit the type.
    """
    said = annotation if isinstance(annotation, Qualified) else Qualified(type=annotation)
    type_ = said.type
    assert isinstance(type_, TensorType), "only arrays are memory of a region"
    if said.placements:
        title = f"`{name}` is the whole array: kernels cut it"
        raise ProgramError([WrongUse(title=title, span=span, hint="cut the parameter of the kernel")])
    if type_.size > MOST_ELEMENTS:
        raise ProgramError([ArrayTooLarge(span=span)])
    try:
        initial = () if value is None else initial_values(value, type_)
    except ValueError as error:
        raise ProgramError([BadInitialValue(name=name, told=str(error), span=span)]) from None
    storage = str(said.storage or "")
    return ArrayRef(
        name=name, type=type_, span=span, owned=True, initial=initial, stateful=said.stateful, storage=storage
    )
