"""Makes random kernels of nested loops with exits, which are Python programs as well."""

import random
import types

from spatial.region.definition import Region
from tests.sim.programs import region_of

SIZE = 12
LOCALS = ("x", "y", "z")
MOST_COPIES = 6  # of a statement, that loops which are written out make


class Writer:
    """Writes one program; `lines` grows, `loops` are those around, `budget` the statements left.

    There are so many `copies` of what is written, for the loops around that are written out.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.loops: list[str] = []
        self.budget = 12
        self.whiles = 0
        self.copies = 1

    def write(self, indent: int, text: str) -> None:
        self.lines.append("    " * indent + text)

    def value(self) -> str:
        """An expression from 0 to 96."""
        pick = self.random.choice
        names = [*LOCALS, *self.loops, f"C[{self.random.randrange(SIZE)}]", str(self.random.randrange(9))]
        return f"({pick(names)} * {self.random.randrange(1, 5)} + {pick(names)}) % 97"

    def condition(self) -> str:
        test = f"{self.value()} {self.random.choice(('<', '>', '=='))} {self.random.randrange(97)}"
        return f"({test}) or {self.value()} % 3 == 1" if self.random.random() < 0.3 else test

    def block(self, indent: int, *, looped: bool) -> None:
        for _ in range(self.random.randrange(1, 3 if self.budget < 0 else 4)):
            self.statement(indent, looped=looped)

    def statement(self, indent: int, *, looped: bool) -> None:
        self.budget -= 1
        kinds = ["assign", "several", "swap"]
        if self.budget > -20:
            kinds += ["if", "exit"] if looped or self.random.random() < 0.2 else ["if"]
        if len(self.loops) < 3 and self.budget > 0:
            kinds += ["for", "for", "while", "repeat"]
        getattr(self, f"write_{self.random.choice(kinds)}")(indent, looped)

    def write_assign(self, indent: int, looped: bool) -> None:
        target = self.random.choice([*LOCALS, f"C[{self.random.randrange(SIZE)}]"])
        self.write(indent, f"{target} = {self.value()}")

    def write_several(self, indent: int, looped: bool) -> None:
        a, b = self.random.sample(LOCALS, 2)
        self.write(indent, f"{a}, {b}, C[{a} % {SIZE}] = {b}, {self.value()}, {self.value()}")

    def write_swap(self, indent: int, looped: bool) -> None:
        self.write(indent, f"C[x % {SIZE}], C[y % {SIZE}] = C[y % {SIZE}], C[x % {SIZE}]")
        self.write(indent, f"x = z = {self.value()}")

    def write_if(self, indent: int, looped: bool) -> None:
        self.write(indent, f"if {self.condition()}:")
        self.block(indent + 1, looped=looped)
        if self.random.random() < 0.5:
            self.write(indent, "else:")
            self.block(indent + 1, looped=looped)

    def write_exit(self, indent: int, looped: bool) -> None:
        words = ["break", "break", "continue", "continue", "return"] if looped else ["return"]
        self.write(indent, f"if {self.condition()}:")
        if self.random.random() < 0.5:
            self.write(indent + 1, f"{self.random.choice(LOCALS)} = {self.value()}")
        self.write(indent + 1, self.random.choice(words))

    def write_for(self, indent: int, looped: bool) -> None:
        name = f"k{len(self.loops)}"
        start, stop = self.random.randrange(4), self.random.choice([str(self.random.randrange(7)), "x % 5"])
        step = self.random.choice([1, 1, 2, 3, -1, -2])
        bounds = f"{start}, {stop}, {step}" if step > 0 else f"{stop}, {start - 2}, {step}"
        factor = self.random.choice(["", "", ", unroll=2", ", unroll=3"])
        if "x" not in stop:
            factor = self.random.choice([factor, ", unroll=True"])
        whole = ", unroll=True"
        copies = len(range(*eval(bounds))) if factor == whole else {"": 1, ", unroll=2": 3, ", unroll=3": 4}[factor]
        if self.copies * copies > MOST_COPIES:
            factor, copies = "", 1
        self.write(indent, f"for {name} in range({bounds}{factor}):")
        self.inner(indent, name, max(1, copies))

    def write_while(self, indent: int, looped: bool) -> None:
        name = f"w{self.whiles}"
        self.whiles += 1
        test = f"{name} < {self.random.randrange(1, 6)}"
        self.write(indent, f"{name} = 0")
        self.write(indent, self.random.choice([f"while {test}:", f"while {test} and ({self.condition()}):"]))
        self.write(indent + 1, f"{name} += 1")
        self.inner(indent, name)

    def write_repeat(self, indent: int, looped: bool) -> None:
        name = f"m{len(self.loops)}"
        copies = self.random.randrange(min(4, MOST_COPIES // self.copies + 1))
        self.write(indent, f"for {name} in sp.meta_for({copies}):")
        self.inner(indent, name, max(1, copies))

    def inner(self, indent: int, name: str, copies: int = 1) -> None:
        self.loops.append(name)
        self.copies *= copies
        self.block(indent + 1, looped=True)
        self.copies //= copies
        self.loops.pop()
        if self.random.random() < 0.3 and not name.startswith("m"):
            self.write(indent, "else:")
            self.block(indent + 1, looped=bool(self.loops) and not self.loops[-1].startswith("m"))


def body_of(seed: int) -> list[str]:
    """The lines of a program over the array `C`."""
    writer = Writer(seed)
    for name in LOCALS:
        writer.write(0, f"{name} = C[{LOCALS.index(name)}]")
    for _ in range(4):
        writer.statement(0, looped=False)
    for position, name in enumerate(LOCALS):
        writer.write(0, f"C[{position}] = {name}")
    return writer.lines


def program_of(lines: list[str]) -> Region:
    """The region whose one kernel does what the lines say."""
    text = ["@sp.region()", f"def net(C: int32[{SIZE}]):", "    @sp.kernel(args=[C])", f"    def pe(C: int32[{SIZE}]):"]
    return region_of("\n".join([*text, *("        " + line for line in lines)]) + "\n")


def expected(lines: list[str], given: list[int]) -> list[int]:
    """What Python makes of the lines."""
    text = "\n".join(["def body(C):", *("    " + line for line in lines)])
    words = types.SimpleNamespace(meta_for=range)
    names: dict[str, object] = {"sp": words, "range": lambda *bounds, unroll=1: range(*bounds)}
    exec(text, names)
    C = list(given)
    names["body"](C)
    return C
