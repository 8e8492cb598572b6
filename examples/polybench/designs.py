"""The sizes of the kernels, "medium" in PolyBench 4.2, and the designs that are compared.

A design is named by what its generator is given behind the sizes: PEs and lanes. In those of `FABRIC` the adders of
the sums are made of look-up tables instead of DSPs.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import spatial as sp
from examples.polybench.atax import atax
from examples.polybench.gemm import gemm
from examples.polybench.gesummv import gesummv
from examples.polybench.one_lane import (
    atax_alone,
    bicg_alone,
    gemm_alone,
    gesummv_alone,
    mvt_alone,
    two_products_alone,
)
from examples.polybench.three_products import three_products
from examples.polybench.two_products import two_products
from examples.polybench.vectors import bicg, mvt

__all__ = ["DESIGNS", "FABRIC", "SIZES", "region_of", "with_adders_of_tables"]

Choice = tuple[Any, ...]

SIZES: Mapping[str, Sequence[int]] = {
    "gemm": (200, 220, 240),
    "2mm": (180, 190, 210, 220),
    "3mm": (180, 190, 200, 210, 220),
    "atax": (390, 410),
    "bicg": (410, 390),
    "gesummv": (250,),
    "mvt": (400,),
}
"""Rows and columns of what is computed, then the lengths of the sums; of atax, bicg the rows and columns of A."""

DESIGNS: Mapping[str, Sequence[Choice]] = {
    "gemm": [(), (1, 9), (1, 35), (1, 60), (4, 120), (20, 80)],
    "2mm": [(), (1, 12, 10), (1, 35, 32), (1, 42, 38), (3, 21, 19), (9, 21, 19), (4, 105, 95), (20, 70, 64)],
    "3mm": [(2, 1), (6, 3), (15, 3), (6, 10), (5, 25), (10, 50), (70, 25)],
    "atax": [(), (6, 5, 2, 2), (13, 3, 5, 5), (13, 3, 6, 5), (13, 3, 13, 10), (13, 3, 41, 41)],
    "bicg": [(), ((2, 6), (3, 4)), ((10, 2), (10, 2)), ((10, 6), (3, 21)), ((10, 15), (30, 5))],
    "gesummv": [(), (10, 1), (1, 13), (1, 17), (1, 21), (21, 2), (25, 4)],
    "mvt": [(), (1, 4), (1, 11), (1, 16), (1, 22), (25, 8), (10, 25), (25, 14), (40, 10)],
}
"""From small to large; the empty one is that of `one_lane.py`."""

FABRIC: Mapping[str, Sequence[Choice]] = {
    "gemm": [(1, 60)],
    "2mm": [(6, 105, 95)],
    "bicg": [((10, 10), (10, 10))],
    "mvt": [(20, 20)],
}
"""Designs with adders of look-up tables: a product and its sum take 3 DSPs instead of 5."""

GENERATORS: Mapping[str, Callable[..., Any]] = {
    "gemm": gemm,
    "2mm": two_products,
    "3mm": three_products,
    "atax": atax,
    "bicg": bicg,
    "gesummv": gesummv,
    "mvt": mvt,
}
ALONE: Mapping[str, Callable[..., Any]] = {
    "gemm": gemm_alone,
    "2mm": two_products_alone,
    "atax": atax_alone,
    "bicg": bicg_alone,
    "gesummv": gesummv_alone,
    "mvt": mvt_alone,
}


def region_of(kernel, choice):
    """The region of a design, at the sizes that are compared."""
    make = GENERATORS[kernel] if choice else ALONE[kernel]
    return make(*SIZES[kernel], *choice)


def with_adders_of_tables(kernel, choice):
    """A schedule of a design, in which look-up tables add what is kept in the `sums` of its PEs."""
    schedule = sp.customize(region_of(kernel, choice))
    chain = [f"pe_{number}" for number in sorted({0, choice[0] - 1})] if kernel == "2mm" else ["pe"]
    kernels = [f"product[{number}].pe" for number in range(2)] if kernel in ("bicg", "mvt") else chain
    for each in kernels:
        schedule.bind(f"{each}:sums", "fabric", op="add")
    return schedule
