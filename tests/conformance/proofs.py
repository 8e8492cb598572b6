"""Which plain loop nest each conformance program equals, and in which mode that is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import spatial as sp
from tests.conformance.cell import drawn
from tests.conformance.nests import decisions, numbers, products, signals
from tests.conformance.program import Program, Size

__all__ = ["PROOFS", "Proof", "verdict_of"]

TESTS = 20
CONTROL = "numbers decide which element, branch or round comes next"
ZEROS = "it knows the zeros of its first row, which are data of the nest"
SINGLE = "its only stage knows where the vector begins, which is data of the nest"
TIME = "time decides in which order tokens come"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A plain loop nest for every size, and the `mode` in which `sp.verify` shows that a program equals it.

    `given` are parameters that begin with known numbers: scalars that decide how often loops run are those of the
    program's inputs, outputs that are added to are zero. A program that can only be tested has a `reason` why, and
    with `drawn` the test takes its own inputs, since others are outside of what it is for. At the sizes in `tested` the
    mode rejects it, for the reason that is given there, and it is tested.
    """

    nest: Callable[..., object]
    mode: str = "exact"
    reason: str = ""
    scalars: tuple[str, ...] = ()
    zeros: tuple[str, ...] = ()
    drawn: tuple[str, ...] = ()
    tested: Mapping[Size, str] = field(default_factory=dict)

    def mode_at(self, size: Size) -> str:
        """In which mode it is shown at a size."""
        return "test" if size in self.tested else self.mode


def verdict_of(program: Program, proof: Proof, size: Size, mode: str = "") -> sp.Verdict:
    """What `sp.verify` says of a program and its nest at a size."""
    region = program.make(*size, depth=max(2, program.least_depth(*size)))
    names = [parameter.name for parameter in sp.build(region, target="simulator").program.graph.asked]
    inputs = dict(zip(names, drawn(program, size), strict=False))
    given: dict[str, object] = {name: inputs[name] for name in proof.scalars} | dict.fromkeys(proof.zeros, 0)
    mode = mode or proof.mode_at(size)
    if mode != "test":
        return sp.verify(region, proof.nest(*size), mode=mode, inputs=given, explain=False)
    positions = {name: at for at, name in enumerate(names)}
    for name in proof.drawn:
        given[name] = lambda generator, at=positions[name]: program.inputs(generator, *size)[at]
    return sp.verify(region, proof.nest(*size), mode="test", inputs=given, samples=TESTS, seed=1)


PROOFS: Mapping[str, Proof] = {
    "attention": Proof(nest=numbers.attention),
    "conv2d_row_stationary": Proof(nest=signals.convolution, mode="ring"),
    "cordic": Proof(nest=signals.cordic, tested={(1, 3): SINGLE}),
    "fft": Proof(nest=signals.fft),
    "fir": Proof(nest=signals.fir),
    "game_of_life": Proof(nest=decisions.life, scalars=("generations",)),
    "gemm_blocks": Proof(nest=lambda P, T: products.added(P * T), mode="ring"),
    "gemm_cannon": Proof(nest=lambda P: products.product(P, P, P), mode="ring"),
    "gemm_daisy_chain": Proof(nest=lambda P, W: products.product(P, P, 4 * W), mode="test", reason="words are packed"),
    "gemm_hierarchical": Proof(nest=lambda G, T, K: products.product(G * T, G * T, K)),
    "gemm_input_stationary": Proof(nest=products.product),
    "gemm_output_stationary": Proof(nest=products.product),
    "gemm_sharded": Proof(nest=lambda P, Q, L, r, c, k: products.product(P * r, Q * c, L * k), mode="ring"),
    "gemm_sparse": Proof(nest=products.sparse, mode="test", reason=CONTROL),
    "gemm_summa": Proof(nest=lambda P, T: products.added(P * T), mode="ring"),
    "gemm_systolic_1d": Proof(nest=products.product),
    "gemm_tiled": Proof(nest=products.product),
    "gemm_weight_stationary": Proof(nest=products.product),
    "histogram": Proof(nest=decisions.histogram, mode="test", reason=CONTROL, drawn=("X",)),
    "jacobi": Proof(nest=decisions.jacobi, scalars=("steps",)),
    "lu": Proof(nest=numbers.lu),
    "mandelbrot": Proof(nest=decisions.mandelbrot, mode="test", reason=TIME),
    "matvec_partial_sums": Proof(nest=lambda M, P, S: products.matvec(M, P * S), mode="ring"),
    "merge_sort": Proof(nest=decisions.sorted_rows, mode="test", reason=CONTROL),
    "mlp": Proof(nest=numbers.mlp),
    "mode_in_band": Proof(nest=decisions.modes),
    "packets": Proof(nest=decisions.packets, mode="test", reason=CONTROL),
    "ping_pong": Proof(nest=numbers.transposed),
    "polling": Proof(nest=decisions.polling, mode="test", reason=TIME),
    "prefix_sum": Proof(nest=numbers.prefix_sum, mode="ring"),
    "router": Proof(nest=decisions.route, mode="test", reason=CONTROL, drawn=("target",)),
    "sieve": Proof(nest=decisions.sieve, scalars=("limit",)),
    "sliding_maximum": Proof(nest=signals.sliding_maximum, mode="test", reason="tokens are left in its channel"),
    "smith_waterman": Proof(nest=decisions.align, mode="test", reason=ZEROS),
    "spmv": Proof(nest=numbers.spmv, mode="test", reason=CONTROL, drawn=("starts", "columns")),
    "stateful_filter": Proof(nest=signals.biquads),
    "statistics": Proof(nest=numbers.statistics),
    "stencil": Proof(nest=signals.blur),
    "top_k": Proof(nest=numbers.top_k),
}
