"""Makes one function of several, which runs their bodies one after the other."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from spatial.analysis.loops import is_loop
from spatial.ir.calls import STARTED
from spatial.ir.dialect import ActorOp, StreamType
from spatial.ir.function import kernels, operations
from spatial.ir.mlir import arith, func, ir, memref
from spatial.ir.retyping import with_parameters
from spatial.schedule.copying import rename, statements
from spatial.schedule.loops.requests import refused
from spatial.schedule.space.functions import copied, symbol

__all__ = ["Piece", "merged", "piece_of"]

KEPT = ("df.layouts", "df.storage")
"""What a function says of its parameters, by their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What an actor does, in a function of its own, and what it gives for each parameter: channels, then arrays."""

    function: func.FuncOp
    given: tuple[str, ...]


def piece_of(module: ir.Module, actor: ActorOp) -> Piece:
    """A copy of an actor's function, in which the values that it is given are constants."""
    callee = next(each for each in kernels(module) if each.name.value == actor.callee.value)
    function = copied(callee, symbol(module, "piece"))
    with ir.InsertionPoint.at_block_begin(function.entry_block), function.location:
        for argument, value in zip(list(function.arguments), actor.values, strict=False):
            argument.replace_all_uses_with(arith.ConstantOp(argument.type, value).result)
    function = with_parameters(function, range(len(actor.values), len(function.arguments)))
    names = [each.value for given in (actor.channels, actor.arrays) for each in given]
    return Piece(function=function, given=tuple(names))


def merged(module: ir.Module, pieces: Sequence[Piece], kernel: str) -> tuple[func.FuncOp, list[str]]:
    """A function of a kernel that runs pieces in turn, which are no more then, and what it is given by name.

    What several are given is one parameter. Loops and local arrays have names of their own.
    """
    started = _started(pieces)
    given = _parameters(pieces)
    order = sorted(given, key=lambda name: not isinstance(given[name].type, StreamType))
    with ir.InsertionPoint(pieces[0].function), pieces[0].function.location:
        types = [given[name].type for name in order]
        made = func.FuncOp(symbol(module, f"{kernel}_0"), (types, []), visibility="private")
        entry = made.add_entry_block([given[name].location for name in order])
        with ir.InsertionPoint(entry):
            func.ReturnOp([])
    made.attributes["df.kernel"] = ir.StringAttr.get(kernel)
    if started is not None:
        made.attributes[STARTED] = started
    taken = _describe(made, pieces, order)
    for piece in pieces:
        for name, argument in zip(piece.given, list(piece.function.arguments), strict=True):
            argument.replace_all_uses_with(entry.arguments[order.index(name)])
        _move(piece.function, entry, taken)
        piece.function.operation.erase()
    return made, order


def _started(pieces: Sequence[Piece]) -> ir.Attribute | None:
    """The call that starts all pieces, if one does."""
    found = {_call_of(piece.function): piece.function for piece in pieces}
    if len(found) > 1:
        places = ((function, f"started by `{call.value}`" if call else "not") for call, function in found.items())
        raise refused("kernels that different calls start, or none, are not made one", *places)
    return next(iter(found))


def _call_of(function: func.FuncOp) -> ir.Attribute | None:
    if STARTED not in function.attributes:
        return None
    call: ir.Attribute = function.attributes[STARTED]
    return call


def _parameters(pieces: Sequence[Piece]) -> dict[str, ir.Value]:
    """For all that pieces are given a parameter of one of them."""
    found: dict[str, ir.Value] = {}
    for piece in pieces:
        for name, argument in zip(piece.given, piece.function.arguments, strict=True):
            found.setdefault(name, argument)
    return found


def _describe(made: func.FuncOp, pieces: Sequence[Piece], order: Sequence[str]) -> set[str]:
    """Keeps what the pieces say of their parameters, under names of their own; these names."""
    known: dict[str, ir.Attribute] = {}
    kept: dict[str, dict[str, ir.Attribute]] = {key: {} for key in KEPT}
    names: dict[str, str] = {}
    for piece in pieces:
        for given, attribute in zip(piece.given, piece.function.attributes["df.parameters"], strict=True):
            own = attribute[0].value
            if given not in names:
                names[given] = _fresh(own, set(names.values()))
                known[given] = ir.ArrayAttr.get([ir.StringAttr.get(names[given]), *list(attribute)[1:]])
            for key in KEPT:
                if key in piece.function.attributes and own in piece.function.attributes[key]:
                    kept[key].setdefault(names[given], piece.function.attributes[key][own])
    made.attributes["df.parameters"] = ir.ArrayAttr.get([known[name] for name in order])
    for key, entries in kept.items():
        if entries:
            made.attributes[key] = ir.DictAttr.get(entries)
    return set(names.values())


def _fresh(wanted: str, taken: set[str]) -> str:
    return next(name for n in itertools.count() if (name := f"{wanted}_{n}" if n else wanted) not in taken)


def _move(function: func.FuncOp, entry: ir.Block, taken: set[str]) -> None:
    """Moves what a function does to the end of a block, its memory to the beginning, and names it anew."""
    last = list(entry.operations)[-1]
    for op in operations(function.entry_block):
        if "df.name" in op.attributes and (is_loop(op) or isinstance(op, memref.AllocaOp)):
            name = _fresh(str(op.attributes["df.name"].value), taken)
            taken.add(name)
            if is_loop(op):
                rename(op, name)
            else:
                op.attributes["df.name"] = ir.StringAttr.get(name)
    for op in statements(function.entry_block):
        first = next(iter(entry.operations))
        op.operation.move_before(first if isinstance(op, memref.AllocaOp) else last)
