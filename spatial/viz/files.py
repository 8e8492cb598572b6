"""Files that are written while a run goes on and stand in their place only when they are whole."""

import os
import tempfile
from pathlib import Path

__all__ = ["WholeFile"]


class WholeFile:
    """A text file under another name beside its own, open until `keep` gives it that or `drop` removes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = tempfile.NamedTemporaryFile(  # noqa: SIM115
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False
        )

    def restart(self) -> None:
        """Forgets what has been written."""
        self.file.seek(0)
        self.file.truncate()

    def write(self, text: str) -> None:
        self.file.write(text)

    def keep(self) -> None:
        """All has been written."""
        self.file.close()
        os.replace(self.file.name, self.path)

    def drop(self) -> None:
        """What has been written is not wanted."""
        self.file.close()
        Path(self.file.name).unlink(missing_ok=True)
