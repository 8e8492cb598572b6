"""What does not fit on an NPU."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["NoWalk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoWalk:
    """A mover makes tokens that no descriptor of a DMA walks through."""

    channel: str
    mover: str
    token: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="aie/walk",
            title=f"no DMA makes the tokens `{self.token}` of `{self.channel}` as `{self.mover}` does",
            primary=Label(self.span, "this moves elements that do not lie along four strides, in words of 32 bits"),
            hint="move blocks whose rows lie beside each other, in multiples of 4 bytes, and rearrange them in a core",
        )
