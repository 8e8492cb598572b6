"""Reads the tables of parts and operators that come with the package."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from spatial.device.operators import Resources

__all__ = ["Part", "operator_table", "part_named", "parts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An FPGA: what it holds, the family whose operators it has, the clocks in MHz that these are known for.

    `number` is the part as the vendor's tools want it, `platform` what a design for its board is linked for, and
    `banks` the memory there, by the names that the linker has for it. A `board` is a "card" in a host, or "embedded".
    """

    name: str
    names: tuple[str, ...]
    title: str
    family: str
    slowest: int
    fastest: int
    budget: Resources
    number: str
    platform: str
    board: str
    banks: tuple[str, ...]
    source: str = field(compare=False)


@cache
def parts() -> Mapping[str, Part]:
    """The parts that are known, by name."""
    return {name: _part(name, entry) for name, entry in _read("parts.toml").items()}


def part_named(name: str) -> Part | None:
    """The part, or the one on a board, of that name."""
    return next((part for part in parts().values() if name.lower() in (part.name, *part.names)), None)


@cache
def operator_table(family: str) -> Mapping[str, object]:
    """The file of a family as it stands: `title`, `uncertainty`, `multiplier`, and an entry for each operator."""
    return _read(f"{family}.toml")


def _read(file: str) -> dict[str, dict[str, object]]:
    return tomllib.loads(files("spatial.device").joinpath(file).read_text(encoding="utf-8"))


def _part(name: str, entry: Mapping[str, object]) -> Part:
    holds = {kind: entry[kind] for kind in ("dsp", "lut", "ff", "bram18", "uram")}
    assert all(isinstance(count, int) for count in holds.values())
    assert isinstance(entry["names"], list)
    assert isinstance(entry["mhz"], list)
    assert isinstance(entry["banks"], list)
    slowest, fastest = entry["mhz"]
    return Part(
        name=name,
        names=tuple(entry["names"]),
        title=str(entry["title"]),
        family=str(entry["family"]),
        slowest=slowest,
        fastest=fastest,
        budget=Resources(**{kind: int(str(count)) for kind, count in holds.items()}),
        number=str(entry["number"]),
        platform=str(entry["platform"]),
        board=str(entry["board"]),
        banks=tuple(bank for text in entry["banks"] for bank in _banks(text)),
        source=str(entry["source"]),
    )


def _banks(text: str) -> list[str]:
    """Each bank of a range, `HBM[0:31]`, or the one of that name."""
    match = re.fullmatch(r"(\w+)\[(\d+):(\d+)\]", text)
    return [f"{match[1]}[{each}]" for each in range(int(match[2]), int(match[3]) + 1)] if match else [text]
