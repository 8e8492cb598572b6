"""The arrays a run starts with: the user's where given, random ones else."""

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import click
import numpy as np

from spatial.analysis.sharing import ArrayUse, array_uses
from spatial.ir.graph import ActorGraph
from spatial.types.bits import to_bits
from spatial.types.dtype import Bool, DType, Fixed, Float, Index, Int, Struct, UInt, is_signed
from spatial.types.rounding import limits
from spatial.types.tensor import TensorType
from spatial.types.values import from_values, numpy_dtype

__all__ = ["Array", "arrays_for", "random_array", "read_arrays"]

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]

SMALL = 16
MODEST = 1000


def arrays_for(graph: ActorGraph, given: Mapping[str, Array], seed: int) -> list[Array]:
    """An array for each parameter, in order; one that no actor reads starts at zero."""
    known = {array.name: array.type for array in graph.arrays}
    for name in given:
        if name not in known:
            names = ", ".join(f"`{each}`" for each in known) or "none"
            raise click.UsageError(f"`{graph.name}` has no array `{name}`: there are {names}")
    uses = array_uses(graph)
    return [
        _restored(given[name], type_) if name in given else _made(name, type_, uses[name], seed)
        for name, type_ in known.items()
    ]


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of an `.npz` file."""
    try:
        file = np.load(path, allow_pickle=False)
        if not isinstance(file, np.lib.npyio.NpzFile):
            raise ValueError("it holds one array, not arrays by name")
        with file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise click.UsageError(f"cannot read arrays from {path}: {error}") from error


def random_array(type_: TensorType, generator: np.random.Generator) -> Array:
    """Values of the type: small integers over their full range, wider ones up to 1000, floats in [-1, 1)."""
    values = _random(type_.element, type_.size, generator)
    return from_values(values, type_.element, type_.shape)


def _made(name: str, type_: TensorType, use: ArrayUse, seed: int) -> Array:
    """Each array has a generator of its own, so that giving one leaves the others as they are."""
    if not use.readers:
        return from_values([0] * type_.size, type_.element, type_.shape)
    return random_array(type_, np.random.default_rng([seed, zlib.crc32(name.encode())]))


def _random(dtype: DType, size: int, generator: np.random.Generator) -> list[int] | list[float]:
    match dtype:
        case Float():
            steps = 1 << min(dtype.precision, 24)
            return [step / steps for step in generator.integers(-steps, steps, size).tolist()]
        case Index():
            least, greatest = 0, 7
        case Bool():
            least, greatest = 0, 1
        case Struct():
            return _packed(dtype, size, generator)
        case Int() | UInt() | Fixed():
            least, greatest = limits(min(dtype.bits, SMALL), is_signed(dtype))
            if dtype.bits > SMALL:
                least, greatest = max(least, -MODEST), MODEST
    return [int(value) for value in generator.integers(least, greatest, size, endpoint=True).tolist()]


def _packed(dtype: Struct, size: int, generator: np.random.Generator) -> list[int]:
    """Structs of such values."""
    words, offset = [0] * size, 0
    for _, field in dtype.fields:
        values = _random(field, size, generator)
        words = [word | to_bits(value, field) << offset for word, value in zip(words, values, strict=True)]
        offset += field.bits
    return words


def _restored(array: Array, type_: TensorType) -> Array:
    """Undoes what an `.npz` file cannot hold: it keeps types of other packages as bytes, wide integers as text."""
    wanted = numpy_dtype(type_.element)
    if array.dtype.kind == "V" and array.dtype.itemsize == wanted.itemsize:
        return array.view(wanted)
    if wanted == np.object_ and array.dtype.kind == "U":
        try:
            return np.array([int(text) for text in array.ravel().tolist()], dtype=object).reshape(array.shape)
        except ValueError:
            return array
    return array
