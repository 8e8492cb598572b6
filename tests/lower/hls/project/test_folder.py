"""A folder is written whole or not at all, and nobody else's is touched."""

import os
from pathlib import Path

import pytest

import spatial as sp
from spatial.lower.hls.project.folder import MARKER, check_folder, write_folder

FILES = {"kernel.cpp": b"int one;\n", "data/A.bin": b"\x01\x02"}


def content(path):
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_files_are_written_under_their_names(tmp_path):
    write_folder(tmp_path / "made", FILES)
    found = content(tmp_path / "made")
    assert found.pop(MARKER)
    assert found == FILES
    assert os.listdir(tmp_path) == ["made"]


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "made").mkdir()
    write_folder(tmp_path / "made", FILES)
    assert content(tmp_path / "made")["kernel.cpp"] == b"int one;\n"


def test_an_export_replaces_the_one_before_and_keeps_what_others_left(tmp_path):
    write_folder(tmp_path / "made", FILES)
    (tmp_path / "made" / "work").mkdir()
    (tmp_path / "made" / "work" / "report").write_text("slow to make", encoding="utf-8")
    write_folder(tmp_path / "made", {"kernel.cpp": b"int two;\n"})
    found = content(tmp_path / "made")
    assert found["kernel.cpp"] == b"int two;\n"
    assert found["work/report"] == b"slow to make"
    assert "data/A.bin" not in found
    assert os.listdir(tmp_path) == ["made"]


@pytest.mark.parametrize("marker", [None, "", "[]", '{"files": 3}'])
def test_a_folder_of_someone_else_is_refused(tmp_path, marker):
    path = tmp_path / "theirs"
    path.mkdir()
    (path / "thesis.tex").write_text("years of work", encoding="utf-8")
    if marker is not None:
        (path / MARKER).write_text(marker, encoding="utf-8")
    with pytest.raises(sp.ProgramError, match="it is a folder that no export has made"):
        write_folder(path, FILES)
    assert content(path)["thesis.tex"] == b"years of work"
    assert os.listdir(tmp_path) == ["theirs"]


def test_a_file_that_was_changed_is_not_overwritten(tmp_path):
    write_folder(tmp_path / "made", FILES)
    (tmp_path / "made" / "kernel.cpp").write_text("tuned by hand", encoding="utf-8")
    with pytest.raises(sp.ProgramError, match=r"kernel\.cpp changed since the export"):
        write_folder(tmp_path / "made", FILES)
    assert content(tmp_path / "made")["kernel.cpp"] == b"tuned by hand"


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "made").write_text("a file", encoding="utf-8")
    with pytest.raises(sp.ProgramError, match="it is no folder"):
        check_folder(tmp_path / "made")


@pytest.mark.parametrize("inner", [".", "work"])
def test_the_working_folder_is_not_replaced(tmp_path, monkeypatch, inner):
    write_folder(tmp_path / "made", FILES)
    (tmp_path / "made" / "work").mkdir()
    monkeypatch.chdir(tmp_path / "made" / inner)
    with pytest.raises(sp.ProgramError, match="it is the working folder"):
        write_folder(tmp_path / "made", FILES)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(sp.ProgramError, match=r"there is no folder .*missing"):
        check_folder(tmp_path / "missing" / "made")


def test_a_folder_that_nothing_can_be_written_into_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everywhere
    with pytest.raises(sp.ProgramError, match="nothing can be written into"):
        check_folder(tmp_path / "made")


def test_a_place_that_nobody_may_look_at_is_told(tmp_path):
    with pytest.raises(sp.ProgramError, match="the system says: File name too long"):
        check_folder(tmp_path / ("long" * 100))


def test_a_parent_that_takes_no_folder_is_told_with_the_line(tmp_path, monkeypatch):
    def refuse(path, *given, **named):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refuse)
    told = rf"no folder can be made in {tmp_path}: Read-only file system\n.*test_folder\.py"
    with pytest.raises(sp.ProgramError, match=told):
        write_folder(tmp_path / "made", FILES)


@pytest.mark.parametrize("before", [True, False])
def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch, before):
    path = tmp_path / "made"
    if before:
        write_folder(path, FILES)

    def full(self, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(sp.ToolError, match="No space left on device"):
        write_folder(path, {"kernel.cpp": b"int two;\n"})
    assert os.listdir(tmp_path) == (["made"] if before else [])
    assert not before or content(path)["kernel.cpp"] == b"int one;\n"
