"""Run-time parameters reach a core as their declared types say, from each host program."""

import re
import shutil
import subprocess
import types

import ml_dtypes
import numpy as np
import pytest

import spatial as sp
from spatial import Fixed, Int, Stream, UInt, bfloat16, bool_, float16, float32, float64, index, int8, int32, int64
from spatial.build.aie.hardware import Hardware
from spatial.types.bits import to_bits
from spatial.types.given import value_of
from spatial.types.values import from_values
from tests.lower.aie.performed import performed

SIZE = 16


def scaled(number, element):
    """A region that multiplies by a parameter of a type."""

    @sp.region()
    def scaled(A: element[SIZE], by: number, B: element[SIZE]):
        given: Stream[element[SIZE], 2]
        made: Stream[element[SIZE], 2]

        @sp.kernel(args=[A])
        def load(A: element[SIZE]):
            given.put(A)

        @sp.kernel(args=[by])
        def work(by: number):
            x = given.get()
            y: element[SIZE] = 0
            for n in range(SIZE):
                y[n] = element(x[n] * by)
            made.put(y)

        @sp.kernel(args=[B])
        def store(B: element[SIZE]):
            B[:] = made.get()

    return scaled


CASES = [
    (float32, float32, (2.5, 2, np.float32(2.5), np.float64(0.1))),
    (bfloat16, bfloat16, (2.5, ml_dtypes.bfloat16(-2.5), 1 + 2**-8 + 2**-40)),
    (float16, float16, (2.5,)),
    (float64, float64, (0.1,)),
    (int64, int64, (2**40 + 5, -3)),
    (UInt(40), int64, (2**39 + 7,)),
    (int8, int32, (-3,)),
    (Int(5), int32, (-7, np.int8(15))),
    (bool_, int32, (True, np.bool_(False))),
    (index, int32, (-5,)),
]


@pytest.mark.parametrize(("number", "element", "values"), CASES, ids=[str(each) for each, *_ in CASES])
def test_a_core_reads_what_the_host_writes(number, element, values):
    dtype = {"bfloat16": ml_dtypes.bfloat16}.get(str(element), str(element))
    program = scaled(number, element)
    functional = sp.build(program, target="cpu")
    for value in values:
        found, wanted, A = np.zeros(SIZE, dtype), np.zeros(SIZE, dtype), np.arange(SIZE).astype(dtype)
        performed(program, (A, value, found))
        functional(A, value, wanted)
        assert np.array_equal(found, wanted), value
        assert wanted.any() == bool(value)


def host_of(folder):
    run = types.ModuleType("host")
    run.__file__ = str(folder / "run.py")
    exec((folder / "run.py").read_text(), run.__dict__)
    return run


@pytest.mark.parametrize("number", [float32, bfloat16, float16, sp.float8_e5m2, float64, Fixed(12, 4), int64])
def test_a_call_on_an_npu_hands_over_the_declared_type(number, tmp_path):
    module = sp.build(scaled(number, number), target="aie", mode="project", path=tmp_path / "made")
    run, calls = host_of(module.project.path), []
    module.hardware = Hardware(module.placed, lambda: lambda *arrays, **given: calls.append(given["by"]))
    for value in (-2.5 if number != int64 else -(2**40), 1):
        A = from_values([0] * SIZE, number, (SIZE,))
        module(A, value, A.copy())
        words = run.words_of(calls[-1], run.SCALARS["by"])
        bits = sum(word << 32 * place for place, word in enumerate(words))
        assert bits % (1 << number.bits) == to_bits(value_of(value, number), number)


def test_the_host_in_python_refuses_what_a_type_does_not_hold(tmp_path):
    module = sp.build(scaled(int8, int32), target="aie", mode="project", path=tmp_path / "made")
    run = host_of(module.project.path)
    for value in (250, 2.5):
        with pytest.raises(ValueError, match=f"{value} does not fit int8"):
            run.words_of(value, run.SCALARS["by"])


PRINTED = r"""
int main() {
  std::vector<uint32_t> words = {1, 7, 2, 7, 3}, given = words;
  write_parameter(words, given, {7u, 2u}, double(0.1));
  write_parameter(words, given, {1u}, bfloat16(2.5f));
  write_parameter(words, given, {3u}, int32_t(-3));
  for (uint32_t word : words) std::printf("%08X ", word);
}
"""


@pytest.mark.skipif(shutil.which("g++") is None, reason="no compiler")
def test_the_host_in_cpp_writes_bits_of_types(tmp_path):
    folder = sp.build(scaled(bfloat16, bfloat16), target="aie", mode="project", path=tmp_path / "made").project.path
    text = (folder / "host.cpp").read_text()
    assert re.search(r"write_parameter\(words, given, \{0x\w+u\}, bfloat16\(1\)\);  // by: bfloat16", text)
    source = re.sub(r"#include <xrt.*\n", "", text[: text.index("} // namespace")]) + "}\n" + PRINTED
    (tmp_path / "host.cpp").write_text(source)
    flags = ["-std=c++17", "-Wno-unused-function", "-o", str(tmp_path / "host")]
    subprocess.run(["g++", *flags, str(tmp_path / "host.cpp")], check=True)
    told = subprocess.run([tmp_path / "host"], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["00004020", "9999999A", "3FB99999", "9999999A", "FFFFFFFD"]


def test_a_number_of_more_than_64_bits_is_refused():
    with pytest.raises(sp.ProgramError, match=r"`by` is `Int\(96\)`, and cores of an NPU compute with at most 64 bits"):
        sp.build(scaled(Int(96), int32), target="aie")
