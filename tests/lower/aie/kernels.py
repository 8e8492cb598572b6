"""Functions of object files as this machine compiles what a project has of them."""

import ctypes
import functools
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from spatial.lower.aie.project.kernels import kernel_files, kernels_of
from spatial.lower.hls.toolchain import compiler
from spatial.sim.host.shared_object import BFLOAT16

__all__ = ["compiled"]

KINDS = {"float": ctypes.c_float, "double": ctypes.c_double, "int64_t": ctypes.c_int64, "uint64_t": ctypes.c_uint64}


def compiled(design):
    """The functions that cores of a design call, by their names in the module."""
    found = {}
    for kernel in kernels_of(design.functions):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in kernel_files(design.functions).items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
            made = Path(folder) / "made.so"
            source = Path(folder) / kernel.folder / kernel.file
            command = [*compiler("a test"), "-shared", "-fPIC", *BFLOAT16, *kernel.flags]
            subprocess.run([*command, str(source), "-o", str(made)], check=True)
            library = ctypes.CDLL(str(made))
        for called, declared in design.functions.declared.items():
            if called.file in design.functions.files and design.functions.files[called.file] == kernel.object:
                function = getattr(library, declared.symbol)
                function.restype = None
                function.argtypes = [_kind(each) for each in called.parameters] + [ctypes.c_int32] * len(called.shifted)
                found[declared.symbol] = functools.partial(_call, function)
    return found


def _call(function, given):
    assert all(each.flags.c_contiguous for each in given if isinstance(each, np.ndarray))
    function(*(each.ctypes.data_as(ctypes.c_void_p) if isinstance(each, np.ndarray) else each for each in given))


def _kind(parameter):
    return ctypes.c_void_p if "*" in parameter else KINDS.get(parameter, ctypes.c_int32)
