"""How a value that somebody gave is told."""

__all__ = ["told"]

LONGEST = 256  # bits


def told(value: object) -> str:
    """The value as Python writes it, but for integers that are too long to read."""
    if isinstance(value, int) and value.bit_length() > LONGEST:
        return f"an integer of {value.bit_length()} bits"
    return repr(value)
