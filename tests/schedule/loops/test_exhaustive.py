"""Reorder, fuse and jam are accepted exactly when every two conflicting instances keep their order, one by one."""

import itertools
import random

import pytest

from spatial.analysis.loops import is_loop
from spatial.ir.dialect import context
from spatial.ir.function import operations
from spatial.ir.mlir import ir
from spatial.schedule.errors import OrderBroken
from spatial.schedule.loops.fuse import fuse
from spatial.schedule.loops.jam import unroll_and_jam
from spatial.schedule.loops.reorder import reorder
from spatial.schedule.naming import loops_of
from spatial.source.errors import ProgramError
from tests.analysis.dependence.nests import EXTENT, For, Set, keeps_order, module_of, touches
from tests.analysis.dependence.orders import fused, replaced
from tests.analysis.dependence.programs import INDICES, simple
from tests.schedule.interpreter import run
from tests.schedule.programs import copy_of

FEW = ("i0", "i1", "i0+1", "i1-1")


def nested(*statements, trips=(2, 3)):
    """Statements in loops around each other."""
    body = statements
    for count in reversed(trips):
        body = (For(count, tuple(body)),)
    return body


def one_statement():
    yield from simple()


def two_statements():
    """Every program of two statements in two loops, over few indices."""
    for one, other, third, fourth in itertools.product(FEW, repeat=4):
        yield nested(Set(("A", one), (("A", other),)), Set(("A", third), (("A", fourth),)))


def three_loops():
    """An update or a statement in three loops, for every two indices."""
    for target, source in itertools.product(INDICES, repeat=2):
        yield nested(Set(("A", target), (("A", source),)), trips=(2, 2, 2))
        yield nested(Set(("A", target), (("B", source),), adds=True), trips=(2, 2, 2))


def neighbours():
    """Loops that follow each other, for every three indices; in the second half with a loop inside each."""
    indices = ("i0", "i0+1", "i0-1", "2*i0", "1")
    for one, other, third in itertools.product(indices, repeat=3):
        first, second = Set(("A", one), (("B", other),)), Set(("B", third), (("A", "i0"),))
        yield For(3, (first,)), For(3, (second,))
        yield For(3, (For(2, (first,)),)), For(3, (For(2, (second,)),))


def reorders(items):
    """Every other order of a nest, with the times of it."""
    program = touches(items)
    depth = len(program[0].loops)
    for order in itertools.permutations(range(depth)):
        names = [f"i{number}" for number in order]
        times = [tuple(names[int(part[1:])] if isinstance(part, str) else part for part in t.time) for t in program]
        if list(order) != sorted(order):
            yield (lambda function, loops, order=order: reorder(function, *(loops[at] for at in order))), times


def jams(items):
    """The outer loops by 2 and by all that they have, with the times of that."""
    program = touches(items)
    for depth, loop in enumerate(program[0].loops):
        for factor in {2, loop.high}:
            times = []
            for touch in program:
                time = replaced(touch.time, f"i{depth}", f"floor((i{depth})/{factor})")
                times.append((*time[:-1], 0, f"(i{depth}) mod {factor}", time[-1]))
            yield (
                (lambda function, loops, depth=depth, factor=factor: unroll_and_jam(function, loops[depth], factor)),
                times,
            )


def fusions(items):
    """Both outer loops in one."""

    def outer(loops):
        return [loop for loop in loops if not is_loop(loop.operation.parent.opview)]

    program = touches(items)
    yield (lambda function, loops: fuse(function, *outer(loops))), [fused(touch, 0, 1, 1) for touch in program]


GROUPS = {
    "reorder of one statement": (one_statement, reorders),
    "reorder of two statements": (two_statements, reorders),
    "reorder of three loops": (lambda: list(three_loops())[::4], reorders),
    "jam of one statement": (lambda: list(one_statement())[::2], jams),
    "jam of two statements": (lambda: list(two_statements())[::5], jams),
    "fuse of neighbours": (neighbours, fusions),
}


def prepared(module):
    """A copy of a module whose loops have names, its function, and the loops."""
    copy = copy_of(module)
    function = copy.body.operations[0]
    found = [op for op in operations(function.entry_block) if is_loop(op)]
    with context(), ir.Location.unknown():
        for number, loop in enumerate(found):
            loop.attributes["df.name"] = ir.StringAttr.get(f"l{number}")
    return copy, function, loops_of(function)


def accepts(module, step, *, free=False):
    """Whether a step is taken; what it makes computes the same."""
    before, function, _ = prepared(module)
    after, changed, loops = prepared(module)
    with context(), ir.Location.unknown():
        for loop in loops if free else ():
            loop.attributes["df.reduction"] = ir.UnitAttr.get()
        try:
            step(changed, loops)
        except ProgramError as error:
            if [type(problem) for problem in error.problems] == [OrderBroken]:
                return False
            raise
        assert after.operation.verify()
        if not free:
            assert computed(changed) == computed(function), f"{before}\n{after}"
    return True


def computed(function):
    """What is in the arrays after a run."""
    dice = random.Random(0)
    shapes = [each.type.shape for each in function.arguments if isinstance(each.type, ir.MemRefType)]
    arrays = [[dice.randrange(99) for _ in range(EXTENT ** len(shape))] for shape in shapes]
    run(function, arrays, [[]])
    return arrays


@pytest.mark.parametrize("name", GROUPS)
def test_a_step_is_taken_exactly_when_it_keeps_every_order(name):
    programs, steps = GROUPS[name]
    legal, total = 0, 0
    for items in programs():
        program, module = touches(items), module_of(items)
        for step, times in steps(items):
            expected = keeps_order(program, times)
            assert accepts(module, step) == expected, (items, times)
            legal, total = legal + expected, total + 1
    assert 0 < legal < total


def test_sums_of_floats_are_moved_only_over_reductions():
    strict, free, total = 0, 0, 0
    for items in list(three_loops())[::3]:
        program, module = touches(items), module_of(items, element="f32")
        if not any(touch.update for touch in program):
            continue
        for step, times in list(reorders(items))[::3]:
            as_written, in_any_order = (keeps_order(program, times, free_updates=free) for free in (False, True))
            assert accepts(module, step) == as_written, (items, times)
            assert accepts(module, step, free=True) == in_any_order, (items, times)
            strict, free, total = strict + as_written, free + in_any_order, total + 1
    assert 0 < strict < free == total
