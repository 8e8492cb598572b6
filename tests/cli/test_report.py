"""`spatial report` tabulates loops, for people and for programs; `--device` takes parts at a clock everywhere."""


def test_report_prints_the_table(spatial):
    result = spatial("report", "good.py:scale", "--device", "xcu280@300")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("scale on xcu280 at 300 MHz: 2 loops")
    assert "limit of II" in result.stdout


def test_report_as_json_has_the_figures_of_each_loop(spatial):
    loop, _ = spatial("report", "good.py:scale", "--json", "--device", "zcu102@250").data["report"]["loops"]
    assert (loop["kernel"], loop["name"], loop["trip_count"]) == ("load", "k", 4)
    assert (loop["ii"], loop["latency"], loop["cycles"], loop["limit"]) == (1, 3, 6, None)


def test_report_on_the_default_device_is_structural(spatial):
    assert "ideal (structural)" in spatial("report", "good.py:scale").stdout


def test_a_part_at_a_clock_is_a_device_of_every_command(spatial):
    run = spatial("simulate", "good.py:scale", "--json", "--device", "xcu280@300").data["run"]
    assert run["device"] == "xcu280 at 300 MHz"
    assert spatial("check", "good.py:scale", "--device", "kv260@200").exit_code == 0


def test_an_absurd_clock_is_a_wrong_command(spatial):
    result = spatial("check", "good.py:scale", "--device", "xcu280@9000")
    assert result.exit_code == 2
    assert "from 50 to 500 MHz" in " ".join(result.stderr.replace("│", " ").split())
