"""What each step makes of memory: MLIR before and after, the same values, and how long a step takes."""

import time

import pytest

from spatial.schedule.memory.buffers import buffer_at, cache_read, cache_write
from spatial.schedule.memory.operators import bind_operators
from spatial.schedule.memory.pack import pack
from spatial.schedule.memory.partition import partition
from spatial.schedule.memory.reshape import reshape
from spatial.schedule.memory.reuse import reuse_at
from spatial.schedule.memory.storage import bind
from tests.schedule.memory.nests import blur, convolution, guarded, local, matmul, rows
from tests.schedule.memory.programs import function_text, nest_of, same_values

LONGEST = 0.05
STEPS = {
    "buffer_at_row": (matmul, [(buffer_at, "A", "j")], ("A_buffer",)),
    "buffer_at_column": (matmul, [(buffer_at, "B", "j")], ("B_buffer",)),
    "buffer_at_element": (matmul, [(buffer_at, "C", "j")], ("C_buffer",)),
    "buffer_at_stored_first": (rows, [(buffer_at, "C", "i")], ("C_buffer",)),
    "buffer_at_guarded": (guarded, [(buffer_at, "C", "i")], ("C_buffer",)),
    "cache_read": (matmul, [(cache_read, "B", None)], ("B_buffer",)),
    "cache_read_window": (convolution, [(cache_read, "A", "y")], ("A_buffer",)),
    "cache_write": (matmul, [(cache_write, "C", None)], ("C_buffer",)),
    "cache_write_row": (matmul, [(cache_write, "C", "i")], ("C_buffer",)),
    "reuse_at_line": (convolution, [(reuse_at, "A", "y")], ("A_window",)),
    "reuse_at_window": (
        convolution,
        [(reuse_at, "A", "y"), (reuse_at, "A_window", "x")],
        ("A_window", "A_window_window"),
    ),
    "reuse_at_stride": (blur, [(reuse_at, "A", "i")], ("A_window",)),
    "reshape_flat": (local, [(reshape, "buf", None, {"shape": [32]})], ("buf",)),
    "reshape_split": (local, [(reshape, "buf", None, {"shape": [2, 4, 4]})], ("buf",)),
    "reshape_across": (local, [(reshape, "buf", None, {"shape": [16, 2]})], ("buf",)),
    "pack": (local, [(pack, "buf", None, {"factor": 4})], ("buf",)),
    "partition_complete": (
        matmul,
        [(partition, "A", None, {"dim": 0}), (partition, "C", None, {"dim": [0, 1]})],
        ("", ""),
    ),
    "partition_joined": (
        local,
        [
            (partition, "buf", None, {"kind": "cyclic", "dim": 0, "factor": 2}),
            (partition, "buf", None, {"kind": "block", "dim": 0, "factor": 2}),
        ],
        ("", ""),
    ),
    "bind": (
        local,
        [(bind, "buf", None, {"impl": "uram", "ports": "2P"}), (bind, "A", None, {"impl": "bram"})],
        ("", ""),
    ),
    "bind_operators": (matmul, [(bind_operators, "C", None, {"impl": "fabric", "op": "mul"})], ("",)),
}


def apply(nest, steps):
    """Does steps; the names of what they made, and the longest time that one took."""
    made, longest = [], 0.0
    for rewrite, buffer, loop, *options in steps:
        start = time.process_time()
        made.append(nest.step(rewrite, buffer, loop, **(options[0] if options else {})))
        longest = max(longest, time.process_time() - start)
    return tuple(made), longest


@pytest.mark.parametrize("name", STEPS)
def test_a_step_makes_this_of_memory_and_keeps_values(name, golden):
    region, steps, names = STEPS[name]
    before, after = nest_of(region), nest_of(region)
    made, _ = apply(after, steps)
    assert made == names
    golden(f"// before\n{function_text(before)}\n// after\n{function_text(after)}", f"{name}.mlir")
    for seed in range(3):
        same_values(before, after, seed)


def test_a_step_takes_less_than_50_milliseconds():
    for region, steps, _ in STEPS.values():
        apply(nest_of(region), steps)
        assert min(apply(nest_of(region), steps)[1] for _ in range(3)) < LONGEST
