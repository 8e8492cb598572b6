"""A loader finds the actors that an element belongs to by its indices alone, wherever that is possible."""

import numpy as np
import pytest

import spatial as sp
from spatial import int32
from spatial.lower.hls.legalize.boxes import Interval
from spatial.lower.hls.legalize.ways import MOST, Way, ways_of
from tests.lower.hls.legalize.running import made_legal


def interval(first, count, step=1):
    return Interval(first=first, count=count, step=step)


def rows(count, *, size=1, extent=4):
    """Shares of so many rows each."""
    return [((p,), (interval(p * size, size), interval(0, extent))) for p in range(count)]


@pytest.mark.parametrize(
    ("shares", "shape", "ways"),
    [
        (rows(3), (3, 4), (Way(count=3, axis=0),)),
        (rows(3, size=2), (6, 4), (Way(count=3, axis=0, size=2),)),
        ([((p,), (interval(p, 3, 2),)) for p in range(2)], (6,), (Way(count=2, axis=0, size=3, dealt=True),)),
        (
            [((p, q), (interval(q, 1),)) for p in range(2) for q in range(3)],
            (3,),
            (Way(count=2, axis=None), Way(count=3, axis=0)),
        ),
    ],
)
def test_shares_in_turn_are_known_by_an_index(shares, shape, ways):
    found = ways_of(shares, shape, once=False)
    assert found is not None
    assert [(way.count, way.axis, way.dealt) for way in found] == [(way.count, way.axis, way.dealt) for way in ways]
    assert [way.size for way in found if not way.dealt] == [way.size for way in ways if not way.dealt]


@pytest.mark.parametrize(
    ("shares", "shape"),
    [
        (rows(2), (3, 4)),
        (rows(MOST + 1), (MOST + 1, 4)),
        ([((p,), (interval(p, 2),)) for p in range(3)], (4,)),
        ([((p,), (interval(2 - p, 1),)) for p in range(3)], (3,)),
    ],
    ids=["a row is nobody's", "too many actors", "shares overlap", "in another order"],
)
def test_other_shares_are_not(shares, shape):
    assert ways_of(shares, shape, once=False) is None


def test_an_element_of_several_actors_is_put_to_all_and_taken_from_none():
    shares = [((p, q), (interval(q, 1),)) for p in range(2) for q in range(3)]
    assert ways_of(shares, (3,), once=False) is not None
    assert ways_of(shares, (3,), once=True) is None


@pytest.mark.parametrize("dealt", [False, True])
@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (1, 4)])
def test_what_is_shared_out_and_collected_is_the_array(dealt, shape):
    P, Q = shape

    @sp.region()
    def grid(X: int32[2 * P, Q], W: int32[Q], Y: int32[2 * P, Q]):
        @sp.kernel(mapping=[P, Q], args=[X, W, Y])
        def pe(X: int32[2 * P, Q], W: int32[Q], Y: int32[2 * P, Q]):
            p, q = sp.get_pid()
            for n in range(2):
                with sp.meta_if(dealt):
                    Y[P * n + p, q] = X[P * n + p, q] * W[q]
                with sp.meta_else():
                    Y[2 * p + n, q] = X[2 * p + n, q] * W[q]

    made = made_legal(grid)
    X, W = np.arange(1, 2 * P * Q + 1, dtype=np.int32).reshape(2 * P, Q), np.arange(3, 3 + Q, dtype=np.int32)
    Y = np.zeros_like(X)
    made.run(X, W, Y)
    assert (Y == X * W).all()
    assert not any("chain" in channel.name or "result" in channel.name for channel in made.legal.graph.channels)
