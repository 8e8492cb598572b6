"""Timelines that a run is asked for: the files they go to, checked before anything runs."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from spatial.ir.graph import ActorGraph
from spatial.sim.timeline import Sink, Timeline
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.viz.chrome import ChromeTrace
from spatial.viz.files import WholeFile
from spatial.viz.vcd import ValueChanges

__all__ = ["FORMATS", "check_native", "check_timeline", "timeline_to"]

FORMATS: Mapping[str, Callable[[WholeFile, ActorGraph], Sink]] = {".json": ChromeTrace, ".vcd": ValueChanges}


def check_timeline(path: str | os.PathLike[str] | None) -> Path | None:
    """Where a timeline goes; raises `ProgramError` where none can be written."""
    if path is None:
        return None
    if not isinstance(path, str | os.PathLike):
        _refuse(f"`timeline` is the name of a file, not `{path!r}`", 'write `timeline="run.json"`')
    found = Path(path)
    if found.suffix.lower() not in FORMATS:
        _refuse(f"a timeline is a `.json` or a `.vcd` file, not `{found.name}`", 'write `timeline="run.json"`')
    if found.is_dir():
        _refuse(f"cannot write the timeline `{found}`: it is a folder")
    if not found.parent.is_dir():
        _refuse(f"cannot write the timeline `{found}`: there is no folder `{found.parent}`")
    if not os.access(found.parent, os.W_OK):
        _refuse(f"cannot write the timeline `{found}`: nothing can be written into `{found.parent}`")
    return found


def check_native(graph: ActorGraph, calls: int) -> None:
    """Raises `ProgramError` where the native engine writes no timeline of a program."""
    if graph.is_timed:
        what = "a program that asks what channels hold"
        _refuse(f"the native engine does not write a timeline of {what}", 'write `engine="simpy"`')
    if calls > 1:
        _refuse("the native engine does not write a timeline of several calls", 'write `engine="simpy"`')


def _refuse(title: str, hint: str = "") -> None:
    raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])


@contextmanager
def timeline_to(path: Path | None, graph: ActorGraph) -> Iterator[Timeline | None]:
    """The timeline of a run; the file gets its name when the run has ended, and is left out if that fails."""
    if path is None:
        yield None
        return
    file = WholeFile(path)
    try:
        yield Timeline(FORMATS[path.suffix.lower()](file, graph))
    except BaseException:
        file.drop()
        raise
    file.keep()
