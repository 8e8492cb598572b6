"""`emit`: a placed design as a module, with all that its tools need beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from spatial.device.npu import Npu
from spatial.ir.location import location
from spatial.ir.mlir import PassManager, ir
from spatial.lower.aie.design import Mapped, Placement
from spatial.lower.aie.dialect.build import device, end
from spatial.lower.aie.dialect.custom import custom_text
from spatial.lower.aie.dialect.generic import generic_text
from spatial.lower.aie.dialect.ops import aie_context
from spatial.lower.aie.dialect.verify import verify_design
from spatial.lower.aie.emit.called import Functions
from spatial.lower.aie.emit.cores import write_core
from spatial.lower.aie.emit.external import called_symbols
from spatial.lower.aie.emit.fabric import Fabric, write_fifos, write_tiles
from spatial.lower.aie.emit.host import write_sequence
from spatial.lower.aie.emit.names import Names
from spatial.lower.aie.emit.sequence import Step, host_arrays, steps_of
from spatial.lower.aie.emit.storage import Stores, stores_of

__all__ = ["Design", "emit"]


@dataclass(frozen=True, kw_only=True)
class Design:
    """A design for the tools: its module, functions of object files that it calls, and what the host hands over.

    `functions` are those of object files that its cores call. `arrays` are the sizes in bytes of what the host hands
    over, in order, and `stores` how elements lie there. `scalars` are the numbers that stand for the words of run-time
    parameters in the sequence, by name, the lowest word first: the host writes the real ones in.
    """

    name: str
    npu: Npu
    module: ir.Module = field(compare=False)
    functions: Functions = field(compare=False)
    arrays: Mapping[str, int]
    stores: Stores = field(compare=False)
    steps: tuple[Step, ...] = field(compare=False)
    scalars: Mapping[str, tuple[int, ...]]

    @cached_property
    def code(self) -> str:
        """The module in the vendor's own syntax."""
        return custom_text(self.module, self.npu.name)

    @cached_property
    def generic(self) -> str:
        """The module in the generic form, as every MLIR tool reads it."""
        return generic_text(self.module)


def emit(mapped: Mapped, placement: Placement, npu: Npu, *, ahead: bool = False) -> Design:
    """Writes a placed design, its transfers in rounds or `ahead`.

    Raises `ProgramError` (aie/not-on-core) where a kernel does what no core can.
    """
    stores = stores_of(mapped)
    steps = steps_of(mapped, placement, npu, stores, ahead=ahead)
    arrays = host_arrays(mapped, stores)
    with aie_context(), ir.Location.unknown():
        module = ir.Module.create()
        names = Names()
        names.taken.update(called_symbols(mapped.module))
        with ir.InsertionPoint(module.body):
            block = device(npu.code, "main")
        fabric = Fabric(
            mapped=mapped,
            placement=placement,
            npu=npu,
            stores=stores,
            outside=module.body,
            block=block,
            names=names,
            functions=Functions(names),
        )
        with ir.InsertionPoint(block):
            write_tiles(fabric)
            write_fifos(fabric)
            for node in mapped.nodes:
                if node.actor:
                    with location(node.span):
                        write_core(fabric, node)
            write_sequence(fabric, steps, arrays)
            end()
        PassManager.parse("builtin.module(cse)").run(module.operation)
        verify_design(module, npu)
    return Design(
        name=mapped.name,
        npu=npu,
        module=module,
        functions=fabric.functions,
        arrays=arrays,
        stores=stores,
        steps=tuple(steps),
        scalars=fabric.scalars,
    )
