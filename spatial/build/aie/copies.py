"""What is known of a core's memory once its program is written."""

from dataclasses import replace

from spatial.device.npu import Npu
from spatial.lower.aie.design import Mapped, Placement
from spatial.lower.aie.emit.design import Design
from spatial.lower.aie.mapping.memory import fitted_depths
from spatial.lower.aie.rules.emitted import copied, data_memory
from spatial.lower.aie.rules.subject import Subject

__all__ = ["with_copies"]


def with_copies(mapped: Mapped, npu: Npu, placement: Placement, design: Design) -> Mapped | None:
    """The program with the copies of tokens that its cores were found to need; None if their memory holds all of it.

    Which tokens are copied depends on how long their fifos are, and on where cores stand. So a core is taken to need
    the most that it was found to need in any placement.
    """
    subject = Subject(mapped=mapped, npu=npu, placement=placement, module=design.module)
    if not any(data_memory(subject)):
        return None
    found = copied(subject)
    nodes = tuple(replace(node, copied=max(node.copied, found.get(node.name, 0))) for node in mapped.nodes)
    return fitted_depths(replace(mapped, nodes=nodes), npu)
