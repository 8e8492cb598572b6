"""What can be wrong with the device that is asked for."""

import difflib
from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["ClockOutOfRange", "NotAnFpga", "UnknownDevice", "UnknownNpu"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownDevice:
    """A device model or a part that does not exist."""

    asked: object
    models: tuple[str, ...]
    parts: tuple[str, ...]
    span: Span

    def report(self) -> Report:
        wanted = str(self.asked).partition("@")[0]
        known = ", ".join(f'"{name}"' for name in self.models)
        near = difflib.get_close_matches(wanted.lower(), self.parts, n=1)
        parts = f"the parts at a clock in MHz, {', '.join(self.parts)}"
        return Report(
            code="device/unknown",
            title=f"there is no device model {self.asked!r}",
            primary=Label(self.span),
            notes=(f"there are {known}, and {parts}",),
            hint=f'write `sp.fpga("{near[0]}", mhz=300)`'
            if near
            else 'write `"ideal"`, or a part and its clock, `"xcu280@300"`',
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOutOfRange:
    """A clock that is missing, or that a part cannot be run at as far as is known."""

    part: str
    asked: object
    slowest: int
    fastest: int
    span: Span

    def report(self) -> Report:
        match self.asked:
            case None:
                clock = "no clock"
            case int() | float() if not isinstance(self.asked, bool):
                clock = f"a clock of {self.asked} MHz"
            case _:
                clock = f"a clock of {self.asked!r}, a `{type(self.asked).__name__}` and no number"
        return Report(
            code="device/clock",
            title=f"`{self.part}` is given {clock}",
            primary=Label(self.span),
            notes=(f"its operators are known from {self.slowest} to {self.fastest} MHz",),
            hint=f'write `sp.fpga("{self.part}", mhz=300)`, or `"{self.part}@300"`',
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownNpu:
    """An NPU, or a partition of one, that does not exist."""

    asked: object
    known: tuple[str, ...]
    span: Span

    def report(self) -> Report:
        array = str(self.asked).lower().partition("_")[0]
        near = [array] if array in self.known else difflib.get_close_matches(array, self.known, n=1) or ["npu1"]
        return Report(
            code="device/npu",
            title=f"there is no NPU {self.asked!r}",
            primary=Label(self.span),
            notes=(f"there are {', '.join(self.known)}: so many columns, or all of them",),
            hint=f'write `device="{near[0]}"`',
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAnFpga:
    """An NPU where the cycles of channels and operators of an FPGA are asked for."""

    asked: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="device/not-an-fpga",
            title=f'"{self.asked}" is an NPU, whose time is that of a placed design',
            primary=Label(self.span),
            notes=("a program runs there once it is mapped to tiles, and only then is known what it waits for",),
            hint=f'write `sp.report(program, device="{self.asked}")`, or '
            f'`sp.build(program, target="aie", device="{self.asked}")`',
        )
