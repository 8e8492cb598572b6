"""What is typed to compile, simulate and link an exported kernel with the vendor's tools."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["CONFIG", "LINK", "SCRIPT", "STEPS", "WORK", "Command", "classic", "linking", "unified"]

CONFIG = "hls_config.cfg"
SCRIPT = "run.tcl"
LINK = "link.cfg"
WORK = "work"  # where the compiler leaves everything, under `hls` in it
STEPS = ("csim", "csyn", "cosim", "xo")

VITIS_RUN = {"cosim": "--cosim", "xo": "--package", "csim": "--csim"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Words and what is added to the environment."""

    words: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def unified(step: str) -> Command:
    """A step of `STEPS` with the tools of Vitis 2023.2 and later. Source: UG1702, `v++` mode hls and `vitis-run`."""
    tool = ("v++", "-c", "--mode", "hls") if step == "csyn" else ("vitis-run", "--mode", "hls", VITIS_RUN[step])
    return Command(words=(*tool, "--config", CONFIG, "--work_dir", WORK))


def classic(step: str) -> Command:
    """A step of `STEPS` with `vitis_hls`, which later versions have no more."""
    return Command(words=("vitis_hls", "-f", SCRIPT), environment={"STEP": step})


def linking(top: str, target: str, platform: str) -> Command:
    """Links the kernel for hardware emulation ("hw_emu") or hardware ("hw"). Source: UG1702, `v++` linker options."""
    folder = f"build/{target}"
    words = ("v++", "-l", "-t", target, "--platform", platform, "--config", LINK, "--save-temps")
    return Command(words=(*words, "--temp_dir", folder, "-o", f"{folder}/{top}.xclbin", f"{WORK}/{top}.xo"))
