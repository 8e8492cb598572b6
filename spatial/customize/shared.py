"""Finds memory under all its names: as an array of the program, and in the functions that are given it."""

from collections.abc import Iterator

from spatial.customize.references import Buffer
from spatial.customize.state import State
from spatial.ir.calls import MEMORY, callee_of
from spatial.ir.mlir import func, ir
from spatial.schedule.naming import buffers_of

__all__ = ["everywhere"]

Place = tuple[str, ir.Value]
"""A function, and the memory in it."""


def everywhere(state: State, found: Buffer) -> list[Place]:
    """The memory in each function that is given it, that which was asked for first."""
    waiting = [(found.function, buffers_of(state.functions[found.function])[found.name])] if found.function else []
    waiting += list(_users(state, found.name)) if not found.function else []
    known: list[Place] = []
    while waiting:
        place = waiting.pop(0)
        if place not in known:
            known.append(place)
            waiting += [*_given(place), *_callers(state, place), *_others(state, place)]
    return known


def _users(state: State, array: str) -> Iterator[Place]:
    """An array of the program in the functions of kernels."""
    for function, positions in state.users(array).items():
        for position in sorted(positions):
            yield function, state.functions[function].arguments[position]


def _given(place: Place) -> Iterator[Place]:
    """Memory in the functions that are called with it."""
    for use in place[1].uses:
        if isinstance(use.owner, func.CallOp):
            callee = callee_of(use.owner)
            if not callee.is_external:
                yield callee.name.value, callee.arguments[use.operand_number]


def _callers(state: State, place: Place) -> Iterator[Place]:
    """A parameter of a function in those that call it."""
    function, value = place
    if function in state.called and isinstance(value.owner, ir.Block):
        for caller, call in state.calls(function):
            yield caller, call.operands[value.arg_number]


def _others(state: State, place: Place) -> Iterator[Place]:
    """A parameter of a kernel in all kernels that are given the same array, and as what it is a local of its caller."""
    function, value = place
    owner = value.owner
    if not isinstance(owner, ir.Block) and MEMORY in owner.attributes:
        yield from _users(state, owner.attributes[MEMORY].value)
    if isinstance(value.owner, ir.Block):
        for array in dict.fromkeys(name for actor in state.graph.actors for name in actor.arrays):
            if value.arg_number in state.users(array).get(function, ()):
                yield from _users(state, array)
                yield from _locals(state, array)


def _locals(state: State, memory: str) -> Iterator[Place]:
    """The locals that are memory of the module from when a function became kernels that is given them."""
    for name, function in state.functions.items():
        for value in buffers_of(function).values():
            attributes = {} if isinstance(value.owner, ir.Block) else value.owner.attributes
            if MEMORY in attributes and attributes[MEMORY].value == memory:
                yield name, value
