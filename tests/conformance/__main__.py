"""Prints the conformance table: `python -m tests.conformance [name ...]`; exits with 1 if a cell is wrong.

A cell has the cycles at each size, at the program's usual depth of 2 or its least one, or why there are none.
"""

import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

import spatial as sp
from tests.conformance.cell import difference, run
from tests.conformance.engines import COLUMNS, Column
from tests.conformance.program import Program, Size
from tests.conformance.proofs import PROOFS, verdict_of
from tests.conformance.registry import PROGRAMS

USUAL_DEPTH = 2
LEAST_WIDTH = 120


def main(names: list[str]) -> int:
    chosen = [program for program in PROGRAMS if not names or program.name in names]
    columns = (*(column.name for column in COLUMNS), "plain nest")
    table = Table("program", "sizes", *columns, title="programs × engines: cycles; as plain loop nests")
    right = True
    for program in chosen:
        cells = [*(cell(program, column) for column in COLUMNS), proof(program)]
        right = right and all(made.style != "red" for made in cells)
        table.add_row(program.name, "\n".join("×".join(map(str, size)) for size in program.sizes), *cells)
    console = Console(highlight=False)
    console.print(table, width=max(console.width, LEAST_WIDTH))
    return 0 if right else 1


def cell(program: Program, column: Column) -> Text:
    """What the table says of a program in a column."""
    if program.name in column.excluded:
        return Text(f"no: {column.excluded[program.name]}", style="dim")
    tried = column.sizes_of(program)
    said = [outcome(program, column, size) if size in tried else "ok –" for size in program.sizes]
    return Text("\n".join(said), style="green" if all(each.startswith("ok") for each in said) else "red")


def proof(program: Program) -> Text:
    """In which mode a program is shown to be its plain loop nest at each size."""
    known = PROOFS[program.name]
    found = [verdict_of(program, known, size) for size in program.sizes]
    told = [each.mode if each else f"{each.mode}: {each.kind.value}" for each in found]
    reasons = dict.fromkeys(reason for reason in (known.reason, *known.tested.values()) if reason)
    return Text("\n".join([*told, *reasons]), style="green" if all(found) else "red")


def outcome(program: Program, column: Column, size: Size) -> str:
    """How a program does at one size, in a line."""
    depth = max(USUAL_DEPTH, program.least_depth(*size))
    try:
        made = run(program, column, size, depth)
    except (sp.ProgramError, sp.ToolError, sp.InternalError) as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    wrong = difference(program, size, made.outputs)
    return wrong or ("ok" if made.cycles is None else f"ok {made.cycles}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
