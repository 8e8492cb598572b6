"""What can be simulated and built, compiled."""

import types

from spatial.build.options import no_region
from spatial.customize.schedule import Schedule
from spatial.kernel.declared.definition import Kernel
from spatial.region.alone import Compilable, compile_program
from spatial.region.definition import Region
from spatial.region.program import Program
from spatial.source.errors import ProgramError

__all__ = ["Runnable", "name_of", "program_of"]

Runnable = Compilable | Schedule


def program_of(given: Runnable) -> Program:
    """Compiles a region, a kernel that stands alone, or a function, and takes a schedule's program as it is now.

    Raises `ProgramError` with every problem found.
    """
    if isinstance(given, Schedule):
        return given.program
    if not isinstance(given, Region | Kernel | types.FunctionType):
        raise ProgramError([no_region(given)])
    return compile_program(given)


def name_of(given: Runnable) -> str:
    """What the program is called."""
    return given.__name__ if isinstance(given, types.FunctionType) else given.name
