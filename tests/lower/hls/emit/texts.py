"""The C++ of a region's processes."""

from spatial.build.simulate import compile_simulator
from spatial.ir.function import kernels
from spatial.lower.hls.emit.process import ProcessText, emit_process
from spatial.region.definition import Region


def processes(region: Region) -> list[ProcessText]:
    """What is emitted for each function of a region."""
    network = compile_simulator(region, "ideal").network
    return [emit_process(each, network.timings[each.name.value]) for each in kernels(network.module)]
