"""Makes a process network of a recorded design."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from spatial.analysis.processes import Delay, Link, Operation, Pipeline, Process, ProcessNetwork, Step
from spatial.device.model import HLS
from spatial.sim.recorded.checks import check_design
from spatial.sim.recorded.design import Design, Fifo, Recorded, Use
from spatial.sim.recorded.reading import read_design
from spatial.source.errors import ProgramError

__all__ = ["load_design", "load_network", "network_of"]


def load_network(path: str | Path, /) -> ProcessNetwork:
    """The process network of a recorded design, a file of JSON, as it is or compressed by gzip.

    `docs/replay.md` has the format and the timing. Raises `ProgramError` with all that is wrong with the file.
    """
    return network_of(load_design(Path(path)))


def load_design(path: Path) -> Design:
    """The design in a file, checked; raises `ProgramError` with all that is wrong."""
    design = read_design(path)
    if problems := check_design(design):
        raise ProgramError(problems)
    return design


def network_of(design: Design) -> ProcessNetwork:
    """The network of a design: rigid pipelines, FIFOs as FPGA tools build them.

    Reads stand in stage 1 (in stage 0 of a single one), writes in the last: this is where the tools that schedule such
    loops put what needs no operator before or behind it. A process that comes after others, which hand it a
    whole array, starts in the cycle behind their last one. Names that several have are told apart by their ids.
    """
    name = _names(design.processes)
    link = _names(design.fifos)
    processes = (_process(process, name, link) for process in design.processes)
    links = (
        Link(
            name=link[fifo.id],
            writer=name[fifo.writer],
            reader=name[fifo.reader],
            depth=fifo.depth,
            bits=fifo.width_bits,
            span=fifo.span,
        )
        for fifo in design.fifos
    )
    return ProcessNetwork(name=design.name, processes=tuple(processes), links=tuple(links), device=HLS)


def _names(objects: Sequence[Fifo | Recorded]) -> Mapping[int, str]:
    counts = Counter(each.name for each in objects)
    return {each.id: each.name if counts[each.name] == 1 else f"{each.name}#{each.id}" for each in objects}


def _process(process: Recorded, name: Mapping[int, str], link: Mapping[int, str]) -> Process:
    used = sorted({use.fifo for use in (*process.reads, *process.writes)})
    port = {fifo: number for number, fifo in enumerate(used)}
    last = process.iteration_latency - 1
    reads = _operations(process, process.reads, port, stage=min(1, last), puts=False)
    writes = _operations(process, process.writes, port, stage=last, puts=True)
    pipeline = Pipeline(
        count=process.iterations,
        ii=process.ii,
        latency=process.iteration_latency,
        style="rigid",
        operations=(*reads, *writes),
        span=process.span,
    )
    steps: list[Step] = [Delay(cycles=process.pre_cycles), pipeline, Delay(cycles=process.post_cycles)]
    return Process(
        name=name[process.id],
        body=tuple(step for step in steps if step is pipeline or step != Delay(cycles=0)),
        links=tuple(link[fifo] for fifo in used),
        after=tuple(name[number] for number in process.after),
    )


def _operations(
    process: Recorded, uses: Iterable[Use], port: Mapping[int, int], *, stage: int, puts: bool
) -> tuple[Operation, ...]:
    return tuple(
        Operation(port=port[use.fifo], puts=puts, stage=stage, iterations=use.iterations, span=process.span)
        for use in uses
    )
