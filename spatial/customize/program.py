"""The program that a schedule has come to."""

from spatial.customize.state import State, copied
from spatial.ir.dialect import context
from spatial.ir.mlir import ir
from spatial.ir.verify import verify
from spatial.region.program import Program
from spatial.schedule.calls.starting import start_all
from spatial.schedule.calls.writing import write_out_all

__all__ = ["program_after"]


def program_after(state: State, name: str) -> Program:
    """A program between two steps, in a module of its own, with calls written out."""
    module = copied(state)
    with context(), ir.Location.unknown():
        write_out_all(module)
        start_all(module)
    return Program(name=name, module=module, graph=verify(module))
