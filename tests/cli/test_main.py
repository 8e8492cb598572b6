"""Exit statuses, reports, JSON."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import simpy

import spatial as sp

PLACE = {"file", "line", "column", "label"}


def test_check_tells_the_size_of_a_sound_program(spatial):
    result = spatial("check", "good.py:scale")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "scale: 2 actors, 2 functions, 2 channels, 2 arrays; no problem found\n"


def test_check_as_json(spatial):
    result = spatial("check", "good.py:scale", "--json")
    program = {"actors": 2, "functions": 2, "channels": 2, "arrays": 2}
    assert result.data == {"region": "scale", "program": program, "problems": []}


def test_check_does_not_run_the_program(spatial):
    assert spatial("check", "shallow.py:shallow").exit_code == 0


@pytest.mark.parametrize("command", ["check", "simulate"])
def test_every_problem_of_a_wrong_program_is_told(spatial, command):
    result = spatial(command, "wrong.py:wrong")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "wrong.py:9:16" in result.stderr
    assert "wrong.py:10:" in result.stderr


@pytest.mark.parametrize("command", ["check", "simulate"])
def test_problems_as_json_have_places_and_hints(spatial, command):
    result = spatial(command, "wrong.py", "--json")
    assert result.exit_code == 1
    problems = result.data["problems"]
    assert [problem["line"] for problem in problems] == [9, 10]
    for problem in problems:
        assert set(problem) == {*PLACE, "code", "severity", "title", "related", "notes", "hint"}
        assert all(set(place) == PLACE for place in problem["related"])
        assert problem["file"] == "wrong.py"


def test_simulate_prints_cycles_and_channels(spatial):
    result = spatial("simulate", "good.py:scale")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("scale on ideal (structural): finished after 5 cycles")
    assert "fifo[0]" in result.stdout


def test_simulate_as_json_tells_all_of_a_run(spatial):
    data = spatial("simulate", "good.py:scale", "--json", "--device", "hls").data
    assert set(data) == {"region", "run", "problems"}
    run = data["run"]
    assert set(run) == {
        *("device", "ending", "cycles", "bottleneck", "channels", "actors", "deadlock", "trace"),
    }
    assert (run["cycles"], run["ending"], run["device"]) == (5, "finished", "hls (FPGA channel rules)")
    assert run["bottleneck"] in run["actors"]
    assert run["deadlock"] is None
    assert run["channels"]["fifo[1]"] == {
        "depth": 2,
        "tokens": 4,
        "left": 0,
        "high_water": 1,
        "cycles_full": 0,
        "cycles_empty": 1,
    }
    assert run["actors"]["load[0]"] == {
        "busy": 4,
        "stalled_input": 0,
        "stalled_output": 0,
        "done": 4,
        "waits_for": None,
    }


def test_a_deadlock_is_reported_with_the_option_that_cures_it(spatial):
    result = spatial("simulate", "shallow.py:shallow")
    assert result.exit_code == 1
    assert "error[run/deadlock]" in result.stderr
    assert "= hint: --depth first=4" in result.stderr
    assert "deadlock after" in result.stdout
    assert spatial("simulate", "shallow.py:shallow", "--depth", "first=4").exit_code == 0


def test_a_deadlock_as_json_has_waits_and_verdict(spatial):
    result = spatial("simulate", "shallow.py:shallow", "--json")
    assert result.exit_code == 1
    assert result.stderr == ""
    (problem,) = result.data["problems"]
    assert problem["code"] == "run/deadlock"
    deadlock = result.data["run"]["deadlock"]
    assert deadlock["verdict"] == {"kind": "too shallow", "depths": {"first": 4}, "cycles": 12, "smallest": True}
    assert [(wait["actor"], wait["operation"], wait["channel"], wait["line"]) for wait in deadlock["waits"]] == [
        ("load[0]", "put", "first", 13),
        ("store[0]", "get", "second", 20),
    ]


def test_a_fault_is_reported_with_the_partial_run(spatial, folder):
    text = (folder / "good.py").read_text(encoding="utf-8").replace("A[k] * factor", "factor // A[k]")
    (folder / "fault.py").write_text(text, encoding="utf-8")
    np.savez("zero.npz", A=np.zeros(4, np.int8))
    result = spatial("simulate", "fault.py:make", "--inputs", "zero.npz", "--json")
    assert result.exit_code == 1
    assert result.data["problems"][0]["title"] == "division by zero in `only[0]`"
    assert result.data["run"]["ending"] == "failed"


def test_a_function_without_arguments_makes_the_region(spatial):
    assert spatial("check", "good.py:make", "--json").data["region"] == "made"


def test_a_file_alone_means_its_only_region(spatial):
    assert spatial("check", "good.py", "--json").data["region"] == "scale"


def test_depths_of_streams_and_channels(spatial):
    options = ("--depth", "fifo=3", "--depth", "fifo[1]=5")
    channels = spatial("simulate", "good.py:scale", "--json", *options).data["run"]["channels"]
    assert (channels["fifo[0]"]["depth"], channels["fifo[1]"]["depth"]) == (3, 5)


def test_until_stops_the_run(spatial):
    run = spatial("simulate", "good.py:scale", "--json", "--until", 3).data["run"]
    assert (run["ending"], run["cycles"]) == ("stopped", 3)


def test_record_shows_tokens_with_their_cycles(spatial):
    np.savez("in.npz", A=np.array([1, -2, 3, 4], np.int8))
    options = ("--inputs", "in.npz", "--record", "fifo[0]")
    trace = spatial("simulate", "good.py:scale", "--json", *options).data["run"]["trace"]
    assert trace == {"fifo[0]": {"values": [1, -2, 3, 4], "puts": [0, 1, 2, 3], "gets": [1, 2, 3, 4]}}
    assert "       1        2  -2\n" in spatial("simulate", "good.py:scale", *options).stdout


@pytest.mark.parametrize("suffix", [".json", ".vcd"])
def test_a_timeline_is_written(spatial, folder, suffix):
    assert spatial("simulate", "good.py:scale", "--timeline", f"run{suffix}").exit_code == 0
    assert "fifo" in (folder / f"run{suffix}").read_text(encoding="utf-8")


@pytest.mark.parametrize(("file", "told"), [("run.txt", ".json or a .vcd"), ("none/run.vcd", "there is no folder")])
def test_a_timeline_that_cannot_be_written_is_refused(spatial, file, told):
    result = spatial("simulate", "good.py:scale", "--timeline", file)
    assert result.exit_code == 2
    assert told in result.stderr


def test_what_is_no_number_is_text_in_json(spatial, folder):
    text = "import spatial as sp\n@sp.region()\ndef net():\n    a: sp.Stream[sp.float32, 4]\n"
    text += "    @sp.kernel()\n    def put():\n        zero: sp.float32 = 0\n"
    text += "        a.put(1 / zero)\n        a.put(zero / zero)\n"
    text += "    @sp.kernel()\n    def get():\n        x: sp.float32 = a.get()\n        y: sp.float32 = a.get()\n"
    (folder / "floats.py").write_text(text, encoding="utf-8")
    trace = spatial("simulate", "floats.py", "--json", "--record", "a").data["run"]["trace"]
    assert trace["a"]["values"] == ["inf", "nan"]


def test_ctrl_c_prints_the_partial_result(spatial, monkeypatch):
    steps = iter(range(1000))
    original = simpy.Environment.step

    def step(self):
        if next(steps) == 8:
            raise KeyboardInterrupt
        original(self)

    monkeypatch.setattr(simpy.Environment, "step", step)
    result = spatial("simulate", "good.py:scale", "--json")
    assert result.exit_code == 130
    assert result.data["run"]["ending"] == "interrupted"


def test_our_own_mistakes_show_no_traceback(spatial, monkeypatch):
    def fail(*_):
        raise ValueError("oops")

    monkeypatch.setattr("spatial.cli.main.arguments_for", fail)
    result = spatial("simulate", "good.py:scale")
    assert result.exit_code == 1
    assert "our mistake, please report it: ValueError: oops" in result.stderr


@pytest.mark.parametrize("arguments", [(), ("check",), ("simulate",)])
def test_help_tells_what_the_arguments_mean(spatial, arguments):
    result = spatial(*arguments, "--help")
    assert result.exit_code == 0
    assert "FILE:NAME" in result.stdout


def test_version(spatial):
    result = spatial("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("spatial ")


def test_as_a_process_of_its_own(folder):
    command = [sys.executable, "-c", "from spatial.cli.main import main; main()", "simulate", "shallow.py"]
    environment = {**os.environ, "PYTHONPATH": str(Path(sp.__file__).parents[1])}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment, timeout=60)
    assert done.returncode == 1
    assert "error[run/deadlock]" in done.stderr
    assert "Traceback" not in done.stderr


def test_tokens_left_behind_are_a_warning(spatial, folder):
    text = (
        (folder / "good.py")
        .read_text(encoding="utf-8")
        .replace("for k in range(4):\n            B", "for k in range(3):\n            B")
    )
    (folder / "left.py").write_text(text.replace("int8, 2]", "int8, 4]"), encoding="utf-8")
    result = spatial("simulate", "left.py:scale")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "warning[stream/tokens-left]: `load[0]` puts 4 tokens into `fifo[0]`, of which 3 are taken" in result.stdout
    problems = spatial("simulate", "left.py:scale", "--json").data["problems"]
    assert [(problem["code"], problem["severity"]) for problem in problems] == [("stream/tokens-left", "warning")] * 2


@pytest.mark.parametrize("options", [("--engine", "native"), ("--no-values",), ("--timeout", "60")])
def test_options_of_a_run_change_no_cycles(spatial, options):
    run = spatial("simulate", "good.py:scale", "--json", *options).data["run"]
    assert (run["cycles"], run["ending"]) == (5, "finished")


@pytest.mark.parametrize("options", [("--engine", "native"), ("--no-values",)])
def test_a_deadlock_is_told_by_every_engine(spatial, options):
    result = spatial("simulate", "shallow.py:shallow", *options)
    assert result.exit_code == 1
    assert "error[run/deadlock]" in result.stderr


def test_a_program_is_called_several_times(spatial):
    assert "3 calls: the first takes 5 cycles" in spatial("simulate", "good.py:scale", "--calls", "3").stdout


@pytest.mark.parametrize("option", ["until", "calls", "timeout", "record", "outputs"])
def test_options_about_values_do_not_go_with_no_values(spatial, option):
    result = spatial("simulate", "good.py:scale", "--no-values", f"--{option}", "2")
    assert result.exit_code == 2
    assert f"leave out --{option} or --no-values" in " ".join(result.stderr.split())


def test_check_for_hls_tells_the_code_of_vitis(spatial, folder):
    text = (folder / "good.py").read_text(encoding="utf-8").replace("fifo[1].get()", "fifo[0].get()")
    (folder / "twice.py").write_text(text, encoding="utf-8")
    result = spatial("check", "twice.py:scale", "--target", "hls")
    assert result.exit_code == 1
    assert "(HLS 200-970)" in result.stderr
    assert "HLS" not in spatial("check", "twice.py:scale").stderr


def test_check_for_hls_tells_notes_of_what_it_takes(spatial, folder):
    text = (
        (folder / "good.py")
        .read_text(encoding="utf-8")
        .replace("B[k] = fifo[0]", "print(k)\n            B[k] = fifo[0]")
    )
    (folder / "told.py").write_text(text, encoding="utf-8")
    result = spatial("check", "told.py:scale", "--target", "hls")
    assert result.exit_code == 0
    assert "note[hls/left-out]" in result.stderr
    assert "no problem found" in result.stdout
    (problem,) = spatial("check", "told.py:scale", "--target", "hls", "--json").data["problems"]
    assert (problem["code"], problem["severity"]) == ("hls/left-out", "note")


def test_check_takes_an_npu_as_its_device(spatial):
    asked = (("--device", "npu1"), ("--target", "aie"), ("--target", "aie", "--device", "npu1"))
    results = [spatial("check", "good.py:scale", *options) for options in asked]
    assert {result.exit_code for result in results} == {0}
    assert len({(result.stdout, result.stderr) for result in results}) == 1
    assert "warning[aie/small-token]" in results[0].stderr


@pytest.mark.parametrize(
    ("command", "options", "message"),
    [
        ("check", ("--device", "npu9"), "there is no NPU `npu9`; there are npu1_1col,"),
        ("check", ("--device", "npu1", "--target", "hls"), "not for npu1: write --target aie"),
        ("check", ("--device", "xcu280@300", "--target", "aie"), "not for xcu280 at 300 MHz: write --device npu1"),
        ("simulate", ("--device", "npu1"), "`spatial report --device npu1` tells its time"),
    ],
)
def test_a_device_that_does_not_fit_is_a_wrong_command(spatial, command, options, message):
    result = spatial(command, "good.py:scale", *options)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())
