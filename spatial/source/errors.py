"""The three exceptions the package raises, each saying who must act, and the problems of reading source."""

from collections.abc import Iterable
from dataclasses import dataclass

from spatial.source.render import render_all
from spatial.source.report import Label, Problem, Report
from spatial.source.span import Span, caller_span

__all__ = ["InternalError", "Misuse", "ProgramError", "SourceUnavailable", "ToolError", "outside_kernel"]


class ProgramError(Exception):
    """The user's program is wrong: `problems` holds everything found, `str()` shows it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return render_all(problem.report() for problem in self.problems)


class ToolError(Exception):
    """The machine is wrong: a tool is missing or failed; the message says which and what to install."""


class InternalError(Exception):
    """We are wrong: please report it with the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceUnavailable:
    """Python kept no text of a function, so it cannot be compiled."""

    name: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="source/unavailable",
            title=f"the source text of `{self.name}` is not available",
            primary=Label(self.span, "defined here"),
            notes=(
                "`spatial` compiles the text of a function, which Python does not keep for `exec` and at its prompt",
            ),
            hint="put the function into a file or a notebook cell",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Misuse:
    """A function of the package was called with something it cannot take."""

    title: str
    span: Span
    label: str = ""
    hint: str = ""
    code: str = "api/misuse"

    def report(self) -> Report:
        return Report(code=self.code, title=self.title, primary=Label(self.span, self.label), hint=self.hint)


def outside_kernel(what: str) -> ProgramError:
    """The error of using a kernel's word where Python itself runs."""
    return ProgramError(
        [
            Misuse(
                title=f"`{what}` has a meaning only inside a kernel",
                span=caller_span(),
                hint="move it into a function under `@sp.kernel(mapping=[...])`",
                code="api/outside-kernel",
            )
        ]
    )
