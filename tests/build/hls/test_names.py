"""Names are the user's: whatever C++, its library, or what runs a design calls so, the design compiles and computes."""

import numpy as np

import spatial as sp
from spatial import Stream, int32
from tests.build.hls.test_language import agree
from tests.lower.hls.cpp import needs_compiler

pytestmark = needs_compiler
LENGTH = 4
NUMBERS = np.arange(LENGTH, dtype=np.int32)


def chain(words):
    """A region whose region, parameters, stream, kernels, loop variables and locals have names in this order."""
    region, given, made, stream, first, second, here, there, local = words
    text = f"""
@sp.region()
def {region}({given}: int32[4], {made}: int32[4]):
    {stream}: Stream[int32, 2]

    @sp.kernel(args=[{given}])
    def {first}({given}: int32[4]):
        for {here} in range(4):
            {stream}.put({given}[{here}])

    @sp.kernel(args=[{made}])
    def {second}({made}: int32[4]):
        for {there} in range(4):
            {local}: int32 = {stream}.get()
            {made}[{there}] = {local} * 3 + {local}
"""
    return text, region


def made(folder, monkeypatch, words):
    """That region, from a file of its own."""
    text, region = chain(words.split())
    name = f"names_{abs(hash(words))}"
    (folder / f"{name}.py").write_text(f"import spatial as sp\nfrom spatial import Stream, int32\n{text}")
    monkeypatch.syspath_prepend(folder)
    return getattr(__import__(name), region)


LISTS = (
    "template register int volatile switch new auto static goto",
    "hls ap_int printf stream main std hls_stream ap_uint half",
    "exp to outputs given abort y1 inputs line from_",
    "served take give load store contents serve size bench",
    "INT_MAX NULL EOF BUFSIZ assert_ EDOM stdin errno M_PI",
    "größe α β δ lädt späht κ λ ζ",
    "select index read write work work_2 work k ap_fixed",
    f"{'r' * 300} {'a' * 300} {'b' * 300} {'s' * 300} {'p' * 300} {'q' * 300} {'k' * 300} {'l' * 300} {'v' * 300}",
)


def test_any_name_will_do(tmp_path, monkeypatch):
    for words in LISTS:
        agree(made(tmp_path, monkeypatch, words), NUMBERS, np.zeros(LENGTH, np.int32))


def test_a_region_keeps_clear_of_the_c_library(tmp_path, monkeypatch):
    region = made(tmp_path, monkeypatch, LISTS[2])
    assert sp.build(region, target="hls").design.top.name == "exp_top"


@sp.region()
def wasteful(A: int32[4], Z: int32[4], B: int32[4], n: int32):
    unused: Stream[int32, 2]

    @sp.kernel(args=[A, Z, B, n])
    def only(A: int32[4], Z: int32[4], B: int32[4], n: int32):
        for k in range(4):
            B[k] = A[k]


def test_parameters_that_nothing_uses_stay_ports():
    module = agree(wasteful, NUMBERS, NUMBERS, np.zeros(LENGTH, np.int32), 3)
    assert "port=Z " in module.code


def part(factor):
    @sp.region()
    def part(A: int32[4], out: Stream[int32, 2]):
        @sp.kernel(args=[A])
        def work(A: int32[4]):
            for k in range(4):
                out.put(A[k] * factor)

    return part


@sp.region()
def whole(A: int32[4], B: int32[4]):
    double: Stream[int32, 2]
    triple: Stream[int32, 2]
    part(2)(A, double)
    part(3)(A, triple)

    @sp.kernel(args=[B])
    def work(B: int32[4]):
        for k in range(4):
            B[k] = double.get() - triple.get()


def test_kernels_of_several_regions_may_have_one_name():
    agree(whole, NUMBERS, np.zeros(LENGTH, np.int32))
