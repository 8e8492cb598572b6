"""Writes a folder whole or not at all, and replaces none but its own."""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path

from spatial.source.errors import Misuse, ProgramError, ToolError
from spatial.source.span import caller_span

__all__ = ["MARKER", "check_folder", "write_folder"]

MARKER = ".spatial.json"


def check_folder(path: Path) -> None:
    """Raises `ProgramError` where a folder cannot be written at a path: before work that may take long."""
    try:
        _check(path)
    except OSError as error:
        raise _refused(path, f"the system says: {error.strerror or error}") from error


def _check(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise _refused(path, "it is no folder")
    parent = path.absolute().parent
    if not parent.is_dir():
        raise _refused(path, f"there is no folder {parent}")
    if not os.access(parent, os.W_OK):
        raise _refused(path, f"nothing can be written into {parent}")
    if not path.is_dir():
        return
    kept = _kept(path) if any(path.iterdir()) else {}
    if kept is None:
        raise _refused(path, "it is a folder that no export has made", "write another path, or delete the folder")
    if changed := [name for name, digest in kept.items() if _differs(path / name, digest)]:
        names = ", ".join(changed[:3]) + (f" and {len(changed) - 3} more" if len(changed) > 3 else "")
        raise _refused(path, f"{names} changed since the export", "write another path, or delete the folder")
    if Path.cwd().is_relative_to(path.absolute()):
        raise _refused(path, "it is the working folder, which would be replaced", "write a folder in it or beside it")


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Writes files by their names in a folder, in place of those of the export before.

    Whatever else is in the folder, such as what tools have left, stays. The files are written beside the folder
    and put in its place at once. Raises `ProgramError` as `check_folder` does, and `ToolError` where writing fails.
    """
    path = path.resolve()
    check_folder(path)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    marker = json.dumps({"files": digests}, indent=2) + "\n"
    made = _beside(path)
    try:
        for name, content in {**files, MARKER: marker.encode()}.items():
            target = made / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        _put(made, path)
    except OSError as error:
        raise ToolError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _beside(path: Path) -> Path:
    """A new folder in the parent of one."""
    made = path.absolute().parent / f".{path.name}.{uuid.uuid4().hex}"
    try:
        made.mkdir()
    except OSError as error:
        raise _refused(path, f"no folder can be made in {made.parent}: {error.strerror or error}") from error
    return made


def _put(made: Path, path: Path) -> None:
    """Puts a folder where the one before is, and what else that one holds into it."""
    if not path.exists():
        made.rename(path)
        return
    old = path.absolute().parent / f"{made.name}.old"
    ours = {name.split("/")[0] for name in _kept(path) or ()} | {MARKER}
    path.rename(old)
    try:
        made.rename(path)
    except BaseException:
        old.rename(path)
        raise
    for entry in sorted(old.iterdir()):
        if entry.name not in ours and not (path / entry.name).exists():
            entry.rename(path / entry.name)
    shutil.rmtree(old)


def _kept(path: Path) -> dict[str, str] | None:
    """The files of the export that made a folder, with their digests; None where none did."""
    try:
        files = json.loads((path / MARKER).read_text(encoding="utf-8"))["files"]
        return {str(name): str(digest) for name, digest in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _differs(path: Path, digest: str) -> bool:
    """Whether a file is there with other content."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() != digest
    except OSError:
        return False


def _refused(path: Path, why: str, hint: str = "") -> ProgramError:
    title = f"the project cannot be written to {path}: {why}"
    return ProgramError([Misuse(title=title, span=caller_span("path"), hint=hint)])
