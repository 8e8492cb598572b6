"""Both engines agree on random networks: tokens, every cycle, waits, and what is told of them."""

from unittest import mock

import pytest

from tests.sim.soak.check import check

NETWORKS, VECTORS, BATCH = 500, 10, 10


@pytest.mark.parametrize("first", range(0, NETWORKS, BATCH))
def test_random_networks_run_alike_with_all_depths_and_latencies(first):
    """Half of them as the compiler makes them at its best, half without its work, which takes as long as the runs."""
    with mock.patch("spatial.lower.llvm.module.OPTIMIZATION", 2 * (first // BATCH % 2)):
        found = check(range(first, first + BATCH), VECTORS)
    assert not found.wrong, "\n".join(found.wrong)
    assert found.runs == found.networks * VECTORS > 0
