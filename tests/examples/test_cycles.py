"""The cycles that the arrays of `examples/systolic` take, in closed form."""

import numpy as np
import pytest

import spatial as sp
from examples.systolic.output_stationary import output_stationary
from examples.systolic.tiled import tiled
from examples.systolic.weight_stationary import weight_stationary
from spatial import float64, int8, int32

DEVICES = ("ideal", "hls")
SHAPES = [(1, 1, 1), (2, 2, 5), (3, 5, 8), (5, 2, 16), (8, 8, 33)]


def cycles(region, M, N, K, device, element=np.int8, accumulator=np.int32):
    A, B, C = np.ones((M, K), element), np.ones((K, N), element), np.zeros((M, N), accumulator)
    return sp.simulate(region, A, B, C, device=device).cycles


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize(("M", "N", "K"), SHAPES)
def test_output_stationary_takes_k_cycles_and_one_for_each_channel_on_the_longest_path(M, N, K, depth, device):
    """K + M + N: a token passes M + N channels on its way to the last drain, then K tokens come one a cycle.

    The loaders put element k in cycle k at the earliest. A token is visible a cycle after its put, so PE (i, j),
    counted from 1, multiplies element k in cycle k + i + j - 1, and the drains next to PE (M, N) take the last
    element in cycle (K - 1) + M + N. A run counts the cycles through the last one.
    """
    region = output_stationary(M, N, K, int8, int32, depth=depth)
    assert cycles(region, M, N, K, device) == K + M + N


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("M", "N", "K"), SHAPES)
def test_depth_one_halves_the_rate(M, N, K, device):
    """2 K - 1 + M + N: with one slot a put waits for the get before it, which waits for the put before that."""
    region = output_stationary(M, N, K, int8, int32, depth=1)
    assert cycles(region, M, N, K, device) == 2 * K - 1 + M + N


@pytest.mark.parametrize(("M", "N", "K"), SHAPES)
def test_channels_in_memory_add_a_cycle_each_on_hls(M, N, K):
    """K + 2 (M + N): 17 tokens of 64 bits are more than a shift register of 1024 holds, so reading takes 2 cycles."""
    region = output_stationary(M, N, K, float64, float64, depth=17)
    assert cycles(region, M, N, K, "hls", np.float64, np.float64) == K + 2 * (M + N)
    assert cycles(region, M, N, K, "ideal", np.float64, np.float64) == K + M + N


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("M", "N", "K"), SHAPES)
def test_weight_stationary_also_loads_its_weights(M, N, K, device):
    """K + M + K + N: the top border sends K weights before the first sum, and a sum passes K rows, behind N columns.

    PE (i, j), counted from 1, adds its product to sum m in cycle K + m + i + j - 1, the bottom border takes the last
    sum of column N in cycle K + (M - 1) + K + N.
    """
    region = weight_stationary(M, N, K, int8, int32)
    assert cycles(region, M, N, K, device) == K + M + K + N


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("M", "N", "K", "rows", "columns"), [(4, 4, 3, 2, 2), (6, 8, 5, 3, 4), (8, 8, 16, 4, 2)])
def test_tiles_follow_each_other_without_a_gap(M, N, K, rows, columns, device):
    """T K + rows + columns for T tiles: the array fills and drains once."""
    tiles = (M // rows) * (N // columns)
    assert cycles(tiled(M, N, K, rows, columns), M, N, K, device) == tiles * K + rows + columns
