"""Runs a placed design on the NPU of this machine, where there is one with its tools."""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from spatial.build.aie.export import export_project
from spatial.build.aie.placed import Placed
from spatial.build.aie.raw import from_raw, to_raw
from spatial.build.arguments import check_arrays, commit
from spatial.build.inputs import sorted_inputs
from spatial.build.results import returned
from spatial.ir.graph import ActorGraph
from spatial.sim.values import raw
from spatial.source.errors import Misuse, ProgramError, ToolError
from spatial.source.span import caller_span

__all__ = ["Hardware", "found_hardware"]

DEVICES = Path("/dev/accel")
COMPILER = ("aiecc.py", "aiecc")


@dataclass(slots=True)
class Hardware:
    """A design that was built and loaded; `load` loads it anew, with all memory as it begins."""

    placed: Placed
    load: Callable[[], Callable[..., object]]
    loaded: Callable[..., object] | None = None
    called: bool = False

    def reset(self) -> None:
        """Gives all memory of the array its first values."""
        self.loaded, self.called = None, False

    def perform(self, arguments: Sequence[object], named: Mapping[str, object]) -> object:
        """A call with its arguments in order and by name, on the NPU; what it returns.

        Raises `ProgramError` where a call would have to find both memory that lasts and an array that begins anew.
        """
        graph = self.placed.program.graph
        _check_streams(self.placed)
        if self.called:
            _check_state(self.placed)
        inputs = sorted_inputs(graph, arguments, named)
        types = {array.name: array.type.element for array in graph.arrays}
        given = _given(graph, inputs.arrays)
        if self.loaded is None:
            self.loaded = self.load()
        kinds = {scalar.name: scalar.type for scalar in graph.scalars}
        scalars = {name: raw(inputs.scalars[name][0], kinds[name]) for name in self.placed.design.scalars}
        self.called = True
        self.loaded(*(given[name] for name in self.placed.design.arrays), **scalars)
        commit(graph, {name: from_raw(array, types[name]) for name, array in given.items()}, inputs.arrays)
        return returned(graph, inputs)


def _given(graph: ActorGraph, arrays: Sequence[object]) -> dict[str, NDArray[np.generic]]:
    """The arrays of a call as they lie on the device, by name; raises `ProgramError` where one is wrong."""
    found = {}
    for array, value in zip(graph.arrays, check_arrays(graph, arrays), strict=True):
        try:
            found[array.name] = to_raw(value, array.type.element)
        except ValueError as error:
            raise ProgramError([Misuse(title=f"the array `{array.name}`: {error}", span=caller_span())]) from None
    return found


def _check_streams(made: Placed) -> None:
    """Raises `ProgramError` where the host would have to hand over tokens."""
    graph = made.program.graph
    if stream := next((parameter.name for parameter in graph.parameters if parameter.stream), None):
        title = f"`{stream}` of `{graph.name}` is a stream, and a call on an NPU hands over arrays"
        hint = f"take an array in place of `{stream}`, and put or store its elements in a kernel"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])


def _check_state(made: Placed) -> None:
    """Raises `ProgramError` where memory lasts, and the array would have to be loaded anew for another call."""
    lasting = next((memory.name for memory in made.mapped.graph.memories if memory.stateful), None)
    if lasting is not None and made.kept:
        title = (
            f"`{made.program.graph.name}` cannot be called again on an NPU: `{lasting}` lasts from call to call, "
            f"but {made.kept[0]}"
        )
        hint = "begin with `module.reset()`, or let each call take all tokens that it puts, and end each kernel"
        raise ProgramError([Misuse(title=title, span=caller_span(), hint=hint)])


def found_hardware(made: Placed) -> Hardware | None:
    """The NPU of this machine, None where there is none, or not the tools to build for it."""
    there = DEVICES.is_dir() and any(DEVICES.iterdir()) and importlib.util.find_spec("pyxrt") is not None
    if not there or not any(shutil.which(name) for name in COMPILER):
        return None
    return Hardware(made, _Project(made).load)


@dataclass(slots=True)
class _Project:
    """A design exported and built, once, in a folder that goes with it."""

    placed: Placed
    folder: tempfile.TemporaryDirectory[str] | None = None
    host: ModuleType | None = None

    def load(self) -> Callable[..., object]:
        """The design on the NPU, with all memory as it begins."""
        if self.host is None:
            self.folder = tempfile.TemporaryDirectory(prefix="spatial_aie_")
            self.host = _built(self.placed, Path(self.folder.name) / "project")
        design: Callable[..., object] = self.host.Design()
        return design


def _built(made: Placed, folder: Path) -> ModuleType:
    """The host program of a design that is exported into a folder and built there."""
    export_project(made, folder)
    built = subprocess.run(["make", "-C", str(folder)], capture_output=True, text=True, check=False)
    if built.returncode:
        raise ToolError(f"`make` in {folder} failed:\n{built.stdout[-2000:]}{built.stderr[-2000:]}")
    return _imported(folder / "run.py")


def _imported(path: Path) -> ModuleType:
    """The host program as a module."""
    name = f"spatial_host_{path.parent.parent.name}"
    description = importlib.util.spec_from_file_location(name, path)
    assert description is not None, "the file was written just now"
    assert description.loader is not None, "it is a file of Python"
    module = importlib.util.module_from_spec(description)
    sys.modules[name] = module
    description.loader.exec_module(module)
    return module
