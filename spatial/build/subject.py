"""What can be simulated and built, compiled."""

import types

from spatial.build.options import no_region
from spatial.kernel.declared.definition import Kernel
from spatial.region.alone import Compilable, compile_program
from spatial.region.definition import Region
from spatial.region.program import Program
from spatial.source.errors import ProgramError

__all__ = ["Runnable", "name_of", "program_of"]

Runnable = Compilable


def program_of(given: Runnable) -> Program:
    """Compiles a region, a kernel that stands alone, or a function; raises `ProgramError` with every problem found."""
    if not isinstance(given, Region | Kernel | types.FunctionType):
        raise ProgramError([no_region(given)])
    return compile_program(given)


def name_of(given: Runnable) -> str:
    """What the program is called."""
    return given.__name__ if isinstance(given, types.FunctionType) else given.name
