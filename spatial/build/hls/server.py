"""A process of its own that runs a compiled design, call after call."""

import os
import select
import signal
import subprocess
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

__all__ = ["Failure", "Server"]

SAME_FOR_ALL = {"LC_ALL": "C"}


class Failure(Exception):
    """The process ended within a call: by itself with `code`, by a signal where that is negative.

    `told` is what it wrote to its standard error. It was stopped after its time where `code` is None.
    """

    def __init__(self, code: int | None, told: str = "") -> None:
        super().__init__(code, told)
        self.code = code
        self.told = told

    @property
    def cause(self) -> str:
        """What ended it, in words."""
        if self.code is None:
            return "took longer than it may"
        if self.code < 0:
            return f"crashed with {signal.Signals(-self.code).name}"
        return f"ended with code {self.code}"


class Server:
    """Runs a program that `csim.cpp` is; it starts with the first call, and again after one that failed.

    What kernels print goes to `echo`, after each call.
    """

    def __init__(self, program: Path, echo: Callable[[str], None]) -> None:
        self.program = program
        self.echo = echo
        self.running: Running | None = None

    def call(self, inputs: bytes, seconds: float | None) -> bytes:
        """The outputs of a call with these inputs; raises `Failure` where the process does not live to give them.

        Whatever is raised, Ctrl-C too, the next call starts a new process.
        """
        if self.running is None:
            self.running = Running(self.program)
        running = self.running
        try:
            return running.call(inputs, seconds)
        except BaseException:
            self.stop()
            raise
        finally:
            self.echo(running.printed())

    def stop(self) -> None:
        """Ends the process, and with it what its memory holds."""
        if self.running is not None:
            self.running.close()
            self.running = None


class Running:
    """The process while it lives, with a folder for its files."""

    def __init__(self, program: Path) -> None:
        folder = tempfile.TemporaryDirectory(prefix="spatial-csim-", ignore_cleanup_errors=True)
        self.folder = Path(folder.name)
        self.read = 0
        self.answers, answered = os.pipe()
        with (self.folder / "stdout").open("wb") as out, (self.folder / "stderr").open("wb") as errors:
            self.process = subprocess.Popen(
                [program, str(answered)],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=errors,
                pass_fds=[answered],
                start_new_session=True,
                env=os.environ | SAME_FOR_ALL,
            )
        os.close(answered)
        self.close = weakref.finalize(self, _close, self.process, self.answers, folder)

    def call(self, inputs: bytes, seconds: float | None) -> bytes:
        """The outputs of a call."""
        given, made = self.folder / "inputs", self.folder / "outputs"
        given.write_bytes(inputs)
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(b"%s\t%s\n" % (os.fsencode(given), os.fsencode(made)))
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self.failure() from None
        if not select.select([self.answers], [], [], seconds)[0]:
            raise Failure(None)
        if not os.read(self.answers, 64):
            raise self.failure()
        return made.read_bytes()

    def failure(self) -> Failure:
        """Why the process ended."""
        code = self.process.wait()
        return Failure(code, (self.folder / "stderr").read_text(errors="replace"))

    def printed(self) -> str:
        """What was printed since this was last asked."""
        path = self.folder / "stdout"
        if not path.exists():
            return ""
        with path.open("rb") as out:
            out.seek(self.read)
            text = out.read()
        self.read += len(text)
        return text.decode(errors="replace")


def _close(process: "subprocess.Popen[bytes]", answers: int, folder: "tempfile.TemporaryDirectory[str]") -> None:
    process.kill()
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
    os.close(answers)
    folder.cleanup()
