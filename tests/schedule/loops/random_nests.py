"""Random loop nests, and random steps of schedules for them, from a seed."""

import random
import textwrap

from spatial.analysis.loops import inner, is_loop
from spatial.schedule.loops.compute_at import compute_at, reverse_compute_at
from spatial.schedule.loops.distribute import distribute
from spatial.schedule.loops.fuse import fuse
from spatial.schedule.loops.jam import unroll_and_jam
from spatial.schedule.loops.parallel import parallel
from spatial.schedule.loops.peel import peel
from spatial.schedule.loops.pipeline import pipeline
from spatial.schedule.loops.reorder import reorder
from spatial.schedule.loops.simplify import simplify
from spatial.schedule.loops.split import split
from spatial.schedule.loops.tile import tile
from spatial.schedule.loops.unroll import unroll
from spatial.schedule.naming import loop_name, loops_of

__all__ = ["EXTENT", "random_step", "source"]

EXTENT = 9
STEPS = (
    *("split", "reorder", "reorder", "reorder", "tile", "tile", "fuse", "fuse", "unroll", "jam", "jam", "peel"),
    *("distribute", "distribute", "parallel", "pipeline", "compute_at", "compute_at", "compute_at", "reverse"),
    *("simplify", "simplify", "simplify"),
)


def source(random_: random.Random) -> str:
    """The text of a region `nests` with loops over two matrices, a vector, locals and a stream."""
    writer = Text(random_)
    body = "\n".join(writer.block((), 0))
    return HEAD.format(extent=EXTENT) + textwrap.indent(body, " " * 8) + TAIL


HEAD = """import spatial as sp
from spatial import Stream, int16, int32


@sp.region()
def nests(A: int16[{extent}, {extent}], B: int16[{extent}, {extent}], V: int16[{extent}]):
    told: Stream[int16, 4]

    @sp.kernel(args=[A, B, V])
    def pe(A: int16[{extent}, {extent}], B: int16[{extent}, {extent}], V: int16[{extent}]):
        t: int16 = 0
        row: int16[{extent}] = 0
"""
TAIL = """
        told.put(0)

    @sp.kernel()
    def sink():
        while True:
            x: int16 = told.get()
"""


class Text:
    """Writes random statements."""

    def __init__(self, random_: random.Random) -> None:
        self.random = random_
        self.variables = 0
        self.loops = 0

    def block(self, scope, depth):
        count = self.random.choice((1, 1, 1, 2)) if depth else self.random.choice((1, 2, 2))
        lines = []
        for _ in range(count):
            deeper = depth < 3 and self.loops < 6 and (not depth or self.random.random() < 0.7)
            lines += self.loop(scope, depth) if deeper else self.statement(scope)
        return lines

    def loop(self, scope, depth):
        self.loops += 1
        name = f"{'ijk'[depth]}{self.loops}"
        low, trips = self.random.choice((0, 0, 0, 1)), self.random.choice((2, 3, 4, 6))
        bounds = f"{low}, {low + trips}" if low else f"{trips}"
        if scope and self.random.random() < 0.12:
            bounds = self.random.choice((f"{scope[-1]} + 1", f"{scope[-1]}, 6"))
        elif self.random.random() < 0.1:
            bounds = f"{low}, 7, 2"
        body = self.block((*scope, name), depth + 1)
        if depth and self.random.random() < 0.1:
            body = ["t = 0", *body, f"V[{name}] = t"] if self.random.random() < 0.5 else ["t = V[0]", *body]
        return [f"for {name} in range({bounds}):", *textwrap.indent("\n".join(body), "    ").split("\n")]

    def statement(self, scope):
        chosen = self.random.random()
        if chosen < 0.04:
            return [f"told.put({self.place(scope)})"]
        if chosen < 0.35:
            return [f"{self.place(scope)} += {self.value(scope)}"]
        if chosen < 0.45:
            return [f"t += {self.value(scope)}"]
        if chosen < 0.55:
            return [f"t = {self.value(scope)}", f"{self.place(scope)} = t + {self.value(scope)}"]
        if chosen < 0.62:
            return [f"if {self.index(scope)} < {self.index(scope)}:", f"    {self.place(scope)} = {self.value(scope)}"]
        return [f"{self.place(scope)} = {self.value(scope)}"]

    def value(self, scope):
        one, other = self.place(scope), self.place(scope)
        return self.random.choice((one, "3", f"{one} + {other}", f"{one} * {other}", f"{one} - 1", "t"))

    def place(self, scope):
        name = self.random.choice("AABBV") if self.random.random() < 0.9 else "row"
        places = [self.index(scope) for _ in range(2 if name in "AB" else 1)]
        return f"{name}[{', '.join(places)}]"

    def index(self, scope):
        if not scope or self.random.random() < 0.1:
            return str(self.random.randrange(4))
        return f"{self.random.choice(scope)} + {self.random.choice((0, 0, 0, 1, 2))}"


def random_step(nests, random_):
    """A rewrite with loops that there are, as `Nests.step` takes it."""
    names = nests.names
    one = random_.choice(names)
    outer = random_.choice([name for name in names if inside(nests, name)] or names)
    factor = random_.choice((2, 2, 3, 4))
    match random_.choice(STEPS):
        case "split":
            return (split, one, factor), {}
        case "unroll":
            return (unroll, one, factor), {}
        case "jam":
            return (unroll_and_jam, outer, factor), {}
        case "parallel":
            return (parallel, one), {}
        case "simplify":
            return (simplify, one), {}
        case "pipeline":
            return (pipeline, one), {}
        case "peel":
            return (peel, one), {random_.choice(("first", "last")): random_.choice((1, 2))}
        case "fuse":
            pairs = [(name, next_) for name in names for next_ in (beside(nests, name) or inside(nests, name)[:1])]
            return (fuse, *sorted(random_.choice(pairs or [(one, one)]), key=names.index)), {}
        case "compute_at" | "reverse" as step:
            pairs = [(name, each) for name in names for each in beside(nests, name)]
            first, second = sorted(random_.choice(pairs or [(one, one)]), key=names.index)
            forward = step == "compute_at"
            moved, other = (first, second) if forward else (second, first)
            target = random_.choice([other, *inside(nests, other)])
            return (compute_at if forward else reverse_compute_at, moved, target), {}
        case "distribute":
            return (distribute, outer, random_.choice(inside(nests, outer) or names)), {"after": random_.random() < 0.5}
        case "tile":
            chain = [outer, *inside(nests, outer)][:2]
            return (tile, chain, [random_.choice((2, 3)) for _ in chain]), {}
    chain = [outer, *inside(nests, outer)][: random_.choice((2, 2, 3))]
    return (reorder, *random_.sample(chain, len(chain))), {}


def inside(nests, name):
    """The loops inside a loop."""
    return [loop_name(op) for op in inner(nests.loop(name)) if is_loop(op)]


def beside(nests, name):
    """The loops in the block of a loop."""
    block = nests.loop(name).operation.block
    return [loop_name(op) for op in loops_of(nests.function) if op.operation.block == block and loop_name(op) != name]
