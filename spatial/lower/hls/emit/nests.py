"""The loops of the top function's calls, and indices that are affine in their variables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spatial.ir.graph import Specialization
from spatial.lower.hls.emit.boxes import Box
from spatial.lower.hls.emit.calls import Argument, Call
from spatial.lower.hls.emit.lines import wrapped
from spatial.lower.hls.emit.process import ProcessText

__all__ = ["call_lines"]

INDENT = "    "
USUAL = ("i", "j", "k", "l", "m", "n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A loop over an axis of a box: its variable takes `count` values from `start` on, `step` apart."""

    axis: int
    variable: str
    start: int
    step: int
    count: int
    down: bool

    def head(self) -> str:
        """The loop's first line, without the brace."""
        last = self.start + self.step * (self.count - 1)
        name, sign = self.variable, "-" if self.down else "+"
        forward = f"{sign}{sign}{name}" if self.step == 1 else f"{name} {sign}= {self.step}"
        if self.down:
            return f"for (int {name} = {last}; {name} >= {self.start}; {forward})"
        return f"for (int {name} = {self.start}; {name} < {last + 1}; {forward})"


def call_lines(
    call: Call, body: Specialization, process: ProcessText, taken: frozenset[str], task: str = ""
) -> list[str]:
    """The lines of a call with the loops around it; it starts tasks where the variable for them has a name."""
    loops = list(_loops(call, body, taken, counted=bool(task)))
    lines = []
    head = process.name
    if task:
        extents = "".join(f"[{loop.count}]" for loop in loops)
        lines.append(f"{INDENT}hls_thread_local hls::task {task}{extents};")
        head = task + "".join(f"[{loop.variable}]" for loop in loops)
    for depth, loop in enumerate(loops, start=1):
        lines += [INDENT * depth + loop.head() + " {", "#pragma HLS unroll"]
    arguments = [
        _argument(call.arguments[parameter.position], call.calls.box, loops, whole=parameter.kind == "streams")
        for parameter in process.parameters
    ]
    named = [process.name, *arguments] if task else arguments
    lines += wrapped(f"{INDENT * (len(loops) + 1)}{head}(", named, ");")
    return lines + [INDENT * depth + "}" for depth in range(len(loops), 0, -1)]


def _loops(call: Call, body: Specialization, taken: frozenset[str], *, counted: bool) -> Iterator[Loop]:
    """The loops around a call, the outer first; they run over pids where all indices are affine in these.

    If they are `counted` they count from 0 on.
    """
    box, used = call.calls.box, set(taken)
    names = _pid_names(call, body)
    for axis in call.calls.nest:
        step, wanted = box.steps[axis], names.get(axis)
        by_pid = not counted and all(slope % step == 0 for slope in box.slopes[axis])
        free = (name for name in (wanted, *USUAL, *(f"p{number}" for number in range(len(used) + 1))) if name)
        variable = next(name for name in free if name not in used)
        used.add(variable)
        yield Loop(
            axis=axis,
            variable=variable,
            start=box.origin[axis] if by_pid else 0,
            step=step if by_pid else 1,
            count=box.counts[axis],
            down=axis in call.calls.down,
        )


def _pid_names(call: Call, body: Specialization) -> dict[int, str]:
    """What the user calls the axes: the names of the values that are a pid's coordinates."""
    names: dict[int, str] = {}
    box = call.calls.box
    for parameter, argument in zip(body.parameters, call.arguments, strict=True):
        if argument.variable is None and argument.count and parameter.name.isidentifier():
            slopes = {axis: box.slopes[axis][argument.first] for axis in box.axes if box.slopes[axis][argument.first]}
            for axis, slope in slopes.items():
                if len(slopes) == 1 and slope == box.steps[axis] and box.numbers[argument.first] == box.origin[axis]:
                    names.setdefault(axis, parameter.name)
    return names


def _argument(argument: Argument, box: Box, loops: Sequence[Loop], *, whole: bool) -> str:
    """What stands for a parameter; it is given a whole variable, or an element of one."""
    if whole:
        return str(argument.variable)
    if argument.constant is not None:
        return repr(argument.constant)
    numbers = [_affine(number, box, loops) for number in range(argument.first, argument.first + argument.count)]
    return numbers[0] if argument.variable is None else argument.variable + "".join(f"[{text}]" for text in numbers)


def _affine(number: int, box: Box, loops: Sequence[Loop]) -> str:
    """A number of a box as an expression of the loops' variables."""
    constant, text = box.numbers[number], ""
    for loop in loops:
        factor = box.slopes[loop.axis][number] // loop.step
        constant -= factor * loop.start
        if factor:
            product = loop.variable if abs(factor) == 1 else f"{abs(factor)} * {loop.variable}"
            sign = ("-" if factor < 0 else "") if not text else (" - " if factor < 0 else " + ")
            text += sign + product
    if not text:
        return str(constant)
    return text + (f" {'-' if constant < 0 else '+'} {abs(constant)}" if constant else "")
