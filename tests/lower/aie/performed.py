"""Runs the module of a program's design on arrays."""

import numpy as np

from spatial.build.aie.placed import placed
from spatial.build.aie.raw import from_raw, to_raw
from spatial.lower.aie.project.files import project_files
from tests.lower.aie.machine import run

__all__ = ["performed"]


def device_form(array, storage):
    """An array as it lies on the device."""
    flat = np.ascontiguousarray(array).reshape(-1)
    sign = "i" if storage.signed else "u"
    raw = flat.view(f"{sign}{flat.dtype.itemsize}").astype(f"{sign}{storage.bytes}")
    return raw.view(np.int8)


def performed(program, arrays):
    """Runs the design of a program on arrays in the order of its parameters, which get what it leaves."""
    made = placed(program, "npu1")
    names = [each.name for each in made.mapped.graph.parameters]
    given = dict(zip(names, arrays, strict=True))
    host = {"__name__": "host", "__file__": "run.py"}
    exec(project_files(made.design, made.mapped, made.placement, ())["run.py"], host)
    scalars = {name: host["words_of"](given[name], kind) for name, kind in host["SCALARS"].items()}
    stores = made.design.stores.arrays
    raw = {name: to_raw(given[name], stores[name].dtype) for name in made.design.arrays}
    lying = {name: device_form(array, stores[name]) for name, array in raw.items()}
    run(made.design, made.mapped, lying, scalars)
    for name, data in lying.items():
        left = data.view(f"u{stores[name].bytes}").astype(f"u{raw[name].dtype.itemsize}").view(raw[name].dtype)
        given[name][...] = from_raw(left.reshape(raw[name].shape), stores[name].dtype)
