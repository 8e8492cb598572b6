"""Reads what an example is asked for on the command line."""

import argparse

__all__ = ["Asked", "asked"]


class Asked(argparse.Namespace):
    """The `device`, the numbers of `cores` and of `size`, one for each direction, and a `type` if there are several."""


def numbers(text):
    """The numbers of `4x4`."""
    return tuple(int(each) for each in text.split("x"))


def asked(doc, given, *, cores, size, of, types=()):
    """What is asked for; `doc` is the example's docstring, `size` is by default, `of` says what it has the sizes of."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    if types:
        parser.add_argument("--type", choices=types, default=next(iter(types)), help="the type of the elements")
    parser.add_argument(
        "--cores", type=numbers, default=cores, help="how many, as 4, or rows x columns of them, as 4x4"
    )
    parser.add_argument("--device", default="npu1", help="npu1, npu2, or columns of them, as npu1_2col")
    parser.add_argument("--size", type=numbers, default=size, help=f"{of}, as {size}")
    found = parser.parse_args(given, Asked())
    for name, usual in (("cores", cores), ("size", size)):
        if len(getattr(found, name)) != len(numbers(usual)):
            parser.error(f"--{name} has {len(numbers(usual))} numbers, as {usual}")
    return found
