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

from spatial.build.aie.export import export_project
from spatial.build.aie.placed import Placed
from spatial.build.arguments import check_arrays, written_arrays
from spatial.build.inputs import sorted_inputs
from spatial.build.results import returned
from spatial.source.errors import ToolError

__all__ = ["Hardware", "found_hardware"]

DEVICES = Path("/dev/accel")
COMPILER = ("aiecc.py", "aiecc")


@dataclass(slots=True)
class Hardware:
    """A design that was built and loaded; `load` loads it anew, with all memory as it begins."""

    placed: Placed
    load: Callable[[], Callable[..., object]]
    loaded: Callable[..., object] | None = None

    def reset(self) -> None:
        """Gives all memory of the array its first values."""
        self.loaded = None

    def perform(self, arguments: Sequence[object], named: Mapping[str, object]) -> object:
        """A call with its arguments in order and by name, on the NPU; what it returns."""
        graph = self.placed.program.graph
        inputs = sorted_inputs(graph, arguments, named)
        names = [array.name for array in graph.arrays]
        given = dict(zip(names, check_arrays(graph, inputs.arrays), strict=True))
        if self.loaded is None:
            self.loaded = self.load()
        scalars = {name: inputs.scalars[name][0] for name in self.placed.design.scalars}
        self.loaded(*(given[name] for name in self.placed.design.arrays), **scalars)
        for name, array in zip(names, inputs.arrays, strict=True):
            if name in written_arrays(graph) and isinstance(array, np.ndarray) and array is not given[name]:
                array[...] = given[name]
        return returned(graph, inputs)


def found_hardware(made: Placed) -> Hardware | None:
    """The NPU of this machine, None where there is none, or not the tools to build for it."""
    there = DEVICES.is_dir() and any(DEVICES.iterdir()) and importlib.util.find_spec("pyxrt") is not None
    if not there or not any(shutil.which(name) for name in COMPILER):
        return None
    return Hardware(made, lambda: _loaded(made))


def _loaded(made: Placed) -> Callable[..., object]:
    """The design on the NPU: exported, built, loaded."""
    folder = Path(tempfile.mkdtemp(prefix="spatial_aie_")) / "project"
    export_project(made, folder)
    built = subprocess.run(["make", "-C", str(folder)], capture_output=True, text=True, check=False)
    if built.returncode:
        raise ToolError(f"`make` in {folder} failed:\n{built.stdout[-2000:]}{built.stderr[-2000:]}")
    module = _imported(folder / "run.py")
    design: Callable[..., object] = module.Design()
    return design


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
