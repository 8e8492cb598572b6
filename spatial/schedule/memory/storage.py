"""Binds arrays and channels to storage."""

from collections.abc import Sequence

from spatial.ir.function import bind_storage, storage_of
from spatial.ir.mlir import ir
from spatial.schedule.memory.requests import array_shape, buffer_name, wrong
from spatial.types.qualifiers import RESOURCES, Memory

__all__ = ["bind", "bind_channels"]

CHANNELS = ("srl", "bram")
WORDS = {name.lower(): name for name in RESOURCES}


def bind(buffer: ir.Value, impl: str, ports: str = "") -> None:
    """Binds an array to storage, as `@ sp.Memory` does where it is declared: "bram", "uram", "lutram", "srl".

    "registers" makes one register of each element, as a complete partition does. It takes the place of what it was
    bound to before.
    """
    array_shape(buffer, "bind")
    if not isinstance(impl, str) or impl.lower() not in WORDS:
        names = ", ".join(f'"{word}"' for word in WORDS)
        raise wrong(f"an array is not bound to {impl!r}", f"there are {names}")
    text = str(Memory(WORDS[impl.lower()], ports=ports))
    owner = buffer.owner
    if isinstance(owner, ir.Block):
        bind_storage(owner.owner, {**storage_of(owner.owner), buffer_name(buffer): text})
    else:
        owner.attributes["df.storage"] = ir.StringAttr.get(text)


def bind_channels(channels: Sequence[ir.OpView], impl: str, ports: str = "") -> None:
    """Binds channels to shift registers, "srl", or to memory, "bram", whatever their depths are."""
    if impl not in CHANNELS:
        raise wrong(f"a channel is not bound to {impl!r}", 'there are "srl" and "bram"')
    if ports:
        raise wrong("a channel has one port for each of its ends", "leave `ports` out")
    for each in channels:
        each.attributes["df.storage"] = ir.StringAttr.get(impl)
