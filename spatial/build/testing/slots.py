"""What a test gives for each parameter: anything, or what the user says."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from spatial.build.testing.pairs import Pairs
from spatial.ir.function import Parameter
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import Span, caller_span
from spatial.types.conversion import Value
from spatial.types.dtype import DType
from spatial.types.given import value_of
from spatial.types.tensor import TensorType, element_of, shape_of
from spatial.types.values import from_values
from spatial.verify.testing.cases import Array, Draw, Slot

__all__ = ["everywhere", "filled", "slots_of"]


def slots_of(pairs: Pairs, inputs: Mapping[str, object], program: str) -> tuple[Slot, ...]:
    """The inputs of a test; `inputs` has some of them by the names that they have in the first `program`.

    Raises `ProgramError` on a name of nothing that both are given, and on a value that is none of the type.
    """
    span = caller_span()
    known = {one.name: one for one, _ in pairs.inputs}
    if problems := [_unknown(name, known, program, span) for name in inputs if name not in known]:
        raise ProgramError(problems)
    return tuple(_slot(parameter, inputs, span) for parameter in known.values())


def filled(value: Value, type_: TensorType | DType) -> Array:
    """An array with this value in each element."""
    dtype = element_of(type_)
    single = from_values([value], dtype, (1,))
    return np.full(shape_of(type_), single[0], dtype=single.dtype)


def everywhere(given: object, name: str, type_: TensorType | DType, span: Span) -> Array:
    """An array of one value; raises `ProgramError` where it is none of the type."""
    try:
        return filled(value_of(given, element_of(type_)), type_)
    except ValueError as error:
        title = f"`{name}` is declared as `{type_}`: {error}"
        raise ProgramError([Misuse(title=title, span=span)]) from None


def _slot(parameter: Parameter, inputs: Mapping[str, object], span: Span) -> Slot:
    plain = Slot(name=parameter.name, type=parameter.type, kind=parameter.kind, axes=parameter.shape)
    if parameter.name not in inputs:
        return plain
    given = inputs[parameter.name]
    if callable(given):
        return replace(plain, draw=_drawing(given, parameter.name, span))
    array = given if isinstance(given, np.ndarray | list) else _for_all(given, parameter, span)
    return replace(plain, given=np.asarray(array))


def _drawing(given: Callable[..., object], name: str, span: Span) -> Draw:
    """A function of the user that draws what a parameter is given; it raises `ProgramError` where it fails."""

    def draw(generator: np.random.Generator) -> object:
        try:
            return given(generator)
        except Exception as error:
            title = f"the function that draws `{name}` fails: {error}"
            hint = f'it is given a generator: `inputs={{"{name}": lambda generator: generator.integers(0, 10, 16)}}`'
            raise ProgramError([Misuse(title=title, span=span, hint=hint)]) from error

    return draw


def _for_all(given: object, parameter: Parameter, span: Span) -> Array:
    if parameter.stream:
        title = f"`{parameter.name}` is a stream: it takes an array of tokens, not `{given!r}`"
        raise ProgramError([Misuse(title=title, span=span)])
    return everywhere(given, parameter.name, parameter.type, span)


def _unknown(name: str, known: Iterable[str], program: str, span: Span) -> Misuse:
    close = next(iter(difflib.get_close_matches(str(name), known, n=1)), "")
    hint = f"did you mean `{close}`?" if close else f"there are {', '.join(f'`{each}`' for each in known)}"
    return Misuse(title=f"`{program}` is given no `{name}`", span=span, hint=hint)
