"""Random steps on random nests: refused, or the results are the same; and what is right to refuse is not all."""

import random

import pytest

import spatial as sp
from spatial import int32
from spatial.schedule.memory.buffers import buffer_at, cache_read, cache_write
from spatial.schedule.memory.reshape import reshape
from spatial.schedule.memory.reuse import reuse_at
from spatial.schedule.naming import buffers_of, loop_name, loops_of
from tests.schedule.interpreter import run
from tests.schedule.memory.programs import nest_of
from tests.sim.programs import region_of

STEPS = (buffer_at, buffer_at, cache_read, cache_read, cache_write, reshape)
SHAPES = ([48], [2, 24], [3, 16], [8, 6], [2, 3, 8])
EXTENTS = {"A": (14, 14), "C": (14, 14), "buf": (6, 8)}


def index(choose, variables, extent):
    """An index that is in range: a sum of some variables, each below 4, and a number."""
    used = choose.sample(
        variables, choose.choice([0, 1, 1, 1, 2][: 3 + len(variables)]) if len(variables) > 1 else choose.randint(0, 1)
    )
    terms = [f"{choose.choice([1, 1, 1, 2]) if extent > 8 else 1}*{variable}" for variable in used]
    most = extent - 1 - sum(int(term[0]) * 3 for term in terms)
    if most < 0:
        return index(choose, variables, extent)
    return " + ".join([*terms, str(choose.randint(0, min(most, 2)))])


def element(choose, name, variables):
    return f"{name}[{', '.join(index(choose, variables, extent) for extent in EXTENTS[name])}]"


def random_region(choose):
    """A nest of two or three loops with a few statements in it, some under a condition."""
    lines, variables, depth = [], [], 2
    for number in range(choose.randint(2, 3)):
        variable = "ijk"[number]
        if variables and choose.random() < 0.5:
            lines += statements(choose, variables, depth)
        lines.append("    " * depth + f"for {variable} in range({choose.randint(0, 1)}, {choose.randint(2, 4)}):")
        variables.append(variable)
        depth += 1
    lines += statements(choose, variables, depth)
    if choose.random() < 0.5:
        lines += statements(choose, variables[:1], 3)
    text = "\n".join(lines)
    return region_of(
        f"""
@sp.region()
def net(A: int32[14, 14], C: int32[14, 14]):
    @sp.kernel()
    def pe(A: int32[14, 14], C: int32[14, 14]):
        buf: int32[6, 8] = 1
{text}
""",
        int32=int32,
    )


def statements(choose, variables, depth):
    found = []
    for _ in range(choose.randint(1, 2)):
        target = element(choose, choose.choice(["C", "C", "buf"]), variables)
        value = " + ".join(
            element(choose, choose.choice(["A", "A", "C", "buf"]), variables) for _ in range(choose.randint(1, 2))
        )
        line = "    " * depth
        if choose.random() < 0.2:
            found.append(f"{line}if {choose.choice(variables)} > 1:")
            line += "    "
        found.append(f"{line}{target} {choose.choice(['=', '+=', '='])} {value}")
    return found


def results(nest, seed):
    generator = random.Random(seed)
    arrays = [[generator.randint(-9, 9) for _ in range(196)] for _ in range(2)]
    run(nest.function, arrays)
    return arrays


def random_step(choose, nest):
    """One step, at random; whether it was accepted."""
    rewrite = choose.choice(STEPS)
    names = [name for name, value in buffers_of(nest.function).items() if value.type.shape]
    loops = [loop_name(loop) for loop in loops_of(nest.function)]
    loop = None if rewrite is reshape else choose.choice(loops)
    options = {"shape": choose.choice(SHAPES)} if rewrite is reshape else {}
    before = str(nest.program.module)
    try:
        nest.step(rewrite, "buf" if rewrite is reshape else choose.choice(names), loop, **options)
    except sp.ProgramError:
        assert str(nest.program.module) == before
        return ()
    return (rewrite.__name__,)


@pytest.mark.parametrize("block", range(16))
def test_steps_keep_results(block):
    done = []
    for seed in range(3 * block, 3 * block + 3):
        choose = random.Random(seed)
        nest = nest_of(random_region(choose))
        wanted = results(nest, seed)
        for _ in range(5):
            done += random_step(choose, nest)
            assert results(nest, seed) == wanted, (seed, done)
    assert done


def stencil(choose):
    """A nest that reads some places around a point that moves, in rows or in columns."""
    strides = [choose.randint(1, 2) for _ in range(2)]
    places = [(choose.randint(0, 3), choose.randint(0, 3)) for _ in range(choose.randint(2, 5))]
    reads = " + ".join(f"A[{strides[0]}*y + {r}, {strides[1]}*x + {c}]" for r, c in places)
    loops = [
        f"for y in range({choose.randint(0, 1)}, 5, {choose.randint(1, 2)}):",
        f"for x in range(1, {choose.randint(3, 5)}):",
    ]
    choose.shuffle(loops)
    return region_of(
        f"""
@sp.region()
def net(A: int32[14, 14], C: int32[14, 14]):
    @sp.kernel()
    def pe(A: int32[14, 14], C: int32[14, 14]):
        {loops[0]}
            {loops[1]}
                C[y, x] = {reads} + A[2*y, x]
""".replace(" + A[2*y, x]", choose.choice(["", f" + A[{strides[0]}*y + 1, {strides[1]}*x]"])),
        int32=int32,
    )


@pytest.mark.parametrize("block", range(5))
def test_windows_keep_results(block):
    made = 0
    for seed in range(8 * block, 8 * block + 8):
        choose = random.Random(seed)
        nest = nest_of(stencil(choose))
        wanted = results(nest, seed)
        for loop in choose.sample(["y", "x"], 2):
            names = [name for name in buffers_of(nest.function) if name != "C"]
            try:
                nest.step(reuse_at, names[-1], loop)
            except sp.ProgramError:
                continue
            made += 1
            assert results(nest, seed) == wanted, (seed, loop)
    assert made > 4
