"""Fills in the templates of an exported folder."""

import functools

from jinja2 import Environment, PackageLoader, StrictUndefined

__all__ = ["render"]


def render(template: str, **values: object) -> str:
    """The file that the template of that name becomes."""
    return _templates().get_template(f"{template}.j2").render(**values)


@functools.cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("spatial.lower.aie.project"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
