"""Options that several commands take."""

import re
from collections.abc import Callable
from typing import Any

import click

from spatial.device.fpga import device_of
from spatial.device.model import Device
from spatial.device.npu import NPUS, Npu
from spatial.source.errors import ProgramError

__all__ = ["common", "common_hardware", "depth_option", "numbers_argument"]


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
    """What every command takes."""
    told = (
        "Device model: ideal has structure only, hls the channels of an FPGA, xcu280@300 also its operators at a clock."
    )
    return _common(command, default="ideal", shown="ideal", told=told)


def common_hardware(command: Callable[..., None]) -> Callable[..., None]:
    """What a command takes that builds for hardware."""
    told = "A part at a clock, xcu280@300, which a project is for; csim also takes hls, the channels of an FPGA."
    return _common(command, default="hls", shown="hls, for csim only", told=told)


def _common(command: Callable[..., None], *, default: str, shown: str, told: str) -> Callable[..., None]:
    device = click.option(
        "--device", callback=_device, default=default, show_default=shown, metavar="DEVICE", help=told
    )
    json = click.option("--json", "as_json", is_flag=True, help="Write the result as JSON to the standard output.")
    return click.argument("target", metavar="FILE:NAME")(device(json(command)))


def _device(context: click.Context, parameter: click.Parameter, given: str) -> Device | Npu:
    """The device model of that name; an NPU is one for reports."""
    if given in NPUS and context.command.name == "report":
        return NPUS[given]
    try:
        return device_of(given)
    except ProgramError as error:
        report = error.problems[0].report()
        raise click.BadParameter("; ".join((report.title, *report.notes))) from error


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
