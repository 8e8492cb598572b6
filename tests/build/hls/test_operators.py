"""Operators that a schedule binds are variables with a `bind_op`, and compute the same."""

import numpy as np

import spatial as sp
from spatial import Fixed, float32, int16, int32
from tests.lower.hls.cpp import needs_compiler

pytestmark = needs_compiler

N = 8
NUMBER = Fixed(16, 8)


def weighted(A: int16[N], B: int16[N], X: float32[N], F: NUMBER[N]) -> int32:
    acc: int32 = 0
    for k in sp.reduction(N):
        acc += A[k] * B[k]
    for j in range(N):
        X[j] = X[j] * 2.5 - 1.0
    for i in range(N):
        F[i] = F[i] * F[i] + 0.5
    return acc


def bound():
    s = sp.customize(weighted)
    s.bind("k", "fabric", op="mul")
    s.bind("X", "dsp")
    s.bind("i", "dsp", "add")
    return s


def test_each_bound_operator_has_a_pragma():
    module = sp.build(bound(), target="hls", device="xcu280@300")
    lines = [line.strip() for line in str(module.design.files["processes.h"]).splitlines()]
    assert [line.removeprefix("#pragma HLS bind_op ") for line in lines if "bind_op" in line] == [
        "variable=product op=mul impl=fabric latency=0",
        "variable=product op=fmul impl=maxdsp latency=3",
        "variable=difference op=fsub impl=fulldsp latency=6",
        "variable=sum op=add impl=dsp latency=0",
    ]
    at = lines.index("#pragma HLS bind_op variable=sum op=add impl=dsp latency=0")
    assert lines[at - 1 : at + 3] == [
        "ap_fixed<33, 17> sum;",
        "#pragma HLS bind_op variable=sum op=add impl=dsp latency=0",
        "sum = F_local[i] * F_local[i] + ap_fixed<32, 16>(0.5);",
        "F_local[i] = sum;",
    ]


def test_bound_operators_give_the_same_values():
    random = np.random.default_rng(0)
    A, B = random.integers(-999, 999, (2, N), dtype=np.int16)
    X, F = random.normal(size=N).astype(np.float32), random.integers(-999, 999, N) / 256
    results = []
    for program, target in ((weighted, "simulator"), (bound(), "hls")):
        x, f = X.copy(), F.copy()
        total = sp.build(program, target=target)(A, B, x, f)
        results.append((total, x.tolist(), f.tolist()))
    assert results[0] == results[1]
