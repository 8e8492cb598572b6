"""Runs a tool of the vendor's: its output is shown and kept, and it ends with us."""

import os
import shlex
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from spatial.source.errors import ToolError

__all__ = ["run_tool"]

TAIL = 20  # lines of the output that an error repeats
PATIENCE = 10  # seconds that a tool is given to end by itself


def run_tool(
    command: Sequence[str], folder: Path, log: Path, *, shown: bool, environment: Mapping[str, str] | None = None
) -> None:
    """Runs a command in a folder until it ends; its output goes to `log`, and to the standard error where `shown`.

    It has a process group of its own, which ends with it, and where Ctrl-C or anything else interrupts us.
    Raises `ToolError` with the end of the output where it fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    tail: deque[str] = deque(maxlen=TAIL)
    with log.open("w", encoding="utf-8") as kept, _started(command, folder, environment or {}) as process:
        assert process.stdout is not None
        for line in process.stdout:
            kept.write(line)
            tail.append(line)
            if shown:
                sys.stderr.write(line)
                sys.stderr.flush()
        status = process.wait()
    if status:
        told = "\n".join(f"    {line.rstrip()}" for line in tail) or "    (it printed nothing)"
        how = f"ended with status {status}" if status > 0 else f"was ended by {signal.Signals(-status).name}"
        raise ToolError(f"`{spelled(command, environment or {})}` {how} in {folder}; the end of {log}:\n{told}")


def spelled(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """How a command is typed."""
    return " ".join([*(f"{name}={shlex.quote(value)}" for name, value in environment.items()), shlex.join(command)])


@contextmanager
def _started(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process in a group of its own, all of which has ended afterwards."""
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise ToolError(f"`{shlex.join(command)}` cannot be started in {folder}: {error.strerror}") from error
    try:
        yield process
    finally:
        _end(process, process.stdout)


def _end(process: subprocess.Popen[str], output: IO[str] | None) -> None:
    """Ends the group of a process: politely, then not."""
    try:
        if process.poll() is None:
            _signal(process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
    finally:
        _signal(process.pid, signal.SIGKILL)
        process.wait()
        if output is not None:
            output.close()


def _signal(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return
