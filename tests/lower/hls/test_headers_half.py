"""Our `half` rounds each operation once, as NumPy's float16 does."""

import random
import subprocess
from pathlib import Path

import numpy as np

from tests.lower.hls.cpp import needs_compiler, printed, program

pytestmark = needs_compiler

HERE = Path(__file__).parent

AXIS = """
#include <ap_axi_sdata.h>
#include <hls_stream.h>
#include <hls_vector.h>
#include <cstdio>
int main() {
    hls::stream<ap_axiu<32, 0, 3, 0> > stream;
    ap_axiu<32, 0, 3, 0> token;
    token.data = 0xdeadbeef;
    token.keep = -1;
    token.strb = token.keep;
    token.user = 0;
    token.id = 5;
    token.dest = 0;
    token.last = true;
    stream.write(token);
    token = stream.read();
    hls::axis<float, 1, 0, 0> number;
    number.data = 1.5f;
    number.keep_all();
    hls::vector<ap_int<9>, 4> v = {1, 2, 3, 4};
    v = v * v + v;
    std::printf("%x %d %d %d %g %d %d %d\\n", token.data.to_uint(), token.keep.to_int(), token.id.to_int(),
                token.last.to_int(), static_cast<double>(number.data), number.keep.to_int(), v[3].to_int(),
                v.reduce_add().to_int());
    return 0;
}
"""


def as_bits(value):
    return 0x7E00 if np.isnan(value) else int(np.float16(value).view(np.uint16))


def as_half(bits):
    return np.uint16(bits).view(np.float16)


def lines_of(first, second, number):
    a, b = as_half(first), as_half(second)
    with np.errstate(all="ignore"):
        results = [a + b, a - b, a * b, a / b, np.sqrt(a), np.float64(number).astype(np.float16)]
    digits = " ".join(f"{as_bits(x):04x}" for x in results)
    return f"{digits} {int(a < b)} {int(a == b)} {int(a >= b)}"


def test_halves_are_rounded_as_numpy_does(tmp_path):
    rng = random.Random(2)
    special = [0, 0x8000, 1, 0x3FF, 0x400, 0x3C00, 0x7BFF, 0x7C00, 0xFC00, 0x7E00, 0xBC01]
    cases = [
        (
            rng.choice(special) if rng.random() < 0.2 else rng.getrandbits(16),
            rng.choice(special) if rng.random() < 0.2 else rng.getrandbits(16),
            rng.choice([-1, 1]) * rng.uniform(1, 2) * 2.0 ** rng.randint(-28, 17),
        )
        for _ in range(20000)
    ] + [(0, 0, 1 + 2**-11), (0, 0, 1 + 2**-11 + 2**-40), (0, 0, 2**-25), (0, 0, 2**-25 + 2**-60), (0, 0, 65520.0)]
    binary = program(tmp_path, (HERE / "half.cpp").read_text(encoding="utf-8"))
    given = "".join(f"{a:x} {b:x} {x.hex()}\n" for a, b, x in cases)
    done = subprocess.run([str(binary)], input=given, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == [lines_of(*case) for case in cases]


def test_axi_tokens_and_vectors_carry_their_fields(tmp_path):
    assert printed(tmp_path, AXIS) == "deadbeef 15 5 1 1.5 15 20 40\n"
