"""Dataflow accelerators as Python actors: write them, simulate them cycle by cycle, see why they deadlock."""

from spatial import nn
from spatial.build.check import check
from spatial.build.lemmas.driver import lemma
from spatial.build.module import build
from spatial.build.report import report
from spatial.build.simulate import simulate
from spatial.build.size import size_fifos
from spatial.build.vendor.project import Project, open_project
from spatial.build.verify import verify
from spatial.customize.schedule import Schedule, customize
from spatial.customize.unified import unify
from spatial.device.fpga import fpga
from spatial.device.model import Device
from spatial.kernel.declared.definition import kernel
from spatial.kernel.declared.external import external
from spatial.kernel.declared.movers import fork, gather, merge, scatter
from spatial.kernel.declared.pipeline import Pipeline
from spatial.kernel.words.arrays import (
    argmax,
    argmin,
    clip,
    max,
    maximum,
    mean,
    min,
    minimum,
    reshape,
    sum,
    transpose,
    where,
)
from spatial.kernel.words.functions import (
    erf,
    erfc,
    exp,
    gelu,
    layer_norm,
    log,
    relu,
    rsqrt,
    sigmoid,
    softmax,
    sqrt,
    tanh,
)
from spatial.kernel.words.markers import bitcast, grid, pack, reduction, select, unpack
from spatial.lower.hls.interfaces import axis, bram, m_axi, s_axilite
from spatial.meta.external import In, InOut, Out
from spatial.meta.markers import get_pid, meta_elif, meta_else, meta_for, meta_if
from spatial.nn.operator import Operator
from spatial.region.definition import region
from spatial.sim.errors import Deadlock, Interrupted, Livelock, RunError
from spatial.sim.recorded.network import load_network
from spatial.sim.recorded.replay import Replay, replay
from spatial.sim.result import Run
from spatial.sim.sizing.result import Sizing
from spatial.source.errors import InternalError, ProgramError, ToolError
from spatial.stream.stream import Stream, array, pipe
from spatial.types.dtype import (
    Fixed,
    Int,
    UFixed,
    UInt,
    bfloat16,
    bool_,
    float8_e4m3fn,
    float8_e5m2,
    float16,
    float32,
    float64,
    index,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)
from spatial.types.qualifiers import Memory, R, S, Stateful
from spatial.types.quantize import quantize
from spatial.types.structs import struct
from spatial.types.values import numpy_dtype
from spatial.verify.lemmas.lemma import Lemma
from spatial.verify.verdict import Verdict

__all__ = [
    "Deadlock",
    "Device",
    "Fixed",
    "In",
    "InOut",
    "Int",
    "InternalError",
    "Interrupted",
    "Lemma",
    "Livelock",
    "Memory",
    "Operator",
    "Out",
    "Pipeline",
    "ProgramError",
    "Project",
    "R",
    "Replay",
    "Run",
    "RunError",
    "S",
    "Schedule",
    "Sizing",
    "Stateful",
    "Stream",
    "ToolError",
    "UFixed",
    "UInt",
    "Verdict",
    "argmax",
    "argmin",
    "array",
    "axis",
    "bfloat16",
    "bitcast",
    "bool_",
    "bram",
    "build",
    "check",
    "clip",
    "customize",
    "erf",
    "erfc",
    "exp",
    "external",
    "float8_e4m3fn",
    "float8_e5m2",
    "float16",
    "float32",
    "float64",
    "fork",
    "fpga",
    "gather",
    "gelu",
    "get_pid",
    "grid",
    "index",
    "int8",
    "int16",
    "int32",
    "int64",
    "kernel",
    "layer_norm",
    "lemma",
    "load_network",
    "log",
    "m_axi",
    "max",
    "maximum",
    "mean",
    "merge",
    "meta_elif",
    "meta_else",
    "meta_for",
    "meta_if",
    "min",
    "minimum",
    "nn",
    "numpy_dtype",
    "open_project",
    "pack",
    "pipe",
    "quantize",
    "reduction",
    "region",
    "relu",
    "replay",
    "report",
    "reshape",
    "rsqrt",
    "s_axilite",
    "scatter",
    "select",
    "sigmoid",
    "simulate",
    "size_fifos",
    "softmax",
    "sqrt",
    "struct",
    "sum",
    "tanh",
    "transpose",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "unify",
    "unpack",
    "verify",
    "where",
]
