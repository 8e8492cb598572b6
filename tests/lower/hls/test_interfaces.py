"""Which port each parameter of a region gets, and what is no port."""

import re
from pathlib import Path

import pytest

import spatial as sp
from spatial import Stream, float32, int8, int32
from spatial.ir.graph import actor_graph
from spatial.lower.hls.interfaces import Axis, Bram, MAxi, SAxilite, container_bits, interfaces_of
from spatial.region.program import compile_region


@sp.region()
def scale(A: float32[8], a: float32[8], n: int32, s: Stream[int8, 4], m: int32):
    @sp.kernel(args=[A, a, n, s, m])
    def work(A: float32[8], a: float32[8], n: int32, s: Stream[int8, 4], m: int32):
        for k in range(8):
            a[k] = A[k] * n * m
            s.put(k)


@pytest.fixture(scope="module")
def graph():
    return actor_graph(compile_region(scale).module)


def refused(graph, given):
    with pytest.raises(sp.ProgramError) as caught:
        interfaces_of(graph, given)
    return str(caught.value)


def test_a_parameter_has_a_port_by_its_kind(graph):
    control = SAxilite()
    assert interfaces_of(graph) == {
        "A": MAxi(bundle="gmem_a"),
        "a": MAxi(bundle="gmem_a_2"),
        "n": control,
        "s": Axis(),
        "m": control,
    }


def test_what_is_given_overrides_the_port(graph):
    port = sp.m_axi(bundle="g0", bank="HBM[0]", width=512, burst=64)
    found = interfaces_of(graph, {"A": port, "a": sp.bram(ports=2), "s": sp.axis(register="off")})
    assert found["A"] == port
    assert found["a"] == Bram(ports=2)
    assert found["s"] == Axis(register="off")
    assert found["n"] == SAxilite()


def test_a_bundle_of_the_users_is_not_taken_again(graph):
    found = interfaces_of(graph, {"a": sp.m_axi(bundle="gmem_a")})
    assert [found["A"].bundle, found["a"].bundle] == ["gmem_a_2", "gmem_a"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"B": sp.m_axi()}, "`scale` has no parameter `B`"),
        ({"A": sp.axis()}, "`A` is an array, which has no interface `sp.axis(...)`"),
        ({"n": sp.m_axi()}, "`n` is a scalar, which has no interface `sp.m_axi(...)`"),
        ({"s": sp.bram()}, "`s` is a stream, which has no interface `sp.bram(...)`"),
        ({"A": "g0"}, "the interface of `A` is `'g0'`, which is none"),
        ({"A": sp.m_axi(width=16)}, "takes 32 bits, a data bus of 16 is narrower"),
        (
            {"A": sp.m_axi(bundle="g", bank="HBM[0]"), "a": sp.m_axi(bundle="g", bank="HBM[1]")},
            "the port `g` has one `bank`, `A` and `a` give two",
        ),
        (
            {"n": sp.s_axilite(offset=0x10), "m": sp.s_axilite(offset=0x10)},
            "the registers of `n` and `m` overlap at 0x10",
        ),
        ([sp.m_axi()], "`interfaces` maps names of parameters to interfaces"),
    ],
)
def test_what_does_not_fit_a_parameter_is_refused(graph, given, told):
    assert told in refused(graph, given)


def test_all_that_is_wrong_is_told(graph):
    text = refused(graph, {"A": sp.axis(), "n": sp.axis(), "x": sp.axis()})
    assert len(re.findall(r"error\[hls/interface\]", text)) == 3


def test_a_misfit_points_at_the_interface(graph):
    port = sp.axis()  # here
    with pytest.raises(sp.ProgramError) as caught:
        interfaces_of(graph, {"A": port})
    (problem,) = caught.value.problems
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    assert "# here" in lines[problem.report().primary.span.line - 1]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: sp.m_axi(bundle="G0"), 'write `bundle="g0"`'),
        (lambda: sp.m_axi(bundle=""), "`bundle` is a name"),
        (lambda: sp.m_axi(bank="HBM 0"), "there is no memory bank `'HBM 0'`"),
        (lambda: sp.m_axi(bank="HBM[32]"), "none of the 32 channels of HBM"),
        (lambda: sp.m_axi(bank="DDR[3:1]"), "end before they begin"),
        (lambda: sp.m_axi(width=500), "one of 8, 16, 32, 64, 128, 256, 512, 1024: not `500`"),
        (lambda: sp.m_axi(width=512, burst=65), "write `burst=64`"),
        (lambda: sp.m_axi(burst=1), "from 2 to 256"),
        (lambda: sp.m_axi(latency=-1), "`latency` is a number of cycles"),
        (lambda: sp.m_axi(num_outstanding=True), "`num_outstanding` is a number of requests"),
        (lambda: sp.axis(register="some"), 'one of "both", "forward", "reverse", "off"'),
        (lambda: sp.s_axilite(offset=4), "from 16 to 65535"),
        (lambda: sp.s_axilite(offset=18), "write `offset=0x10`"),
        (lambda: sp.bram(ports=3), "one of 1, 2: not `3`"),
        (lambda: sp.bram(latency=0), "from 1 to 64"),
    ],
)
def test_a_port_that_cannot_be_built_is_refused(make, told):
    with pytest.raises(sp.ProgramError, match=re.escape(told)):
        make()


@pytest.mark.parametrize(("bits", "takes"), [(1, 8), (8, 8), (9, 16), (12, 16), (32, 32), (33, 64), (1024, 1024)])
def test_an_element_takes_a_power_of_two_of_bits(bits, takes):
    assert container_bits(bits) == takes
