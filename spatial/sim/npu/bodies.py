"""Makes steps of an actor on a core: what it acquires and releases, and how long it computes in between."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from spatial.analysis.control.reading import Reader
from spatial.analysis.control.skeleton import Computation, Node, Nodes, Skeleton
from spatial.analysis.extraction import FunctionBodies
from spatial.analysis.loops import has_channel_operation, is_endless, is_loop
from spatial.analysis.pipeline import Timings
from spatial.analysis.processes import Body, Delay, Operation, Pipeline, Repeat, Step
from spatial.device.npu import Npu
from spatial.ir.channels import CHANNEL_OPERATIONS
from spatial.ir.external import is_timed
from spatial.ir.location import span_of
from spatial.ir.mlir import func, ir, scf
from spatial.sim.npu.computing import computed
from spatial.sim.npu.nests import trips_of

__all__ = ["Ports", "core_bodies", "locked", "one"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where a core's channel operations go, by the channel's place: ports of links that are taken from and put to.

    A get acquires from `acquires` and, when the block was used, releases to `releases`; a put takes a free place, and
    gives it away full. A place without an entry is one of a fifo that another place stands for.
    """

    acquires: Mapping[int, int]
    releases: Mapping[int, int]


def core_bodies(
    function: func.FuncOp,
    values: int,
    device: Npu,
    scalars: Mapping[str, int],
    given: frozenset[int],
    *,
    timed: bool = True,
) -> FunctionBodies:
    """The bodies of the actors of a function that has so many values, as cores of a device run them.

    Gets and puts are operations of a cycle; `locked` makes locks of them. What is not `timed` does nothing else.
    """
    nodes = CoreReader(function, device, given, timed=timed).block(function.entry_block)
    return FunctionBodies(Skeleton(nodes=nodes, arguments=len(function.arguments)), values, scalars)


class CoreReader(Reader):
    """Reads a function as a core runs it: one operation after the other, nests without channels in their time.

    If it is not `timed`, loops without channels are left out, however often they run.
    """

    def __init__(self, function: func.FuncOp, device: Npu, given: frozenset[int], *, timed: bool) -> None:
        super().__init__(function, Timings(), given)
        self.device = device
        self.timed = timed

    def block(self, block: ir.Block) -> Nodes:
        found: list[Node] = []
        for plain, operations in groupby(block.operations, key=_is_plain):
            run = list(operations)
            found += [node for op in run for node in self.operation(op)]
            cycles = round(sum(computed(op, self.device) for op in run)) if plain and self.timed else 0
            if cycles:
                found.append(Computation(cycles=cycles, span=span_of(run[0].location)))
        return tuple(found)

    def loop(self, op: ir.OpView) -> Iterator[Node]:
        inside = not has_channel_operation(op) and not is_endless(op)
        if inside and not self.timed:
            self.forget(op)
            return
        if inside and isinstance(op, scf.ForOp) and _is_known(op):
            self.forget(op)
            yield Computation(cycles=round(computed(op, self.device)), span=span_of(op.location))
            return
        yield from super().loop(op)


def _is_plain(op: ir.OpView) -> bool:
    return not op.regions and not is_timed(op) and not isinstance(op, CHANNEL_OPERATIONS)


def _is_known(loop: scf.ForOp) -> bool:
    """Whether how often loops run is written in the text."""
    within = [op for op in loop.body.operations if is_loop(op)]
    return trips_of(loop) is not None and all(isinstance(op, scf.ForOp) and _is_known(op) for op in within)


def locked(body: Body, ports: Ports, lock: int, *, at_once: bool = False) -> Body:
    """The same steps with locks of `lock` cycles: a block that was got is released behind what computes with it.

    It is released before the next of its channel is got, in a loop too. With `at_once` it is released before what
    computes with it, as a token of a channel is taken.
    """
    found: list[Step] = []
    held: dict[int, bool] = {}
    for step in body:
        match step:
            case Pipeline(operations=(operation,)):
                port = operation.port
                if port not in ports.acquires:
                    continue
                _release(found, [each for each, used in held.items() if used or each == port], held, ports, lock)
                found += _turn(operation, ports.acquires[port], False, lock)
                if operation.puts:
                    found += _turn(operation, ports.releases[port], True, lock)
                else:
                    held[port] = False
                if at_once:
                    _release(found, list(held), held, ports, lock)
            case Repeat(count=count, body=inner):
                _release(found, [each for each in held if each in _used(inner)], held, ports, lock)
                again = locked(inner, ports, lock, at_once=at_once)
                found.append(Repeat(count=count, body=again, span=step.span))
                held = dict.fromkeys(held, True)
            case _:
                found.append(step)
                held = dict.fromkeys(held, True)
    _release(found, list(held), held, ports, lock)
    return tuple(found)


def one(operations: Sequence[Operation]) -> Pipeline:
    """Operations that happen together, in a cycle."""
    return Pipeline(count=1, operations=tuple(operations))


def _used(body: Body) -> frozenset[int]:
    """The ports of the operations in steps and in their loops."""
    found: set[int] = set()
    for step in body:
        match step:
            case Pipeline(operations=operations):
                found |= {each.port for each in operations}
            case Repeat(body=inner):
                found |= _used(inner)
    return frozenset(found)


def _release(found: list[Step], places: Sequence[int], held: dict[int, bool], ports: Ports, lock: int) -> None:
    for place in places:
        del held[place]
        found += _turn(Operation(port=place, puts=True), ports.releases[place], True, lock)


def _turn(operation: Operation, port: int, puts: bool, lock: int) -> list[Step]:
    """A lock is turned: it takes its time, of which the operation is one cycle."""
    turned = Operation(port=port, puts=puts, span=operation.span)
    return [one([turned]), *([Delay(cycles=lock - 1)] if lock > 1 else [])]
