"""Ctrl-C ends a search for a placement, and nothing of it is taken for a result."""

import os
import random
import signal
import threading

import pytest

from spatial.lower.aie.placement.solver import empty_model, run


def test_a_search_ends_when_it_is_interrupted():
    model, draw = empty_model(), random.Random(0)
    chosen = [model.new_bool_var("") for _ in range(50)]
    for _ in range(6):
        weights = [draw.randrange(100) for _ in chosen]
        model.add(sum(weight * each for weight, each in zip(weights, chosen, strict=True)) == sum(weights) // 2)
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        run(model, effort=60)
