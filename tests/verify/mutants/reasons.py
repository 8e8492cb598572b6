"""Why mutants that neither tests nor a proof tell from their program are the same program."""

import re

__all__ = ["REASONS", "reason_of"]

ZERO = "zero is zero in every type"
ROOM = "one place is enough: nobody puts twice before the other end gets, so nobody waits in a circle"
DROPPED = "the token is dropped, whatever type it has"
BITS = "all eight bits are kept and read with a sign again"
LITERAL = "a literal takes its partner's type"

REASONS: tuple[tuple[str, str, str], ...] = (
    (r"\w+", r"cast \d+: (\w+: \w+) = 0 -> \1 = \w+\(0\)", ZERO),
    (r"butterfly|fir|prefix|systolic", r"depth \d+: .* -> Stream\[\w+, 1\]", ROOM),
    (r"skewed", r"depth \d+: Stream\[float32, 2\] -> Stream\[float32, 1\]", ROOM),
    (r"fir", r"(cast|width) \d+: unused: .*", DROPPED),
    (r"prefix|systolic", r"(cast|width) \d+: last: .*", DROPPED),
    (r"systolic", r"cast \d+: ([ab]: int8) = .* -> \1 = UInt\(8\)\(.*\)", BITS),
    (r"matmul", r"cast \d+: .* -> total: int32 = int16\(bias\[j\]\)", "`bias` is of int16"),
    (r"convolution", r"cast \d+: int16\(0\) -> 0", LITERAL),
    (r"quantize", r"cast \d+: int16\((-128|127)\) -> \1", LITERAL),
    (r"quantize", r"cast \d+: int16\(low\) -> low", "an `Int(12)` is compared as it is"),
    (r"quantize", r"cast \d+: int64\(X\[n\]\) -> X\[n\]", "a product has the 48 bits of both factors"),
    (r"quantize", r"(cast|width) \d+: half: .*", "2**14 has room in 32 bits"),
    (r"stencil", r"bounds 9: int32\[S\] -> int32\[S \+ 1\]", "nobody uses the element more"),
    (r"quantize", r"(cast|width) \d+: bounded: .*", "it lies between -128 and 127"),
)  # fmt: skip


def reason_of(program: str, name: str) -> str:
    """Why a mutant is its program; empty where nobody has said."""
    return next((why for of, mutant, why in REASONS if re.fullmatch(of, program) and re.fullmatch(mutant, name)), "")
