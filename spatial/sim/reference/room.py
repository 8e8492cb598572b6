"""Bounds the tokens that a channel may hold, however deep it is."""

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["MOST_HELD", "too_full"]

MOST_HELD = 1 << 22


def too_full(channel: str, held: int) -> ProgramError:
    """A channel holds more tokens than there is memory for."""
    title = f"`{channel}` holds {held} tokens at once, and there is no memory for more"
    hint = f'give it a depth that it needs, such as depths={{"{channel}": {held // 2}}}'
    return ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])
