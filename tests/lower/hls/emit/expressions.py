"""Random typed expressions as a process, with what each must be."""

import random
import re
from dataclasses import dataclass
from itertools import islice

from spatial.lower.hls.emit.process import ProcessText
from spatial.types.bits import from_bits, to_bits
from spatial.types.dtype import DType, Float
from tests.lower.hls.emit.native import Array, Case
from tests.lower.hls.emit.texts import processes
from tests.sim.expressions import (
    Expression,
    Row,
    fields_of,
    operands,
    random_dtype,
    random_expression,
    random_struct,
    random_value,
)
from tests.sim.programs import region_of
from tests.sim.test_arithmetic import is_defined

OPERANDS, ROWS = 8, 8
HALF = re.compile(r"\bfloat16\b")


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A process of one statement for each expression, and the rows that it computes them for."""

    process: ProcessText
    dtypes: list[DType]
    rows: list[Row]
    expressions: list[Expression]

    @property
    def case(self) -> Case:
        given = {
            f"x{n}": Array(dtype=dtype, bits=[to_bits(row[n], dtype) for row in self.rows])
            for n, dtype in enumerate(self.dtypes)
        }
        made = {f"y{n}": Array(dtype=each.dtype, bits=[0] * ROWS) for n, each in enumerate(self.expressions)}
        return Case(process=self.process, arguments={**given, **made})

    def wrong(self, found: dict[str, list[int]]) -> list[str]:
        """The expressions whose values differ from the table's, told."""
        told = []
        for n, each in enumerate(self.expressions):
            for row, bits in zip(self.rows, found[f"y{n}"], strict=True):
                expected = to_bits(each.value(row), each.dtype)
                if _canonical(bits, each.dtype) != expected:
                    told.append(f"{each.text} is {bits:#x}, not {expected:#x}, for {row}")
        return told


def _canonical(bits: int, dtype: DType) -> int:
    """The bits, where every NaN has the same."""
    return to_bits(from_bits(bits, dtype), dtype) if isinstance(dtype, Float) else bits


def drawn(seed: int, count: int) -> Drawn:
    """So many expressions over all types of the language."""
    draw = random.Random(seed)
    dtypes: list[DType] = [random_dtype(draw) for _ in range(OPERANDS)]
    dtypes += [random_struct(draw, f"T{n}") for n in range(2)]
    rows: list[Row] = [[random_value(draw, dtype) for dtype in dtypes] for _ in range(ROWS)]
    names: dict[str, object] = {}
    given = operands(dtypes)
    leaves = [*given[:OPERANDS], *(field for struct in given[OPERANDS:] for field in fields_of(struct))]
    found = (random_expression(draw, leaves, names) for _ in range(20 * count))
    expressions = list(islice((each for each in found if is_defined(each, rows)), count))
    parameters = [(f"x{n}", dtype) for n, dtype in enumerate(dtypes)]
    parameters += [(f"y{n}", each.dtype) for n, each in enumerate(expressions)]
    declared = ", ".join(f"{name}: {name}_type[{ROWS}]" for name, _ in parameters)
    lines = ["@sp.region()", "def net():", "    @sp.kernel()", f"    def only({declared}):"]
    lines.append(f"        for k in range({ROWS}):")
    lines += [f"            y{n}[k] = {each.text}" for n, each in enumerate(expressions)]
    types = {f"{name}_type": dtype for name, dtype in parameters}
    (process,) = processes(region_of("\n".join(lines) + "\n", **{**names, **types}))
    return Drawn(process=process, dtypes=dtypes, rows=rows, expressions=expressions)
