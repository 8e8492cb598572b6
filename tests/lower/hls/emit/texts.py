"""The C++ of a region's processes."""

from spatial.analysis.feedback import feedback
from spatial.analysis.pipeline import schedule_function
from spatial.ir.dialect import context
from spatial.ir.function import kernels
from spatial.lower.hls.emit.process import ProcessText, emit_process
from spatial.region.definition import Region
from spatial.region.program import compile_region


def processes(region: Region) -> list[ProcessText]:
    """What is emitted for each function of a region."""
    program = compile_region(region)
    loopback = feedback(program.graph)
    with context():
        timings = {
            each.name.value: schedule_function(each, loopback[each.name.value])[0] for each in kernels(program.module)
        }
        return [emit_process(each, timings[each.name.value]) for each in kernels(program.module)]
