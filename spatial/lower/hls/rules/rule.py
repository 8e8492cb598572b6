"""What a rule of Vitis HLS is, and what its checks look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from spatial.device.model import Device
from spatial.ir.graph import ActorGraph
from spatial.ir.mlir import ir
from spatial.lower.hls.interfaces import Interface
from spatial.lower.hls.rules.written import Code
from spatial.source.report import Problem

__all__ = ["Check", "CodeCheck", "Guarantee", "Outcome", "Rule", "Subject"]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A module with its graph, before or after it was made legal, and what it is built for."""

    module: ir.Module
    graph: ActorGraph
    interfaces: Mapping[str, Interface]
    device: Device


Check = Callable[[Subject], list[Problem]]
Guarantee = Callable[[Subject], list[str]]
CodeCheck = Callable[[Code], list[str]]
Outcome = Literal["refused", "mended", "noted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule `says` what Vitis HLS asks; it tells a breach with the first of `codes`, or older ones, or with none.

    The `outcome` for a program that breaks it: it is refused, mended by what `how` says, or told in a note. `earlier`
    are the codes of our messages that refuse it for every target. `program` finds what is wrong with the user's
    program, `legal` with the program after it was made legal; `guarantee` what we did wrong in making it so, and
    `code` what we wrote wrongly.
    """

    name: str
    says: str
    outcome: Outcome
    how: str
    codes: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    program: Check | None = field(default=None)
    legal: Check | None = field(default=None)
    guarantee: Guarantee | None = field(default=None)
    code: CodeCheck | None = field(default=None)
