"""Arrays of a run: random by a seed, from a file, into a file."""

import subprocess
import sys

import ml_dtypes
import numpy as np
import pytest

from spatial import Int, UInt, bfloat16, bool_, float16, float32, float64, index, int8, int16, int32, int64, uint8
from spatial.build.samples import random_array
from spatial.types.values import numpy_dtype, to_values

FORMS = """
import spatial as sp
from spatial import UInt, bfloat16

@sp.region()
def forms(wide: UInt(70)[2], small: bfloat16[2], file: sp.int8[2]):
    @sp.kernel(args=[wide, small, file])
    def only(wide: UInt(70)[2], small: bfloat16[2], file: sp.int8[2]):
        wide[0] = wide[1]
        small[0] = small[1]
        file[0] = file[1]
"""


def outputs(spatial, *options: object) -> dict[str, np.ndarray]:
    assert spatial("simulate", *options, "--outputs", "out.npz").exit_code == 0
    with np.load("out.npz") as file:
        return dict(file)


def test_a_seed_gives_the_same_arrays_each_time(spatial):
    first, again = (outputs(spatial, "good.py:scale") for _ in range(2))
    other = outputs(spatial, "good.py:scale", "--seed", 1)
    assert np.array_equal(first["A"], again["A"])
    assert not np.array_equal(first["A"], other["A"])


def test_outputs_hold_every_array_after_the_run(spatial):
    found = outputs(spatial, "good.py:scale")
    assert found["B"].dtype == np.int32
    assert np.array_equal(found["B"], 2 * found["A"].astype(np.int32))


def test_inputs_are_taken_by_name_and_the_others_stay_as_without(spatial, folder):
    text = (folder / "good.py").read_text(encoding="utf-8")
    text = text.replace("B[k] = A[k] * factor", "B[k] += A[k] * factor")
    (folder / "sum.py").write_text(text, encoding="utf-8")
    plain = outputs(spatial, "sum.py:make")
    given = np.array([100, 200, 300, 400], np.int32)
    np.savez("in.npz", B=given)
    found = outputs(spatial, "sum.py:make", "--inputs", "in.npz")
    assert np.array_equal(found["A"], plain["A"])
    assert np.array_equal(found["B"], given + 3 * plain["A"].astype(np.int32))


def test_arrays_that_are_only_written_start_at_zero(spatial, folder):
    text = (folder / "good.py").read_text(encoding="utf-8").replace("for k in range(4):", "for k in range(2):")
    (folder / "half.py").write_text(text, encoding="utf-8")
    assert outputs(spatial, "half.py:scale")["B"][2:].tolist() == [0, 0]


def test_types_that_npz_lacks_survive_the_way_through_a_file(spatial, folder):
    (folder / "forms.py").write_text(FORMS, encoding="utf-8")
    wide, small = np.array(["1", str(2**70 - 1)]), np.array([0, 1.5], ml_dtypes.bfloat16)
    np.savez("in.npz", wide=wide, small=small)
    found = outputs(spatial, "forms.py", "--inputs", "in.npz")
    assert found["wide"].tolist() == [str(2**70 - 1)] * 2
    assert found["small"].view(ml_dtypes.bfloat16).tolist() == [1.5, 1.5]
    again = outputs(spatial, "forms.py", "--inputs", "out.npz")
    assert all(np.array_equal(again[name], array) for name, array in found.items())


def test_a_deadlock_writes_no_outputs(spatial, folder):
    assert spatial("simulate", "shallow.py:shallow", "--outputs", "out.npz").exit_code == 1
    assert sorted(path.name for path in folder.glob("*out.npz*")) == []


def test_outputs_replace_an_older_file_and_leave_nothing_else(spatial, folder):
    (folder / "out.npz").write_text("old", encoding="utf-8")
    assert "B" in outputs(spatial, "good.py:scale")
    assert [path.name for path in folder.iterdir() if "out.npz" in path.name] == ["out.npz"]


def refused(spatial, *options: object) -> str:
    result = spatial("simulate", "good.py:scale", *options)
    assert result.exit_code == 2
    return " ".join(result.stderr.split())


@pytest.mark.parametrize("depth", ["fifo", "fifo=", "fifo=0", "fifo=-1", "fifo=x", "=3", "fifo=2.5"])
def test_a_depth_that_is_none_is_a_usage_error(spatial, depth):
    assert "is not like fifo_A=4 or fifo_A[1,2]=4" in refused(spatial, "--depth", depth)


@pytest.mark.parametrize("option", ["--depth", "--record"])
def test_an_unknown_channel_is_a_usage_error_with_a_suggestion(spatial, option):
    told = refused(spatial, option, "fifa=3" if option == "--depth" else "fifa")
    assert "`scale` has no channel `fifa`; did you mean `fifo`?" in told


def test_other_wrong_options_are_usage_errors(spatial):
    assert "fpga" in refused(spatial, "--device", "fpga")
    assert "0" in refused(spatial, "--until", "0")
    assert "-1" in refused(spatial, "--seed", "-1")
    assert "--sed" in refused(spatial, "--sed", "1")


def test_inputs_that_cannot_be_read_are_a_usage_error(spatial, folder):
    assert "cannot read arrays from absent.npz" in refused(spatial, "--inputs", "absent.npz")
    (folder / "text.npz").write_text("no archive", encoding="utf-8")
    assert "cannot read arrays from text.npz" in refused(spatial, "--inputs", "text.npz")
    np.save("one.npy", np.zeros(3))
    assert "it holds one array" in refused(spatial, "--inputs", "one.npy")
    np.savez("pickled.npz", A=np.array([object()]))
    assert "cannot read arrays from pickled.npz" in refused(spatial, "--inputs", "pickled.npz")


def test_inputs_that_do_not_fit_are_a_usage_error(spatial):
    np.savez("in.npz", C=np.zeros(4, np.int8))
    assert "`scale` has no array `C`: there are `A`, `B`" in refused(spatial, "--inputs", "in.npz")
    np.savez("in.npz", A=np.full(4, 300, np.int16))
    assert "`A` is declared as `int8[4]`, the array given has the type `int16`" in refused(
        spatial, "--inputs", "in.npz"
    )
    np.savez("in.npz", A=np.zeros(5, np.int8))
    assert "the array given has the shape [5]" in refused(spatial, "--inputs", "in.npz")


def test_outputs_that_cannot_be_written_are_a_usage_error(spatial):
    assert "cannot write absent/out.npz" in refused(spatial, "--outputs", "absent/out.npz")


@pytest.mark.parametrize(
    ("dtype", "least", "greatest"),
    [
        (int8, -128, 127),
        (uint8, 0, 255),
        (Int(3), -4, 3),
        (UInt(1), 0, 1),
        (int16, -32768, 32767),
        (bool_, 0, 1),
        (int32, -1000, 1000),
        (int64, -1000, 1000),
        (UInt(100), 0, 1000),
        (index, 0, 7),
    ],
)
def test_random_integers_fill_small_types_and_stay_modest_in_wide_ones(dtype, least, greatest):
    array = random_array(dtype[5000], np.random.default_rng(0))
    values = to_values(array, dtype)
    assert array.dtype == numpy_dtype(dtype)
    assert least <= min(values) < max(values) <= greatest
    assert max(values) - min(values) > 0.95 * (greatest - least)


@pytest.mark.parametrize("dtype", [float16, bfloat16, float32, float64])
def test_random_floats_lie_from_minus_one_up_to_one(dtype):
    values = to_values(random_array(dtype[5000], np.random.default_rng(0)), dtype)
    assert -1 <= min(values) < -0.99
    assert 0.99 < max(values) < 1


STREAMED = """
import spatial as sp
from spatial import Stream, float32, int16, int32

@sp.region()
def streamed(a: Stream[int16], n: int32, b: Stream[int32], x: float32, B: float32[1]):
    @sp.kernel
    def scale():
        while True:
            b.put(a.get() * n)

    @sp.kernel(args=[B])
    def keep(B: float32[1]):
        B[0] = x
"""


@pytest.fixture
def streamed(folder):
    (folder / "streamed.py").write_text(STREAMED, encoding="utf-8")
    return "streamed.py:streamed"


def test_scalars_are_given_by_name_and_streams_by_their_number_of_tokens(spatial, streamed):
    found = outputs(spatial, streamed, "n=-3", "a=5", "x=1.5")
    assert found["b"].shape == (5,)
    assert np.any(found["b"])
    assert not np.any(found["b"] % 3)
    assert found["B"].tolist() == [1.5]


def test_tokens_are_taken_from_a_file_too(spatial, streamed):
    np.savez("in.npz", a=np.array([1, 2, 3], np.int16))
    assert outputs(spatial, streamed, "n=0x10", "x=0", "--inputs", "in.npz")["b"].tolist() == [16, 32, 48]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("n=1", "x=1"), "how many random tokens the stream `a` takes, a=16"),
        (("a=1", "x=1"), "give a value for `n`, which is `int32`: n=3"),
        (("a=-1", "n=1", "x=1"), "is no number of tokens"),
        (("a=1", "n=one", "x=1"), "`one`, given for `n`, is no number"),
        (("a=1", "n=1", "x=1", "m=2"), "has no scalar `m`: there are `a`, `n`, `x`"),
        (("a", "n=1", "x=1"), "`a` is not like n=3"),
    ],
)
def test_what_is_missing_or_wrong_is_told(spatial, streamed, given, told):
    result = spatial("simulate", streamed, *given)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())


def test_a_number_that_does_not_fit_is_told(spatial, streamed):
    result = spatial("simulate", streamed, "a=1", "n=0.5", "x=1")
    assert "`n` is declared as `int32`: `0.5` does not fit `int32`" in result.output + result.stderr


STRUCTS = """
import spatial as sp
from spatial import Fixed, Stream, int32

Wide = Fixed(80, 3)


@sp.struct
class Packet:
    data: int32
    last: bool


@sp.region()
def top(p: Packet, X: Wide[2], Y: Wide[2], a: Stream[Packet], b: Stream[Packet]):
    @sp.kernel(args=[p, X, Y])
    def work(p: Packet, X: Wide[2], Y: Wide[2]):
        for k in range(2):
            token = a.get()
            token.data = p.data
            b.put(token)
            Y[k] = X[k]
"""


def test_structs_and_wide_fixed_point_are_given_and_saved(spatial, folder):
    (folder / "structs.py").write_text(STRUCTS)
    done = spatial("simulate", "structs.py:top", "p=(7, True)", "a=2", "--record", "b", "--outputs", "out.npz")
    assert done.exit_code == 0, done.output
    assert "{'data': 7, 'last': " in done.output
    with np.load(folder / "out.npz") as file:
        np.savez(folder / "in.npz", X=file["Y"])
        expected = file["Y"].tolist()
    again = spatial("simulate", "structs.py:top", "p=(7, True)", "a=2", "--inputs", "in.npz", "--outputs", "more.npz")
    assert again.exit_code == 0, again.output
    with np.load(folder / "more.npz") as file:
        assert file["Y"].tolist() == expected
    assert "p=(data, last)" in spatial("simulate", "structs.py:top", "a=2").output
    assert "given for `p`, is no `(data, last)`" in spatial("simulate", "structs.py:top", "a=2", "p=(1,").output


def test_outputs_that_cannot_be_written_are_told_before_the_run(spatial, folder):
    assert "there is no folder nodir" in spatial("simulate", "missing.py", "--outputs", "nodir/x.npz").output
    assert "it is a folder" in spatial("simulate", "missing.py", "--outputs", folder).output


def test_the_command_line_is_a_module_too():
    command = [sys.executable, "-m", "spatial.cli", "--help"]
    assert "Usage: spatial " in subprocess.run(command, capture_output=True, text=True, check=True).stdout
