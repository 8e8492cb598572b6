"""The ports of a design: `sp.m_axi`, `sp.axis`, `sp.s_axilite` and `sp.bram`, and which parameter gets which."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, assert_never

from spatial.ir.function import Parameter
from spatial.ir.graph import ActorGraph
from spatial.lower.hls.errors import BadInterface, UnknownParameter
from spatial.source.errors import ProgramError
from spatial.source.report import Problem
from spatial.source.span import Span, caller_span
from spatial.source.told import told
from spatial.types.tensor import element_of

__all__ = [
    "Axis",
    "Bram",
    "Interface",
    "MAxi",
    "SAxilite",
    "axis",
    "bram",
    "check_interfaces",
    "container_bits",
    "interfaces_of",
    "m_axi",
    "s_axilite",
]

PAGE_BITS = 8 * 4096  # no AXI burst crosses an address that is a multiple of 4 KB
LONGEST_BURST = 256  # transfers, AXI4
WIDTHS = tuple(1 << power for power in range(3, 11))  # bits of an AXI4 data bus
WIDEST_TOKEN = 4096
FIRST_REGISTER = 0x10  # bytes; the control and interrupt registers come before
LAST_REGISTER = 0xFFFF
HBM_CHANNELS = 32
BUNDLE = re.compile(r"[a-z][a-z0-9_]*")
BANK = re.compile(r"([A-Za-z]\w*)(?:\[(\d+)(?::(\d+))?\])?")
Register = Literal["both", "forward", "reverse", "off"]
REGISTERS = ("both", "forward", "reverse", "off")


@dataclass(frozen=True, slots=True, kw_only=True)
class MAxi:
    """An array in memory outside, behind the AXI4 master port `bundle`, whose name is empty where it is the array's.

    `bank` is the memory it is connected to (empty: left to the linker), `width` the bits of the data bus (None: left
    to the compiler), `burst` the transfers of the longest burst, `latency` the cycles after which read data is
    expected, `num_outstanding` the requests that may be under way.
    """

    bundle: str = ""
    bank: str = ""
    width: int | None = None
    burst: int = 64
    latency: int = 64
    num_outstanding: int = 16
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """An AXI4 stream; `register` says which of its signals pass a register."""

    register: Register = "both"
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SAxilite:
    """A register that the host writes, in the AXI4-Lite port `bundle` at byte `offset` (None: the next free one)."""

    bundle: str = "control"
    offset: int | None = None
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bram:
    """A memory outside with one or two `ports`, whose data comes `latency` cycles after the address."""

    ports: int = 1
    latency: int = 1
    span: Span | None = field(default=None, compare=False)


Interface = MAxi | Axis | SAxilite | Bram


def m_axi(
    *,
    bundle: str | None = None,
    bank: str | None = None,
    width: int | None = None,
    burst: int = 64,
    latency: int = 64,
    num_outstanding: int = 16,
) -> MAxi:
    """An AXI4 master port for an array: `interfaces={"A": sp.m_axi(bundle="g0", bank="HBM[0]", width=512)}`.

    `bundle` names the port, in lower case; left out, each array has one of its own. `bank` is the memory it is
    connected to, as the linker's `sp` option names it: `"HBM[0]"`, `"HBM[0:3]"`, `"DDR[1]"`. `width` is the data bus
    in bits, a power of two from 8 to 1024 and not narrower than an element; left out, the compiler widens it where
    that helps. `burst` is the longest burst in transfers, 2 to 256, at most 4096 bytes in all. `latency` is the number
    of cycles after which read data is expected, `num_outstanding` the number of requests that may be under way.
    Raises `ProgramError` for any other value. Source: UG1399, "pragma HLS interface"; AXI4 specification (IHI 0022).
    """
    span = caller_span()
    _check_name("bundle", bundle, span)
    _check_bank(bank, span)
    _check_choice("width", width, (None, *WIDTHS), "the width of an AXI4 data bus", span)
    _check_range("burst", burst, 2, LONGEST_BURST, "transfers", span)
    _check_range("latency", latency, 0, 1 << 16, "cycles", span)
    _check_range("num_outstanding", num_outstanding, 1, LONGEST_BURST, "requests", span)
    if width is not None and width * burst > PAGE_BITS:
        title = (
            f"a burst of {burst} transfers of {width} bits has {width * burst // 8} bytes, at most 4096 are possible"
        )
        raise ProgramError([BadInterface(title=title, span=span, hint=f"write `burst={PAGE_BITS // width}`")])
    return MAxi(
        bundle=bundle or "",
        bank=bank or "",
        width=width,
        burst=burst,
        latency=latency,
        num_outstanding=num_outstanding,
        span=span,
    )


def axis(*, register: Register = "both") -> Axis:
    """An AXI4 stream for a stream parameter: `interfaces={"X": sp.axis(register="off")}`.

    `register` is "both", "forward" (data and valid), "reverse" (ready) or "off": which signals pass a register. A
    field `last` of the tokens' struct becomes TLAST. Raises `ProgramError` for any other value. Source: UG1399.
    """
    span = caller_span()
    _check_choice("register", register, REGISTERS, "the registers of an AXI4 stream", span)
    return Axis(register=register, span=span)


def s_axilite(*, bundle: str = "control", offset: int | None = None) -> SAxilite:
    """A register for a scalar, written by the host: `interfaces={"n": sp.s_axilite(offset=0x20)}`.

    `bundle` names the AXI4-Lite port, in lower case; a kernel that `v++` links has one only. `offset` is the
    register's address in bytes, a multiple of 4 from 0x10 on; left out, the compiler chooses. Raises `ProgramError`
    for any other value. Source: UG1399, "pragma HLS interface".
    """
    span = caller_span()
    _check_name("bundle", bundle, span)
    if offset is not None:
        _check_range("offset", offset, FIRST_REGISTER, LAST_REGISTER, "bytes", span)
        if offset % 4:
            title = f"`offset` is a multiple of 4 bytes, not `{offset}`"
            raise ProgramError([BadInterface(title=title, span=span, hint=f"write `offset={hex(offset & -4)}`")])
    return SAxilite(bundle=bundle, offset=offset, span=span)


def bram(*, ports: int = 1, latency: int = 1) -> Bram:
    """The address and data signals of a memory outside, for an array: `interfaces={"A": sp.bram(ports=2)}`.

    `ports` are 1 or 2, `latency` the cycles from an address to its data, at least 1. For designs that a system in
    Vivado holds; `v++` links none with such ports. Raises `ProgramError` for any other value. Source: UG1399.
    """
    span = caller_span()
    _check_choice("ports", ports, (1, 2), "the ports of a memory", span)
    _check_range("latency", latency, 1, 64, "cycles", span)
    return Bram(ports=ports, latency=latency, span=span)


def container_bits(bits: int) -> int:
    """What an element takes in memory outside: the next power of two, at least a byte."""
    return max(8, 1 << (bits - 1).bit_length())


def interfaces_of(graph: ActorGraph, given: Mapping[str, Interface] | None = None) -> dict[str, Interface]:
    """The interface of each parameter, in order: as given, or by its kind.

    An array gets an `m_axi` port of its own, a scalar a register in "control", a stream an AXI4 stream. Every
    `bundle` of an array is named then. Raises `ProgramError` with all that is wrong.
    """
    if problems := check_interfaces(graph, given):
        raise ProgramError(problems)
    chosen = dict(given or {})
    taken = {each.bundle for each in chosen.values() if isinstance(each, MAxi)}
    found: dict[str, Interface] = {}
    for parameter in graph.parameters:
        interface = chosen.get(parameter.name) or _default(parameter)
        if isinstance(interface, MAxi) and not interface.bundle:
            interface = replace(interface, bundle=_free_bundle(parameter.name, taken))
            taken.add(interface.bundle)
        found[parameter.name] = interface
    return found


def check_interfaces(graph: ActorGraph, given: object = None) -> list[Problem]:
    """What is wrong with the interfaces that are given for a region's parameters."""
    if given is None:
        return []
    if not isinstance(given, Mapping):
        title = f"`interfaces` maps names of parameters to interfaces, it is not `{told(given)}`"
        hint = 'write `interfaces={"A": sp.m_axi(bundle="g0")}`'
        return [BadInterface(title=title, span=caller_span("interfaces"), hint=hint)]
    parameters = {parameter.name: parameter for parameter in graph.parameters}
    problems: list[Problem] = []
    for name, interface in given.items():
        if name not in parameters:
            known = tuple(parameters)
            span = getattr(interface, "span", None) or caller_span("interfaces")
            problems.append(UnknownParameter(asked=name, region=graph.name, known=known, span=span))
        else:
            problems += _misfits(parameters[name], interface)
    return problems or list(_clashes(parameters, given))


def _default(parameter: Parameter) -> Interface:
    match parameter.kind:
        case "array":
            return MAxi()
        case "stream":
            return Axis()
        case _:
            return SAxilite()


def _free_bundle(name: str, taken: set[str]) -> str:
    """`gmem_a` for an array `A`, or with a number where that is taken."""
    wanted = "gmem_" + re.sub(r"[^a-z0-9_]", "_", name.lower())
    numbered = (f"{wanted}_{number}" for number in range(2, len(taken) + 3))
    return next(bundle for bundle in (wanted, *numbered) if bundle not in taken)


def _misfits(parameter: Parameter, interface: object) -> Iterator[Problem]:
    """Why a parameter cannot have an interface."""
    fit = {"array": "sp.m_axi(...)` or `sp.bram(...)", "stream": "sp.axis(...)"}.get(
        parameter.kind, "sp.s_axilite(...)"
    )
    told_kind = {"array": "an array", "stream": "a stream"}.get(parameter.kind, "a scalar")
    if not isinstance(interface, Interface):
        title = f"the interface of `{parameter.name}` is `{told(interface)}`, which is none"
        hint = f'write `interfaces={{"{parameter.name}": ...}}` with `{fit}`'
        yield BadInterface(title=title, span=caller_span("interfaces"), hint=hint)
        return
    span = interface.span or caller_span("interfaces")
    if not isinstance(interface, KINDS.get(parameter.kind, (SAxilite,))):
        title = f"`{parameter.name}` is {told_kind}, which has no interface `{_spelled(interface)}`"
        yield BadInterface(title=title, span=span, hint=f"write `{fit}`")
        return
    bits, type_ = element_of(parameter.type).bits, parameter.type
    if isinstance(interface, MAxi):
        needed = container_bits(bits)
        if needed > WIDTHS[-1]:
            title = f"an element of `{parameter.name}` has {bits} bits, an AXI4 data bus at most {WIDTHS[-1]}"
            yield BadInterface(title=title, span=span, hint="declare the array with narrower elements")
        elif interface.width is not None and interface.width < needed:
            title = f"an element of `{parameter.name}` takes {needed} bits, a data bus of {interface.width} is narrower"
            yield BadInterface(title=title, span=span, hint=f"write `width={needed}`, or more")
    if isinstance(interface, Axis) and type_.bits > WIDEST_TOKEN:
        title = f"a token of `{parameter.name}` has {type_.bits} bits, an AXI4 stream at most {WIDEST_TOKEN}"
        yield BadInterface(title=title, span=span, hint="put smaller blocks")


KINDS: Mapping[str, tuple[type, ...]] = {"array": (MAxi, Bram), "stream": (Axis,), "scalar": (SAxilite,)}


def _clashes(parameters: Mapping[str, Parameter], given: Mapping[str, Interface]) -> Iterator[Problem]:
    """Registers at one address, and one port that is told two things."""
    placed: dict[tuple[str, int], str] = {}
    ports: dict[str, tuple[str, MAxi]] = {}
    for name, interface in given.items():
        if isinstance(interface, SAxilite) and interface.offset is not None:
            words = range(interface.offset, interface.offset + -(-parameters[name].type.bits // 32) * 4, 4)
            before = next((placed[interface.bundle, word] for word in words if (interface.bundle, word) in placed), "")
            if before:
                title = f"the registers of `{before}` and `{name}` overlap at {interface.offset:#x}"
                yield BadInterface(
                    title=title, span=interface.span or caller_span("interfaces"), hint="leave `offset` out"
                )
            placed |= {(interface.bundle, word): name for word in words}
        if isinstance(interface, MAxi) and interface.bundle:
            first, other = ports.setdefault(interface.bundle, (name, interface))
            if differing := _difference(other, interface):
                title = f"the port `{interface.bundle}` has one `{differing}`, `{first}` and `{name}` give two"
                hint = f"give both the same `{differing}`, or each a bundle of its own"
                yield BadInterface(title=title, span=interface.span or caller_span("interfaces"), hint=hint)


def _difference(one: MAxi, other: MAxi) -> str:
    """The first thing that two arrays say differently of one port."""
    names = ("bank", "width", "burst", "latency", "num_outstanding")
    return next((name for name in names if getattr(one, name) != getattr(other, name)), "")


def _spelled(interface: Interface) -> str:
    match interface:
        case MAxi():
            return "sp.m_axi(...)"
        case Axis():
            return "sp.axis(...)"
        case SAxilite():
            return "sp.s_axilite(...)"
        case Bram():
            return "sp.bram(...)"
    assert_never(interface)


def _check_name(what: str, name: object, span: Span) -> None:
    if name is None or (isinstance(name, str) and BUNDLE.fullmatch(name)):
        return
    title = f"`{what}` is a name of lower-case letters, digits and `_`, not `{told(name)}`"
    better = re.sub(r"[^a-z0-9_]", "_", name.lower()).lstrip("_0123456789") if isinstance(name, str) else ""
    raise ProgramError([BadInterface(title=title, span=span, hint=f'write `{what}="{better or "g0"}"`')])


def _check_bank(bank: object, span: Span) -> None:
    """A memory as the linker names it, with a range of its parts that exists."""
    if bank is None:
        return
    match = BANK.fullmatch(bank) if isinstance(bank, str) else None
    title = ""
    if match is None:
        title = f"there is no memory bank `{told(bank)}`"
    elif match[3] and int(match[3]) < int(match[2]):
        title = f"the banks `{bank}` end before they begin"
    elif match[1] == "HBM" and (not match[2] or int(match[3] or match[2]) >= HBM_CHANNELS):
        title = f"`{bank}` is none of the {HBM_CHANNELS} channels of HBM"
    if title:
        hint = 'write `bank="HBM[0]"`, `bank="HBM[0:3]"` or `bank="DDR[1]"`'
        raise ProgramError([BadInterface(title=title, span=span, hint=hint)])


def _check_choice(name: str, value: object, choices: tuple[object, ...], what: str, span: Span) -> None:
    if isinstance(value, bool) or value not in choices:
        known = ", ".join(f'"{each}"' if isinstance(each, str) else str(each) for each in choices if each is not None)
        title = f"`{name}` is {what}, which is one of {known}: not `{told(value)}`"
        raise ProgramError([BadInterface(title=title, span=span)])


def _check_range(name: str, value: object, least: int, most: int, unit: str, span: Span) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        title = f"`{name}` is a number of {unit} from {least} to {most}, not `{told(value)}`"
        raise ProgramError([BadInterface(title=title, span=span)])
