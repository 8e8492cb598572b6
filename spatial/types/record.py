"""The values of structs in Python."""

from collections.abc import Iterable, Sequence

__all__ = ["Record"]


class Record(tuple[object, ...]):
    """The value of a struct: a tuple of its fields, which are read by name too.

    `Packet(1, last=True)` makes one outside of kernels. Its fields are as they were given: whether their types hold
    them is told where it is used.
    """

    struct: object
    names: tuple[str, ...]

    def __new__(cls, struct: object, names: Sequence[str], values: Iterable[object]) -> "Record":
        made = super().__new__(cls, values)
        made.struct = struct
        made.names = tuple(names)
        return made

    def __getattribute__(self, name: str) -> object:
        names = object.__getattribute__(self, "__dict__").get("names", ())
        return self[names.index(name)] if name in names else object.__getattribute__(self, name)

    def __getnewargs__(self) -> tuple[object, ...]:
        known = object.__getattribute__(self, "__dict__")
        return known["struct"], known["names"], tuple(self)

    def __repr__(self) -> str:
        known = object.__getattribute__(self, "__dict__")
        fields = zip(known["names"], self, strict=True)
        return f"{known['struct'].name}({', '.join(f'{name}={value!r}' for name, value in fields)})"
