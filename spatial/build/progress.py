"""Shows on the terminal how far a run has come."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from spatial.sim.reference.engine import Watch

__all__ = ["progress_of"]


@contextmanager
def progress_of(region: str, actors: int, *, shown: bool) -> Iterator[Watch | None]:
    """What a run is to call now and then; it writes one line to the standard error, where that is a terminal."""
    console = Console(stderr=True)
    if not (shown and console.is_terminal):
        yield None
        return
    with console.status(f"{region}: starting") as status:
        yield lambda cycle, done: status.update(f"{region}: cycle {cycle:,.0f}, {done} of {actors} actors done")
