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
    "from_units": """\
// The number in fixed point that has these units.
template <class T>
static T from_units(const ap_int<T::width> &units) {
    T number;
    number.range(T::width - 1, 0) = units;
    return number;
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
    return a < b || (a == b && std::signbit((float)a)) ? a : b;
}
""",
    "maximum": """\
// The greater of two floats as IEEE 754 has it: NaN if either is, 0 above -0.
template <class T>
static T maximum(const T &a, const T &b) {
    if (a != a || b != b) {
        return a + b;
    }
    return a > b || (a == b && !std::signbit((float)a)) ? a : b;
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
    "narrowed": """\
// The float of P bits of precision and E of exponent that is nearest to a number; a FINITE format has no infinity.
template <int P, int E, bool FINITE>
static float narrowed(double x) {
    const int top = 1 << (E - 1);
    const double limit = std::ldexp(FINITE ? 2.0 - std::ldexp(1.0, 1 - P) : 1.0, top);
    const double beyond = FINITE ? NAN : INFINITY;
    if (x != x || x == 0.0) {
        return (float)x;
    }
    int exponent;
    std::frexp(x, &exponent);
    const int place = exponent - P > 3 - top - P ? exponent - P : 3 - top - P;
    const double scaled = std::fabs(x) >= limit ? 0.0 : std::ldexp(std::fabs(x), -place);
    const double whole = std::floor(scaled);
    const double rest = scaled - whole;
    const bool odd = std::floor(whole / 2) * 2 != whole;
    const double rounded = std::ldexp(whole + (rest > 0.5 || (rest == 0.5 && odd) ? 1.0 : 0.0), place);
    const bool fits = std::fabs(x) < limit && rounded < limit;
    return (float)std::copysign(fits ? rounded : beyond, x);
}
""",
    "narrow_bits": """\
// The bits of a float of P bits of precision and E of exponent; every NaN has the same ones.
template <int P, int E, bool FINITE>
static ap_uint<P + E> narrow_bits(float x) {
    const int top = 1 << (E - 1);
    const int ones = (2 * top - 1) << (P - 1);
    if (x != x) {
        return FINITE ? (ones | ((1 << (P - 1)) - 1)) : (ones | (1 << (P - 2)));
    }
    const int sign = std::signbit(x) ? 1 << (P + E - 1) : 0;
    const float magnitude = std::fabs(x);
    if (magnitude == INFINITY) {
        return sign | ones;
    }
    int exponent;
    std::frexp(magnitude, &exponent);
    const int field = exponent + top - 2;
    if (magnitude == 0.0f || field <= 0) {
        return sign | (int)std::ldexp((double)magnitude, top + P - 3);
    }
    return sign | (((field - 1) << (P - 1)) + (int)std::ldexp((double)magnitude, P - exponent));
}
""",
    "narrow_value": """\
// The number that has the bits of a float of P bits of precision and E of exponent.
template <int P, int E, bool FINITE>
static float narrow_value(ap_uint<P + E> bits) {
    const int top = 1 << (E - 1);
    const int all = bits.to_int();
    const int part = all & ((1 << (P - 1)) - 1);
    const int field = (all >> (P - 1)) & (2 * top - 1);
    double value = std::ldexp((double)part, 3 - top - P);
    if (field == 2 * top - 1 && (!FINITE || part == (1 << (P - 1)) - 1)) {
        value = part == 0 ? INFINITY : NAN;
    } else if (field > 0) {
        value = std::ldexp((double)(part + (1 << (P - 1))), field + 2 - top - P);
    }
    return (float)((all >> (P + E - 1)) & 1 ? -value : value);
}
""",
    "odd_double": """\
// The top 53 bits of an integer, the last one set if any bit is cut: rounded again it is as if rounded once.
template <int W, class T>
static double odd_double(const T &x) {
    ap_uint<W> rest = x < 0 ? ap_uint<W>(-x) : ap_uint<W>(x);
    bool cut = false;
    int places = 0;
    while ((rest >> 53) != 0) {
        cut = cut || (rest & 1) != 0;
        rest >>= 1;
        places++;
    }
    const double kept = std::ldexp((double)(rest.to_uint64() | (cut ? 1 : 0)), places);
    return x < 0 ? -kept : kept;
}
""",
    "nearest_double": """\
// The double nearest to a wide integer.
template <int W, class T>
static double nearest_double(const T &x) {
    ap_uint<W> rest = x < 0 ? ap_uint<W>(-x) : ap_uint<W>(x);
    bool cut = false;
    int places = 0;
    while ((rest >> 60) != 0) {
        cut = cut || (rest & 1) != 0;
        rest >>= 1;
        places++;
    }
    const double kept = std::ldexp((double)(rest.to_uint64() | (cut ? 1 : 0)), places);
    return x < 0 ? -kept : kept;
}
""",
    "shown": """\
#ifndef __SYNTHESIS__
// A float as Python prints it: the fewest digits that give it back.
static inline std::string shown(double x) {
    char text[400];
    int digits = 1;
    do {
        std::snprintf(text, sizeof text, "%.*e", digits - 1, x);
    } while (std::strtod(text, nullptr) != x && x == x && digits++ < 17);
    const char *power = std::strchr(text, 'e');
    const int exponent = power ? std::atoi(power + 1) : 0;
    if (x == x && power && exponent >= -4 && exponent < 16) {
        const int places = digits - 1 - exponent;
        std::snprintf(text, sizeof text, "%.*f", places > 1 ? places : 1, x);
    }
    return x != x ? "nan" : text;
}
#endif
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
    "window": """\
// Tokens of a channel that were read ahead of their turn, for whoever looks at them first.
template <class T, int N>
struct window {
    T token[N];
    int held = 0;
    T peek(hls::stream<T> &from, int position) {
        for (int n = 0; n < N; n++) {
#pragma HLS unroll
            if (held == n && n <= position) {
                token[n] = from.read();
                held++;
            }
        }
        return token[position];
    }
    T take() {
        const T first = token[0];
        for (int n = 1; n < N; n++) {
#pragma HLS unroll
            token[n - 1] = token[n];
        }
        held--;
        return first;
    }
    T read(hls::stream<T> &from) { return held > 0 ? take() : from.read(); }
    bool read_nb(hls::stream<T> &from, T &into) {
        if (held > 0) {
            into = take();
            return true;
        }
        return from.read_nb(into);
    }
    bool empty(hls::stream<T> &from) { return held == 0 && from.empty(); }
};
""",
}

HEADERS: Mapping[str, tuple[str, ...]] = {
    "within": ("<cassert>",),
    "shown": ("<cstdio>", "<cstdlib>", "<cstring>", "<string>"),
    "minimum": ("<cmath>",),
    "maximum": ("<cmath>",),
    "to_integer": ("<cmath>",),
    "narrowed": ("<cmath>",),
    "narrow_bits": ("<cmath>",),
    "narrow_value": ("<cmath>",),
    "odd_double": ("<cmath>",),
    "nearest_double": ("<cmath>",),
}


def helper_text(names: Iterable[str]) -> str:
    """The definitions of helper functions, in a fixed order, each once; what names none is a definition itself."""
    wanted = set(names)
    known = [text for name, text in HELPERS.items() if name in wanted]
    return "\n".join([*known, *sorted(wanted - HELPERS.keys())])


def helper_headers(names: Iterable[str]) -> tuple[str, ...]:
    """The headers that helper functions need."""
    return tuple(sorted({header for name in names for header in HEADERS.get(name, ())}))
