"""What can be said of a type behind `@`: where memory lives, how an array is cut, whether it keeps its values."""

from dataclasses import dataclass
from typing import Final

from spatial.source.errors import Misuse, ProgramError
from spatial.source.span import caller_span

__all__ = ["RESOURCES", "Memory", "Placement", "Qualified", "Qualifier", "R", "S", "Stateful", "placements"]

RESOURCES = ("BRAM", "URAM", "LUTRAM", "SRL", "registers")
PORTS = ("1P", "2P", "S2P", "T2P")


class Qualifier:
    """What stands behind the `@` of a type."""

    __slots__ = ()

    def __rmatmul__(self, type_: object) -> "Qualified":
        """The type with this said of it; what may stand in front is found out where the type is used."""
        return Qualified(type=type_, qualifiers=(self,))


class _Stateful(Qualifier):
    """Keeps its values over the calls of a built module: `acc: int32 @ sp.Stateful = 0`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Stateful"


Stateful: Final = _Stateful()


@dataclass(frozen=True, slots=True, init=False)
class Memory(Qualifier):
    """The storage that an array is bound to: `buf: int32[64] @ sp.Memory("URAM", ports="2P")`.

    `resource` is one of "BRAM", "URAM", "LUTRAM", "SRL" and "registers"; `ports` one of "1P", "2P" (one reads, one
    writes), "S2P" and "T2P" (both do both), or left to the target. Values are the same for all of them; timing
    knows registers, and that "1P" is one access in a cycle. Raises `ProgramError` for any other name.
    """

    resource: str
    ports: str

    def __init__(self, resource: str, *, ports: str = "") -> None:
        if resource not in RESOURCES:
            known = ", ".join(f'"{name}"' for name in RESOURCES)
            raise _misuse(f"there is no storage {resource!r}", f"there are {known}")
        if ports and ports not in PORTS:
            known = ", ".join(f'"{name}"' for name in PORTS)
            raise _misuse(f"there are no ports {ports!r}", f"there are {known}")
        object.__setattr__(self, "resource", resource)
        object.__setattr__(self, "ports", ports)

    def __str__(self) -> str:
        return f"{self.resource}({self.ports})" if self.ports else self.resource


@dataclass(frozen=True, slots=True, init=False)
class S:
    """Cuts a dimension of a kernel's parameter along an axis of the mapping: `A: int8[M, K] @ [sp.S(1), sp.R]`.

    Each PE then sees the part that belongs to its position on that axis. Raises `ProgramError` unless
    `axis` is 0, 1 or 2.
    """

    axis: int

    def __init__(self, axis: int) -> None:
        if isinstance(axis, bool) or axis not in (0, 1, 2):
            raise _misuse(f"a mapping has the axes 0, 1 and 2, not `{axis}`", "write `sp.S(0)`")
        object.__setattr__(self, "axis", axis)

    def __repr__(self) -> str:
        return f"S({self.axis})"


class _Replicated:
    """Leaves a dimension of a kernel's parameter whole for every PE."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "R"


R: Final = _Replicated()
Placement = S | _Replicated


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualified:
    """A type with what is said of it; `placements` say for each dimension how it is cut."""

    type: object
    qualifiers: tuple[Qualifier, ...] = ()
    placements: tuple[Placement, ...] = ()

    def __matmul__(self, more: object) -> "Qualified":
        match more:
            case Qualifier():
                return Qualified(type=self.type, qualifiers=(*self.qualifiers, more), placements=self.placements)
            case list() | tuple() | S() | _Replicated() if not self.placements:
                return Qualified(type=self.type, qualifiers=self.qualifiers, placements=placements(more))
        return NotImplemented

    def __str__(self) -> str:
        cut = (list(self.placements),) if self.placements else ()
        return " @ ".join(map(str, (self.type, *self.qualifiers, *cut)))

    @property
    def stateful(self) -> bool:
        """Whether its values are kept."""
        return Stateful in self.qualifiers

    @property
    def storage(self) -> Memory | None:
        """What it is bound to."""
        return next((each for each in self.qualifiers if isinstance(each, Memory)), None)


def placements(given: object) -> tuple[Placement, ...]:
    """How each dimension is cut; raises `ProgramError` where anything but `S` and `R` is given."""
    parts = given if isinstance(given, list | tuple) else [given]
    found = tuple(each for each in parts if isinstance(each, S | _Replicated))
    if len(found) < len(parts):
        raise _misuse("an array is cut by a list of `sp.S(axis)` and `sp.R`", "write `int8[M, K] @ [sp.S(0), sp.R]`")
    return found


def _misuse(title: str, hint: str) -> ProgramError:
    return ProgramError([Misuse(title=title, span=caller_span(), hint=hint, code="type/qualifier")])
