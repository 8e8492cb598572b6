"""The schedule of a kernel is taken again where the kernel stands in another program."""

import numpy as np
import pytest

import spatial as sp
from spatial import Stream, int32
from spatial.customize.schedule import Schedule
from spatial.customize.steps import primitive
from spatial.ir.mlir import ir
from spatial.kernel.errors import WrongUse
from spatial.schedule.naming import fresh_name, loop_name


class Renaming(Schedule):
    """A schedule with a step that changes a name, unless it is told not to."""

    @primitive
    def rename(self, at, loop, name, kind="any"):
        """Gives a loop a name."""
        op = at.loop(loop)
        if name == loop_name(op):
            raise sp.ProgramError([WrongUse(title="this is its name", span=at.span)])
        op.attributes["df.name"] = ir.StringAttr.get(fresh_name(at.function, name))
        return at.loop_reference(op)


def renaming(program):
    made = sp.customize(program)
    return Renaming(made.name, made._state)


@sp.kernel
def doubled(X: Stream[int32], Y: Stream[int32]):
    for k in range(4):
        Y.put(2 * X.get())


@sp.region()
def twice(A: Stream[int32], B: Stream[int32]):
    middle: Stream[int32]
    doubled(A, middle)
    doubled(middle, B)


def doubled_schedule():
    s = renaming(doubled)
    row = s.rename("k", "row", kind="k")
    s.rename(row, name="line")
    s.rename("doubled:line", "last")
    return s


def names(s):
    return [loop.name for function in s._state.functions for loop in s._state.loops(function)]


def told(work):
    with pytest.raises(sp.ProgramError) as refused:
        work()
    return refused.value.problems[0].report()


def test_the_steps_are_taken_in_every_instance_as_one_step():
    s, kernel = renaming(twice), doubled_schedule()
    before = str(s.module)
    s.compose(kernel)
    assert names(s) == ["last", "last"]
    assert [str(step) for step in s.history] == ['compose("doubled")']
    assert str(s["doubled_1:last"]) == "last"
    s.undo()
    assert str(s.module) == before
    s.compose([kernel])
    assert names(s) == ["last", "last"]
    assert sp.simulate(s, [1, 2, 3, 4]).outputs["B"].tolist() == [4, 8, 12, 16]


def test_one_instance_is_chosen_by_its_name_or_number():
    for number, name in enumerate(("doubled", "doubled_1")):
        for chosen in (number, np.int64(number), name):
            s = renaming(twice)
            s.compose(doubled_schedule(), id=chosen)
            assert names(s) == ["last" if place == number else "k" for place in (0, 1)]
    report = told(lambda: renaming(twice).compose(doubled_schedule(), id="other"))
    assert report.title == "`doubled` has no instance 'other'"
    assert report.hint == "its instances are doubled, doubled_1"


def test_a_composed_schedule_is_composed_again():
    inner, outer = renaming(doubled), renaming(twice)
    inner.compose(doubled_schedule())
    outer.compose(inner)
    assert names(outer) == ["last", "last"]


def test_a_step_that_is_refused_changes_nothing():
    s, kernel = renaming(twice), doubled_schedule()
    s.rename("doubled_1:k", "line")
    before = str(s.module)
    report = told(lambda: s.compose(kernel))
    assert report.title == f"there is no loop `k` any more: `rename` in line {s.history[0].span.line} made `line` of it"
    assert report.related[-1].text == '`rename("k", "row", kind="k")` of the schedule of `doubled`'
    assert report.related[-1].span == kernel.history[0].span
    assert str(s.module) == before
    assert len(s.history) == 1


def test_what_cannot_be_composed_is_told():
    report = told(lambda: renaming(doubled).compose(renaming(twice)))
    assert report.title == "`doubled` has no kernel `twice`, whose schedule is composed"
    assert report.hint == "its kernels are doubled"
    assert told(lambda: renaming(twice).compose(doubled)).title.startswith("`compose` takes schedules, not `")
    assert told(lambda: renaming(doubled).compose()).title == "`compose` takes at least one schedule"


def products(A: int32[2, 2], B: int32[2, 2]):
    for i, j in sp.grid(2, 2, "PE"):
        B[i, j] = A[i, j] * A[i, j]


def test_a_grid_that_a_step_made_is_bundled_in_every_instance():
    def twice(A: int32[2, 2]) -> int32[2, 2]:
        B: int32[2, 2]
        C: int32[2, 2]
        products(A, B)
        products(B, C)
        return C

    inner = sp.customize(products)
    inner.bundle(inner.unfold("PE"))
    s = sp.customize(twice)
    s.compose(inner)
    run = sp.simulate(s, [[1, 2], [3, -2]], engine="simpy")
    assert run.result.tolist() == [[1, 16], [81, 16]]
    assert len(run.actors) == 3


def test_a_slice_of_a_grid_that_a_step_made_is_bundled_in_every_instance():
    def twice(A: int32[2, 2]) -> int32[2, 2]:
        B: int32[2, 2]
        C: int32[2, 2]
        products(A, B)
        products(B, C)
        return C

    inner = sp.customize(products)
    inner.unfold("PE")
    inner.bundle(inner["PE"][0, :])
    s = sp.customize(twice)
    s.compose(inner)
    run = sp.simulate(s, [[1, 2], [3, -2]], engine="simpy")
    assert run.result.tolist() == [[1, 16], [81, 16]]
    assert len(run.actors) == 7


def scaled(X: int32[8], w: int32[8], Y: int32[8]):
    H: int32[8]
    for i in range(8):
        H[i] = X[i] * w[i]
    for i in range(8):
        Y[i] = max(H[i], 0)


def both(X: int32[8], w: int32[8], Y: int32[8]):
    T: int32[8]
    scaled(X, w, T)
    scaled(T, w, Y)


@pytest.mark.parametrize(
    ("step", "channels"),
    [
        (lambda s, first, second: s.to(s.H, second, depth=2), ["fifo_H", "fifo_H_1"]),
        (lambda s, first, second: s.to("H", str(second), depth=3), ["fifo_H", "fifo_H_1"]),
        (lambda s, first, second: s.chain(first, s[str(second)]), []),
        (lambda s, first, second: s.partition(s.X, "cyclic", factor=2), ["ready_H", "ready_H_1"]),
    ],
)
def test_what_follows_dataflow_is_composed_in_every_instance(step, channels):
    inner = sp.customize(scaled)
    step(inner, *inner.dataflow())
    s = sp.customize(both)
    s.compose(inner)
    given = [np.arange(-4, 4, dtype=np.int32), np.full(8, -3, np.int32)]
    Y, expected = np.zeros(8, np.int32), np.zeros(8, np.int32)
    run = sp.simulate(s, *given, Y, engine="simpy")
    sp.simulate(both, *given, expected)
    assert Y.tolist() == expected.tolist()
    assert sorted(name for name in run.channels if "H" in name) == channels
