"""Random networks of actors whose values say whether C++ computes what the simulator does."""

import random
from dataclasses import dataclass, field

TOKENS = 8
WHOLE = ("int8", "int16", "int32", "UInt(5)", "Int(13)", "UInt(33)", "Int(70)")
FAMILIES = (WHOLE, WHOLE, WHOLE, ("float32",), ("Fixed(14, 6)", "Fixed(9, 3)"), ("UFixed(12, 4)", "UFixed(16, 8)"))


@dataclass
class Part:
    """A chain of kernels from X to an array of its own; `rate` is how many tokens each channel carries."""

    number: int
    draw: random.Random
    lines: list[str] = field(default_factory=list)
    rate: int = TOKENS

    def __post_init__(self) -> None:
        self.family = self.draw.choice(FAMILIES)
        self.width = self.draw.choice((1, 2, 3))
        self.name = f"{chr(97 + self.number % 26)}{self.number}"

    @property
    def output(self) -> str:
        return f"Y{self.number}: {self.last}[{self.width}, {self.rate}]"

    def type(self) -> str:
        return self.draw.choice(self.family)

    @property
    def whole(self) -> bool:
        return self.family is WHOLE

    @property
    def source(self) -> str:
        """The array that the chain begins with."""
        return f"X: int32[3, {TOKENS}]" if self.whole else f"F: float32[3, {TOKENS}]"

    def constant(self) -> str:
        return str(self.draw.choice((1, 2, 3, 5, 7) if self.whole else (0.5, 1.25, 3.0)))

    def expression(self, names: list[str], depth: int = 2) -> str:
        if depth == 0 or self.draw.random() < 0.25:
            return self.draw.choice(names)
        left, right = (self.expression(names, depth - 1) for _ in range(2))
        kinds = ("+", "-", "*", "max", "choice", *(("//", "%", "&", "^", ">>") if self.whole else ()))
        match self.draw.choice(kinds):
            case "max":
                return f"max({self.draw.choice(names)}, {self.draw.choice(names)})"
            case "choice":
                return f"({left} if {self.draw.choice(names)} > {self.draw.choice(names)} else {right})"
            case "//" | "%" as operator:
                return f"({left} {operator} {self.draw.choice((2, 3, 5))})"
            case ">>":
                return f"({self.draw.choice(names)} >> {self.draw.choice((1, 2))})"
            case operator:
                return f"({left} {operator} {self.constant() if self.draw.random() < 0.2 else right})"

    def kernel(self, stage: int, declared: list[str], loop: list[str], given: str = "") -> None:
        """Adds a kernel, which may be given an array."""
        options = f", args=[{given.partition(':')[0]}]" if given else ""
        self.lines += [f"@sp.kernel(mapping=[{self.width}]{options})", f"def {self.name}_{stage}({given}):"]
        self.lines += ["    p = sp.get_pid()", *(f"    {line}" for line in (*declared, *loop)), ""]

    def make(self) -> list[str]:
        """The text of the chain: its streams, then its kernels."""
        now = self.type()
        streams = [f"{self.name}_s0: Stream[{now}, {self.draw.choice((1, 2, 4))}][{self.width}]"]
        first = [
            f"for n in range({TOKENS}):",
            f"    x: {now} = {self.source[0]}[p, n]",
            f"    {self.name}_s0[p].put(x)",
        ]
        self.kernel(0, [], first, self.source)
        for stage in range(1, 1 + self.draw.choice((1, 2, 3))):
            then = self.type()
            block = self.draw.random() < 0.2 and self.rate % 2 == 0
            depth = self.draw.choice((1, 2, 3))
            streams.append(f"{self.name}_s{stage}: Stream[{then}, {depth}][{self.width}]")
            self.kernel(stage, *self.step(stage, now, then, halve=block))
            now = then
        self.last = now
        final = f"{self.name}_s{len(streams) - 1}"
        body = [f"for n in range({self.rate}):", f"    Y{self.number}[p, n] = {final}[p].get()"]
        self.kernel(99, [], body, self.output)
        return [*streams, "", *self.lines]

    def step(self, stage: int, now: str, then: str, *, halve: bool) -> tuple[list[str], list[str]]:
        """What a kernel declares, and its loop."""
        draw, width = self.draw, self.width
        here = draw.choice(("p", f"{width - 1} - p", f"(p + 1) % {width}"))
        state, wide = self.type(), self.type()
        declared = [f"total: {state} = {self.constant()}", f"kept: {wide}[3] = 0"]
        names = ["x", "total", "kept[n % 3]", "y"]
        loop = [f"for n in range({self.rate}):", f"    x: {now} = {self.name}_s{stage - 1}[{here}].get()"]
        loop += [f"    y: {self.type()} = {self.expression(names[:3])}"]
        match draw.choice(("sum", "if", "while", "inner", "peek")):
            case "sum":
                loop += [f"    total += {self.expression(names)}"]
            case "if":
                loop += [f"    if x > {self.constant()}:", f"        total = {self.expression(names)}"]
                loop += ["    else:", f"        kept[{draw.randrange(3)}] = {self.expression(names)}"]
            case "while":
                loop += ["    turns: int32 = 0", "    while total > y and turns < 3:", "        turns += 1"]
                loop += [f"        total = {self.expression(names)}"]
            case "inner":
                loop += ["    for m in range(3):", f"        kept[m] = {self.expression([*names, 'kept[m]'])}"]
                loop += ["        if kept[m] > total:", "            break"]
            case "peek":
                loop += [f"    total = kept[(n + {draw.randrange(3)}) % 3]", "    kept[n % 3] = y"]
        put = f"{self.name}_s{stage}[p].put({self.expression(names)})"
        if halve:
            self.rate //= 2
            return declared, [*loop, "    if n % 2 == 1:", f"        {put}"]
        return declared, [*loop, f"    {put}"]


def network(seed: int, parts: int) -> tuple[str, list[tuple[str, str, int, int]]]:
    """The text of a region of independent parts, and the arrays that it writes: name, type and extents."""
    made = [Part(number, random.Random(1000 * seed + number)) for number in range(parts)]
    bodies = [part.make() for part in made]
    given = [f"X: int32[3, {TOKENS}]", f"F: float32[3, {TOKENS}]", *(part.output for part in made)]
    lines = ["@sp.region()", f"def net({', '.join(given)}):", *(f"    {line}" for body in bodies for line in body)]
    return "\n".join(lines) + "\n", [(f"Y{part.number}", part.last, part.width, part.rate) for part in made]
