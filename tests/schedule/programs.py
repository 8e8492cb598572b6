"""Loop nests to schedule: functions of a module, found by name, copied, run."""

import itertools

from spatial.ir.function import kernels
from spatial.ir.mlir import ir
from spatial.ir.verify import verify
from spatial.region.program import compile_region
from spatial.schedule.naming import loop_name, loops_of
from tests.schedule.interpreter import run

__all__ = ["Nests", "compiled", "copy_of", "results"]


def copy_of(module):
    """A module like another one."""
    made = ir.Module.create(ir.Location.unknown(module.context))
    for op in module.body.operations:
        made.body.append(op.operation.clone())
    return made


class Nests:
    """A module with one function, whose loops have names of their own."""

    def __init__(self, module):
        self.module = copy_of(module)
        self.function = kernels(self.module)[0]
        taken = set()
        for loop in loops_of(self.function):
            base = loop_name(loop)
            name = next(other for n in itertools.count() if (other := f"{base}_{n}" if n else base) not in taken)
            taken.add(name)
            with loop.location:
                loop.attributes["df.name"] = ir.StringAttr.get(name)

    def loop(self, name):
        return next(loop for loop in loops_of(self.function) if loop_name(loop) == name)

    @property
    def names(self):
        return [loop_name(loop) for loop in loops_of(self.function)]

    def step(self, rewrite, *given, **keywords):
        """A rewrite of loops by their names; the names of the loops that it made."""
        found = rewrite(self.function, *(self._resolved(each) for each in given), **keywords)
        verify(self.module)
        made = found if isinstance(found, tuple) else () if found is None else (found,)
        return tuple(map(loop_name, made))

    def _resolved(self, given):
        if isinstance(given, str):
            return self.loop(given)
        return [self._resolved(each) for each in given] if isinstance(given, list) else given


def compiled(region):
    """The nests of a region of one kernel."""
    return Nests(compile_region(region).module)


def results(nests, arrays, streams=()):
    """What is in arrays and streams after a run that begins with these."""
    after = [list(array) for array in arrays]
    tokens = [list(each) for each in streams]
    run(nests.function, after, tokens)
    return after, tokens
