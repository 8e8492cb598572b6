"""When the actors of called regions are done."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from tests.region.test_calls import add_one, summed


def test_actors_of_called_regions_are_done_when_their_last_call_is():
    @sp.region()
    def program(A: int32[4], B: int32[1], n: int32):
        @sp.kernel()
        def pe(A: int32[4], n: int32):
            for k in range(n):
                add_one(A)

        @sp.kernel()
        def later(B: int32[1]):
            for k in range(100):
                B[0] += 1

    run = sp.simulate(program, np.zeros(4, np.int32), np.zeros(1, np.int32), 3)
    done = {name: actor.done for name, actor in run.actors.items()}
    assert done["pe[0]"] == 3 * (5 + 4)
    assert done["pe[0].add_one[0].write[0]"] == done["pe[0]"] - 1
    assert done["pe[0].add_one[0].read[0]"] == done["pe[0]"] - 2
    run = sp.simulate(program, np.zeros(4, np.int32), np.zeros(1, np.int32), 0)
    assert run.actors["pe[0].add_one[0].write[0]"].done is None


@pytest.mark.parametrize("engine", ["simpy", "native"])
def test_actors_of_called_regions_wait_for_nothing_when_the_run_has_finished(engine):
    @sp.region()
    def program(A: int32[4], B: int32[2]):
        numbers: Stream[int32, 2]
        sums: Stream[int32, 2]

        @sp.kernel()
        def feed(A: int32[4]):
            for k in range(4):
                numbers.put(A[k])

        @sp.kernel()
        def pe():
            for _ in range(2):
                summed(numbers, sums, 2)

        @sp.kernel()
        def collect(B: int32[2]):
            for k in range(2):
                B[k] = sums.get()

    run = sp.simulate(program, np.arange(4, dtype=np.int32), np.zeros(2, np.int32), engine=engine)
    add = run.actors["pe[0].summed[0].add[0]"]
    assert add.done == run.actors["pe[0]"].done - 1
    assert add.waits_for == ""
    assert add.busy + add.stalled_input + add.stalled_output == add.done
