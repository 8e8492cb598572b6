"""`spatial size`."""

import pytest


def test_the_smallest_depths_are_told(spatial):
    result = spatial("size", "shallow.py:shallow", "--device", "hls")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "as declared it deadlocks" in result.stdout
    assert "3 deadlocks" in result.stdout


def test_the_depths_as_json_run(spatial):
    data = spatial("size", "shallow.py:shallow", "--json", "--front").data
    assert data["problems"] == []
    sizing = data["sizing"]
    assert sizing["declared_cycles"] is None
    assert sizing["cycles"] == sizing["fewest"]
    assert sizing["front"][0]["depths"] == sizing["depths"]
    options = [f"--depth={name}={depth}" for name, depth in sizing["depths"].items()]
    run = spatial("simulate", "shallow.py:shallow", "--json", *options).data["run"]
    assert run["cycles"] == sizing["cycles"]


def test_slack_is_taken_into_account(spatial):
    fewest, slower = (
        spatial("size", "good.py:scale", "--json", *options).data["sizing"] for options in ((), ("--slack", "1"))
    )
    assert slower["memory"]["bits"] < fewest["memory"]["bits"]


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (("--cycles", "1"), 2, "however deep its channels are; write --cycles 5, or leave it out"),
        (("--slack", "-1"), 2, "slack"),
        (("--depth", "nothing=2"), 2, "no channel `nothing`"),
    ],
)
def test_what_cannot_be_met_is_told(spatial, options, status, told):
    result = spatial("size", "good.py:scale", *options)
    assert result.exit_code == status
    assert told in " ".join(result.stderr.split())
    assert ".py:" not in result.stderr
