"""Runs the module of a program's design on arrays."""

import numpy as np

from spatial.build.aie.placed import placed
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
    scalars = {name: np.asarray(given[name]).astype(np.int64).item() for name in made.design.scalars}
    lying = {name: device_form(given[name], made.design.stores.arrays[name]) for name in made.design.arrays}
    run(made.design, made.mapped, lying, scalars)
    for name, data in lying.items():
        size = made.design.stores.arrays[name].bytes
        array = given[name]
        raw = data.view(f"u{size}").astype(f"u{array.dtype.itemsize}")
        array[...] = raw.view(array.dtype).reshape(array.shape)
