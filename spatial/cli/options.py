"""Options that several commands take."""

import re
from collections.abc import Callable
from typing import Any

import click

__all__ = ["depth_option"]


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
