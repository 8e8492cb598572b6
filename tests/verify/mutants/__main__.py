"""Judges all mutants: `python -m tests.verify.mutants [program ...]`; exits with 1 if one survives."""

import sys
from collections import Counter

from rich.console import Console
from rich.table import Table

from tests.verify.mutants.changes import KINDS
from tests.verify.mutants.mutants import PROGRAMS, Judged, chosen, judged
from tests.verify.mutants.reasons import reason_of


def main(names: list[str]) -> int:
    console = Console(highlight=False, width=120)
    found: list[Judged] = []
    for program in names or PROGRAMS:
        for change in chosen(program):
            found.append(judged(program, change))
            print(_line(found[-1]), flush=True)
    console.print(_table(found))
    wrong = [each for each in found if each.survives]
    unexplained = [each for each in found if each.passes and not reason_of(each.program, each.change.name)]
    told = Counter("caught" if each.tested == "differs" and not each.survives else "" for each in found)["caught"]
    inequivalent = sum(each.tested == "differs" for each in found)
    print(f"{len(found)} mutants; {inequivalent} inequivalent, of which {told} are caught")
    print(f"{sum(each.passes for each in found)} equal by both, {len(unexplained)} of them without a reason")
    for each in unexplained:
        print(f"without a reason: {each.program} {each.change.name}")
    return 1 if wrong or unexplained else 0


def _line(each: Judged) -> str:
    mark = "SURVIVES" if each.survives else "equal" if each.passes else "caught"
    return f"{mark:9} {each.program:12} {each.tested:8} {each.verdict:16} {each.change.name}"


def _table(found: list[Judged]) -> Table:
    table = Table("kind", "mutants", "inequivalent", "caught", "equal by both", "rejected though tests agree")
    for kind in KINDS:
        of_kind = [each for each in found if each.change.kind == kind]
        differ = [each for each in of_kind if each.tested == "differs"]
        counts = (
            len(of_kind),
            len(differ),
            sum(not each.survives for each in differ),
            sum(each.passes for each in of_kind),
            sum(each.tested == "agrees" and not each.passes for each in of_kind),
        )
        table.add_row(kind, *map(str, counts))
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
