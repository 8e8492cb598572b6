"""C++ that reads and writes the elements of arrays as files have them."""

from collections.abc import Iterable

from spatial.lower.hls.emit.kinds import Kind, Point, Real, Truth, Whole
from spatial.lower.hls.emit.types import held_kind, of_storage, token_type
from spatial.types.dtype import DType
from spatial.types.tensor import TensorType, element_of

__all__ = ["codec_text", "file_bytes"]

HEAD = """\
// Elements in files are little-endian, each in the least power of two of bytes that holds it.
"""
WHOLE = """\
template <int W> static void load(ap_{kind}<W> &value, const unsigned char *bytes) {{
    for (int low = 0; low < W; low += 8) {{
        const int bits = W - low < 8 ? W - low : 8;
        value.range(low + bits - 1, low) = bytes[low / 8] & ((1 << bits) - 1);
    }}
}}
template <int W> static void store(const ap_{kind}<W> &value, unsigned char *bytes) {{
    int size = 1;
    while (8 * size < W) size *= 2;
    for (int low = 0; low < 8 * size; low += 8) {{
        const int bits = W - low < 8 ? W - low : 8;
        bytes[low / 8] = bits > 0 ? static_cast<unsigned char>(value.range(low + bits - 1, low).to_uint()) : 0;
    }}
}}
"""
NATIVE = """\
static inline void load({kind} &value, const unsigned char *bytes) {{ std::memcpy(&value, bytes, {size}); }}
static inline void store(const {kind} &value, unsigned char *bytes) {{ std::memcpy(bytes, &value, {size}); }}
"""
POINT = """\
static inline void load({type} &value, const unsigned char *bytes) {{
    ap_uint<{width}> units = 0;
    load(units, bytes);
    value.range({top}, 0) = units;
}}
static inline void store(const {type} &value, unsigned char *bytes) {{
    const ap_uint<{width}> units = value.range({top}, 0);
    store(units, bytes);
}}
"""
TRUTH = """\
static inline void load(bool &value, const unsigned char *bytes) { value = bytes[0] != 0; }
static inline void store(const bool &value, unsigned char *bytes) { bytes[0] = value; }
"""
BLOCK = """\
static inline void load({struct} &token, const unsigned char *bytes) {{
    for (int n = 0; n < {count}; ++n) load((&token.data{zeros})[n], bytes + n * {size});
}}
static inline void store(const {struct} &token, unsigned char *bytes) {{
    for (int n = 0; n < {count}; ++n) store((&token.data{zeros})[n], bytes + n * {size});
}}
"""


def file_bytes(type_: DType | TensorType) -> int:
    """The bytes that an element takes in a file, or all elements of a block."""
    size = max(1, 1 << (element_of(type_).bits - 1).bit_length() - 3 if element_of(type_).bits > 8 else 1)
    return size * (type_.size if isinstance(type_, TensorType) else 1)


def codec_text(types: Iterable[DType | TensorType]) -> str:
    """Functions `load(value, bytes)` and `store(value, bytes)` for each of the types."""
    used = list(dict.fromkeys(types))
    scalars = dict.fromkeys(
        text
        for type_ in used
        for text in _texts(of_storage(held_kind(element_of(type_))), file_bytes(element_of(type_)))
    )
    blocks = [_block(type_) for type_ in used if isinstance(type_, TensorType)]
    return HEAD + "".join(scalars) + "".join(blocks)


def _texts(kind: Kind, size: int) -> tuple[str, ...]:
    match kind:
        case Whole():
            return (WHOLE.format(kind="int" if kind.signed else "uint"),)
        case Point(width=width):
            return (WHOLE.format(kind="uint"), POINT.format(type=kind, width=width, top=width - 1))
        case Truth():
            return (TRUTH,)
        case Real():
            return (NATIVE.format(kind=kind, size=size),)
        case _:
            raise AssertionError(f"{kind} is the type of no element")


def _block(block: TensorType) -> str:
    size, zeros = file_bytes(block.element), "[0]" * len(block.shape)
    return BLOCK.format(struct=token_type(block), count=block.size, zeros=zeros, size=size)
