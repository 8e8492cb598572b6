"""What is seen of each form of access."""

import islpy

import spatial as sp
from spatial import Stream, int32
from spatial.analysis.dependence.sets import touched
from tests.analysis.dependence.compiled import accesses_of, between, dependences_of, kinds


def pairs_of(dependences, access):
    """Every iteration of an access with each element it may touch."""
    found = []
    elements = touched(access, dependences.parameters).wrap()
    elements.foreach_point(lambda point: found.append(coordinates(point)))
    return sorted(found)


def coordinates(point):
    space = point.get_space().dim(islpy.dim_type.set)
    return tuple(point.get_coordinate_val(islpy.dim_type.set, place).to_python() for place in range(space))


def test_bounds_follow_outer_loops_and_steps():
    @sp.region()
    def top(A: int32[8]):
        @sp.kernel()
        def f(A: int32[8]):
            for i in range(1, 6, 2):
                for j in range(i, 6, 3):
                    A[j] = 0

    dependences = dependences_of(top)
    (store,) = accesses_of(dependences, "A")
    assert pairs_of(dependences, store) == [(i, j, j) for i in range(1, 6, 2) for j in range(i, 6, 3)]


def test_a_loop_downward_is_shown_as_the_user_sees_it():
    @sp.region()
    def top(A: int32[8]):
        @sp.kernel()
        def f(A: int32[8]):
            for i in range(6, 1, -2):
                A[i] = A[i - 2]

    dependences = dependences_of(top)
    store = accesses_of(dependences, "A")[1]
    assert pairs_of(dependences, store) == [(0, 6), (1, 4), (2, 2)]
    found = dependences.violated(
        {store.op.operation: (0, "-i0", 1), dependences.accesses[0].op.operation: (0, "-i0", 0)}
    )
    assert found.sentence == "A[4] is read at i = 6 and written at i = 4, which would then come first"


def test_quotients_and_remainders_are_exact():
    @sp.region()
    def top(A: int32[8]):
        @sp.kernel()
        def f(A: int32[8]):
            for i in range(8):
                A[i // 3] = 0
                A[(i + 5) % 4] = 1
                A[(i - 3) % 4 + i // 8] = 2

    dependences = dependences_of(top)
    first, second, third = (pairs_of(dependences, access) for access in accesses_of(dependences, "A"))
    assert first == [(i, i // 3) for i in range(8)]
    assert second == [(i, (i + 5) % 4) for i in range(8)]
    assert third == [(i, (i - 3) % 4) for i in range(8)]


def test_accesses_are_apart_where_remainders_tell():
    @sp.region()
    def top(A: int32[32], B: int32[32], C: int32[32]):
        @sp.kernel()
        def f(A: int32[32], B: int32[32], C: int32[32]):
            for i in range(0, 16, 2):
                for j in range(4):
                    A[i + 4 * j] = A[i + 4 * j + 1]
                    B[i + 4 * j] = B[i + 4 * j + 2]
                    C[i // 3] = C[i // 3 + 1]

    dependences = dependences_of(top)
    assert {each.kind for each in between(dependences, "A")} == {"output"}
    assert {each.kind for each in between(dependences, "B")} == {"output", "flow", "anti"}
    assert {each.kind for each in between(dependences, "C")} == {"output", "anti"}


def test_indices_in_integers_are_read_where_they_cannot_wrap():
    @sp.region()
    def top(A: int32[16], n: int32):
        @sp.kernel()
        def f(A: int32[16], n: int32):
            for i in range(6):
                k: int32 = 2 * i
                A[k + 1] = 0
                wide: sp.int8 = 100 * i
                A[wide % 4] = 1

    dependences = dependences_of(top)
    sure, wrapped = accesses_of(dependences, "A")
    assert pairs_of(dependences, sure) == [(i, 2 * i + 1) for i in range(6)]
    assert wrapped.indices == (None,)


def test_conditions_on_loop_variables_narrow_iterations():
    @sp.region()
    def top(A: int32[8], B: int32[8]):
        @sp.kernel()
        def f(A: int32[8], B: int32[8]):
            for i in range(6):
                for j in range(6):
                    if i < j and not (i == 2 or j % 2 == 0):
                        A[j] = 0
                    else:
                        B[j] = 0
                    if j > 3:
                        continue
                    A[i] = 1

    dependences = dependences_of(top)
    (first, last), (other,) = (accesses_of(dependences, name) for name in "AB")
    every = [(i, j) for i in range(6) for j in range(6)]
    met = [(i, j) for i, j in every if i < j and not (i == 2 or j % 2 == 0)]
    assert pairs_of(dependences, first) == [(i, j, j) for i, j in met]
    assert pairs_of(dependences, other) == [(i, j, j) for i, j in every if (i, j) not in met]
    assert pairs_of(dependences, last) == [(i, j, i) for i, j in every if j <= 3]


def test_what_data_decide_may_be_anything():
    @sp.region()
    def top(A: int32[4], B: int32[4], n: int32):
        @sp.kernel()
        def f(A: int32[4], B: int32[4], n: int32):
            for i in range(2):
                if B[i] > 0:
                    A[B[i]] = 0
            for i in range(2):
                for j in range(B[i]):
                    A[j] = 1

    dependences = dependences_of(top)
    guarded, counted = accesses_of(dependences, "A")
    assert pairs_of(dependences, guarded) == [(i, e) for i in range(2) for e in range(4)]
    assert pairs_of(dependences, counted) == [(i, j, j) for i in range(2) for j in range(4)]
    assert touched(guarded, dependences.parameters, surely=True).is_empty()
    assert touched(counted, dependences.parameters, surely=True).is_empty()


def test_a_value_that_is_fixed_before_the_loops_is_a_parameter():
    @sp.region()
    def top(A: int32[16], n: int32, m: int32):
        @sp.kernel(mapping=[2])
        def f(A: int32[16], n: int32, m: int32):
            p = sp.get_pid()
            for i in range(n):
                A[p * 8 + i] = 0
                A[p * 8 + i + 1] = 1

    dependences = dependences_of(top)
    assert len(dependences.parameters) == 2
    assert ("output", (1,)) in kinds(dependences, "A")


def test_a_loop_until_something_happens_has_any_number_of_iterations():
    @sp.region()
    def top(A: int32[4]):
        @sp.kernel()
        def f(A: int32[4]):
            i: int32 = 0
            while i < 4:
                A[2] = i
                i += 1

    dependences = dependences_of(top)
    (store,) = accesses_of(dependences, "A")
    assert store.times == (1, "i0", 2)
    assert kinds(dependences, "A") == [("output", (None,))]


def test_operations_on_one_channel_keep_their_order():
    @sp.region()
    def top(A: int32[4]):
        s: Stream[int32, 2]
        t: Stream[int32, 2]

        @sp.kernel()
        def f():
            for i in range(4):
                s.put(i)
                t.put(i)

        @sp.kernel()
        def g(A: int32[4]):
            for i in range(4):
                if s.empty():
                    A[0] = t.get()
                A[i] = s.peek() + s.get()

    writer, reader = dependences_of(top), dependences_of(top, 1)
    assert kinds(writer, "s") == kinds(writer, "t") == [("channel", (None,))]
    places = [(each.source.order, each.sink.order) for each in between(reader, "s")]
    assert [access.op.name for access in accesses_of(reader, "s")] == ["df.empty", "df.peek", "df.get"]
    assert len(places) == 9
    assert {each.kind for each in between(reader, "s")} == {"channel"}


def test_a_choice_between_channels_uses_all_of_them():
    @sp.region()
    def top(A: int32[4]):
        s: Stream[int32, 2][2]

        @sp.kernel()
        def f():
            s[0].put(0)

        @sp.kernel()
        def g():
            s[1].put(0)

        @sp.kernel()
        def h(A: int32[4]):
            for i in range(2):
                A[i], _token = sp.select(s)

    dependences = dependences_of(top, 2)
    assert len({access.resource for access in accesses_of(dependences, "s")}) == 2
    assert {each.kind for each in between(dependences, "s")} == {"channel"}


def test_blocks_are_touched_as_a_whole():
    @sp.region()
    def top(A: int32[4]):
        s: Stream[int32[4], 2]

        @sp.kernel(args=[A])
        def f(A: int32[4]):
            for i in range(4):
                A[i] = 0
                s.put(A)

        @sp.kernel()
        def g():
            for i in range(4):
                block = s.get()

    put = accesses_of(dependences_of(top), "A")[1]
    got = accesses_of(dependences_of(top, 1), "block")[0]
    assert (put.reads, put.writes, put.whole) == (True, False, True)
    assert (got.reads, got.writes, got.whole) == (False, True, True)


def test_messages_keep_their_order():
    @sp.region()
    def top(A: int32[4]):
        @sp.kernel()
        def f(A: int32[4]):
            for i in range(4):
                print(A[i])
                assert A[i] >= 0

    dependences = dependences_of(top)
    assert [each.kind for each in dependences.all] == ["messages"] * 4
    first, second = dependences.carried(dependences.loops[0])[:2]
    assert (first.distance, second.distance) == ((None,), (None,))


def test_one_array_under_two_names_is_one_array():
    @sp.region()
    def top(A: int32[8], B: int32[8]):
        @sp.kernel(args=[A, A[0:4], B])
        def f(A: int32[8], low: int32[4], B: int32[8]):
            for i in range(4):
                low[i] = A[i + 1]
                B[i] = 0

    dependences = dependences_of(top)
    assert "anti" in {each.kind for each in between(dependences, "A")}
    load, store = (access for access in dependences.accesses if access.resource.name != "B")
    assert load.resource is store.resource


def test_a_function_in_cpp_may_touch_all_it_is_given(tmp_path):
    source = tmp_path / "double.cc"
    source.write_text("void double_all(const int *a, int *b) {}")
    double = sp.external("double_all", source=source, args=[sp.In(int32[4]), sp.Out(int32[4])], cycles=4)

    @sp.region()
    def top(A: int32[4], B: int32[4]):
        @sp.kernel()
        def f(A: int32[4], B: int32[4]):
            for i in range(4):
                A[i] = i
                double(A, B)

    dependences = dependences_of(top)
    call = [access for access in dependences.accesses if access.op.name == "df.external"]
    assert [(access.resource.name, access.reads, access.writes) for access in call] == [
        ("A", True, False),
        ("B", False, True),
    ]
    assert [access.indices for access in call] == [(None,), (None,)]


def test_distances_are_told_for_each_loop():
    @sp.region()
    def top(A: int32[8, 8]):
        @sp.kernel()
        def f(A: int32[8, 8]):
            for i, j in sp.grid(8, 8):
                A[i, j] = A[i - 1, j + 1] if i > 0 and j < 7 else 0

    dependences = dependences_of(top)
    assert kinds(dependences, "A") == [("flow", (1, -1))]
    assert [loop.name for loop in dependences.loops] == ["i", "j"]
    assert dependences.accesses[0].times == (0, "i0", 0, "i1", 0)
