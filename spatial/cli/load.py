"""Finds the program that `FILE:NAME` means."""

import contextlib
import difflib
import importlib.machinery
import importlib.util
import inspect
import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import click

from spatial.build.subject import Runnable
from spatial.cli.raised import raised
from spatial.customize.schedule import Schedule
from spatial.kernel.declared.definition import Kernel
from spatial.region.definition import Region
from spatial.source.errors import InternalError, ProgramError, ToolError

__all__ = ["load_program", "of_user"]

MODULE = "spatial_program"


def load_program(target: str) -> Runnable:
    """The region, kernel or function; `FILE` alone means the one region of the file, or else the one of the others.

    Raises `click.UsageError` where there is none of that name, and `ProgramError` where the file, or the
    function that is to return the program, raises. What the file prints goes to the standard error.
    """
    path, name = _split(target)
    with contextlib.redirect_stdout(sys.stderr):
        names = _import(path)
        return _named(names, name, path) if name else _only_program(names, path)


@contextlib.contextmanager
def of_user() -> Iterator[None]:
    """Turns an exception of the user's own code into a `ProgramError`."""
    try:
        yield
    except (ProgramError, ToolError, InternalError, click.ClickException):
        raise
    except (Exception, SystemExit) as error:
        problem = raised(error)
        if problem is None:
            raise
        raise ProgramError([problem]) from error


def _split(target: str) -> tuple[Path, str]:
    """The file and the name; a file of the whole name wins, so that its path may hold colons."""
    if Path(target).is_file():
        return Path(target), ""
    file, colon, name = target.rpartition(":")
    if colon and Path(file).is_file():
        if not name.isidentifier():
            raise click.UsageError(f"`{name}` is no name: write {file}:NAME")
        return Path(file), name
    missing = file if colon else target
    if Path(missing).is_dir():
        raise click.UsageError(f"{missing} is a folder: write FILE:NAME")
    raise click.UsageError(f"there is no file {missing}")


def _import(path: Path) -> Mapping[str, object]:
    """The names of a file, run as a module of its own; it can import what lies beside it or in the working folder."""
    for folder in (str(Path.cwd()), str(path.resolve().parent)):
        if folder not in sys.path:
            sys.path.insert(0, folder)
    loader = importlib.machinery.SourceFileLoader(MODULE, str(path))
    spec = importlib.util.spec_from_loader(MODULE, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[MODULE] = module
    with of_user():
        loader.exec_module(module)
    return vars(module)


def _only_program(names: Mapping[str, object], path: Path) -> Runnable:
    found = _regions(names) or _others(names)
    if not found:
        raise click.UsageError(f"{path} defines no region: write {path}:NAME with a function that returns one")
    if len(found) > 1:
        what = "regions" if _regions(names) else "programs"
        raise click.UsageError(f"{path} defines several {what}: write one of {_options(path, found)}")
    (program,) = found.values()
    return program


def _regions(names: Mapping[str, object]) -> dict[str, Runnable]:
    """The regions of a file, each by the last of its names."""
    last = {id(value): name for name, value in names.items() if isinstance(value, Region)}
    return {name: value for name, value in names.items() if isinstance(value, Region) and last[id(value)] == name}


def _others(names: Mapping[str, object]) -> dict[str, Runnable]:
    """The kernels and the functions with types that a file defines."""
    return {name: value for name, value in names.items() if _is_program(value)}  # type: ignore[misc]


def _is_program(value: object) -> bool:
    """Whether something is a kernel of the file, or a function of it whose parameters have types."""
    if isinstance(value, Kernel):
        return value.function.__module__ == MODULE
    return inspect.isfunction(value) and value.__module__ == MODULE and bool(_required(value)) and _is_typed(value)


def _named(names: Mapping[str, object], name: str, path: Path) -> Runnable:
    if name not in names:
        raise click.UsageError(_not_found(names, name, path))
    found = names[name]
    if isinstance(found, types.FunctionType):
        return found if _required(found) and _is_typed(found) else _called(found, name)
    if not isinstance(found, Region | Kernel | Schedule):
        raise click.UsageError(f"`{name}` is no region, kernel or function, it is a `{type(found).__name__}`")
    return found


def _required(function: types.FunctionType) -> list[str]:
    """The parameters that a call has to give."""
    return [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]


def _is_typed(function: types.FunctionType) -> bool:
    """Whether the parameters that a call has to give have types."""
    return all(name in function.__annotations__ for name in _required(function))


def _called(function: types.FunctionType, name: str) -> Runnable:
    """What a function without required arguments returns."""
    if required := _required(function):
        needs = ", ".join(f"`{parameter}`" for parameter in required)
        raise click.UsageError(f"the function `{name}` needs {needs}: name a region, or a function without arguments")
    with of_user():
        made = function()
    if not isinstance(made, Region | Kernel | Schedule | types.FunctionType):
        raise click.UsageError(f"the function `{name}` returns a `{type(made).__name__}`, not a region")
    return made


def _not_found(names: Mapping[str, object], name: str, path: Path) -> str:
    regions = [known for known, value in names.items() if isinstance(value, Region)]
    functions = [known for known, value in names.items() if inspect.isfunction(value)]
    close = difflib.get_close_matches(name, [*regions, *functions], n=1)
    told = f"{path} has no `{name}`"
    if close:
        return f"{told}: did you mean {path}:{close[0]}?"
    return f"{told}: there are {_options(path, regions)}" if regions else f"{told}, and no region"


def _options(path: Path, names: Iterable[str]) -> str:
    return ", ".join(f"{path}:{name}" for name in names)
