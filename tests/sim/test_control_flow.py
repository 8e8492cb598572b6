"""Random kernels of nested loops with exits compute what Python computes."""

import numpy as np
import pytest

import spatial as sp
from spatial import int32
from tests.sim.control_flow import SIZE, body_of, expected, program_of

PROGRAMS = 200
PORTIONS = 20
NATIVE = 3  # of so many programs one runs on the native engine too, for which most time goes into machine code


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_exits_do_what_they_do_in_python(portion):
    for seed in range(portion, PROGRAMS, PORTIONS):
        lines = body_of(seed)
        region = program_of(lines)
        given = np.random.default_rng(seed).integers(0, 97, SIZE, dtype=np.int32)
        cycles = set()
        for engine in ("simpy", "native")[: 1 if seed % NATIVE else None]:
            C = given.copy()
            cycles.add(sp.simulate(region, C, engine=engine).cycles)
            assert C.tolist() == expected(lines, given.tolist()), "\n".join([f"seed {seed}, {engine}", *lines])
        assert len(cycles) == 1, "\n".join([f"seed {seed}", *lines])


def test_loops_within_each_other_may_count_nothing_in_particular():
    @sp.kernel()
    def counted(A: int32[4]):
        for _ in range(2):
            for _ in range(3):
                A[0] += 1
            for _ in range(2):
                A[1] += 1

    for engine in ("simpy", "native"):
        values = np.zeros(4, np.int32)
        sp.simulate(counted, values, engine=engine)
        assert values.tolist() == [6, 4, 0, 0]
