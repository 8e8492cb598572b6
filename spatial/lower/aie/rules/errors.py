"""How a breach of a rule of the NPU is told."""

from dataclasses import dataclass

from spatial.source.notice import Notice
from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["Breach", "SmallToken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """Something of a design that breaks a rule: the title names the resource, its limit, and what is asked for."""

    title: str
    span: Span
    label: str = ""
    others: tuple[tuple[Span, str], ...] = ()
    notes: tuple[str, ...] = ()
    hint: str = ""

    def report(self) -> Report:
        return Report(
            code="aie/rule",
            title=self.title,
            primary=Label(self.span, self.label),
            related=tuple(Label(span, text) for span, text in self.others),
            notes=self.notes,
            hint=self.hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallToken(Notice):
    """A fifo that DMA carries in small objects: most of its time goes into locks and descriptors."""

    stream: str
    bytes: int
    few: int
    element: str
    count: int
    span: Span

    def report(self) -> Report:
        return Report(
            code="aie/small-token",
            title=f"a token of `{self.stream}` has {self.bytes} bytes, DMA is made for {self.few} and more",
            primary=Label(self.span, "each token costs a turn of locks and descriptors at both ends"),
            hint=f"put blocks: `Stream[{self.element}[{self.count}], 2]`",
            severity="warning",
        )
