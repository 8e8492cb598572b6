"""What kernels say means the same in C++: programs in C-simulation beside the simulator."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, UInt, bool_, int8, int32
from tests.lower.hls.cpp import needs_compiler

pytestmark = needs_compiler


def agree(region, *arrays, device="hls", **options):
    """Runs a region in both, from the same arrays; the design, with results compared."""
    module = sp.build(region, target="hls", mode="csim", device=device, **options)
    assert not module.warnings
    given, simulated = ([np.copy(a) if isinstance(a, np.ndarray) else a for a in arrays] for _ in range(2))
    module(*given, timeout=60)
    run = sp.simulate(region, *simulated, device=device)
    for made, wanted in zip(given, simulated, strict=True):
        assert np.array_equal(made, wanted)
    for name, tokens in run.outputs.items():
        assert np.array_equal(module.outputs[name], tokens)
    return module


@sp.region()
def choices(C: int32[8, 5]):
    flags: Stream[bool_, 8]
    numbers: Stream[int32, 8]

    @sp.kernel()
    def source():
        for n in range(8):
            flags.put(n % 3 == 0)
            numbers.put(7 - n)

    @sp.kernel(args=[C])
    def sink(C: int32[8, 5]):
        for n in range(8):
            even: bool_ = n % 2 == 0
            both: bool_ = even & flags.get()
            chosen: int32 = numbers.get()
            C[n, 0] = both
            C[n, 1] = chosen if even else 0
            C[n, 2] = max(chosen, 3)
            C[n, 3] = 1 if even | both else 2
            C[n, 4] = chosen


def test_tokens_are_taken_whatever_is_chosen():
    agree(choices, np.zeros((8, 5), np.int32))


@sp.region()
def talking(X: int32[4], C: int32[4]):
    @sp.kernel(args=[X, C])
    def only(X: int32[4], C: int32[4]):
        for n in range(4):
            wide: UInt(100) = X[n]
            wide = wide << 60
            print("wide", wide, "small", X[n], 'quoted "%d"\\', X[n] > 2)
            assert X[n] < 100, f"{X[n]} is too much"
            C[n] = wide >> 59


def test_wide_numbers_are_printed_and_failing_asserts_are_errors(capfd):
    module = agree(talking, np.arange(4, dtype=np.int32), np.zeros(4, np.int32))
    told = capfd.readouterr().out
    assert f'wide {3 << 60} small 3 quoted "%d"\\ True\n' in told
    C = np.full(4, 7, np.int32)
    with pytest.raises(sp.ProgramError, match="101 is too much"):
        module(np.full(4, 101, np.int32), C)
    assert (C == 7).all()


@sp.region()
def stored(X: int32[64], Y: int32[64]):
    @sp.kernel(args=[X, Y])
    def only(X: int32[64], Y: int32[64]):
        big: int32[64] @ sp.Memory("URAM", ports="2P")
        small: int32[64] @ sp.Memory("LUTRAM")
        for n in range(64):
            big[n] = X[n]
            small[63 - n] = 2 * X[n]
        for n in range(64):
            Y[n] = big[63 - n] + small[n]


def test_storage_is_that_of_the_program():
    module = agree(stored, np.arange(64, dtype=np.int32), np.zeros(64, np.int32))
    assert "#pragma HLS bind_storage variable=big type=ram_2p impl=uram" in module.code
    assert "#pragma HLS bind_storage variable=small type=ram_2p impl=lutram" in module.code


@sp.struct
class Beat:
    data: int8
    last: bool


@sp.region()
def packets(x: Stream[Beat, 2], y: Stream[Beat, 2], n: int32):
    @sp.kernel(args=[n])
    def only(n: int32):
        for k in range(n):
            beat: Beat = x.get()
            out: Beat = beat
            out.data = beat.data + 1
            y.put(out)


def test_a_struct_with_last_is_an_axi_stream():
    tokens = np.zeros(5, [("data", np.int8), ("last", np.bool_)])
    tokens["data"], tokens["last"][4] = np.arange(5), True
    module = agree(packets, tokens, 5)
    assert "mode=axis port=x" in module.code
