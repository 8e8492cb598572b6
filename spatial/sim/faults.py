"""What stops a run from inside an actor."""

from collections.abc import Mapping
from types import TracebackType

__all__ = ["Fault", "names_at"]


class Fault(Exception):
    """The program did what no hardware could: `site` numbers the operation, `actor` names who did it.

    `names` are the variables of the actor's generator at that moment.
    """

    def __init__(self, site: int, what: str, actor: str = "", names: Mapping[str, object] | None = None) -> None:
        super().__init__(site, what, actor, names)  # SimPy raises it anew from its arguments
        self.site = site
        self.what = what
        self.actor = actor
        self.names = names or {}


def names_at(trace: TracebackType | None) -> dict[str, object]:
    """The variables of the generators that an exception came through; their texts stand in no file."""
    found: dict[str, object] = {}
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith("<"):
            found |= trace.tb_frame.f_locals
        trace = trace.tb_next
    return found
