"""Options that several commands take."""

import re
from collections.abc import Callable
from typing import Any

import click

from spatial.device.fpga import device_of
from spatial.device.model import Device
from spatial.device.npu import NPUS, Npu
from spatial.source.errors import ProgramError

__all__ = ["common", "common_hardware", "common_or_npu", "depth_option", "numbers_argument"]


def depth_option(told: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--depth NAME=DEPTH`, any number of times."""
    return click.option("--depth", "depths", multiple=True, callback=_depth, metavar="NAME=DEPTH", help=told)


def _depth(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, int]:
    """`NAME=DEPTH` as often as given; of two for one name the last counts."""
    depths = {}
    for text in given:
        match = re.fullmatch(r"\s*([^=]+?)\s*=\s*(\d+)\s*", text)
        if match is None or int(match[2]) < 1:
            raise click.BadParameter(f"`{text}` is not like fifo_A=4 or fifo_A[1,2]=4, with a depth of at least 1")
        depths[match[1]] = int(match[2])
    return depths


def common(command: Callable[..., None]) -> Callable[..., None]:
    """What every command takes that runs or times channels."""
    return _common(command, _fpga, default="ideal", shown="ideal", told=f"{MODELS}.")


def common_or_npu(command: Callable[..., None]) -> Callable[..., None]:
    """What a command takes that also looks at designs for NPUs."""
    return _common(
        command, _device, default="ideal", shown="ideal", told=f"{MODELS}; npu1, npu2_3col place it on an NPU."
    )


def common_hardware(command: Callable[..., None]) -> Callable[..., None]:
    """What a command takes that builds for hardware; the device is None where none is named."""
    told = "A part at a clock, xcu280@300, or an NPU, npu1, which a project is for; csim also takes hls, FPGA channels."
    return _common(command, _device, default=None, shown="hls for csim, npu1 for --target aie", told=told)


MODELS = "Device model: ideal has structure only, hls the channels of an FPGA, xcu280@300 also its operators at a clock"

Named = Callable[[click.Context, click.Parameter, Any], Device | Npu | None]


def _common(
    command: Callable[..., None], named: Named, *, default: str | None, shown: str, told: str
) -> Callable[..., None]:
    device = click.option("--device", callback=named, default=default, show_default=shown, metavar="DEVICE", help=told)
    json = click.option("--json", "as_json", is_flag=True, help="Write the result as JSON to the standard output.")
    return click.argument("target", metavar="FILE:NAME")(device(json(command)))


def _device(context: click.Context, parameter: click.Parameter, given: str | None) -> Device | Npu | None:
    """The device model or the NPU of that name."""
    if given is None:
        return None
    if given in NPUS:
        return NPUS[given]
    if given.lower().startswith("npu"):
        raise click.BadParameter(f"there is no NPU `{given}`; there are {', '.join(NPUS)}")
    return _fpga(context, parameter, given)


def _fpga(context: click.Context, parameter: click.Parameter, given: str) -> Device:
    """The device model of that name."""
    try:
        return device_of(given)
    except ProgramError as error:
        report = error.problems[0].report()
        told = "; ".join((report.title, *report.notes))
        if given in NPUS:
            told = f"{told}: `spatial report --device {given}` tells its time"
        raise click.BadParameter(told) from error


def numbers_argument(command: Callable[..., None]) -> Callable[..., None]:
    """`NAME=VALUE`, any number of times."""
    argument = click.argument("numbers", nargs=-1, callback=_numbers, metavar="[NAME=VALUE]...")
    return argument(command)


def _numbers(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """`NAME=VALUE` as often as given; of two for one name the last counts."""
    found = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise click.BadParameter(f"`{text}` is not like n=3")
        found[name] = value
    return found
