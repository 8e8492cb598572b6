"""Fills in the templates of an exported folder."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

__all__ = ["render"]


def render(name: str, **values: object) -> str:
    """The text of a template; it knows no names but those given, and ends as the template does."""
    return _templates().get_template(f"{name}.j2").render(**values)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("spatial.lower.hls.project"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the texts are C++, Tcl and settings, not HTML
    )
