"""Reads what an example is asked for on the command line."""

import argparse

__all__ = ["Asked", "asked"]


class Asked(argparse.Namespace):
    """The `device`, the numbers of `cores` and of `size`, one for each direction, and a `type` if there are several."""


def numbers(text):
    """The numbers of `4x4`."""
    return tuple(int(each) for each in text.split("x"))


def asked(doc, given, *, cores, size, of, types=(), usual=True):
    """What is asked for; `doc` is the example's docstring, `of` says what the size has the sizes of.

    `size` is by default and an example; without a `usual` one nothing is, and it depends on the rest.
    """
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    if types:
        parser.add_argument("--type", choices=types, default=next(iter(types)), help="the type of the elements")
    parser.add_argument(
        "--cores", type=numbers, default=cores, help="how many, as 4, or rows x columns of them, as 4x4"
    )
    parser.add_argument("--device", default="npu1", help="npu1, npu2, or columns of them, as npu1_2col")
    parser.add_argument("--size", type=numbers, default=size if usual else None, help=f"{of}, as {size}")
    found = parser.parse_args(given, Asked())
    for name, example in (("cores", cores), ("size", size)):
        numbered = getattr(found, name)
        if numbered is not None and len(numbered) != len(numbers(example)):
            parser.error(f"--{name} has {len(numbers(example))} numbers, as {example}")
    return found
