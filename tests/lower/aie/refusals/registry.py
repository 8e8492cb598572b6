"""The designs that must be refused, by name, and what is told of them."""

from collections.abc import Callable

from spatial.device.npu import npu
from spatial.lower.aie.placement.place import place
from spatial.lower.aie.rules.judge import broken
from spatial.lower.aie.rules.subject import Subject
from spatial.lower.aie.rules.table import DESIGN
from spatial.source.errors import ProgramError
from spatial.types.dtype import int32
from tests.lower.aie.designs import Design

REFUSED: dict[str, Callable[[], list]] = {}


def refused(function):
    """Enters a design by the name of its function."""
    REFUSED[function.__name__.replace("_", "-")] = function
    return function


def unplaced(mapped, device):
    """What a placement says."""
    try:
        placement = place(mapped, npu(device))
    except ProgramError as error:
        return list(error.problems)
    raise AssertionError(f"placed at {placement.tiles}")


def unlawful(made, device="npu1"):
    return broken(made.mapped(), npu(device))


def unwritten(made, name, device="npu1"):
    """What one rule says of elements as the user gave them, not widened to words."""
    (rule,) = (each for each in DESIGN if each.name == name)
    return list(rule.check(Subject(mapped=made.mapped(), npu=npu(device))))


def fed(size, moved, objects=4, stride=1, element=int32):
    """A core that the host feeds with one transfer."""
    made = Design()
    made.fifo("a", made.shim("source"), made.core("pe"), (size,), objects=objects, element=element)
    made.moves("a", "A", moved, stride)
    return made
