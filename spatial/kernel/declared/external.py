"""`sp.external`: declares a function that is written in C++."""

import inspect
import re
import types
from collections.abc import Callable, Sequence
from pathlib import Path

from spatial.meta.external import External, In, InOut, Out, Parameter
from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_frame, caller_span
from spatial.types.tensor import shape_of

__all__ = ["external"]

Cycles = int | Callable[..., int]


def external(
    symbol: str,
    *,
    args: Sequence[Parameter],
    source: str | Path | None = None,
    object: str | Path | None = None,
    reference: Callable[..., object] | None = None,
    cycles: Cycles | None = None,
    include: str | Path | Sequence[str | Path] = (),
    flags: str | Sequence[str] = (),
) -> External:
    """A function written in C++ that kernels call as `mm(A, B, C)`; `extern "C"`, it returns nothing.

    `args` are its parameters: `sp.In(int8[4, 4])` and `sp.InOut(...)`, `sp.Out(...)` are pointers to arrays in C
    order, `sp.In(int32)` is a number. `source` is its C++ file or `object` its object file; these and the folders
    `include` are relative to the file that calls `sp.external`. `flags` are given to the compiler.

    In a simulation the Python function `reference` does its work. Without one the source is compiled for this
    machine. A call takes `cycles`, a number or a function of the arrays' shapes; without them as long as the
    reference, or 1 where there is none. Raises `ProgramError` where what is given cannot be meant.
    """
    home = Path(caller_frame().f_code.co_filename).parent
    if not isinstance(symbol, str) or not re.fullmatch(r"[A-Za-z_]\w*", symbol, re.ASCII):
        raise _wrong(f"`{symbol}` is no name of a function in C++", None, 'write `sp.external("mm", ...)`')
    if source is not None and object is not None:
        raise _wrong(f"`{symbol}` has a `source` and an `object`", "object", "give the one that is to be used")
    if source is None and object is None and reference is None:
        raise _wrong(f"nothing says what `{symbol}` does", None, f'give its file: `source="{symbol}.cc"`')
    parameters = _parameters(symbol, args)
    return External(
        symbol=symbol,
        parameters=parameters,
        source=_file(home, source, "source"),
        object_file=_file(home, object, "object"),
        reference=_reference(symbol, reference, len(parameters)),
        cycles=_cycles(symbol, cycles, parameters),
        include=_folders(home, include),
        flags=_flags(flags),
        span=caller_span(),
    )


def _parameters(symbol: str, given: Sequence[Parameter]) -> tuple[Parameter, ...]:
    if not isinstance(given, list | tuple):
        hint = "write `args=[sp.In(int8[4, 4]), sp.Out(int32[4, 4])]`"
        raise _wrong(f"`args` of `{symbol}` is a list of its parameters", "args", hint)
    for each in given:
        if not isinstance(each, In | Out | InOut):
            hint = f"write `sp.In({each})` for what is read, `sp.Out({each})` for what is written"
            raise _wrong(f"`args` of `{symbol}` does not say whether `{each}` is read or written", "args", hint)
    return tuple(given)


def _file(home: Path, given: str | Path | None, word: str) -> Path | None:
    if given is None:
        return None
    if not isinstance(given, str | Path):
        raise _wrong(f"`{word}` is the name of a file, not `{given}`", word, f'write `{word}="mm.cc"`')
    path = (home / given).absolute()
    if not path.is_file():
        raise _wrong(
            f"there is no file `{given}`",
            word,
            f"files are relative to the folder of `{Path(caller_span().file).name}`",
        )
    return path


def _folders(home: Path, given: str | Path | Sequence[str | Path]) -> tuple[Path, ...]:
    folders = [given] if isinstance(given, str | Path) else list(given)
    for folder in folders:
        if not isinstance(folder, str | Path) or not (home / folder).is_dir():
            hint = "`include` names folders with headers, relative to this file"
            raise _wrong(f"there is no folder `{folder}`", "include", hint)
    return tuple((home / folder).absolute() for folder in folders)


def _flags(given: str | Sequence[str]) -> tuple[str, ...]:
    flags = given.split() if isinstance(given, str) else list(given)
    for flag in flags:
        if not isinstance(flag, str):
            raise _wrong(f"`flags` are texts, not `{flag}`", "flags", 'write `flags=["-O2"]`')
    return tuple(flags)


def _reference(symbol: str, given: object, count: int) -> types.FunctionType | None:
    if given is None:
        return None
    if not isinstance(given, types.FunctionType):
        hint = "give a function (`def`) that stands under no decorator"
        raise _wrong(f"the reference of `{symbol}` is no plain Python function", "reference", hint)
    parameters = inspect.signature(given).parameters.values()
    hint = f"give `{given.__name__}` a plain parameter for each of `args`"
    if any(each.kind is not each.POSITIONAL_OR_KEYWORD for each in parameters):
        title = f"the reference `{given.__name__}` of `{symbol}` takes any number of arguments, or some by name only"
        raise _wrong(title, "reference", hint)
    if len(parameters) != count:
        told = "1 parameter" if count == 1 else f"{count} parameters"
        raise _wrong(
            f"`{symbol}` has {told}, its reference `{given.__name__}` has {len(parameters)}", "reference", hint
        )
    return given


def _cycles(symbol: str, given: Cycles | None, parameters: Sequence[Parameter]) -> int:
    """How long a call takes; 0 where the reference says."""
    if given is None:
        return 0
    cycles = _evaluated(symbol, given, parameters) if callable(given) else given
    if isinstance(cycles, bool) or not isinstance(cycles, int) or cycles < 1:
        title = f"`cycles` of `{symbol}` is an integer of at least 1, not `{cycles}`"
        raise _wrong(
            title, "cycles", "write `cycles=64`, or a function of the shapes: `cycles=lambda A, B: A[0] * B[1]`"
        )
    return cycles


def _evaluated(symbol: str, given: Callable[..., int], parameters: Sequence[Parameter]) -> int:
    try:
        return given(*(shape_of(each.type) for each in parameters))
    except Exception as error:  # whatever the user's function raises is told at this call
        hint = "it is given the shape of each of `args`, `()` for a number"
        raise _wrong(f"`cycles` of `{symbol}` fails: {type(error).__name__}: {error}", "cycles", hint) from error


def _wrong(title: str, argument: str | None, hint: str) -> ProgramError:
    span = caller_span(argument)
    return ProgramError([Misuse(title=title, span=span, hint=hint, code="external/definition")])
