"""Emitted functions, compiled by g++ and run on values that are told bit by bit."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spatial.lower.hls.emit.helpers import helper_headers, helper_text
from spatial.lower.hls.emit.process import ProcessText
from spatial.lower.hls.emit.types import cpp_type, token_struct
from spatial.types.dtype import DType

WARNINGS = ("-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas", "-Wno-unused-label")
WORD = 64
HEADERS = (
    "<cstdio>",
    "<cstring>",
    "<cmath>",
    "<cassert>",
    '"ap_int.h"',
    '"ap_fixed.h"',
    '"hls_half.h"',
    '"hls_stream.h"',
)

SUPPORT = """
typedef unsigned long long word;

template <int W, class T>
static void fill(T &x, const word *bits) {
    ap_uint<W> all = 0;
    for (int n = (W + 63) / 64 - 1; n >= 0; n--) {
        all = W > 64 ? ap_uint<W>(all << (W > 64 ? 64 : 0)) : all;
        all |= ap_uint<W>(ap_uint<64>(bits[n]));
    }
    x.range(W - 1, 0) = all;
}
template <int W>
static void fill(bool &x, const word *bits) { x = bits[0] != 0; }
template <int W>
static void fill(float &x, const word *bits) { unsigned y = bits[0]; std::memcpy(&x, &y, 4); }
template <int W>
static void fill(half &x, const word *bits) { x.set_bits(bits[0]); }
template <int W>
static void fill(double &x, const word *bits) { std::memcpy(&x, bits, 8); }

static void tell(word bits) { std::printf("%llx ", bits); }
template <int W, class T>
static void show(const T &x) {
    ap_uint<W> all = x.range(W - 1, 0);
    for (int n = 0; n < (W + 63) / 64; n++) {
        tell((ap_uint<64>(all)).to_uint64());
        all = W > 64 ? ap_uint<W>(all >> (W > 64 ? 64 : 0)) : all;
    }
}
template <int W>
static void show(const bool &x) { tell(x); }
template <int W>
static void show(const float &x) { unsigned y; std::memcpy(&y, &x, 4); tell(y); }
template <int W>
static void show(const half &x) { tell(x.get_bits()); }
template <int W>
static void show(const double &x) { word y; std::memcpy(&y, &x, 8); tell(y); }
"""


@dataclass(frozen=True, kw_only=True)
class Array:
    """An argument: its elements as bits."""

    dtype: DType
    bits: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A call of a process that has only arrays."""

    process: ProcessText
    arguments: Mapping[str, Array]


def run(cases: Sequence[Case], include: Sequence[Path], folder: Path) -> list[dict[str, list[int]]]:
    """What each call leaves in its arrays; raises `CalledProcessError` where the text does not compile cleanly."""
    source, program = folder / "cases.cpp", folder / "cases"
    source.write_text(_text(cases))
    flags = ["-std=c++14", "-O0", "-ffp-contract=off", *WARNINGS]
    folders = [part for path in include for part in ("-isystem", str(path))]
    subprocess.run(["g++", *flags, *folders, str(source), "-o", str(program)], check=True)
    told = subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout.splitlines()
    found: list[dict[str, list[int]]] = []
    for case in cases:
        found.append({name: _joined(told.pop(0), array) for name, array in case.arguments.items()})
    return found


def _joined(line: str, array: Array) -> list[int]:
    words = [int(word, 16) for word in line.split()]
    per = _words(array.dtype)
    return [sum(words[at + n] << WORD * n for n in range(per)) for at in range(0, len(words), per)]


def _words(dtype: DType) -> int:
    return -(-dtype.bits // WORD)


def _text(cases: Sequence[Case]) -> str:
    helpers = {helper for case in cases for helper in case.process.helpers}
    structs = dict.fromkeys(token_struct(token) for case in cases for token in case.process.tokens)
    headers = dict.fromkeys((*HEADERS, *helper_headers(helpers)))
    parts = ["".join(f"#include {header}\n" for header in headers), *structs, helper_text(helpers), SUPPORT]
    calls = []
    for number, case in enumerate(cases):
        parts.append(f"namespace case_{number} {{\n{case.process.definition}\n{_caller(case)}}}\n")
        calls.append(f"    case_{number}::call();\n")
    return "\n".join([*parts, f"int main() {{\n{''.join(calls)}}}\n"])


def _caller(case: Case) -> str:
    lines, given = [], []
    for name, array in case.arguments.items():
        words = [value >> WORD * n & (1 << WORD) - 1 for value in array.bits for n in range(_words(array.dtype))]
        lines.append(f"    static {cpp_type(array.dtype)} {name}_[{len(array.bits)}];\n")
        lines.append(f"    static const word {name}_bits[] = {{{', '.join(f'{word}ull' for word in words)}}};\n")
        step = f"fill<{array.dtype.bits}>({name}_[n], {name}_bits + n * {_words(array.dtype)});"
        lines.append(f"    for (int n = 0; n < {len(array.bits)}; n++) {{ {step} }}\n")
    given = [f"{parameter.name}_" for parameter in case.process.parameters]
    lines.append(f"    {case.process.name}({', '.join(given)});\n")
    for name, array in case.arguments.items():
        shown = f"show<{array.dtype.bits}>({name}_[n]);"
        lines.append(f'    for (int n = 0; n < {len(array.bits)}; n++) {{ {shown} }}\n    std::puts("");\n')
    return f"static void call() {{\n{''.join(lines)}}}\n"
