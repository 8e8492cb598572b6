"""Random programs, and for each of them random steps of every primitive that a schedule has."""

import inspect
import random
import textwrap
from collections.abc import Callable, Mapping, Sequence

from spatial.customize.schedule import Schedule
from tests.schedule.loops.random_nests import EXTENT, Text

__all__ = ["PREPARED", "PRIMITIVES", "random_program", "random_step"]

PRIMITIVES = sorted(
    name for name in dir(Schedule) if not name.startswith("_") and hasattr(getattr(Schedule, name), "__wrapped__")
)
"""All that takes a step; a new one is drawn from now on."""

PREPARED = {
    **dict.fromkeys(("chain", "to"), ("dataflow",)),
    "bundle": ("unfold",),
    "reverse_compute_at": ("split", "reorder"),
}
"""Steps that open a way to others."""

HEAD = f"""import spatial as sp
from spatial import int16, int32


def scaled(X: int16[{EXTENT}]):
    for n in range({EXTENT}):
        X[n] = 3 * X[n]


def program(A: int16[{EXTENT}, {EXTENT}], B: int16[{EXTENT}, {EXTENT}], V: int16[{EXTENT}]):
"""
LOCALS = f"""t: int16 = 0
row: int16[{EXTENT}] = 0
"""
PLAIN = {
    "product": """
for i, j in sp.grid(4, 6, name="PE"):
    for k in range(8):
        A[i, j] += B[i, k] * B[k, j]
""",
    "stencil": """
for y, x in sp.grid(6, 6):
    A[y, x] = B[y, x] + B[y + 1, x + 2] + B[y + 2, x + 1]
""",
    "stages": f"""
middle: int16[{EXTENT}]
for i in range(8):
    middle[i] = A[i, 0] * 3
for j in range(8):
    V[j] = middle[j] + B[j, 1]
""",
    "triangle": """
for i in range(8):
    for j in range(i + 1):
        for k in range(4):
            A[i, j] += B[i, k] * B[j, k]
""",
    "blur": """
for y in range(7):
    for x in range(7):
        total: int16 = 0
        for r in sp.reduction(3):
            for c in sp.reduction(3):
                total += B[y + r, x + c]
        A[y, x] = total
""",
    "apart": """
for i in range(8):
    for j in range(6):
        A[i, j] = B[i, j] * 2
    for k in range(6):
        V[k] = V[k] + B[i, k]
""",
    "turns": """
for i in range(8):
    part: int16[6]
    for j in range(6):
        part[j] = B[i, j] * 2
    for k in range(6):
        A[i, k] = part[5 - k]
""",
    "call": """
scaled(V)
for i in range(8):
    A[i, 1] = V[i] + 1
scaled(V)
""",
}


class Plain(Text):
    """Statements without tokens."""

    def statement(self, scope):
        found = super().statement(scope)
        return self.statement(scope) if any("told" in line for line in found) else found


SUITED = {
    "blur": ("reuse_at", "pack", "reshape", "cache_read"),
    "stages": ("to", "chain", "dataflow", "compute_at", "reverse_compute_at", "pack", "reshape"),
    "apart": ("distribute",),
    "call": ("inline", "to"),
    "product": ("bundle", "chain", "tile", "fuse"),
    "turns": ("double_buffer", "pack"),
}
"""Programs in which a primitive finds something to do."""


def random_program(choose: random.Random, primitive: str = "") -> str:
    """The text of a function `program` of two matrices and a vector, mostly one that suits a primitive."""
    suited = [name for name, suits in SUITED.items() if primitive in suits]
    if choose.random() < (0.8 if suited else 0.4):
        return HEAD + textwrap.indent(PLAIN[choose.choice(suited or list(PLAIN))], "    ")
    return HEAD + textwrap.indent(LOCALS + "\n".join(Plain(choose).block((), 0)), "    ")


class Things:
    """What a schedule has names for."""

    def __init__(self, schedule: Schedule) -> None:
        state = schedule._state
        functions = list(state.functions)
        self.loops = [loop for function in functions for loop in state.loops(function)]
        self.buffers = [buffer for function in functions for buffer in state.buffers(function)]
        self.arrays = list(state.arrays())
        self.kernels = sorted({state.kernel(function) for function in functions})
        self.schedule, self.actors = schedule, state.graph.actors

    def parts(self, choose: random.Random) -> list[object]:
        """Some actors: kernels, or a line of a grid of PEs."""
        grids = list(dict.fromkeys(actor.kernel for actor in self.actors))
        if len(grids) > 1 and choose.random() < 0.5:
            return [self.schedule[name] for name in choose.sample(grids, 2)]
        actor = choose.choice(self.actors)
        line = choose.randrange(len(actor.pid))
        return [self.schedule[actor.kernel][(*actor.pid[:line], slice(None), *actor.pid[line + 1 :])]]

    def nest(self, choose: random.Random) -> list[object]:
        """Some loops in a row."""
        at = choose.randrange(len(self.loops))
        found = self.loops[at : at + choose.choice((2, 2, 3))]
        return choose.sample(found, len(found))


def number(things: Things, choose: random.Random) -> object:
    return choose.choice((1, 2, 2, 3, 4))


def numbers(things: Things, choose: random.Random) -> object:
    return [choose.choice((1, 2, 2, 3, 4)) for _ in range(choose.choice((1, 2, 2, 3)))]


BY_NAME: Mapping[str, Callable[[Things, random.Random], object]] = {
    "kind": lambda things, choose: choose.choice(("complete", "cyclic", "block")),
    "style": lambda things, choose: choose.choice(("elastic", "rigid")),
    "impl": lambda things, choose: choose.choice(("bram", "uram", "lutram", "registers", "fabric")),
    "op": lambda things, choose: choose.choice(("add", "mul")),
    "ports": lambda things, choose: choose.choice(("1P", "2P")),
    "after": lambda things, choose: choose.random() < 0.5,
    "dim": lambda things, choose: choose.choice((0, 1, [0, 1])),
    "axis": lambda things, choose: choose.choice((0, 1, [0, 1])),
    "shape": lambda things, choose: choose.choice(([3, 3], [EXTENT, 1], [27, 3], [EXTENT * EXTENT])),
    "factors": numbers,
    "factor": lambda things, choose: choose.choice((number, number, numbers))(things, choose),
    "what": lambda things, choose: choose.choice(things.parts(choose) + things.arrays),
    "tile": lambda things, choose: (choose.randrange(4), choose.randrange(6)),
    "stack": lambda things, choose: choose.choice((None, 2048)),
    "ii": lambda things, choose: None,  # an interval that ports do not allow is an error on a device
    **dict.fromkeys(("parts", "first", "last", "depth"), number),
}
BY_KIND: Mapping[str, Callable[[Things, random.Random], object]] = {
    "Sequence[str | spatial.customize.references.Loop]": lambda things, choose: things.nest(choose),
    "Sequence[str | spatial.customize.references.Buffer]": lambda things, choose: choose.sample(things.buffers, 1),
    "Grid": lambda things, choose: choose.choice(things.kernels),
    "Loop | spatial.customize.references.Buffer": lambda things, choose: choose.choice(things.loops + things.buffers),
    "Buffer": lambda things, choose: choose.choice(choose.choice((things.buffers, things.buffers, things.arrays))),
    "Loop": lambda things, choose: choose.choice(things.loops),
    "str": lambda things, choose: choose.choice(things.kernels),
}


def given(parameter: inspect.Parameter, things: Things, choose: random.Random) -> object:
    """Something to give for a parameter."""
    if parameter.name in BY_NAME:
        return BY_NAME[parameter.name](things, choose)
    kind = str(parameter.annotation)
    return next(make for text, make in BY_KIND.items() if text in kind)(things, choose)


def random_step(
    schedule: Schedule, choose: random.Random, primitives: Sequence[str] = PRIMITIVES
) -> tuple[str, list[object], dict[str, object]] | None:
    """One of the primitives, and what it is given; None where no loop is left to give."""
    things = Things(schedule)
    if not things.loops:
        return None
    name = choose.choice(primitives)
    arguments: list[object] = []
    keywords: dict[str, object] = {}
    for parameter in list(inspect.signature(getattr(Schedule, name)).parameters.values())[1:]:
        if parameter.kind is parameter.VAR_POSITIONAL:
            arguments += things.parts(choose) if parameter.name == "parts" else things.nest(choose)
        elif parameter.default is parameter.empty:
            arguments.append(given(parameter, things, choose))
        elif choose.random() < 0.5:
            keywords[parameter.name] = given(parameter, things, choose)
    return name, arguments, keywords
