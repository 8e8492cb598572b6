"""Runs the rules: on a mapped program before it is placed, on its placement, and on what the host does."""

from collections.abc import Sequence

from spatial.device.npu import Npu
from spatial.lower.aie.design import Mapped, Placement
from spatial.lower.aie.emit.design import Design
from spatial.lower.aie.emit.sequence import Step
from spatial.lower.aie.footprint import in_memory
from spatial.lower.aie.rules.objects import small_tokens
from spatial.lower.aie.rules.subject import Rule, Subject
from spatial.lower.aie.rules.table import DESIGN, PLACED, SEQUENCE, WRITTEN
from spatial.source.notice import Notice
from spatial.source.report import Problem

__all__ = ["broken", "broken_in_design", "broken_in_sequence", "broken_when_placed", "notices"]


def broken(mapped: Mapped, npu: Npu) -> list[Problem]:
    """What is wrong with a mapped program wherever its nodes stand; where one is missing, only that."""
    whole = all(end.node in mapped.node for fifo in mapped.fifos for end in fifo.ends)
    return _judged(DESIGN if whole else DESIGN[:2], Subject(mapped=in_memory(mapped), npu=npu))


def broken_when_placed(mapped: Mapped, npu: Npu, placement: Placement) -> list[Problem]:
    """What is wrong with a placement, whoever found it."""
    return _judged(PLACED, Subject(mapped=mapped, npu=npu, placement=placement))


def broken_in_design(mapped: Mapped, npu: Npu, placement: Placement, design: Design) -> list[Problem]:
    """What is wrong with what was written: the host's sequence, and what cores hold."""
    written = Subject(mapped=mapped, npu=npu, placement=placement, module=design.module)
    return broken_in_sequence(mapped, npu, design.steps) + _judged(WRITTEN, written)


def broken_in_sequence(mapped: Mapped, npu: Npu, steps: Sequence[Step]) -> list[Problem]:
    """What is wrong with the order in which the host has transfers done."""
    return _judged(SEQUENCE, Subject(mapped=in_memory(mapped), npu=npu, steps=steps))


def notices(mapped: Mapped) -> list[Notice]:
    """What works, and costs more than it need."""
    return list(small_tokens(mapped))


def _judged(rules: tuple[Rule, ...], subject: Subject) -> list[Problem]:
    return [problem for rule in rules for problem in rule.check(subject)]
