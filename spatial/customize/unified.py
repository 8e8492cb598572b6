"""`sp.unify`: two functions as one, which does the one or the other as it is told when it runs."""

import types

from spatial.customize.schedule import Schedule, customize
from spatial.customize.state import state_of
from spatial.ir.dialect import context
from spatial.ir.mlir import ir
from spatial.region.program import Program
from spatial.schedule.unify import unify as unify_functions
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["unify"]


def unify(first: Schedule | types.FunctionType, second: Schedule | types.FunctionType, rounds: int = 1) -> Schedule:
    """Begins a schedule of a function that does what `first` or `second` does, in hardware that both share.

    It takes what they take, which is the same, and then `mode: int8[rounds]`: in each round a 0 asks for the first, any
    other number for the second. Loops that stand alike and count alike become one; in its body a branch tells the two
    apart. Both are functions, or schedules of functions, whose steps so far are kept. Raises `ProgramError` where their
    parameters or results differ, where one has streams or became a grid of PEs, or for fewer rounds than 1.
    """
    if isinstance(rounds, bool) or not isinstance(rounds, int) or rounds < 1:
        title = f"`rounds` is how many modes a call does, at least 1, not {rounds!r}"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint="leave it out for one round")])
    one, other = _program(first), _program(second)
    name = f"{one.name}_{other.name}"
    with context(), ir.Location.unknown():
        unify_functions(one.module, other.module, name, rounds)
    return Schedule(name, state_of(one.module))


def _program(given: Schedule | types.FunctionType) -> Program:
    """What is to be unified, in a module of its own."""
    program = (given if isinstance(given, Schedule) else customize(given)).program
    if len(program.graph.actors) != 1 or program.graph.channels:
        title = (
            f"`unify` takes functions of arrays and numbers, `{program.name}` is more than one actor, or has streams"
        )
        hint = "unify functions, or schedules before `unfold`"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])
    return program
