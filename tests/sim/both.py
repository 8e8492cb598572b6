"""Runs of one program on both engines, and what must be equal in them."""

import numpy as np

import spatial as sp

__all__ = ["alike", "assert_same", "both", "same"]

FIELDS = ("region", "device", "cycles", "ending", "channels", "prints", "deadlock", "livelock")


def both(region: object, device: str = "ideal") -> list[object]:
    """A region built for the reference, then for the native engine."""
    return [sp.build(region, device=device, engine=engine) for engine in ("simpy", "native")]


def alike(built: list[object], *arrays: object, **options: object) -> sp.Run:
    """The run of the native engine, which is that of the reference; both get copies of the arrays."""
    runs = []
    for module in built:
        own = [array.copy() if isinstance(array, np.ndarray) else array for array in arrays]
        runs.append(outcome(module, own, options))
    assert_same(*runs)
    return runs[1]


def outcome(module: object, arrays: list[object], options: dict[str, object]) -> sp.Run:
    """A run, or the partial one of a fault."""
    try:
        return module.run(*arrays, on_deadlock="return", **options)
    except sp.RunError as error:
        return error.run


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether the elements are equal, also where both are NaN; -0.0 is not 0.0."""
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    if one.dtype.names:
        return all(same(one[name], other[name]) for name in one.dtype.names)
    if one.dtype == object:
        return [np.asarray(part).tolist() for part in one.flat] == [np.asarray(part).tolist() for part in other.flat]
    if one.dtype.kind not in "fV":
        return bool((one == other).all())
    one, other = one.astype(np.float64), other.astype(np.float64)
    alike = (one == other) & (np.signbit(one) == np.signbit(other))
    return bool((alike | (np.isnan(one) & np.isnan(other))).all())


def assert_same(reference: sp.Run, native: sp.Run) -> None:
    """All of two runs is equal; after a fault that is what was printed."""
    if reference.ending == "failed":
        assert native.prints == reference.prints
        return
    for name, actor in reference.actors.items():
        assert native.actors[name] == actor
    for field in ("arrays", "memories", "outputs"):
        ours, theirs = getattr(native, field), getattr(reference, field)
        assert list(ours) == list(theirs)
        for name, array in ours.items():
            assert same(array, theirs[name]), name
    assert list(native.trace) == list(reference.trace)
    for name, ours in native.trace.items():
        theirs = reference.trace[name]
        assert (ours.puts, ours.gets) == (theirs.puts, theirs.gets), name
        pairs = zip(ours.values, theirs.values, strict=True)
        assert all(same(np.asarray(one), np.asarray(other)) for one, other in pairs), name
    for field in FIELDS:
        assert getattr(native, field) == getattr(reference, field), field
