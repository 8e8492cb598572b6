"""`spatial replay` runs recorded designs again."""

import json

from tests.sim.recorded.test_network import GOOD
from tests.sim.recorded.test_replay import CIRCLE


def write(name, design):
    with open(name, "w", encoding="utf-8") as file:
        json.dump(design, file, indent=1)


def test_one_design_is_tabulated(spatial):
    write("pair.json", GOOD | {"cosim_cycles": 18})
    result = spatial("replay", "pair.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("pair: finished after 19 cycles\nco-simulation: 18, ")
    assert "FIFOs, fullest first" in result.stdout


def test_a_folder_makes_a_table(spatial, tmp_path):
    (tmp_path / "designs").mkdir()
    write("designs/b.json", GOOD | {"name": "second", "cosim_cycles": 18})
    write("designs/a.json", GOOD | {"name": "first", "cosim_cycles": 17})
    write("designs/notes.txt", {})
    result = spatial("replay", "designs")
    assert result.exit_code == 0
    assert result.stdout.index("first") < result.stdout.index("second")
    assert result.stdout.endswith("1 of 2 exact; error at most 5.8824 %, median 2.9412 %\n")


def test_a_deadlock_is_the_exit_status(spatial):
    write("pair.json", CIRCLE)
    result = spatial("replay", "pair.json")
    assert result.exit_code == 1
    assert "load waits to put into v1 (2/2 full)" in result.stdout


def test_other_depths_are_options(spatial):
    write("pair.json", CIRCLE)
    result = spatial("replay", "pair.json", "--depth", "v1=8", "--json")
    assert result.exit_code == 0
    (design,) = result.data["designs"]
    assert (design["name"], design["deadlock"], design["waits"]) == ("pair", False, {})
    assert design["difference"] == design["cycles"] - 1 - 40


def test_the_depth_of_an_unknown_fifo_is_a_wrong_command(spatial):
    write("pair.json", CIRCLE)
    result = spatial("replay", "pair.json", "--depth", "zz=3")
    assert result.exit_code == 2
    assert "the design `pair` has no FIFO `zz`" in result.stderr
    assert "core.py" not in result.stderr


def test_what_waits_is_told_as_json(spatial):
    write("pair.json", CIRCLE)
    (design,) = spatial("replay", "pair.json", "--json").data["designs"]
    assert design["waits"] == {
        "load": [{"fifo": "v1", "operation": "put"}],
        "store": [{"fifo": "v2", "operation": "get"}],
    }


def test_a_wrong_file_is_told(spatial):
    write("pair.json", {"fifos": []})
    result = spatial("replay", "pair.json")
    assert result.exit_code == 1
    assert "error[file/design]" in result.stderr
    assert "pair.json" in result.stderr


def test_a_folder_without_designs_is_a_wrong_command(spatial, tmp_path):
    (tmp_path / "empty").mkdir()
    result = spatial("replay", "empty")
    assert result.exit_code == 2
    assert "no files that end in .json" in result.stderr
