"""What a run starts with: the user's arrays, numbers and tokens where given, random arrays and tokens else."""

import ast
import contextlib
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import click
import numpy as np

from spatial.analysis.sharing import array_uses
from spatial.build.samples import Array, initial_array, random_array, seeded
from spatial.ir.function import Parameter
from spatial.ir.graph import ActorGraph
from spatial.types.dtype import DType, Fixed, Struct
from spatial.types.tensor import TensorType, element_of, shape_of
from spatial.types.values import numpy_dtype

__all__ = ["arguments_for", "read_arrays"]


def arguments_for(graph: ActorGraph, given: Mapping[str, Array], numbers: Mapping[str, str], seed: int) -> list[object]:
    """What each parameter that a run asks for is given, in order.

    `given` are the arrays of a file, `numbers` the values of scalars and how many tokens a stream takes. An
    array that no actor reads starts at zero.
    """
    wanted = graph.asked
    _check_names(graph, given, [parameter.name for parameter in wanted], "array")
    _check_names(graph, numbers, [parameter.name for parameter in wanted if parameter.kind != "array"], "scalar")
    uses = array_uses(graph)
    arguments: list[object] = []
    for parameter in wanted:
        name, type_ = parameter.name, parameter.type
        if name in given:
            arguments.append(_restored(given[name], element_of(type_)))
        elif isinstance(type_, TensorType) and parameter.kind == "array":
            arguments.append(initial_array(name, type_, uses[name], seed))
        elif name not in numbers:
            raise click.UsageError(_missing(parameter))
        elif parameter.stream:
            arguments.append(_tokens(parameter, numbers[name], seed))
        else:
            arguments.append(_scalar(parameter, numbers[name]))
    return arguments


def _check_names(graph: ActorGraph, given: Iterable[str], known: Sequence[str], thing: str) -> None:
    for name in given:
        if name not in known:
            names = ", ".join(f"`{each}`" for each in known) or "none"
            raise click.UsageError(f"`{graph.name}` has no {thing} `{name}`: there are {names}")


def _missing(parameter: Parameter) -> str:
    if parameter.stream:
        return f"say how many random tokens the stream `{parameter.name}` takes, {parameter.name}=16, or use --inputs"
    written = f"{parameter.name}=3"
    if isinstance(parameter.type, Struct):
        written = f"'{parameter.name}={_fields(parameter.type)}'"
    return f"give a value for `{parameter.name}`, which is `{parameter.type}`: {written}"


def _scalar(parameter: Parameter, text: str) -> object:
    """A number, or a struct written as a tuple of its fields."""
    if not isinstance(parameter.type, Struct):
        return _number(parameter, text)
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise click.UsageError(f"`{text}`, given for `{parameter.name}`, is no `{_fields(parameter.type)}`") from None


def _fields(struct: Struct) -> str:
    names = ", ".join(name for name, _ in struct.fields)
    return f"({names})" if len(struct.fields) > 1 else f"({names},)"


def _number(parameter: Parameter, text: str) -> int | float | bool:
    words = {"True": True, "False": False}
    for read in (words.__getitem__, lambda each: int(each, 0), float):
        with contextlib.suppress(KeyError, ValueError):
            return read(text)
    raise click.UsageError(f"`{text}`, given for `{parameter.name}`, is no number")


def _tokens(parameter: Parameter, text: str, seed: int) -> Array:
    """As many random tokens as asked for, for each channel."""
    if not text.isdecimal():
        raise click.UsageError(f"`{text}`, given for the stream `{parameter.name}`, is no number of tokens")
    shape = (*parameter.shape, int(text), *shape_of(parameter.type))
    return random_array(TensorType(element_of(parameter.type), shape), seeded(parameter.name, seed))


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


def _restored(array: Array, element: DType) -> Array:
    """Undoes what an `.npz` file cannot hold: it keeps types of other packages as bytes, wide integers as text."""
    wanted = numpy_dtype(element)
    if array.dtype.kind == "V" and array.dtype.itemsize == wanted.itemsize:
        return array.view(wanted)
    if wanted == np.object_ and array.dtype.kind == "U":
        try:
            read = Fraction if isinstance(element, Fixed) else int
            return np.array([read(text) for text in array.ravel().tolist()], dtype=object).reshape(array.shape)
        except ValueError:
            return array
    return array
