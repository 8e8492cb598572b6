"""Declares structs."""

import inspect

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_frame, caller_span
from spatial.types.checks import MAX_WIDTH
from spatial.types.dtype import DType, Struct, as_dtype

__all__ = ["struct"]


def struct(declaration: type) -> Struct:
    """`@sp.struct` above a class with annotated fields makes it a type of tokens, elements and locals.

    The fields are scalars, structs among them, 1024 bits in all; the first lies in the lowest bits. In NumPy it is a
    structured type, `sp.numpy_dtype(Packet)`. Raises `ProgramError` (type/struct) where it has no field, one of
    another type, or anything else.
    """
    name = declaration.__name__
    others = [key for key in vars(declaration) if not key.startswith("__") and key != "_abc_impl"]
    if others:
        raise _bad(
            f"the struct `{name}` has fields with types, nothing else: not `{others[0]}`", f"write `{others[0]}: int32`"
        )
    fields = tuple((field, _field(name, field, given)) for field, given in _annotations(declaration).items())
    if not fields:
        raise _bad(f"the struct `{name}` has no field", "write `data: int32` in it")
    made = Struct(name, fields)
    if made.bits > MAX_WIDTH:
        raise _bad(f"the struct `{name}` has {made.bits} bits, at most {MAX_WIDTH} are possible", "use narrower fields")
    return made


def _annotations(declaration: type) -> dict[str, object]:
    """The fields' types, also where `from __future__ import annotations` keeps them as text."""
    names = {**caller_frame().f_globals, **caller_frame().f_locals}
    try:
        return dict(inspect.get_annotations(declaration, globals=names, eval_str=True))
    except NameError as error:
        raise _bad(f"`{error.name}` in the struct `{declaration.__name__}` is not defined", "") from None


def _field(name: str, field: str, given: object) -> DType:
    dtype = as_dtype(given)
    if dtype is None:
        told = getattr(given, "__name__", given)
        raise _bad(
            f"the field `{field}` of `{name}` has the type `{told}`, which is no scalar", f"write `{field}: int32`"
        )
    return dtype


def _bad(title: str, hint: str) -> ProgramError:
    return ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="type/struct")])
