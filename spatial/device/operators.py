"""What operators of an FPGA take: stages, nanoseconds, resources."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Operators", "Resources", "Speed"]

FABRIC = 10  # bits of both factors up to which a product is made of LUTs: Vitis HLS leaves the DSPs to longer ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """An operator's stages behind the first, and the part of its first and last stage in ns that it needs.

    One of no stages needs `delay` in the stage it stands in.
    """

    latency: int
    delay: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What an operator, a memory or a program is made of, or what a part holds."""

    dsp: int = 0
    lut: int = 0
    ff: int = 0
    bram18: int = 0
    uram: int = 0

    def __add__(self, other: "Resources") -> "Resources":
        return Resources(
            dsp=self.dsp + other.dsp,
            lut=self.lut + other.lut,
            ff=self.ff + other.ff,
            bram18=self.bram18 + other.bram18,
            uram=self.uram + other.uram,
        )

    def times(self, count: int) -> "Resources":
        """That of so many alike."""
        return Resources(
            dsp=self.dsp * count,
            lut=self.lut * count,
            ff=self.ff * count,
            bram18=self.bram18 * count,
            uram=self.uram * count,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Operators:
    """The operators of a family at a clock.

    Of a clock period of `period` ns a stage can use `budget`. `table` are the entries of the family's file by kind:
    "add", "compare", "logic", "select", "shift", "multiply", "divide", "load", "store", "address", "channel", and
    those of floats, "float32_add". `multiplier` are the widths of the factors that one DSP multiplies.
    """

    family: str
    period: float
    budget: float
    multiplier: tuple[int, int]
    table: Mapping[str, Mapping[str, object]] = field(compare=False, repr=False)

    def speed(self, kind: str, *widths: int) -> Speed:
        """How long an operator takes; `widths` are the bits of its operands, or those that matter."""
        entry = self.entry(kind, widths)
        bits = max(widths, default=0)
        latency = self._latency(entry) + int(_number(entry.get("latency_per_bit", 0))) * bits
        if "delay" in entry:
            constant, each = _pair(entry["delay"])
            delay = constant + each * bits
            if not latency and delay > self.budget:
                return Speed(latency=math.ceil(delay / self.budget) - 1, delay=self.budget)
            return Speed(latency=latency, delay=min(delay, self.budget))
        return Speed(latency=latency, delay=self.budget)

    def resources(self, kind: str, *widths: int) -> Resources:
        """What an operator is made of; `widths` as for `speed`."""
        entry = self.entry(kind, widths)
        bits = max(widths, default=0)
        pairs = map(_pair, (entry.get("lut"), entry.get("ff")))
        lut, ff = (max(0, math.ceil(constant + each * bits)) for constant, each in pairs)
        if kind.startswith("multiply") and entry is self.table["multiply_fabric"] and bits > FABRIC:
            lut = math.prod(widths)  # a table for each pair of bits
        tiled = kind.startswith("multiply") and entry is not self.table["multiply_fabric"]
        return Resources(dsp=self.tiles(widths) if tiled else int(_number(entry.get("dsp", 0))), lut=lut, ff=ff)

    def entry(self, kind: str, widths: Sequence[int]) -> Mapping[str, object]:
        """The entry of the table; a product's depends on how many DSPs it takes.

        A kind may say what the operator is built from: "multiply:fabric", "float32_add:fabric", "add:dsp".
        """
        plain, _, impl = kind.partition(":")
        if plain == "multiply":
            if impl == "fabric" or (not impl and max(widths) <= FABRIC):
                return self.table["multiply_fabric"]
            return self.table["multiply_wide" if self.tiles(widths) > 1 else "multiply"]
        return self.table.get(f"{plain}_{impl}", self.table[plain])

    def tiles(self, widths: Sequence[int]) -> int:
        """The DSPs of a product: the tiles of its factors; one bit of each tile but the last is a sign."""
        long, short = sorted(widths, reverse=True)
        wide, narrow = self.multiplier
        return max(1, math.ceil((long - 1) / (wide - 1))) * max(1, math.ceil((short - 1) / (narrow - 1)))

    def _latency(self, entry: Mapping[str, object]) -> int:
        pairs = entry.get("latency", [[0.0, 0]])
        assert isinstance(pairs, list)
        return next(int(stages) for least, stages in pairs if self.period >= least)


def _pair(found: object) -> tuple[float, float]:
    """A constant and what comes for each bit."""
    if found is None:
        return 0.0, 0.0
    assert isinstance(found, list)
    constant, each = found
    return float(constant), float(each)


def _number(found: object) -> float:
    assert isinstance(found, int | float)
    return found
