"""The last look at the lines of a function."""

import re
from collections.abc import Mapping, Sequence

__all__ = ["without_unused"]

DECLARED = re.compile(
    r"(?P<indent>\s*)(?:const )?(?:ap_u?int<\d+>|int|long long|bool|half|float|double) (?P<name>\w+)(?:\[\d+\])*"
    r"(?: = (?P<value>.*))?;"
)
LOOP = re.compile(r"\s*(?:\w+: )?for \(.*\) \{")
WORD = re.compile(r"\w+")
READ = re.compile(r"\w+(?:\[[^\]]*\])*\.read\(\)")
CALL = re.compile(r"\.\w+\(")

Places = Mapping[str, Sequence[int]]


def without_unused(lines: Sequence[str]) -> list[str]:
    """The lines but for variables that nothing reads where they are visible; what takes a token stays."""
    kept = list(lines)
    while changes := _unused(kept) or _empty(kept):
        kept = [text for number, line in enumerate(kept) if (text := changes.get(number, line))]
    return kept


def _unused(lines: Sequence[str]) -> dict[int, str]:
    """What becomes of the lines that declare or set a variable that nothing reads; nothing but what takes a token."""
    places: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        for word in WORD.findall(line):
            places.setdefault(word, []).append(number)
    ends, changes = _ends(lines), dict[int, str]()
    for number, line in enumerate(lines):
        if declared := DECLARED.fullmatch(line):
            name, value = declared["name"], declared["value"] or ""
            inside = [place for place in places[name] if number < place < ends[number]]
            if all(_only_sets(lines[place], name) for place in inside):
                taken = value if READ.fullmatch(value) else f"(void)({value})"
                changes[number] = f"{declared['indent']}{taken};" if CALL.search(value) else ""
                changes |= dict.fromkeys(inside, "")
    return changes


def _only_sets(line: str, name: str) -> bool:
    """Whether all that a line does is to give a variable, or an element of it, a value."""
    found = re.fullmatch(rf"\s*{name}((?:\[.*?\])*) = (.*);", line)
    if found is None or CALL.search(line):
        return False
    return name not in WORD.findall(f"{found[1]} {found[2]}")


def _empty(lines: Sequence[str]) -> dict[int, str]:
    """The lines of counted loops in which nothing happens."""
    for number, line in enumerate(lines):
        end = next((n for n in range(number + 1, len(lines)) if not lines[n].startswith("#pragma")), number)
        if LOOP.fullmatch(line) and lines[end].strip() == "}":
            return dict.fromkeys(range(number, end + 1), "")
    return {}


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
