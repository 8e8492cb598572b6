"""Programs whose arrays are cut into banks."""

from spatial.build.simulate import Simulator, compile_simulator
from spatial.device.fpga import device_of
from spatial.ir.dialect import context
from spatial.ir.function import kernels, operations, parameters
from spatial.ir.layouts import give_layout
from spatial.ir.mlir import ir, memref
from spatial.region.definition import Region
from spatial.region.program import Program, compile_region
from spatial.sim.reference.network import compile_network
from spatial.types.layout import parse_layout


def cut_program(region: Region, **layouts: str) -> Program:
    """A region compiled; the parameters and locals that are named are cut, in all functions that have them."""
    program = compile_region(region)
    with context():
        for function in kernels(program.module):
            given = zip(parameters(function), function.arguments, strict=True)
            memories = {parameter.name: value for parameter, value in given if isinstance(value.type, ir.MemRefType)}
            for op in operations(function.entry_block):
                if isinstance(op, memref.AllocaOp):
                    memories[op.attributes["df.name"].value] = op.result
            for name in memories.keys() & layouts.keys():
                give_layout(memories[name], parse_layout(layouts[name], tuple(memories[name].type.shape)))
    return program


def cut_simulator(region: Region, device: str = "xcu280@300", engine: str = "native", **layouts: str) -> Simulator:
    """The simulator of a region, cut so."""
    plain = compile_simulator(region, device, engine)
    program = cut_program(region, **layouts)
    network = compile_network(program.module, program.graph, device_of(device))
    return Simulator(program, network, engine, plain.depths)
