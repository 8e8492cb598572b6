"""Which values go where by themselves, and what to write for those that do not."""

from spatial.types.dtype import Bool, DType, Fixed, Index, Int, Struct, UInt, bool_, is_float, is_integer

__all__ = ["hint_against", "hint_for"]


def hint_against(source: DType, target: DType, *, cast: bool) -> str | None:
    """What to write instead of using a `source` as a `target`; None where it may be: losing a fraction takes a cast."""
    if source == target:
        return None
    if isinstance(source, Struct):
        return "take one of its fields, as in `p.x`, or all of its bits: `sp.pack(p)`"
    if isinstance(target, Struct):
        return f"write `{target.name}(...)` with its fields, or `sp.bitcast(x, {target.name})`"
    if cast:
        return None
    if isinstance(target, Bool) and source != bool_:
        return "compare it, as in `x != 0`"
    has_fraction = is_float(source) or (isinstance(source, Fixed) and source.fraction > 0)
    return f"cast it: `{target}(...)`" if has_fraction and is_integer(target) else None


def hint_for(number: float, dtype: DType) -> str:
    """What to write for a literal that does not fit a type."""
    match dtype:
        case Struct():
            return f"write `{dtype.name}(...)` with its fields"
        case Int() | UInt() | Index() if isinstance(number, float):
            return f"use a float type there, or cast it: `{dtype}(...)`"
        case Int() | UInt() | Fixed():
            return "use a wider type, or cast it to let it wrap"
        case Bool():
            return "write `True` or `False`"
        case Index():
            return "an `index` has 64 bits"
    return "use a wider type"
