"""Lines of C++ that are not too long."""

from collections.abc import Sequence

__all__ = ["wrapped"]

LONGEST = 110  # characters of a line


def wrapped(head: str, parts: Sequence[str], tail: str) -> list[str]:
    """A list with commas, in as many lines as it takes; the second begins below its first part."""
    lines = [head]
    for number, part in enumerate(parts, start=1):
        text = part + (tail if number == len(parts) else ",")
        if number > 1 and len(lines[-1]) + 1 + len(text) > LONGEST:
            lines.append(" " * len(head) + text)
        else:
            lines[-1] += text if number == 1 else f" {text}"
    return lines if parts else [head + tail]
