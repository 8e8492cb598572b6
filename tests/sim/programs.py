"""Makes regions from generated text."""

import itertools
import linecache
import textwrap

import spatial as sp
from spatial.region.definition import Region

NUMBERS = itertools.count()


def region_of(text: str, name: str = "net", *, file: str = "", **names: object) -> Region:
    """The region that a text defines; `names` are what it can use besides `sp`, `Stream` and all scalar types."""
    file = file or f"<generated {next(NUMBERS)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    known: dict[str, object] = {each: getattr(sp, each) for each in sp.__all__}
    known |= {"sp": sp, **names}
    exec(compile(text, file, "exec"), known)
    made = known[name]
    assert isinstance(made, Region)
    return made


def actors(streams: str, **bodies: str) -> Region:
    """A region of streams and argument-less actors, `actors("a: Stream[int32, 1]", left="a.put(1)", ...)`."""
    lines = ["@sp.region()", "def net():", *_indented(streams, 4)]
    for name, body in bodies.items():
        lines += ["    @sp.kernel()", f"    def {name}():", *_indented(body, 8)]
    return region_of("\n".join(lines) + "\n")


def _indented(text: str, by: int) -> list[str]:
    return [" " * by + line for line in textwrap.dedent(text).strip().splitlines()]
