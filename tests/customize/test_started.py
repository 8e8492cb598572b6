"""A called function that is unfolded becomes kernels that its caller starts, as it would a region."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32

M, N, K = 2, 2, 3
DEPTH = M + 1


def gemm(A: int32[M, K], B: int32[K, N], C: int32[M, N]):
    for i, j in sp.grid(M, N, "PE"):
        for k in range(K):
            C[i, j] += A[i, k] * B[k, j]


def relu(C: int32[M, N]):
    for i, j in sp.grid(M, N):
        C[i, j] = max(C[i, j], 0)


def top(A: int32[M, K], B: int32[K, N], W: int32[M, K], Y: int32[M, N]):
    X: int32[M, N] = 0
    gemm(A, B, X)
    relu(X)
    gemm(W, B, Y)
    for i, j in sp.grid(M, N):
        Y[i, j] += X[i, j]


@sp.region()
def systolic(A: int32[M, K], B: int32[K, N], C: int32[M, N]):
    fifo_A: Stream[int32, DEPTH][M, N + 1]
    fifo_B: Stream[int32, DEPTH][M + 1, N]

    @sp.kernel(mapping=[M], args=[A])
    def load_A(A: int32[M, K]):
        i = sp.get_pid()
        for k in range(K):
            fifo_A[i, 0].put(A[i, k])

    @sp.kernel(mapping=[N], args=[B])
    def load_B(B: int32[K, N]):
        j = sp.get_pid()
        for k in range(K):
            fifo_B[0, j].put(B[k, j])

    @sp.kernel(mapping=[M, N], args=[C])
    def pe(C: int32[M, N]):
        i, j = sp.get_pid()
        for k in range(K):
            a: int32 = fifo_A[i, j].get()
            fifo_A[i, j + 1].put(a)
            b: int32 = fifo_B[i, j].get()
            fifo_B[i + 1, j].put(b)
            C[i, j] += a * b

    @sp.kernel(mapping=[M])
    def drain_A():
        i = sp.get_pid()
        for _ in range(K):
            left: int32 = fifo_A[i, N].get()

    @sp.kernel(mapping=[N])
    def drain_B():
        j = sp.get_pid()
        for _ in range(K):
            left: int32 = fifo_B[M, j].get()


def by_hand(A: int32[M, K], B: int32[K, N], W: int32[M, K], Y: int32[M, N]):
    X: int32[M, N] = 0
    systolic(A, B, X)
    relu(X)
    systolic(W, B, Y)
    for i, j in sp.grid(M, N):
        Y[i, j] += X[i, j]


def in_space():
    s = sp.customize(gemm)
    row, column = s.buffer_at("A", "j"), s.buffer_at("B", "j")
    pe = s.unfold("PE")
    s.to(row, pe, axis=0, depth=DEPTH)
    s.to(column, pe, axis=1, depth=DEPTH)
    return s


def mixed():
    s = sp.customize(top)
    s.compose(in_space())
    return s


def outcome(program, device):
    rng = np.random.default_rng(3)
    A, B, W, Y = (rng.integers(-9, 9, shape).astype(np.int32) for shape in ((M, K), (K, N), (M, K), (M, N)))
    cycles = sp.simulate(program, A, B, W, Y, device=device, engine="simpy").cycles
    return cycles, Y.tolist()


def told(work):
    with pytest.raises(sp.ProgramError) as refused:
        work()
    return refused.value.problems[0].report()


@pytest.mark.parametrize("device", ["ideal", "xcu280@300"])
def test_a_mixed_program_takes_the_cycles_of_the_one_written_by_hand(device):
    assert outcome(mixed(), device) == outcome(by_hand, device)
    assert outcome(mixed(), device)[1] == outcome(top, device)[1]


def test_each_call_has_a_grid_of_its_own():
    s = mixed()
    assert s._state.called == ("relu",)
    kernels = dict.fromkeys(actor.kernel for actor in s._state.graph.actors)
    assert {"PE", "PE_1", "load_A", "load_A_1", "drain_B_1"} < set(kernels)
    roles = {channel.stream for channel in s.program.graph.channels if channel.role == "start"}
    assert roles == {"top[0].gemm[0].start", "top[0].gemm_1[0].start"}
    one = sp.customize(top)
    one.compose(in_space(), id="gemm_1")
    assert one._state.called == ("gemm", "relu")
    assert outcome(one, "ideal")[1] == outcome(top, "ideal")[1]


def test_a_mixed_program_runs_as_machine_code():
    rng = np.random.default_rng(3)
    A, B, W = (rng.integers(-9, 9, shape).astype(np.int32) for shape in ((M, K), (K, N), (M, K)))
    Y, Z = np.zeros((M, N), np.int32), np.zeros((M, N), np.int32)
    module = sp.build(mixed())
    module(A, B, W, Y)
    sp.simulate(top, A, B, W, Z)
    assert np.array_equal(Y, Z)
    assert not module.simulator.ordered, "its arrays are known to be handed over, so it is compiled once"


def test_a_mixed_program_is_built_for_hls():
    rng = np.random.default_rng(4)
    A, B, W, Y = (rng.integers(-9, 9, shape).astype(np.int32) for shape in ((M, K), (K, N), (M, K), (M, N)))
    Z = Y.copy()
    sp.build(mixed(), target="hls")(A, B, W, Y)
    sp.simulate(top, A, B, W, Z)
    assert np.array_equal(Y, Z)


def test_a_grid_in_a_loop_is_started_each_time():
    def scaled(A: int32[4], f: int32):
        for i in range(4):
            A[i] = f * A[i]

    def layer(A: int32[4], f: int32):
        buf: int32[4] = 0
        for i in range(4):
            buf[i] = A[i] + 1
        scaled(buf, f)
        for i in range(4):
            A[i] = buf[i]

    def program(A: int32[4]):
        for t in range(3):
            layer(A, t + 1)

    s = sp.customize(program)
    pe = s.unfold("scaled:i")
    s.partition("scaled:A")
    assert 'df.memory = "program.buf"' in str(s.module)
    assert str(s.module).count("complete") == 2
    plain, mixed = np.arange(4, dtype=np.int32), np.arange(4, dtype=np.int32)
    sp.simulate(program, plain)
    run = sp.simulate(s, mixed)
    assert plain.tolist() == mixed.tolist()
    assert [name for name in run.actors if name.startswith(str(pe))] == [f"{pe}[{n}]" for n in range(4)]
    s.undo(2)
    assert s._state.called == ("layer", "scaled")


def test_a_region_is_called_from_a_function_under_a_schedule():
    s = sp.customize(by_hand)
    assert outcome(s, "ideal") == outcome(by_hand, "ideal")
    assert s._state.called == ("relu",)
    s.unroll("relu:j")
    s.pipeline("relu:i", ii=2)
    assert outcome(s, "ideal")[1] == outcome(by_hand, "ideal")[1]


def test_pes_cannot_share_a_grid():
    def doubled(A: int32[4, 4]):
        for i, j in sp.grid(4, 4):
            A[i, j] = 2 * A[i, j]

    def program(A: int32[4, 4]):
        for t in range(3):
            doubled(A)

    s = sp.customize(program)
    s.unfold("i")
    report = told(lambda: s.unfold("t"))
    assert report.title == "`program` starts `doubled`, which PEs cannot share"
    assert report.hint == "unfold the loops before the functions that they call"


def test_what_several_pes_call_is_not_unfolded():
    def doubled(A: int32[4]):
        for i in range(4):
            A[i] = 2 * A[i]

    @sp.region()
    def program(A: int32[4], B: int32[2, 4]):
        @sp.kernel(mapping=[2], args=[B])
        def pe(B: int32[2, 4]):
            p = sp.get_pid()
            buf: int32[4]
            for i in range(4):
                buf[i] = B[p, i]
            doubled(buf)
            for i in range(4):
                B[p, i] = buf[i]

    s = sp.customize(program)
    report = told(lambda: s.unfold("doubled:i"))
    assert report.title == "`doubled` is called by 2 PEs of `pe`"
    assert report.hint == "unfold what one PE calls"
    s.inline("doubled")
    assert s["doubled.i"].kernel == "pe"


def test_calls_become_processes():
    def load(A: int32[8], X: int32[8]):
        for i in range(8):
            X[i] = A[i] + 1

    def store(X: int32[8], B: int32[8]):
        for i in range(8):
            B[i] = 2 * X[i]

    def stages(A: int32[8], B: int32[8]):
        X: int32[8]
        load(A, X)
        store(X, B)

    def program(A: int32[8], B: int32[8]):
        stages(A, B)
        for i in range(8):
            B[i] += 1

    alone, inner = sp.customize(stages), sp.customize(program)
    assert len(alone.dataflow()) == 2
    inner.compose(alone)
    assert inner._state.called == ()
    A, B = np.arange(8, dtype=np.int32), np.zeros(8, np.int32)
    sp.simulate(inner, A, B)
    assert B.tolist() == [2 * (a + 1) + 1 for a in range(8)]


def test_an_array_has_one_layout_in_time_and_in_space():
    s = mixed()
    s.infer_layouts()
    assert str(s.layouts["top.X"].given) == "[complete, complete]"
    assert 'df.layout = "[complete, complete]", df.memory = "top.X"' in str(s.module)


def test_pes_of_a_started_grid_are_chained():
    def halves(A: int32[4]):
        for i in range(4):
            A[i] = A[i] + 1

    def program(A: int32[4]):
        halves(A)
        for i in range(4):
            A[i] = 2 * A[i]
        halves(A)

    s = sp.customize(program)
    pe = s.unfold("halves:i")
    s.chain(s[str(pe)][0], s[str(pe)][1])
    A = np.arange(4, dtype=np.int32)
    sp.simulate(s, A)
    assert A.tolist() == [2 * (a + 1) + 1 for a in range(4)]


def test_a_called_function_fills_its_buffer_beside_its_work():
    def blocks(A: int32[4, 8], B: int32[4, 8]):
        for b in range(4):
            buf: int32[8]
            for i in range(8):
                buf[i] = A[b, i]
            for j in range(8):
                B[b, j] = 3 * buf[j]

    def program(A: int32[4, 8], B: int32[4, 8]):
        blocks(A, B)
        blocks(B, A)

    s, one = sp.customize(program), sp.customize(blocks)
    one.double_buffer("buf")
    s.compose(one)
    A, B = np.arange(32, dtype=np.int32).reshape(4, 8), np.zeros((4, 8), np.int32)
    run = sp.simulate(s, A, B)
    assert A.tolist() == (9 * np.arange(32).reshape(4, 8)).tolist()
    assert run.cycles < sp.simulate(program, A, B).cycles


def test_what_starts_kernels_is_no_grid_itself():
    def doubled(A: int32[4]):
        for i in range(4):
            A[i] = 2 * A[i]

    def rounds(A: int32[4]):
        for _ in range(2):
            doubled(A)

    def program(A: int32[4]):
        rounds(A)

    s = sp.customize(program)
    s.unfold("doubled:i")
    assert told(lambda: s.dataflow("rounds")).title == "`rounds` starts `doubled`, which PEs cannot share"
