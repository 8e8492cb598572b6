"""Prints what the operators of the library take on a U280 at 300 MHz, before and after their schedules.

Run it: `python -m examples.operators`
"""

import spatial as sp
from spatial import float32
from spatial.nn import ops

__all__ = ["OPERATORS", "main", "row"]

DEVICE = "xcu280@300"
OPERATORS = {
    "gemm(64, 64, 64)": lambda: ops.gemm(64, 64, 64),
    "gemm(64, 64, 64, pes=(8, 8))": lambda: ops.gemm(64, 64, 64, pes=(8, 8)),
    "gemm(64, 64, 64, float32, float32)": lambda: ops.gemm(64, 64, 64, float32, float32),
    "gemv(256, 256)": lambda: ops.gemv(256, 256),
    "gemv(256, 256, float32, float32)": lambda: ops.gemv(256, 256, float32, float32),
    "conv2d(1, 66, 130, 4, 3, 3, lanes=4)": lambda: ops.conv2d(1, 66, 130, 4, 3, 3, lanes=4),
    "conv2d(4, 34, 66, 8, 3, 3)": lambda: ops.conv2d(4, 34, 66, 8, 3, 3),
    "softmax(64, 64)": lambda: ops.softmax(64, 64),
    "softmax(64, 64, lanes=4)": lambda: ops.softmax(64, 64, lanes=4),
    "layer_norm(64, 64, lanes=4)": lambda: ops.layer_norm(64, 64, lanes=4),
    "gelu(64, 64, lanes=2)": lambda: ops.gelu(64, 64, lanes=2),
    "attention(16, 64, 4)": lambda: ops.attention(16, 64, 4),
    "attention(64, 64, 4, causal=True)": lambda: ops.attention(64, 64, 4, causal=True),
}
"""What is asked for, and how."""


def row(operator):
    """Cycles of the function as it is written and with its schedule, the lanes' share of their peak, DSPs, LUTs."""
    before, after = (
        sp.simulate(program, device=DEVICE, values=False, engine="simpy").cycles
        for program in (operator.function, operator.schedule)
    )
    total = sp.report(operator.schedule, device=DEVICE).resources.total
    return before, after, operator.lanes, operator.peak(after), total.dsp, total.lut


def main():
    print("| operator | before | after | lanes | of peak | DSP | LUT |")
    print("|---|---|---|---|---|---|---|")
    for asked, make in OPERATORS.items():
        before, after, lanes, peak, dsp, lut = row(make())
        print(f"| `{asked}` | {before:,} | {after:,} | {lanes} | {peak:.1%} | {dsp} | {lut:,} |")


if __name__ == "__main__":
    main()
