"""Classifies handwritten digits on a simulated systolic array, and compares every score with NumPy.

The matrix products of the network (see `digit_network.py`) run on 8 x 8 PEs (see `tiled.py`), some images at a time;
biases, ReLU and shifts are the host's.

Run it: `python -m examples.systolic.digits`; it exits with status 1 if a single score differs.
"""

import sys
from collections import Counter
from collections.abc import Iterator

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import spatial as sp
from examples.systolic.digit_network import Digits, Network, held_out_digits, integer_product, train
from examples.systolic.row_by_row import row_by_row
from examples.systolic.tiled import tiled

__all__ = ["SystolicArray", "main", "scores"]

ROWS, COLUMNS = 8, 8
DEPTH = 2
BATCH = 24


class SystolicArray:
    """An array of `rows` x `columns` PEs; `product` multiplies on it, and `runs` keeps what that took."""

    def __init__(self, rows: int, columns: int, depth: int) -> None:
        self.rows, self.columns, self.depth = rows, columns, depth
        self.runs: list[sp.Run] = []
        self.products = 0
        self.built = {}

    def product(self, A: np.ndarray, B: np.ndarray) -> np.ndarray:
        """A @ B in int32, both padded with zeros to whole tiles."""
        (M, K), N = A.shape, B.shape[1]
        A = np.pad(A, ((0, -M % self.rows), (0, 0)))
        B = np.pad(B, ((0, 0), (0, -N % self.columns)))
        C = np.zeros((A.shape[0], B.shape[1]), dtype=np.int32)
        self.runs.append(self.simulator(*C.shape, K).run(A, B, C))
        self.products += M * N * K
        return C[:M, :N]

    def simulator(self, M: int, N: int, K: int):
        """The array compiled for matrices of this size; once for each size."""
        if (M, N, K) not in self.built:
            gemm = tiled(M, N, K, self.rows, self.columns, depth=self.depth)
            self.built[M, N, K] = sp.build(gemm, target="simulator", device="hls")
        return self.built[M, N, K]

    @property
    def cycles(self) -> int:
        """The cycles of all runs, one after the other."""
        return sum(run.cycles for run in self.runs)

    @property
    def utilisation(self) -> float:
        """The share of all PEs' cycles in which they did a multiply-accumulate of the network, from 0 to 1."""
        return self.products / (self.rows * self.columns * self.cycles)

    def fullest(self, count: int) -> Iterator[str]:
        """The channels that were full in most cycles, in words."""
        cycles_full = Counter()
        for run in self.runs:
            cycles_full.update({name: channel.cycles_full for name, channel in run.channels.items()})
        for name in sorted(cycles_full, key=lambda name: (-cycles_full[name], name))[:count]:
            most = max(run.channels[name].high_water for run in self.runs)
            share = cycles_full[name] / self.cycles
            yield f"{name} held up to {most} of {self.depth}, full in {share:.1%} of the cycles"


def scores(network: Network, images: np.ndarray, array: SystolicArray, console: Console) -> np.ndarray:
    """The logits of all images, computed on the array batch by batch."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("images through the array", total=len(images))
        batches = []
        for first in range(0, len(images), BATCH):
            batch = images[first : first + BATCH]
            batches.append(network.logits(batch, array.product))
            progress.advance(task, len(batch))
    return np.concatenate(batches)


def accuracy(logits: np.ndarray, labels: np.ndarray) -> str:
    """The share of images whose highest score is that of their label, in words."""
    right = np.count_nonzero(logits.argmax(axis=1) == labels)
    return f"{right / len(labels):.1%} ({right} of {len(labels)})"


def results(digits: Digits, on_array: np.ndarray, in_numpy: np.ndarray, in_float: float, array: SystolicArray) -> str:
    """What the main job found, in lines."""
    channels = list(array.fullest(3))
    facts = [
        ("accuracy on the array", accuracy(on_array, digits.labels)),
        ("accuracy in NumPy integers", accuracy(in_numpy, digits.labels)),
        ("logits that differ", f"{np.count_nonzero(on_array != in_numpy)} of {in_numpy.size}"),
        ("accuracy in floating point", f"{in_float:.1%}"),
        ("cycles", f"{array.cycles:,} in {len(array.runs)} runs on {array.runs[0].device}"),
        ("multiply-accumulates", f"{array.products:,}"),
        ("utilisation of the PEs", f"{array.utilisation:.1%}"),
        ("fullest channels", channels[0]),
        *(("", channel) for channel in channels[1:]),
    ]
    return "\n".join(f"{name:<28}{fact}" for name, fact in facts)


def what_shallow_fifos_do(images: np.ndarray, weights: np.ndarray) -> str:
    """Two lines on a deadlock: a corner of the first product, sent row by row (see `row_by_row.py`)."""
    M, N, K = 2, 2, 8
    A, B = images[:M, 24 : 24 + K].copy(), weights[24 : 24 + K, :N].copy()
    run = sp.simulate(row_by_row(M, N, K, depth=DEPTH), A, B, np.zeros((M, N), np.int32), on_deadlock="return")
    return (
        f"A loader that sends row by row into FIFOs of {DEPTH} deadlocks at cycle {run.deadlock.cycle}: "
        f"{run.deadlock.waits[0]};\n{run.deadlock.explanation()}"
    )


def main() -> int:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    digits = held_out_digits()
    classifier, network = train(digits)
    console.print(
        f"A network of 64, {network.hidden_bias.size} and {network.output_bias.size} units in int8 classifies "
        f"{len(digits.images)} handwritten digits on {ROWS} × {COLUMNS} simulated PEs."
    )

    array = SystolicArray(ROWS, COLUMNS, DEPTH)
    on_array = scores(network, digits.images, array, console)
    in_numpy = network.logits(digits.images, integer_product)
    in_float = classifier.score(digits.images.astype(float), digits.labels)

    console.print(results(digits, on_array, in_numpy, in_float, array))
    console.print(what_shallow_fifos_do(digits.images, network.hidden_weights))
    if not np.array_equal(on_array, in_numpy):
        console.print("The array and the NumPy reference differ: this is an error.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
