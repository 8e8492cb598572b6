"""The solver as we use it: one worker and a fixed seed, so that results repeat, and limits in its own units of work."""

from __future__ import annotations

import functools
import importlib
import math
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

__all__ = ["NOWHERE", "Search", "Status", "bound_of", "empty_model", "run"]

NOWHERE = 1 << 62
"""More than anything costs: what is impossible."""


class Status(Enum):
    """How a search ended: the best is known, something is known, nothing can be, or it is open."""

    OPTIMAL = "optimal"
    FOUND = "found"
    NONE = "none"
    OPEN = "open"


class Search(Enum):
    """How to search: plainly; with all constraints in the linear relaxation; by cores of costs that cannot all be zero,
    which proves small costs fast; or for the assumptions that exclude each other, which the presolve would lose."""

    PLAIN = "plain"
    LINEAR = "linear"
    CORES = "cores"
    ASSUMING = "assuming"


@functools.cache
def _library() -> type[cp_model.CpSolver]:
    """The solver's class; loading it takes about a second, so it waits for the first placement."""
    return importlib.import_module("ortools.sat.python.cp_model").CpSolver  # type: ignore[no-any-return]


def empty_model() -> cp_model.CpModel:
    """A model without variables."""
    return importlib.import_module("ortools.sat.python.cp_model").CpModel()  # type: ignore[no-any-return]


def run(model: cp_model.CpModel, effort: float, how: Search = Search.PLAIN) -> tuple[Status, cp_model.CpSolver]:
    """Searches for at most `effort` units of deterministic work, one to five seconds each; Ctrl-C ends it at once."""
    solver = _library()()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    solver.parameters.catch_sigint_signal = False
    match how:
        case Search.LINEAR:
            solver.parameters.linearization_level = 2
        case Search.CORES:
            solver.parameters.optimize_with_core = True
            solver.parameters.linearization_level = 0
        case Search.ASSUMING:
            solver.parameters.cp_model_presolve = False
    status = _solved(solver, model)
    names = {"OPTIMAL": Status.OPTIMAL, "FEASIBLE": Status.FOUND, "INFEASIBLE": Status.NONE}
    return names.get(solver.status_name(status), Status.OPEN), solver


def _solved(solver: cp_model.CpSolver, model: cp_model.CpModel) -> cp_model.CpSolverStatus:
    """The status behind a search in another thread, while this one takes signals."""
    with ThreadPoolExecutor(1) as beside:
        found = beside.submit(solver.solve, model)
        try:
            return found.result()
        except KeyboardInterrupt:
            solver.stop_search()
            raise


def bound_of(status: Status, solver: cp_model.CpSolver) -> int:
    """What no solution costs less than; costs are whole numbers."""
    return NOWHERE if status is Status.NONE else max(0, math.ceil(solver.best_objective_bound - 1e-6))
