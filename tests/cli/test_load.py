"""What `FILE:NAME` can mean, and what is said where it means nothing."""

import numpy as np
import pytest


def usage(result) -> str:
    """The message of a wrong command line."""
    assert result.exit_code == 2
    assert result.stdout == ""
    return " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("absent.py:scale", "there is no file absent.py"),
        ("absent.py", "there is no file absent.py"),
        (".", ". is a folder: write FILE:NAME"),
        ("good.py:", "`` is no name: write good.py:NAME"),
        ("good.py:a-b", "`a-b` is no name: write good.py:NAME"),
        ("good.py:scal", "good.py has no `scal`: did you mean good.py:scale?"),
        ("good.py:unlike", "good.py has no `unlike`: there are good.py:scale"),
        ("good.py:FACTOR", "`FACTOR` is no region, kernel or function, it is a `int`"),
        ("good.py:needs", "the function `needs` needs `factor`"),
        ("good.py:nothing", "the function `nothing` returns a `NoneType`, not a region"),
    ],
)
@pytest.mark.parametrize("command", ["check", "simulate"])
def test_a_target_that_means_no_region_is_a_usage_error(spatial, command, target, told):
    assert told in usage(spatial(command, target))


def test_a_file_with_several_regions_needs_a_name(spatial, folder):
    text = (folder / "good.py").read_text(encoding="utf-8")
    (folder / "two.py").write_text(text + "\nother = make()\n", encoding="utf-8")
    assert "write one of two.py:scale, two.py:other" in usage(spatial("check", "two.py"))
    assert spatial("check", "two.py:other").exit_code == 0


def test_a_region_under_two_names_is_one(spatial, folder):
    text = (folder / "good.py").read_text(encoding="utf-8")
    (folder / "alias.py").write_text(text + "\nagain = scale\n", encoding="utf-8")
    assert spatial("check", "alias.py").exit_code == 0


def test_a_file_without_regions_needs_a_name(spatial, folder):
    (folder / "none.py").write_text("x = 1\n", encoding="utf-8")
    assert "none.py defines no region" in usage(spatial("check", "none.py"))
    assert "none.py has no `x1`, and no region" in usage(spatial("check", "none.py:x1"))


FUNCTIONS = """
import spatial as sp
from spatial import int32

@sp.kernel(mapping=[2])
def doubled(X: int32[4]):
    p = sp.get_pid()
    for k in range(2):
        X[2 * p + k] *= 2

def added(X: int32[4], Y: int32[4]) -> int32[4]:
    return X + Y
"""


def test_a_kernel_and_a_function_with_types_are_programs(spatial, folder):
    (folder / "functions.py").write_text(FUNCTIONS, encoding="utf-8")
    for command in ("check", "report", "simulate", "size"):
        for name in ("doubled", "added"):
            result = spatial(command, f"functions.py:{name}")
            assert (result.exit_code, result.stderr) == (0, "")
            assert name in result.stdout
    told = usage(spatial("check", "functions.py"))
    assert "functions.py defines several programs: write one of functions.py:doubled, functions.py:added" in told


def test_what_a_function_returns_is_among_the_saved_arrays(spatial, folder):
    (folder / "functions.py").write_text(FUNCTIONS, encoding="utf-8")
    np.savez(folder / "in.npz", X=np.arange(4, dtype=np.int32), Y=np.full(4, 3, np.int32))
    assert spatial("simulate", "functions.py:added", "--inputs", "in.npz", "--outputs", "out.npz").exit_code == 0
    assert np.load(folder / "out.npz")["result"].tolist() == [3, 4, 5, 6]


def test_a_schedule_is_a_program(spatial, folder):
    text = FUNCTIONS + "\nschedule = sp.customize(added)\ndef make():\n    return sp.customize(doubled)\n"
    (folder / "schedules.py").write_text(text, encoding="utf-8")
    assert "added: 1 actor" in spatial("check", "schedules.py:schedule").stdout
    assert "doubled: 2 actors" in spatial("check", "schedules.py:make").stdout
    assert spatial("simulate", "schedules.py:schedule").exit_code == 0


def test_the_only_function_of_a_file_needs_no_name(spatial, folder):
    text = FUNCTIONS.replace("@sp.kernel(mapping=[2])", "").replace("def doubled(X: int32[4])", "def doubled(X)")
    (folder / "one.py").write_text(text, encoding="utf-8")
    assert spatial("check", "one.py").exit_code == 0
    assert "the function `doubled` needs `X`" in usage(spatial("check", "one.py:doubled"))


RAISING = """
def deeper():
    return {}["key"]

deeper()
"""


def test_a_file_that_raises_is_reported_by_the_user_s_lines_only(spatial, folder):
    (folder / "raising.py").write_text(RAISING, encoding="utf-8")
    result = spatial("check", "raising.py:any")
    assert result.exit_code == 1
    assert result.stderr == (
        "error[file/raised]: KeyError: 'key'\n"
        " --> raising.py:3:12\n"
        "  |\n"
        '3 |     return {}["key"]\n'
        "  |            ^^^^^^^^^ raised while this ran\n"
        " ::: raising.py:5:1\n"
        "  |\n"
        "5 | deeper()\n"
        "  | -------- called here\n"
    )


def test_a_file_that_raises_is_a_problem_in_json(spatial, folder):
    (folder / "raising.py").write_text(RAISING, encoding="utf-8")
    (problem,) = spatial("simulate", "raising.py:any", "--json").data["problems"]
    assert (problem["code"], problem["line"], problem["related"][0]["line"]) == ("file/raised", 3, 5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def f(:\n", "SyntaxError: invalid syntax"),
        ("import absent_module\n", "ModuleNotFoundError: No module named 'absent_module'"),
        ("import sys\nsys.exit(3)\n", "SystemExit: 3"),
        ("import spatial as sp\nsp.Int(0)\n", "Int"),
    ],
)
def test_whatever_a_file_raises_is_told(spatial, folder, text, told):
    (folder / "raising.py").write_text(text, encoding="utf-8")
    result = spatial("check", "raising.py:any")
    assert result.exit_code == 1
    assert told in result.stderr
    assert "raising.py:" in result.stderr


def test_a_function_or_a_region_s_body_that_raises_is_told(spatial, folder):
    text = "import spatial as sp\ndef make():\n    return 1 // 0\n"
    text += "@sp.region()\ndef net():\n    x = [][0]\n"
    (folder / "raising.py").write_text(text, encoding="utf-8")
    assert "raising.py:3:" in spatial("check", "raising.py:make").stderr
    result = spatial("check", "raising.py:net")
    assert result.exit_code == 1
    assert "IndexError" in result.stderr
    assert "raising.py:6:" in result.stderr


def test_what_a_file_prints_does_not_disturb_the_json(spatial, folder):
    text = (folder / "good.py").read_text(encoding="utf-8")
    (folder / "chatty.py").write_text("print('hello')\n" + text, encoding="utf-8")
    result = spatial("check", "chatty.py:make", "--json")
    assert result.data["region"] == "made"
    assert result.stderr == "hello\n"


def test_a_file_can_import_what_lies_beside_it(spatial, folder):
    (folder / "deep").mkdir()
    (folder / "deep" / "neighbour_of_main.py").write_text("SIZE = 4\n", encoding="utf-8")
    text = (folder / "good.py").read_text(encoding="utf-8")
    (folder / "deep" / "main.py").write_text("from neighbour_of_main import SIZE\n" + text, encoding="utf-8")
    assert spatial("check", "deep/main.py").exit_code == 0


def test_a_path_may_hold_a_colon(spatial, folder):
    (folder / "a:b.py").write_text((folder / "good.py").read_text(encoding="utf-8"), encoding="utf-8")
    assert spatial("check", "a:b.py").exit_code == 0
    assert spatial("check", "a:b.py:scale").exit_code == 0
