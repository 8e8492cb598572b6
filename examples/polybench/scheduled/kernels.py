"""The kernels with their schedules and sizes, and the sums that each has to do."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import spatial as sp
from examples.polybench.scheduled.others import correlation, correlation_schedule, jacobi, jacobi_schedule
from examples.polybench.scheduled.products import gemm, gemm_schedule, three, three_schedule, two, two_schedule
from examples.polybench.scheduled.triangles import (
    symm,
    symm_schedule,
    syr2k,
    syr2k_schedule,
    syrk,
    syrk_schedule,
    trmm,
    trmm_schedule,
)
from examples.polybench.scheduled.vectors import (
    atax,
    atax_schedule,
    bicg,
    bicg_schedule,
    gesummv,
    gesummv_schedule,
    mvt,
    mvt_schedule,
)

__all__ = ["KERNELS", "Kernel", "lines_of", "scheduled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """A kernel: `make(*sizes)` is its function, and `additions(*sizes)` counts the sums of two floats that it needs.

    The sizes are those of "medium" in PolyBench 4.2.
    """

    make: Callable[..., Any]
    schedule: Callable[[Any], None]
    sizes: tuple[int, ...]
    additions: Callable[..., int]


def triangle(n):
    """The elements of a triangle with its diagonal."""
    return n * (n + 1) // 2


KERNELS: Mapping[str, Kernel] = {
    "gemm": Kernel(make=gemm, schedule=gemm_schedule, sizes=(200, 220, 240), additions=lambda M, N, K: M * N * K),
    "2mm": Kernel(
        make=two,
        schedule=two_schedule,
        sizes=(180, 190, 210, 220),
        additions=lambda M, N, K, L: M * N * K + M * L * N,
    ),
    "3mm": Kernel(
        make=three,
        schedule=three_schedule,
        sizes=(180, 190, 200, 210, 220),
        additions=lambda M, N, K, L, J: M * N * K + N * L * J + M * L * N,
    ),
    "atax": Kernel(make=atax, schedule=atax_schedule, sizes=(390, 410), additions=lambda M, N: 2 * M * N),
    "bicg": Kernel(make=bicg, schedule=bicg_schedule, sizes=(410, 390), additions=lambda M, N: 2 * M * N),
    "mvt": Kernel(make=mvt, schedule=mvt_schedule, sizes=(400,), additions=lambda N: 2 * N * N),
    "gesummv": Kernel(make=gesummv, schedule=gesummv_schedule, sizes=(250,), additions=lambda N: 2 * N * N + N),
    "symm": Kernel(
        make=symm,
        schedule=symm_schedule,
        sizes=(200, 240),
        additions=lambda M, N: 2 * N * triangle(M - 1) + 2 * M * N,
    ),
    "syrk": Kernel(make=syrk, schedule=syrk_schedule, sizes=(200, 240), additions=lambda M, N: M * triangle(N)),
    "syr2k": Kernel(make=syr2k, schedule=syr2k_schedule, sizes=(200, 240), additions=lambda M, N: 2 * M * triangle(N)),
    "trmm": Kernel(make=trmm, schedule=trmm_schedule, sizes=(200, 240), additions=lambda M, N: N * triangle(M - 1)),
    "correlation": Kernel(
        make=correlation,
        schedule=correlation_schedule,
        sizes=(240, 260),
        additions=lambda M, N: N * triangle(M - 1) + 4 * M * N,
    ),
    "jacobi-2d": Kernel(
        make=jacobi, schedule=jacobi_schedule, sizes=(250, 100), additions=lambda N, T: 8 * T * (N - 2) ** 2
    ),
}


def scheduled(kernel, *sizes):
    """A kernel of these sizes, or of its own, with all steps of its schedule taken."""
    found = KERNELS[kernel]
    s = sp.customize(found.make(*(sizes or found.sizes)))
    found.schedule(s)
    return s


def lines_of(kernel):
    """How many lines the schedule of a kernel has."""
    _, *body = inspect.getsource(KERNELS[kernel].schedule).strip().split("\n")
    return sum(bool(line.strip()) for line in body)
