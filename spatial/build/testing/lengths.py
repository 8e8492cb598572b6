"""Finds how many tokens a test gives streams."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from spatial.build.testing.runner import Runner
from spatial.ir.graph import element_name
from spatial.verify.testing.cases import Slot, case_of

__all__ = ["with_lengths"]

TRIALS = (1 << 6, 1 << 12)  # tokens that are given to find out how many are taken
CASE = 3


def with_lengths(slots: Sequence[Slot], asked: Mapping[str, int], run: Runner, seed: int) -> tuple[Slot, ...]:
    """The slots, with as many tokens in streams as are `asked` for each channel, else as many as a program takes.

    What it takes is found by running it. A stream of which it takes all stays free.
    """
    told = [replace(slot, tokens=asked.get(_channel(slot))) if slot.kind == "stream" else slot for slot in slots]
    for count in TRIALS:
        free = {slot.name for slot in told if slot.kind == "stream" and slot.free and slot.tokens is None}
        if not free:
            break
        trial = [replace(slot, tokens=count) if slot.name in free else slot for slot in told]
        taken = run.taken(case_of(trial, CASE, seed))
        if all(taken[name] < count for name in free):
            told = [replace(slot, tokens=taken[slot.name]) if slot.name in free else slot for slot in told]
    return tuple(told)


def _channel(slot: Slot) -> str:
    """The first channel of a stream, of which each has as many tokens."""
    return element_name(slot.name, tuple(0 for _ in slot.axes))
