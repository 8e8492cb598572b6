"""Whether a function in C++ takes what it is declared to."""

import functools
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from spatial.lower.hls.toolchain import run_tool
from spatial.sim.host.shared_object import host_command
from spatial.source.errors import ToolError
from spatial.types.dtype import Bool, DType, float32, float64, is_float, is_signed
from spatial.types.tensor import TensorType, element_of
from spatial.types.values import numpy_dtype

__all__ = ["takes"]

FLOATS: Mapping[DType, str] = {float32: "float", float64: "double"}

TEXT = """\
#include <cstdint>
#include <type_traits>
#include "{file}"
namespace spatial_signature {{
struct Any {{}};
template <class T, class Wanted>
constexpr bool fits = std::is_void_v<T> ||
                      sizeof(std::conditional_t<std::is_void_v<T>, Any, T>) == sizeof(Wanted) &&
                      (!std::is_arithmetic_v<T> || !std::is_arithmetic_v<Wanted> ||
                       (std::is_floating_point_v<T> == std::is_floating_point_v<Wanted> &&
                        std::is_signed_v<T> == std::is_signed_v<Wanted>));
struct Half {{ uint16_t bits; }};
template <class Wanted> struct Number {{
  template <class T, class = std::enable_if_t<fits<T, Wanted>>> operator T() const;
}};
template <class Wanted> struct Array {{
  template <class T, class = std::enable_if_t<fits<std::remove_cv_t<T>, Wanted>>> operator T *() const;
}};
void check() {{ {symbol}({given}); }}
}}
"""


def takes(
    symbol: str, file: Path, include: Sequence[str], flags: Sequence[str], given: Sequence[DType | TensorType]
) -> bool:
    """Whether a function of a C++ file that compiles can be given numbers and arrays of these types."""
    text = ", ".join(f"{'Array' if isinstance(each, TensorType) else 'Number'}<{_cpp(each)}>()" for each in given)
    own = TEXT.format(file=file, symbol=symbol, given=text)
    return _compiles(own, tuple(host_command(file, include, flags)), file.stat().st_mtime_ns)


@functools.lru_cache(maxsize=256)
def _compiles(text: str, command: tuple[str, ...], changed: int) -> bool:
    """Whether a text compiles; `changed` says when the file that it includes did."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "signature.cc"
        path.write_text(text)
        try:
            run_tool([*command, "-fsyntax-only", "-w", str(path)], "")
        except ToolError:
            return False
    return True


def _cpp(type_: DType | TensorType) -> str:
    """What C++ calls a number."""
    dtype = element_of(type_)
    if isinstance(dtype, Bool):
        return "bool"
    if is_float(dtype):
        return FLOATS.get(dtype, "Half")
    return f"{'' if is_signed(dtype) else 'u'}int{8 * numpy_dtype(dtype).itemsize}_t"
