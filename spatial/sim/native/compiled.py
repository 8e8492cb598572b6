"""A program compiled for the native engine."""

import dataclasses
import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from spatial.ir.dialect import context
from spatial.ir.function import kernels
from spatial.lower.llvm.code import Code
from spatial.lower.llvm.function import lower_function
from spatial.lower.llvm.module import MachineCode, generate
from spatial.lower.llvm.untimed import lower_untimed
from spatial.lower.llvm.values import Watched
from spatial.sim.reference.network import Network, watched, with_alike
from spatial.sim.reference.writer import Site

__all__ = ["Detail", "NativeProgram", "compile_native", "logging"]


class Detail(Enum):
    """What the code of a program notes of a run: nothing that is not printed, tokens of some channels, all."""

    NOTHING = 0
    TOKENS = 1
    ALL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeProgram:
    """A network with machine code for each of its functions.

    The places of a function's code are the last of the sites that the network has for it; `first_place` is the
    number of the first. `ordered` are the arrays for whose accesses it is watched whether tokens order them,
    `components` the numbers of the actors that touch these.
    """

    network: Network
    codes: Mapping[str, Code]
    machine: MachineCode
    first_place: Mapping[str, int]
    ordered: frozenset[str]
    components: Sequence[int]


def compile_native(
    network: Network, ordered: Collection[str] = (), *, timed: bool = True, detail: Detail = Detail.NOTHING
) -> NativeProgram:
    """Lowers all functions.

    Code that is not `timed` keeps no clocks: it is for networks that `needs_clocks` says nothing against.
    Tokens must order all accesses to the arrays `ordered`, and to those that a kernel shares with what it starts;
    elements of others must not be touched by several actors.
    """
    graph, traced = network.graph, detail is Detail.ALL
    recorded = with_alike(graph, {*ordered, *_handed_over(network)})
    lower = functools.partial(lower_function, traced=traced) if timed else lower_untimed
    codes: dict[str, Code] = {}
    with context():
        for function in kernels(network.module):
            name = function.name.value
            shared, kept = (watched(name, graph, arrays) for arrays in (network.shared, recorded))
            marks = Watched(marked=sorted(shared - kept), recorded=sorted(kept), clocks=bool(recorded))
            codes[name] = lower(function, network.timings[name], marks)
    functions = {
        name: dataclasses.replace(known, sites=(*known.sites, *_sites(codes[name])))
        for name, known in network.functions.items()
    }
    return NativeProgram(
        network=dataclasses.replace(network, functions=functions),
        codes=codes,
        machine=generate(codes, timed=timed, logging=detail is not Detail.NOTHING),
        first_place={name: len(known.sites) for name, known in network.functions.items()},
        ordered=recorded,
        components=[number for number, actor in enumerate(graph.actors) if recorded.intersection(actor.arrays)],
    )


def _handed_over(network: Network) -> frozenset[str]:
    """Watched arrays of a kernel that actors use which it starts: their turns are told by its tokens."""
    found: set[str] = set()
    for channel in network.graph.channels:
        if channel.role == "start" and channel.writer and channel.reader:
            starter, started = (network.graph.actor[end.actor] for end in (channel.writer, channel.reader))
            found |= set(starter.arrays) & set(started.arrays)
    return frozenset(found & network.shared)


def logging(program: NativeProgram) -> NativeProgram:
    """The program with code that notes the tokens of channels, where a run asks for that."""
    return dataclasses.replace(program, machine=generate(program.codes, timed=program.machine.timed, logging=True))


def _sites(code: Code) -> tuple[Site, ...]:
    return tuple(Site(operation=place.operation, span=place.span, calls=place.calls) for place in code.places)
