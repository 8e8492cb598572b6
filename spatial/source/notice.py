"""Problems that are told beside a result: they print as their reports."""

from abc import ABC, abstractmethod

from spatial.source.render import render
from spatial.source.report import Report

__all__ = ["Notice"]


class Notice(ABC):
    """A problem that does not stop anything: `print` shows it as the message of an error is shown."""

    __slots__ = ()

    @abstractmethod
    def report(self) -> Report:
        """How to tell the user."""

    def __str__(self) -> str:
        return render(self.report())
