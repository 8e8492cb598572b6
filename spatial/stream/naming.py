"""Where the names of streams are made unique: the instance of a region that declares them."""

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["path_of_names", "qualified"]

_path: contextvars.ContextVar[str] = contextvars.ContextVar("path", default="")


@contextmanager
def path_of_names(path: str) -> Iterator[None]:
    """Names made meanwhile begin with `path`."""
    token = _path.set(path)
    try:
        yield
    finally:
        _path.reset(token)


def qualified(name: str) -> str:
    """The name with the path of the instance it belongs to: `inner[0].fifo`."""
    return f"{_path.get()}{name}"
