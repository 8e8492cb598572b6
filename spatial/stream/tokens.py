"""What a stream's declaration says of its tokens: their type, and those it starts with."""

from collections.abc import Sequence

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import Span
from spatial.types.conversion import Value
from spatial.types.dtype import DType, TensorType, as_dtype
from spatial.types.initial import initial_values
from spatial.types.tensor import size_of

__all__ = ["TokenType", "initial_tokens", "token_type"]

TokenType = DType | TensorType
"""The type of one token: a scalar, or an array where tokens are blocks."""


def token_type(given: object) -> TokenType | None:
    """The type of token an annotation means, if it means one."""
    return given if isinstance(given, TensorType) else as_dtype(given)


def initial_tokens(given: object, type_: TokenType, depth: int, span: Span) -> tuple[Value, ...]:
    """The elements of the tokens a channel starts with, one token after the other.

    Raises `ProgramError` where they are no list of tokens, more than the depth, or not of the type.
    """
    if not isinstance(given, Sequence) or isinstance(given, str):
        title = f"`initial` takes a list of tokens, not `{given!r}`"
        raise _misuse(title, span, f"write `initial=[{given!r}]`")
    if len(given) > depth:
        title = f"{len(given)} initial tokens do not fit a channel of depth {depth}"
        raise _misuse(title, span, f"write `depth={len(given)}`, or give fewer")
    elements: list[Value] = []
    for number, token in enumerate(given):
        try:
            values = initial_values(token, type_)
        except ValueError as error:
            raise _misuse(f"the initial token {number} is no `{type_}`: {error}", span) from None
        elements += values if len(values) == size_of(type_) else values * size_of(type_)
    return tuple(elements)


def _misuse(title: str, span: Span, hint: str = "") -> ProgramError:
    return ProgramError([Misuse(title=title, span=span, hint=hint, code="stream/initial")])
