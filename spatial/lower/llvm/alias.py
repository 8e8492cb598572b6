"""Tells LLVM which words of the run time lie apart: those of different fields do."""

from collections.abc import Iterable
from enum import IntEnum

from spatial.lower.llvm.layout import (
    AccessField,
    ActorField,
    ActorHalf,
    AskField,
    ChannelField,
    ChannelHalf,
    HostField,
    PollField,
    RunField,
    SlotField,
)

__all__ = ["ALIASES", "aliases", "apart", "constant"]

FAMILIES: tuple[type[IntEnum], ...] = (
    ChannelField, ChannelHalf, SlotField, ActorField, ActorHalf, RunField, AccessField, PollField, AskField, HostField,
)  # fmt: skip
CONSTANT = (  # set before the run
    ChannelHalf.DEPTH,
    ChannelHalf.MASK,
    ChannelHalf.DELAYS,
    ChannelField.PAYLOAD,
    ChannelField.WORDS,
)  # set before the run


def apart(field: IntEnum | None) -> str:
    """What a load or a store of a field says behind its address: that it touches no other field.

    Words that are also reached without a field of these families are not told apart.
    """
    return "" if field is None else f" {{tbaa = [{_tag(field)}]}}"


def constant(field: IntEnum | None) -> str:
    """What a load says of a field that never changes while code runs."""
    return " invariant" if any(field is each for each in CONSTANT) else ""


def _tag(field: IntEnum) -> str:
    return f"#{type(field).__name__}_{field.name}"


def aliases(families: Iterable[type[IntEnum]]) -> str:
    """What a module declares that tells the fields of these families apart."""
    return "\n".join([*_declared(field for family in families for field in family), ""])


def _declared(fields: Iterable[IntEnum]) -> Iterable[str]:
    yield '#fields = #llvm.tbaa_root<id = "fields">'
    for field in fields:
        tag, kind = _tag(field), f"{_tag(field)}_type"
        yield f'{kind} = #llvm.tbaa_type_desc<id = "{tag[1:]}", members = {{<#fields, 0>}}>'
        yield f"{tag} = #llvm.tbaa_tag<base_type = {kind}, access_type = {kind}, offset = 0>"


ALIASES = aliases(FAMILIES)
