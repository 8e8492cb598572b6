"""Which loops are innermost, and which nests are perfect."""

import pytest

from spatial.build.simulate import compile_simulator
from tests.sim.programs import region_of

NESTS = {
    "one": ("for i in range(3):\n    A[i, 0] = i", 1),
    "two": ("for i in range(3):\n    for j in range(4):\n        A[i, j] = i", 2),
    "grid": ("for i, j in sp.grid(3, 4):\n    A[i, j] = i", 2),
    "three": ("for i in range(3):\n    for j in range(4):\n        for k in range(2):\n            A[i, j] = k", 3),
    "statement before": ("for i in range(3):\n    A[i, 0] = 1\n    for j in range(4):\n        A[i, j] = i", 1),
    "statement behind": ("for i in range(3):\n    for j in range(4):\n        A[i, j] = i\n    A[i, 0] = 1", 1),
    "bound from outside": ("for i in range(3):\n    for j in range(i + 1):\n        A[i, j] = i", 1),
    "declined outside": ("for i in range(3, pipeline=False):\n    for j in range(4):\n        A[i, j] = i", 1),
}


@pytest.mark.parametrize("nest", NESTS)
def test_a_nest_is_perfect_where_a_loop_holds_nothing_but_the_next(nest):
    body, depth = NESTS[nest]
    lines = ["@sp.region()", "def net(A: int32[3, 4]):", "    @sp.kernel()", "    def only(A: int32[3, 4]):"]
    lines += ["        " + line for line in body.splitlines()]
    network = compile_simulator(region_of("\n".join(lines) + "\n")).network
    (timings,) = network.timings.values()
    (timing,) = timings.values()
    assert len(timing.nest) == depth


def test_a_declined_innermost_loop_has_no_pipeline():
    text = "@sp.region()\ndef net(A: int32[3]):\n    @sp.kernel()\n    def only(A: int32[3]):\n"
    text += "        for i in range(3, pipeline=False):\n            A[i] = i\n"
    (timings,) = compile_simulator(region_of(text)).network.timings.values()
    assert not timings
