"""Draws reports as text; it never fails, whatever has become of the files."""

import linecache
from collections.abc import Iterable
from pathlib import Path

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = ["render", "render_all"]


def render_all(reports: Iterable[Report]) -> str:
    """Every report, in the order of the text, a blank line between two."""
    return "\n\n".join(render(report) for report in sorted(reports, key=lambda r: r.primary.span))


def render(report: Report) -> str:
    """A report as lines of text: title, place, excerpt with underlined spans, notes, hint."""
    labels = [(report.primary, "^"), *((label, "-") for label in report.related)]
    gutter = max(len(str(label.span.end_line)) for label, _ in labels)
    lines = [f"{report.severity}[{report.code}]: {report.title}"]
    file = None
    for label, mark in labels:
        if (arrow := _arrow(label.span, file)) is not None:
            lines.append(f"{' ' * gutter}{arrow} {_place(label.span)}")
        file = label.span.file
        lines += _excerpt(label, mark, gutter)
    lines += [f"{' ' * gutter} = note: {note}" for note in report.notes]
    if report.hint:
        lines.append(f"{' ' * gutter} = hint: {report.hint}")
    return "\n".join(lines)


def _place(span: Span) -> str:
    """Where a span stands; a file below the working directory is named from there."""
    try:
        file = Path(span.file).relative_to(Path.cwd())
    except (OSError, ValueError):
        return str(span)
    return f"{file}:{span.line}:{span.column}"


def _arrow(span: Span, file: str | None) -> str | None:
    if file is None:
        return "-->"
    return ":::" if span.line else None


def _excerpt(label: Label, mark: str, gutter: int) -> list[str]:
    """The first line of the span with the span underlined, or just the label where the text is gone."""
    span = label.span
    text = linecache.getline(span.file, span.line).rstrip("\n") if span.line else ""
    if not text:
        return [f"{' ' * gutter} | {label.text}"] if label.text else []
    end = span.end_column if span.end_line == span.line else len(text) + 1
    width = max(1, end - span.column)
    indent = "".join("\t" if character == "\t" else " " for character in text[: span.column - 1])
    underline = indent + mark * width
    return [
        f"{' ' * gutter} |",
        f"{span.line:>{gutter}} | {text}".rstrip(),
        f"{' ' * gutter} | {underline} {label.text}".rstrip(),
    ]
