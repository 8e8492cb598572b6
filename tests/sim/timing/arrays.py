"""Process networks of systolic arrays."""

from spatial.analysis.processes import Link, Operation, Pipeline, Process, ProcessNetwork
from spatial.device.model import IDEAL

__all__ = ["systolic"]


def systolic(size: int, count: int, depth: int = 2) -> ProcessNetwork:
    """A square array of processes that each pass on what comes from the left and from above, `count` times."""
    west, north, east, south = range(4)
    source = (Pipeline(count=count, operations=(Operation(port=0, puts=True),)),)
    sink = (Pipeline(count=count, operations=(Operation(port=0, puts=False),)),)
    gets = (Operation(port=west, puts=False), Operation(port=north, puts=False))
    puts = (Operation(port=east, puts=True), Operation(port=south, puts=True))
    cell = (Pipeline(count=count, operations=gets + puts),)
    processes, links = [], []
    for i in range(size):
        processes.append(Process(name=f"a{i}", body=source, links=(f"h{i},0",)))
        processes.append(Process(name=f"b{i}", body=source, links=(f"v0,{i}",)))
        processes.append(Process(name=f"x{i}", body=sink, links=(f"h{i},{size}",)))
        processes.append(Process(name=f"y{i}", body=sink, links=(f"v{size},{i}",)))
        for j in range(size):
            ends = (f"h{i},{j}", f"v{i},{j}", f"h{i},{j + 1}", f"v{i + 1},{j}")
            processes.append(Process(name=f"c{i},{j}", body=cell, links=ends))
        for j in range(size + 1):
            first, last = j == 0, j == size
            row = (f"a{i}" if first else f"c{i},{j - 1}", f"x{i}" if last else f"c{i},{j}")
            column = (f"b{i}" if first else f"c{j - 1},{i}", f"y{i}" if last else f"c{j},{i}")
            for name, (writer, reader) in ((f"h{i},{j}", row), (f"v{j},{i}", column)):
                links.append(Link(name=name, writer=writer, reader=reader, depth=depth, bits=32))
    return ProcessNetwork(name="systolic", processes=tuple(processes), links=tuple(links), device=IDEAL)
