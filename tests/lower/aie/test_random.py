"""Random networks of cores and movers on an NPU: what is built runs to its end with the right values, or is refused."""

import importlib.util
import random

import numpy as np
import pytest

import spatial as sp
from tests.lower.aie.test_machine import performed

TOKENS = 6
NAMED = {"aie/standstill", "aie/fit", "aie/cores", "aie/rule"}


def bursts(draw):
    """How many tokens of a channel pass at a time."""
    left, found = TOKENS, []
    while left:
        found.append(draw.randint(1, left))
        left -= found[-1]
    return found


def ordered(draw, gets, puts):
    """Bursts of all channels of an actor in a random order that keeps that of each."""
    parts = [
        [(kind, name, count) for count in bursts(draw)]
        for kind, names in (("get", gets), ("put", puts))
        for name in names
    ]
    found = []
    while any(parts):
        found.append(draw.choice([each for each in parts if each]).pop(0))
    return found


def core(draw, name, gets, puts):
    """A kernel that mixes all that it gets into all that it puts."""
    lines = ["    @sp.kernel", f"    def {name}():", "        held: int32 = 1"]
    for number, (kind, channel, count) in enumerate(ordered(draw, gets, puts)):
        done = f"{channel}.put(held + k{number})" if kind == "put" else f"held = held * 3 + {channel}.get()"
        lines += [f"        for k{number} in range({count}):", f"            {done}"]
    return lines


def mover(draw, name, source, target):
    """A kernel that holds some tokens before it passes them on."""
    held = draw.randint(1, TOKENS)
    steps = [(held, f"own[n] = {source}.get()"), (held, f"{target}.put(own[n])")]
    steps += [(TOKENS - held, f"{target}.put({source}.get())")] if held < TOKENS else []
    loops = [f"        for n in range({count}):\n            {each}" for count, each in steps]
    return ["    @sp.kernel", f"    def {name}():", f"        own: int32[{held}]", *loops]


def network(seed, depth=None):
    """The text of a program: actors in a row, each of which may put to those behind it, some by way of movers."""
    draw = random.Random(seed)
    actors = draw.randint(2, 4)
    edges = [(n, n + 1) for n in range(actors - 1)]
    edges += [pair for pair in [(a, b) for b in range(actors) for a in range(b)] if draw.random() < 0.3]
    gets, puts = ({n: [] for n in range(actors)} for _ in range(2))
    gets[0].append("given")
    puts[actors - 1].append("made")
    streams, kernels = ["given", "made"], []
    for number, (first, last) in enumerate(edges):
        ends = [f"c{number}", f"c{number}"]
        if draw.random() < 0.5:
            ends[1] = f"d{number}"
            kernels += mover(draw, f"move{number}", *ends)
        puts[first].append(ends[0])
        gets[last].append(ends[1])
        streams += dict.fromkeys(ends)
    for n in range(actors):
        kernels += core(draw, f"core{n}", gets[n], puts[n])
    depths = [draw.randint(1, 5) for _ in streams]
    declared = [f"    {each}: Stream[int32, {depth or own}]" for each, own in zip(streams, depths, strict=True)]
    return "\n".join([
        "import spatial as sp", "from spatial import Stream, int32", "", "@sp.region()",
        f"def drawn(A: int32[{TOKENS}], B: int32[{TOKENS}]):", *declared,
        "    @sp.kernel(args=[A])", f"    def load(A: int32[{TOKENS}]):",
        f"        for i in range({TOKENS}):", "            given.put(A[i])",
        *kernels,
        "    @sp.kernel(args=[B])", f"    def store(B: int32[{TOKENS}]):",
        f"        for i in range({TOKENS}):", "            B[i] = made.get()",
    ])  # fmt: skip


def region(text, path):
    path.write_text(text, encoding="utf-8")
    description = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(description)
    description.loader.exec_module(module)
    return module.drawn


@pytest.mark.parametrize("seed", range(12))
def test_a_random_network_runs_or_is_refused(seed, tmp_path):
    a = np.arange(TOKENS, dtype=np.int32)
    found, wanted = np.zeros(TOKENS, np.int32), np.zeros(TOKENS, np.int32)
    if refused := run_or_codes(region(network(seed), tmp_path / f"drawn_{seed}.py"), (a, found)):
        assert refused <= NAMED
        return
    sp.build(region(network(seed, TOKENS + 1), tmp_path / f"roomy_{seed}.py"), target="cpu")(a, wanted)
    np.testing.assert_array_equal(found, wanted)


def run_or_codes(program, arrays):
    """Runs a program's design; the codes of why it is refused, if it is."""
    try:
        performed(program, arrays)
    except sp.ProgramError as refused:
        return {each.report().code for each in refused.problems}
    return set()
