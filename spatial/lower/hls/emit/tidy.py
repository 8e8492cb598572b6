"""The last look at the lines of a function."""

import re
from collections.abc import Mapping, Sequence

__all__ = ["without_unused"]

DECLARED = re.compile(r"\s*(?:const )?(?:ap_u?int<\d+>|int|long long|bool|half|float|double) (\w+)(?: = (.*))?;")
WORD = re.compile(r"\w+")
CALL = re.compile(r"\.\w+\(")

Places = Mapping[str, Sequence[int]]


def without_unused(lines: Sequence[str]) -> list[str]:
    """The lines but for variables that nothing reads where they are visible; what takes a token stays."""
    kept = list(lines)
    while dropped := _unused(kept):
        kept = [line for number, line in enumerate(kept) if number not in dropped]
    return kept


def _unused(lines: Sequence[str]) -> set[int]:
    """The lines that declare or set a variable that nothing reads."""
    places: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        for word in WORD.findall(line):
            places.setdefault(word, []).append(number)
    ends, dropped = _ends(lines), set[int]()
    for number, line in enumerate(lines):
        if declared := DECLARED.fullmatch(line):
            name = declared[1]
            inside = [place for place in places[name] if number < place < ends[number]]
            rest = [lines[place] for place in inside]
            if not CALL.search(line) and all(_only_sets(each, name) for each in rest):
                dropped.update([number, *inside])
    return dropped


def _only_sets(line: str, name: str) -> bool:
    """Whether all that a line does is to give a variable a value."""
    found = re.fullmatch(rf"\s*{name} = (.*);", line)
    return found is not None and not CALL.search(found[1]) and name not in WORD.findall(found[1])


def _ends(lines: Sequence[str]) -> list[int]:
    """For each line, where the block that it stands in ends."""
    ends = [len(lines)] * len(lines)
    around: list[int] = []
    for number, line in enumerate(lines):
        if line.startswith("#"):
            continue
        while around and _indent(line) < _indent(lines[around[-1]]):
            ends[around.pop()] = number
        around.append(number)
    return ends


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
