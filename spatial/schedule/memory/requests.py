"""Checks what the steps of a schedule that change memory are given."""

from collections.abc import Sequence

from spatial.ir.function import parameters
from spatial.ir.location import span_of
from spatial.ir.mlir import ir, scf
from spatial.schedule.errors import NotPossible, WrongStep
from spatial.source.errors import ProgramError
from spatial.source.span import caller_span

__all__ = ["array_shape", "buffer_name", "counting", "dimension_of", "refused", "wrong"]


def wrong(title: str, hint: str = "") -> ProgramError:
    """The error of giving a step something that it cannot take."""
    return ProgramError([WrongStep(title=title, span=caller_span(), hint=hint)])


def refused(title: str, places: Sequence[tuple[ir.OpView | ir.Value, str]], hint: str = "") -> ProgramError:
    """The error of a step that the program has not the form for; `places` are in its way, each with why."""
    shown = tuple((span_of(place.location), text) for place, text in places)
    return ProgramError([NotPossible(title=title, span=caller_span(), places=shown, hint=hint)])


def buffer_name(memory: ir.Value) -> str:
    """What a schedule calls memory."""
    owner = memory.owner
    if isinstance(owner, ir.Block):
        position: int = ir.BlockArgument(memory).arg_number
        return parameters(owner.owner)[position].name
    return str(owner.attributes["df.name"].value)


def array_shape(memory: ir.Value, step: str) -> tuple[int, ...]:
    """The extents of an array; a single value is refused."""
    if not memory.type.shape:
        title = f"`{step}` takes an array, `{buffer_name(memory)}` is a single value"
        raise refused(title, [(memory, "declared here")])
    return tuple(memory.type.shape)


def dimension_of(memory: ir.Value, number: object, step: str) -> int:
    """The dimension of an array that a number says."""
    rank = len(memory.type.shape)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < rank:
        many = f"{rank} dimension{'s' if rank > 1 else ''}"
        hint = f"`dim` counts from 0: write `dim={rank - 1}` for the last one"
        raise wrong(f"`{step}` was given dimension {number!r} of `{buffer_name(memory)}`, which has {many}", hint)
    return number


def counting(loop: ir.OpView, step: str) -> scf.ForOp:
    """A loop that counts."""
    if not isinstance(loop, scf.ForOp):
        raise refused(f"`{step}` takes loops that count, a `while` does not", [(loop, "it may end at any iteration")])
    return loop
