"""Finds the vendor's tools."""

import os
import shutil
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from spatial.source.errors import ToolError

__all__ = ["Flow", "found_flow", "needed", "runtime_folder"]

INSTALL = (
    "install AMD Vitis (2023.2 or later has all of it), then type "
    "`source /tools/Xilinx/Vitis/<version>/settings64.sh` in the shell that Python is started from"
)
RUNTIME = Path("/opt/xilinx/xrt")


class Flow(Enum):
    """Which tools compile a kernel."""

    UNIFIED = "v++ and vitis-run"
    CLASSIC = "vitis_hls"


def found_flow(wanted: str) -> Flow:
    """The tools that are there, the newer ones first; raises `ToolError` where there are none for what is `wanted`."""
    if shutil.which("v++") and shutil.which("vitis-run"):
        return Flow.UNIFIED
    if shutil.which("vitis_hls"):
        return Flow.CLASSIC
    raise ToolError(f"{wanted} needs `v++` and `vitis-run`, or `vitis_hls`, which are not on the PATH: {INSTALL}")


def needed(names: Sequence[str], wanted: str) -> None:
    """Raises `ToolError` where a tool is missing."""
    missing = [f"`{name}`" for name in names if not shutil.which(name)]
    if missing:
        are = "is" if len(missing) == 1 else "are"
        raise ToolError(f"{wanted} needs {' and '.join(missing)}, which {are} not on the PATH: {INSTALL}")


def runtime_folder(wanted: str) -> Path:
    """Where the Xilinx runtime is installed; raises `ToolError` where it is not."""
    folder = Path(os.environ.get("XILINX_XRT") or RUNTIME)
    if not (folder / "include").is_dir():
        hint = "install XRT, then type `source /opt/xilinx/xrt/setup.sh`"
        raise ToolError(f"{wanted} needs the Xilinx runtime, of which there is no {folder / 'include'}: {hint}")
    return folder
