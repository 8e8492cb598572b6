"""What an exported folder is made from: the top function, its arguments, the part, the memory they are connected to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spatial.analysis.sharing import ArrayUse, array_uses
from spatial.device.parts import Part
from spatial.ir.function import Parameter
from spatial.ir.graph import ActorGraph
from spatial.lower.hls.interfaces import Interface, MAxi, container_bits
from spatial.types.dtype import DType
from spatial.types.tensor import element_of, shape_of

__all__ = ["Argument", "Kernel", "connections", "kernel_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """A parameter of the top function: `direction` is "in", "out" or "in and out"; `shape` of an array or a stream.

    In memory an element takes `bytes`, those of `element` in its low bits.
    """

    name: str
    kind: str
    direction: str
    element: DType
    shape: tuple[int, ...]
    interface: Interface

    @property
    def bytes(self) -> int:
        """What an element takes in memory."""
        return container_bits(self.element.bits) // 8

    @property
    def count(self) -> int:
        """The elements of an array."""
        size = 1
        for extent in self.shape:
            size *= extent
        return size


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """A top function for a part at a clock in MHz; its arguments are in order."""

    top: str
    arguments: tuple[Argument, ...]
    part: Part
    megahertz: float

    @property
    def period(self) -> float:
        """The clock period in ns."""
        return 1000 / self.megahertz

    @property
    def arrays(self) -> list[Argument]:
        """The arguments in memory outside."""
        return [each for each in self.arguments if each.kind == "array"]

    @property
    def scalars(self) -> list[Argument]:
        """The arguments that the host writes into registers."""
        return [each for each in self.arguments if each.kind == "scalar"]

    @property
    def streams(self) -> list[Argument]:
        """The arguments that other kernels feed or take from."""
        return [each for each in self.arguments if each.kind == "stream"]


def kernel_of(graph: ActorGraph, top: str, interfaces: Mapping[str, Interface], part: Part, megahertz: float) -> Kernel:
    """The top function of a region."""
    uses = array_uses(graph)
    arguments = tuple(_argument(graph, uses, parameter, interfaces[parameter.name]) for parameter in graph.parameters)
    return Kernel(top=top, arguments=arguments, part=part, megahertz=megahertz)


def connections(kernel: Kernel) -> Iterator[tuple[str, str]]:
    """Each array with the memory bank it is connected to, as asked for, or else the next of the board's first kind.

    Arrays of one port are in one bank.
    """
    kind = kernel.part.banks[0].partition("[")[0].rstrip("0123456789")
    free = [bank for bank in kernel.part.banks if bank.partition("[")[0].rstrip("0123456789") == kind]
    taken: dict[str, str] = {}
    for argument in kernel.arrays:
        if not isinstance(argument.interface, MAxi):
            continue
        bundle = argument.interface.bundle or argument.name
        if bundle not in taken:
            taken[bundle] = argument.interface.bank or _least_used(free, list(taken.values()))
        yield argument.name, taken[bundle]


def _least_used(banks: Sequence[str], taken: Sequence[str]) -> str:
    return min(banks, key=lambda bank: (taken.count(bank), banks.index(bank)))


def _argument(graph: ActorGraph, uses: Mapping[str, ArrayUse], parameter: Parameter, interface: Interface) -> Argument:
    if parameter.kind == "array":
        shape = shape_of(parameter.type)
        use = uses[parameter.name]
        direction = {(True, True): "in and out", (False, True): "out"}.get((bool(use.readers), bool(use.writers)), "in")
    else:
        shape = (*parameter.shape, *shape_of(parameter.type))
        direction = "out" if parameter.name in graph.outputs else "in"
    return Argument(
        name=parameter.name,
        kind=parameter.kind,
        direction=direction,
        element=element_of(parameter.type),
        shape=shape,
        interface=interface,
    )
