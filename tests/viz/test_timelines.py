"""Timelines: the same file from both engines, right for the tools that read it, and whole or not there."""

import json
import re
from collections import Counter

import numpy as np
import pytest

import spatial as sp
from spatial import Stream
from spatial.sim.timeline import Timeline
from tests.sim.networks import random_depths, random_net, source
from tests.sim.programs import actors, region_of

SUFFIXES = (".json", ".vcd")


def texts(built, folder, *arrays, **options):
    """The files of a run of both engines, by suffix, and the last run."""
    found = {}
    for suffix in SUFFIXES:
        for name, module in built.items():
            path = folder / f"{name}{suffix}"
            try:
                run = module.run(*(a.copy() for a in arrays), on_deadlock="return", timeline=path, **options)
            except sp.RunError as error:
                run = error.run
            found[name, suffix] = path.read_text() if path.exists() else None
    return found, run


def same(built, folder, *arrays, **options):
    """The files, which are those of the reference."""
    found, run = texts(built, folder, *arrays, **options)
    for suffix in SUFFIXES:
        assert found["native", suffix] == found["simpy", suffix]
    return json.loads(found["simpy", ".json"]), found["simpy", ".vcd"], run


def both(region, device="ideal"):
    return {engine: sp.build(region, device=device, engine=engine) for engine in ("simpy", "native")}


@pytest.mark.parametrize("seed", range(4))
def test_both_engines_write_the_same(seed, tmp_path):
    net = random_net(seed)
    built = both(region_of(source(net).replace("Int(600)", "Int(64)")), net.device)
    same(built, tmp_path)
    same(built, tmp_path, until=3 + seed)
    same(built, tmp_path, depths=random_depths(net, seed))


LOOPS = {
    "in turn": "for k in range(9, pipeline=sp.Pipeline(ii=3)):\n    x: int32 = a.get()",
    "elastic": "for k in range(9, pipeline=sp.Pipeline(latency=4)):\n    x: int32 = a.get()\n    b.put(x)",
    "rigid": "for k in range(9, pipeline=sp.Pipeline(latency=4, style='rigid')):\n    x: int32 = a.get()\n    b.put(x)",
    "while": "x: int32 = 0\nwhile x < 8:\n    x = a.get()",
    "not pipelined": "for k in range(9, pipeline=False):\n    x: int32 = a.get()",
    "computing": "s: int32 = 0\nfor k in range(500):\n    s += k\nfor k in range(9):\n    x: int32 = a.get()",
}


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS)
def test_loops_of_all_kinds_are_told_alike(loop, tmp_path):
    streams = "a: Stream[int32, 2]\nb: Stream[int32, 1]" if "b.put" in loop else "a: Stream[int32, 2]"
    end = {"sink": "for k in range(9, pipeline=sp.Pipeline(ii=2)):\n    x: int32 = b.get()"} if "b.put" in loop else {}
    built = both(actors(streams, source="for k in range(9):\n    a.put(k)", middle=loop, **end))
    trace, _, run = same(built, tmp_path)
    slices = Counter(event["cat"] for event in trace["traceEvents"] if event["ph"] == "X")
    assert slices["iteration"] >= 9
    waited = sum(e["dur"] for e in trace["traceEvents"] if e["ph"] == "X" and e["cat"] == "waits for input")
    if "elastic" not in loop and "latency=4" not in loop:
        assert waited == sum(actor.stalled_input for actor in run.actors.values())
    for until in (1, 5, 8):
        same(built, tmp_path, until=until)


def long_pipe():
    return actors(
        "a = sp.pipe(dtype=int32, depth=4, initial=[7])\nb: Stream[float32, 3]",
        source="for k in range(1_000):\n    a.put(k)",
        middle="for k in range(1_000, pipeline=sp.Pipeline(latency=5)):\n    b.put(a.get())",
        sink="for k in range(5):\n    x: float32 = b.get()\nfor k in range(3_000):\n    pass\n"
        "for k in range(995):\n    y: float32 = b.get()",
    )


def test_a_long_run_is_written_in_pieces(tmp_path, monkeypatch):
    sizes = []
    flush = Timeline.flush

    def counting(self, before, waiting):
        sizes.append(len(self.events))
        flush(self, before, waiting)

    monkeypatch.setattr("spatial.sim.timeline.Timeline.flush", counting)
    monkeypatch.setattr("spatial.sim.native.timeline.EVENTS", 2_000)
    built = both(long_pipe())
    same(built, tmp_path)
    assert len(sizes) > 10
    assert max(sizes) < 4_000


def test_a_deadlock_is_shown_to_its_end(tmp_path):
    built = both(
        actors(
            "a: Stream[int32, 2]",
            left="for k in range(3):\n    a.put(k)",
            right="for k in range(5):\n    x: int32 = a.get()",
        )
    )
    trace, vcd, run = same(built, tmp_path)
    assert run.ending == "deadlock"
    last = max((e for e in trace["traceEvents"] if e["ph"] == "X"), key=lambda e: e["ts"] + e["dur"])
    assert last["name"] in ("get from a", "line 9", "line 10")
    assert vcd.rstrip().endswith(f"#{run.cycles}") or f"#{run.cycles}\n" in vcd


def test_a_fault_leaves_what_came_before_it(tmp_path):
    region = region_of(
        """
@sp.region()
def net(A: int32[4]):
    a: Stream[int32, 2]
    @sp.kernel(args=[A])
    def pe(A: int32[4]):
        for k in range(4):
            a.put(8 // A[k])
    @sp.kernel()
    def sink():
        for k in range(4):
            x: int32 = a.get()
"""
    )
    same(both(region), tmp_path, np.array([1, 2, 0, 3], np.int32))


@sp.region()
def grid():
    a: Stream[sp.Int(5), 2][2, 2]

    @sp.kernel(mapping=[2, 2])
    def left():
        i, j = sp.get_pid()
        for k in range(4):
            a[i, j].put(k - 2)

    @sp.kernel(mapping=[2, 2])
    def right():
        i, j = sp.get_pid()
        for k in range(4, pipeline=sp.Pipeline(ii=2)):
            x = a[i, j].get()


def test_the_trace_has_a_track_for_each_actor_and_a_counter_for_each_channel(tmp_path):
    trace, _, run = same(both(grid), tmp_path)
    events = trace["traceEvents"]
    threads = {e["tid"]: e["args"]["name"] for e in events if e["ph"] == "M" and e["name"] == "thread_name"}
    assert set(threads.values()) == set(run.actors)
    for event in events:
        assert {"ph", "name", "pid"} <= event.keys()
        if event["ph"] == "X":
            assert event["dur"] > 0
            assert event["tid"] in threads
            assert event["args"]["file"] == __file__
            assert event["args"]["line"] > 100
    counters = {name: [] for name in run.channels}
    for event in events:
        if event["ph"] == "C":
            counters[event["name"]].append((event["ts"], event["args"]["tokens"]))
    for name, points in counters.items():
        assert points == sorted(points, key=lambda point: point[0])
        assert max(fill for _, fill in points) == run.channels[name].high_water
        assert points[-1][1] == 0


def parsed(vcd):
    """The variables of a VCD by path, and their changes by cycle."""
    header, body = vcd.split("$enddefinitions $end\n")
    path, names = [], {}
    for words in map(str.split, header.splitlines()):
        match words:
            case ["$scope", "module", name, "$end"]:
                path.append(name)
            case ["$upscope", "$end"]:
                path.pop()
            case ["$var", kind, width, code, name, "$end"]:
                names[code] = (".".join([*path, name]), kind, int(width))
    assert not path
    changes, now = {code: [] for code in names}, None
    for line in body.splitlines():
        if line.startswith("#"):
            assert now is None or int(line[1:]) > now
            now = int(line[1:])
        elif not line.startswith("$"):
            value, code = re.fullmatch(r"([01]|b[01x]+ |r\S+ )(\S+)", line).groups()
            changes[code].append((now, value.strip()))
    return {name: changes[code] for code, (name, _, _) in names.items()}, now


def test_the_waveform_has_scopes_and_right_changes(tmp_path):
    _, vcd, run = same(both(grid), tmp_path)
    assert "$timescale 1 ns $end" in vcd
    waves, end = parsed(vcd)
    assert end == run.cycles
    assert {name.rsplit(".", 1)[0] for name in waves} == {
        f"grid.{group}.{letter}{i}_{j}"
        for group, letter in (("a", "c"), ("left", "p"), ("right", "p"))
        for i in (0, 1)
        for j in (0, 1)
    }
    assert [value for _, value in waves["grid.a.c0_1.value"][1:]] == ["b11110", "b11111", "b0", "b1"]
    assert [cycle for cycle, value in waves["grid.a.c0_1.get"] if value == "1"] == [1, 3, 5, 7]
    assert waves["grid.a.c0_1.put"][-1][1] == "0"
    assert waves["grid.right.p1_1.state"][-1] == (run.actors["right[1,1]"].done, "b11")


def test_files_that_cannot_be_written_are_refused_before_anything_runs(tmp_path):
    text = {"left": "print('ran')\na.put(1)", "right": "x: int32 = a.get()"}
    module = sp.build(actors("a: Stream[int32, 2]", **text), target="simulator")
    (tmp_path / "folder.json").mkdir()
    for path, told in (
        ("run.txt", "not `run.txt`"),
        (tmp_path / "none" / "run.vcd", "there is no folder"),
        (tmp_path / "folder.json", "it is a folder"),
        (3, "is the name of a file"),
    ):
        module.last_run = None
        with pytest.raises(sp.ProgramError, match=told):
            module.run(timeline=path)
        assert module.last_run is None


def test_a_timeline_of_several_calls_is_the_references(tmp_path):
    built = both(grid)
    built["simpy"].run(calls=2, timeline=tmp_path / "run.vcd")
    with pytest.raises(sp.ProgramError, match="does not write a timeline of several calls"):
        built["native"].run(calls=2, timeline=tmp_path / "other.vcd")
    assert [path.name for path in tmp_path.iterdir()] == ["run.vcd"]


def test_no_half_of_a_file_is_left(tmp_path, monkeypatch):
    def broken(self, event):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("spatial.viz.vcd.ValueChanges.write", broken)
    (tmp_path / "run.vcd").write_text("old")
    with pytest.raises(OSError, match="No space"):
        sp.simulate(grid, timeline=tmp_path / "run.vcd")
    assert [path.name for path in tmp_path.iterdir()] == ["run.vcd"]
    assert (tmp_path / "run.vcd").read_text() == "old"
