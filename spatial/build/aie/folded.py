"""Tells that PEs of a grid that is larger than an NPU take turns on cores."""

from dataclasses import dataclass

from spatial.source.notice import Notice
from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["Folded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded(Notice):
    """Of `pes` PEs, more than an NPU has cores, `sharing` take turns on `hosts` cores."""

    pes: int
    sharing: int
    hosts: int
    room: int
    npu: str
    kernel: str
    fits: tuple[int, ...]
    span: Span

    @property
    def cores(self) -> int:
        """How many cores work."""
        return self.pes - self.sharing + self.hosts

    def report(self) -> Report:
        grid = ", ".join(map(str, self.fits))
        return Report(
            code="aie/folded",
            title=f"`{self.npu}` has {self.room} cores for {self.pes} PEs: "
            f"{'all' if self.sharing == self.pes else self.sharing} of them take turns on {self.hosts}",
            primary=Label(self.span, f"PEs of `{self.kernel}` share cores"),
            notes=(f"{self.cores} of {self.room} cores work, and each does the work of its PEs one after the other",),
            hint=f"with `mapping=[{grid}]` each PE has a core of its own" if self.fits else "",
            severity="note",
        )
