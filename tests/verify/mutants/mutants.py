"""The mutants of ten programs, and what becomes of each."""

import functools
import itertools
import linecache
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import spatial as sp
from spatial.verify.testing import run
from tests.verify.mutants.changes import KINDS, Change, changes

__all__ = ["EACH", "PROGRAMS", "Judged", "chosen", "judged", "mutants", "verdict_of"]

PROGRAMS = {file.stem: file for file in sorted(Path(__file__).with_name("programs").glob("*.py"))}
EACH = 40
SEED = 8
TESTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What testing and proving say of a mutant.

    `tested` is "differs" where some inputs tell it from the program, which has then been shown to be inequivalent;
    else "agrees". `verdict` is the kind that `sp.verify` gives in `exact`.
    """

    program: str
    change: Change
    tested: str
    verdict: str

    @property
    def survives(self) -> bool:
        """Whether a mutant that is not equivalent is called equal."""
        return self.tested == "differs" and self.verdict == "equal"

    @property
    def passes(self) -> bool:
        """Whether both say that it is the same."""
        return self.tested == "agrees" and self.verdict == "equal"


@functools.cache
def mutants(program: str) -> list[Change]:
    """All mutants of a program, whether they compile or not."""
    return list(changes(PROGRAMS[program].read_text(encoding="utf-8")))


def chosen(program: str, count: int = EACH) -> list[Change]:
    """So many mutants of a program, drawn with a fixed seed, every kind as often as there are mutants of it."""
    generator = random.Random(f"{SEED} {program}")
    found = mutants(program)
    by_kind = {kind: [each for each in found if each.kind == kind] for kind in KINDS}
    for each in by_kind.values():
        generator.shuffle(each)
    rounds = itertools.chain.from_iterable(itertools.zip_longest(*by_kind.values()))
    return list(itertools.islice(_alive(program, (each for each in rounds if each)), count))


def _alive(program: str, found: Iterator[Change]) -> Iterator[Change]:
    """Those that compile."""
    for each in found:
        try:
            sp.build(compiled(each.text, f"{program} {each.name}"), target="simulator")
        except Exception:  # what the package says of a text with a mistake, or Python itself
            continue
        yield each


def compiled(text: str, name: str) -> object:
    """The program of a text."""
    file = f"<mutant: {name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    names: dict[str, object] = {"__name__": "mutant", "UInt": sp.UInt, "float16": sp.float16, "int8": sp.int8}
    exec(compile(text, file, "exec"), names)
    return names["program"]


@functools.cache
def original(program: str) -> object:
    """The program that mutants are made of, compiled."""
    return sp.build(compiled(PROGRAMS[program].read_text(encoding="utf-8"), program), target="simulator")


def verdict_of(program: str, change: Change) -> sp.Verdict:
    """What `sp.verify` says of a mutant and its program, in `exact`."""
    mutant = sp.build(compiled(change.text, f"{program} {change.name}"), target="simulator")
    return sp.verify(original(program), mutant, explain=False)


def judged(program: str, change: Change) -> Judged:
    """Tests a mutant against its program, then verifies it."""
    mutant = sp.build(compiled(change.text, f"{program} {change.name}"), target="simulator")
    with patch.object(run, "MOST_SHRINKING", 0):
        same = bool(sp.verify(original(program), mutant, mode="test", samples=TESTS, seed=SEED))
    proven = sp.verify(original(program), mutant, explain=False)
    tested = "agrees" if same else "differs"
    return Judged(program=program, change=change, tested=tested, verdict=proven.kind.name.lower())
