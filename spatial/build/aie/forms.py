"""Forms of a program that an NPU may have room for, one after the other."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from spatial.analysis.counts import token_counts
from spatial.build.aie.folding import Form, folds
from spatial.build.arguments import channel_depths
from spatial.device.npu import Npu
from spatial.ir.dialect import ChannelOp, context
from spatial.ir.function import region_function
from spatial.ir.graph import element_name
from spatial.ir.mlir import ir
from spatial.ir.text import copy_of
from spatial.ir.verify import verify
from spatial.lower.aie.legalize.joined import joined
from spatial.lower.aie.legalize.legalize import legalize
from spatial.lower.aie.mapping.sizes import bytes_of
from spatial.region.program import Program

__all__ = ["deepened", "forms_of"]

MOST_WHOLE = 8  # tokens: half of the descriptors of a core tile
MOST_BYTES = 4096


def forms_of(program: Program, npu: Npu) -> Iterator[Form]:
    """Programs that do the same on as many cores as there are at most, each with its legal form.

    Where PEs share cores, they do so along one axis after the other. Each fold comes as it is, with channels between
    the host and one core joined, and with channels that hold all that PEs put before it is the turn of the next.
    """
    for form in folds(program, npu):
        yield form
        if (less := joined(form.legal)) is not None:
            yield form._replace(legal=less)
        if form.folded is not None:
            deeper = deepened(form.program, _whole_depths(form.program))
            yield form._replace(program=deeper, legal=legalize(deeper.module, deeper.graph, npu))


def _whole_depths(program: Program) -> Mapping[str, int]:
    """Depths of channels that hold all that passes, where that is little."""
    counts = token_counts(program.module, program.graph)
    return {
        each.name: count
        for each in program.graph.channels
        if each.depth < (count := counts[each.name].puts or 0) <= MOST_WHOLE
        and count * bytes_of(each.element) <= MOST_BYTES
    }


def deepened(program: Program, depths: Mapping[str, int] | None) -> Program:
    """The program with channels as deep as is asked for."""
    if not depths:
        return program
    wanted = channel_depths(program.graph, depths)
    with context(), ir.Location.unknown():
        module = copy_of(program.module)
        for op in region_function(module).entry_block.operations:
            if isinstance(op, ChannelOp):
                name = element_name(op.stream.value, tuple(index.value for index in op.indices))
                op.attributes["depth"] = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), wanted[name])
    return replace(program, module=module, graph=verify(module))
