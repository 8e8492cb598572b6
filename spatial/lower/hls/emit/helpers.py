"""The helper functions that processes call, as text."""

from collections.abc import Iterable, Mapping

__all__ = ["HELPERS", "helper_headers", "helper_text"]

HELPERS: Mapping[str, str] = {
    "within": """\
// An index that has to lie in 0 .. extent - 1; hardware does not look.
static inline int within(long long index, int extent) {
#ifndef __SYNTHESIS__
    assert(0 <= index && index < extent);
#endif
    (void)extent;
    return (int)index;
}
""",
    "floor_div": """\
// The quotient toward minus infinity.
template <class T>
static T floor_div(const T &a, const T &b) {
    const T quotient = a / b;
    const T rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? T(quotient - 1) : quotient;
}
""",
    "floor_mod": """\
// The remainder with the sign of the divisor.
template <class T>
static T floor_mod(const T &a, const T &b) {
    const T rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? T(rest + b) : rest;
}
""",
    "least": """\
template <class T>
static T least(const T &a, const T &b) {
    return b < a ? b : a;
}
""",
    "greatest": """\
template <class T>
static T greatest(const T &a, const T &b) {
    return a < b ? b : a;
}
""",
    "absolute": """\
template <class T>
static T absolute(const T &a) {
    return a < 0 ? T(-a) : a;
}
""",
    "minimum": """\
// The lesser of two floats as IEEE 754 has it: NaN if either is, -0 below 0.
template <class T>
static T minimum(const T &a, const T &b) {
    if (a != a || b != b) {
        return a + b;
    }
    return a < b || (a == b && std::signbit(a)) ? a : b;
}
""",
    "maximum": """\
// The greater of two floats as IEEE 754 has it: NaN if either is, 0 above -0.
template <class T>
static T maximum(const T &a, const T &b) {
    if (a != a || b != b) {
        return a + b;
    }
    return a > b || (a == b && !std::signbit(a)) ? a : b;
}
""",
    "to_integer": """\
// A float as an integer: toward zero, saturating, NaN as 0.
template <class T>
static T to_integer(double x) {
    const T one = 1;
    const T least = T(-1) < 0 ? T(one << (T::width - 1)) : T(0);
    const T greatest = ~least;
    const double limit = std::ldexp(1.0, T(-1) < 0 ? T::width - 1 : T::width);
    if (x != x) {
        return 0;
    }
    if (x >= limit) {
        return greatest;
    }
    if (x <= (T(-1) < 0 ? -limit : 0.0)) {
        return least;
    }
    return T(x);
}
""",
    "bits_of_float": """\
// The bits of a float; every NaN has the same ones.
static inline ap_uint<32> bits_of_float(float x) {
    union {
        float real;
        unsigned int bits;
    } word;
    word.real = x;
    return x != x ? 0x7FC00000u : word.bits;
}
""",
    "bits_of_double": """\
// The bits of a double; every NaN has the same ones.
static inline ap_uint<64> bits_of_double(double x) {
    union {
        double real;
        unsigned long long bits;
    } word;
    word.real = x;
    return x != x ? 0x7FF8000000000000ull : word.bits;
}
""",
    "float_of_bits": """\
static inline float float_of_bits(unsigned int bits) {
    union {
        float real;
        unsigned int bits;
    } word;
    word.bits = bits;
    return word.real;
}
""",
    "double_of_bits": """\
static inline double double_of_bits(unsigned long long bits) {
    union {
        double real;
        unsigned long long bits;
    } word;
    word.bits = bits;
    return word.real;
}
""",
}

HEADERS: Mapping[str, tuple[str, ...]] = {
    "within": ("<cassert>",),
    "minimum": ("<cmath>",),
    "maximum": ("<cmath>",),
    "to_integer": ("<cmath>",),
}


def helper_text(names: Iterable[str]) -> str:
    """The definitions of helper functions, in a fixed order, each once."""
    wanted = set(names)
    return "\n".join(text for name, text in HELPERS.items() if name in wanted)


def helper_headers(names: Iterable[str]) -> tuple[str, ...]:
    """The headers that helper functions need."""
    return tuple(sorted({header for name in names for header in HEADERS.get(name, ())}))
