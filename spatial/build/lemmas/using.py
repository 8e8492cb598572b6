"""Programs in which lemmas say what is the same."""

import dataclasses
from collections.abc import Collection, Sequence

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span
from spatial.verify.lemmas.applying import Pattern, applied, patterns_of
from spatial.verify.lemmas.lemma import Lemma
from spatial.verify.side import Side, paired
from spatial.verify.verdict import Verdict

__all__ = ["noted", "with_lemmas"]

Counts = tuple[int, int]


def with_lemmas(
    first: Side, second: Side, lemmas: Sequence[Lemma], known: Collection[str]
) -> tuple[Side, Side, tuple[Counts, ...]]:
    """Both programs with one operation in place of each function of a lemma, and how many places of each lemma have it.

    Raises `ProgramError` for a lemma that is not proven, that holds only where something else does, or whose functions
    take or give arrays.
    """
    if not isinstance(lemmas, Sequence):
        title = f"`lemmas` is a list of lemmas, not a `{type(lemmas).__name__}`"
        raise ProgramError([Misuse(title=title, span=caller_span("lemmas"), hint="write `lemmas=[sp.lemma(f, g)]`")])
    pairs = paired(first, second)
    others = {pairs[name] for name in known if name in pairs}
    counts = []
    for number, each in enumerate(lemmas):
        patterns = _patterns(each, number)
        first, here = _rewritten(first, known, patterns)
        second, there = _rewritten(second, others, patterns)
        counts.append((here, there))
    return first, second, tuple(counts)


def noted(verdict: Verdict, lemmas: Sequence[Lemma], counts: Sequence[Counts]) -> Verdict:
    """The verdict, which tells of the lemmas that it rests on."""
    told = tuple(
        f"`{each.first}` = `{each.second}` by lemma, in {here} and {there} places"
        for each, (here, there) in zip(lemmas, counts, strict=True)
    )
    return dataclasses.replace(verdict, notes=(*verdict.notes, *told))


def _rewritten(side: Side, known: Collection[str], patterns: Sequence[Pattern]) -> tuple[Side, int]:
    module, count = applied(side.module, side.graph, known, patterns)
    return dataclasses.replace(side, module=module), count


def _patterns(given: object, number: int) -> list[Pattern]:
    span = caller_span("lemmas")
    if not isinstance(given, Lemma):
        hint = "write `lemmas=[sp.lemma(f, g)]`"
        raise ProgramError([Misuse(title=f"`{given!r}` is no lemma", span=span, hint=hint)])
    name = f"`{given.first}` = `{given.second}`"
    if not given:
        raise ProgramError([Misuse(title=f"{name} is not proven, so nothing follows from it", span=span)])
    if given.where:
        title = f"{name} is known where `{given.where}` holds, which nobody proves where they are called"
        raise ProgramError([Misuse(title=title, span=span, hint="prove the lemma without `where`")])
    found = patterns_of(given, number)
    if len(found) < 2:
        title = f"{name} is about arrays, or about memory: such a lemma says nothing of calls"
        raise ProgramError([Misuse(title=title, span=span, hint="let both functions take and return numbers")])
    return found
