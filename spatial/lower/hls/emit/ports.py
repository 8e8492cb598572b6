"""The parameters of the top function, and the pragmas that make ports of them."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from spatial.analysis.sharing import array_uses
from spatial.ir.function import Parameter
from spatial.ir.graph import ActorGraph
from spatial.lower.hls.emit.scope import Scope
from spatial.lower.hls.emit.types import cpp_type, token_type
from spatial.lower.hls.interfaces import Axis, Bram, Interface, MAxi, SAxilite
from spatial.types.tensor import element_of, size_of

__all__ = ["parameter_texts", "port_pragmas"]

VENDOR_BURST = 16  # what holds where a pragma does not say (UG1399, "AXI4 Master Interface")
VENDOR_LATENCY = 64
VENDOR_OUTSTANDING = 16


def parameter_texts(graph: ActorGraph, interfaces: Mapping[str, Interface], scope: Scope) -> list[str]:
    """The parameters as C++ declares them, in order; arrays that nothing writes are constant."""
    uses = array_uses(graph)
    return [
        _parameter(parameter, scope.parameters[parameter.name], interfaces[parameter.name], written=written)
        for parameter in graph.parameters
        for written in [parameter.name in uses and bool(uses[parameter.name].writers)]
    ]


def _parameter(parameter: Parameter, name: str, interface: Interface, *, written: bool) -> str:
    if parameter.stream:
        extents = "".join(f"[{extent}]" for extent in parameter.shape)
        return f"hls::stream<{token_type(parameter.type)}> {name + extents if extents else '&' + name}"
    element = cpp_type(element_of(parameter.type))
    if parameter.kind == "scalar":
        return f"{element} {name}"
    constant = "" if written else "const "
    if isinstance(interface, Bram):
        return f"{constant}{element} {name}[{size_of(parameter.type)}]"
    return f"{constant}{element} *{name}"


def port_pragmas(graph: ActorGraph, interfaces: Mapping[str, Interface], scope: Scope) -> Iterator[str]:
    """An interface pragma for each parameter, and that of the control port, without options that hold anyway."""
    controls = [each.bundle for each in interfaces.values() if isinstance(each, SAxilite)]
    control = controls[0] if controls else SAxilite().bundle
    for parameter in graph.parameters:
        name = scope.parameters[parameter.name]
        match interfaces[parameter.name]:
            case MAxi() as port:
                yield f"#pragma HLS interface mode=m_axi port={name} {_memory(port, size_of(parameter.type))}"
                yield f"#pragma HLS interface mode=s_axilite port={name} bundle={control}"
            case Axis() as port:
                register = "" if port.register == "both" else f" register_mode={port.register}"
                yield f"#pragma HLS interface mode=axis port={name}{register}"
            case SAxilite() as port:
                offset = "" if port.offset is None else f" offset={port.offset:#x}"
                yield f"#pragma HLS interface mode=s_axilite port={name} bundle={port.bundle}{offset}"
            case Bram() as port:
                storage = "ram_2p" if port.ports == 2 else "ram_1p"
                yield f"#pragma HLS interface mode=bram port={name} storage_type={storage} latency={port.latency}"
            case unknown:
                assert_never(unknown)
    yield f"#pragma HLS interface mode=s_axilite port=return bundle={control}"


def _memory(port: MAxi, size: int) -> str:
    """The options of an AXI4 master port for an array of so many elements."""
    options = [f"bundle={port.bundle}", "offset=slave", f"depth={size}"]
    if port.width is not None:
        options.append(f"max_widen_bitwidth={port.width}")
    told = {
        "max_read_burst_length": (port.burst, VENDOR_BURST),
        "max_write_burst_length": (port.burst, VENDOR_BURST),
        "latency": (port.latency, VENDOR_LATENCY),
        "num_read_outstanding": (port.num_outstanding, VENDOR_OUTSTANDING),
        "num_write_outstanding": (port.num_outstanding, VENDOR_OUTSTANDING),
    }
    return " ".join([*options, *(f"{name}={value}" for name, (value, usual) in told.items() if value != usual)])
