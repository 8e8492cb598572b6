"""Variables that are surely written before they are read need no tokens for what was never written."""

import pytest

from spatial.ir.dialect import context
from spatial.ir.function import operations
from spatial.ir.mlir import func, ir, memref
from spatial.verify.prepare.written import is_written_first

WRITE = "memref.store %one, %x[] : memref<i32>\n"
READ = "%read = memref.load %x[] : memref<i32>\n"


def rounds(*lines: str) -> str:
    held = "".join(lines)
    return f"scf.for %i{len(held)} = %zero to %many step %step {{\n{held}}}\n"


def branch(*lines: str) -> str:
    return f"scf.if %choice {{\n{''.join(lines)}}}\n"


@pytest.mark.parametrize(
    ("lines", "surely"),
    [
        ([WRITE, READ], True),
        ([READ, WRITE], False),
        ([WRITE, rounds(READ, WRITE)], True),
        ([rounds(WRITE, READ)], True),
        ([rounds(rounds(WRITE), READ)], False),
        ([rounds(WRITE, rounds(READ, WRITE), READ)], True),
        ([rounds(READ, WRITE)], False),
        ([rounds(WRITE), READ], False),
        ([branch(WRITE), READ], False),
        ([branch(WRITE, READ)], False),
        ([], True),
    ],
)
def test_a_variable_is_surely_written_first_only_where_a_block_that_holds_all_its_uses_begins_with_that(
    lines: list[str], surely: bool
) -> None:
    body = "".join(lines)
    with context():
        module = ir.Module.parse(
            f"""
            func.func @f(%choice: i1, %zero: index, %many: index, %step: index, %one: i32) {{
              %x = memref.alloca() : memref<i32>
              {body}
              return
            }}
            """
        )
        function = next(op for op in module.body.operations if isinstance(op, func.FuncOp))
        variable = next(op for op in operations(function.entry_block) if isinstance(op, memref.AllocaOp))
        assert is_written_first(variable) is surely
