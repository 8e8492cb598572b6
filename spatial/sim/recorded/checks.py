"""Finds what does not fit together in a recorded design."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from spatial.analysis.series import Series, count_of, last_of
from spatial.sim.recorded.design import Design, Fifo, Recorded, Use
from spatial.sim.recorded.errors import BadDesign
from spatial.source.report import Problem
from spatial.source.span import Span

__all__ = ["check_design"]


def check_design(design: Design) -> list[Problem]:
    """Everything that contradicts itself: ids, ends, iterations, counts of tokens, the order of processes."""
    found = [*_twice("FIFO", design.fifos), *_twice("process", design.processes)]
    if found:
        return found
    processes = {process.id: process for process in design.processes}
    fifos = {fifo.id: fifo for fifo in design.fifos}
    found += [problem for fifo in design.fifos for problem in _check_fifo(fifo, processes)]
    found += [problem for process in design.processes for problem in _check_process(process, fifos, processes)]
    return found or list(_check_order(design))


def _twice(what: str, objects: Sequence[Fifo | Recorded]) -> Iterator[Problem]:
    counts = Counter(each.id for each in objects)
    for each in objects:
        if counts[each.id] > 1:
            yield BadDesign(
                title=f"there are {counts[each.id]} objects with the id {each.id}: each {what} has its own",
                span=each.span,
            )


def _check_fifo(fifo: Fifo, processes: Mapping[int, Recorded]) -> Iterator[Problem]:
    """Its ends exist, and as many tokens are written and read as it says."""
    for role, number in (("writer", fifo.writer), ("reader", fifo.reader)):
        if number not in processes:
            yield _bad(fifo.span, f"the {role} of FIFO `{fifo.name}` is process {number}, and there is none of that id")
            return
    written = _tokens(processes[fifo.writer].writes, fifo.id)
    read = _tokens(processes[fifo.reader].reads, fifo.id)
    if not written == read == fifo.tokens:
        title = f"FIFO `{fifo.name}` has {fifo.tokens} tokens, but is written {written} times and read {read} times"
        yield _bad(fifo.span, title)


def _tokens(uses: Iterable[Use], fifo: int) -> int:
    return sum(count_of(use.iterations) for use in uses if use.fifo == fifo)


def _check_process(
    process: Recorded, fifos: Mapping[int, Fifo], processes: Mapping[int, Recorded]
) -> Iterator[Problem]:
    """It uses FIFOs whose end it is, in iterations that it has, in ascending order."""
    for side, role, uses in (("reads", "reader", process.reads), ("writes", "writer", process.writes)):
        for use in uses:
            fifo = fifos.get(use.fifo)
            if fifo is None:
                yield _bad(
                    process.span, f"process `{process.name}` {side} FIFO {use.fifo}, and there is none of that id"
                )
                continue
            if (fifo.reader if side == "reads" else fifo.writer) != process.id:
                yield _bad(process.span, f"process `{process.name}` {side} FIFO `{fifo.name}`, but is not its {role}")
            if not _ascend(use.iterations):
                yield _bad(
                    process.span, f"process `{process.name}` {side} FIFO `{fifo.name}` in iterations that do not ascend"
                )
            elif last_of(use.iterations) >= process.iterations:
                last = last_of(use.iterations)
                title = (
                    f"process `{process.name}` {side} FIFO `{fifo.name}` in iteration {last} of {process.iterations}"
                )
                yield _bad(process.span, title, "iterations count from 0")
    for number in process.after:
        if number not in processes:
            yield _bad(
                process.span, f"process `{process.name}` comes after process {number}, and there is none of that id"
            )


def _ascend(iterations: Sequence[Series]) -> bool:
    """Whether each number is greater than the one before."""
    before = -1
    for series in iterations:
        span = 0
        for stride, count in reversed(series.strides):
            if stride <= span and count > 1:
                return False
            span += stride * (count - 1)
        if series.first <= before:
            return False
        before = series.last
    return True


def _check_order(design: Design) -> Iterator[Problem]:
    """No process comes after itself."""
    try:
        TopologicalSorter({process.id: process.after for process in design.processes}).prepare()
    except CycleError as error:
        names = {process.id: process.name for process in design.processes}
        spans = {process.id: process.span for process in design.processes}
        circle = list(reversed(error.args[1]))
        chain = " after ".join(f"`{names[number]}`" for number in circle)
        yield _bad(spans[circle[0]], f"no process can start first: {chain}")


def _bad(span: Span, title: str, hint: str = "") -> BadDesign:
    return BadDesign(title=title, span=span, hint=hint)
