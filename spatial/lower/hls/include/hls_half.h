// half: IEEE 754 binary16, each operation rounded to nearest, ties to even.
//
// Sums, products, quotients and roots are computed in float and rounded once more, which gives the same result since
// float has more than twice as many digits plus two.
#ifndef SPATIAL_HLS_HALF_H
#define SPATIAL_HLS_HALF_H

#include <cstring>
#include <iosfwd>
#include <utility>

#include "spatial_wide.h"

class half {
  public:
    half() = default;
    template <class T, spatial::ap::when<std::is_arithmetic<T>::value, int> = 0> half(T x) : bits(rounded(x)) {}
    // A number of ap_int.h or ap_fixed.h.
    template <class T> static constexpr auto has_double(int) -> decltype(std::declval<const T &>().to_double(), true) {
        return true;
    }
    template <class T> static constexpr bool has_double(...) { return false; }
    template <class T, spatial::ap::when<has_double<T>(0), int> = 0, class = void>
    explicit half(const T &x) : bits(rounded(x.to_double())) {}

    static half from_bits(std::uint16_t bits) {
        half r;
        r.bits = bits;
        return r;
    }
    std::uint16_t get_bits() const { return bits; }
    void set_bits(std::uint16_t x) { bits = x; }

    operator float() const {
        const std::uint32_t sign = std::uint32_t(bits & 0x8000u) << 16, exponent = bits >> 10 & 31, part = bits & 1023;
        if (exponent == 0) {
            const float small = static_cast<float>(part) * (1.0f / 16777216);
            return sign ? -small : small;
        }
        const std::uint32_t wide = sign | (exponent == 31 ? 255u : exponent + 112) << 23 | part << 13;
        float r;
        std::memcpy(&r, &wide, sizeof r);
        return r;
    }

    half operator+() const { return *this; }
    half operator-() const { return from_bits(bits ^ 0x8000u); }
    template <class T> half &operator+=(const T &x) { return *this = half(float(*this) + float(x)); }
    template <class T> half &operator-=(const T &x) { return *this = half(float(*this) - float(x)); }
    template <class T> half &operator*=(const T &x) { return *this = half(float(*this) * float(x)); }
    template <class T> half &operator/=(const T &x) { return *this = half(float(*this) / float(x)); }
    half &operator++() { return *this += 1.0f; }
    half &operator--() { return *this -= 1.0f; }

  private:
    std::uint16_t bits;

    static std::uint16_t rounded(double x) {
        std::uint64_t wide;
        std::memcpy(&wide, &x, sizeof wide);
        const std::uint16_t sign = static_cast<std::uint16_t>(wide >> 48 & 0x8000u);
        const int exponent = static_cast<int>(wide >> 52 & 2047) - 1023;
        std::uint64_t digits = wide & ((std::uint64_t(1) << 52) - 1);
        if (exponent == 1024) return sign | 0x7c00u | (digits ? 0x200u : 0);
        if (exponent > 15) return sign | 0x7c00u;
        if (exponent < -25) return sign;
        digits |= std::uint64_t(1) << 52;
        const int drop = exponent < -14 ? 42 + (-14 - exponent) : 42;
        const std::uint64_t below = digits & ((std::uint64_t(1) << drop) - 1), tie = std::uint64_t(1) << (drop - 1);
        std::uint64_t kept = digits >> drop;
        if (below > tie || (below == tie && kept & 1)) ++kept;
        if (exponent >= -14) kept += static_cast<std::uint64_t>(exponent + 14) << 10;  // a carry raises the exponent
        return static_cast<std::uint16_t>(sign | kept);
    }
};

// Two halves give a half; a half beside another float gives that, beside an integer a half.
#define SPATIAL_HALF_BINARY(op)                                                                       \
    inline half operator op(half a, half b) { return half(float(a) op float(b)); }                    \
    inline float operator op(half a, float b) { return float(a) op b; }                               \
    inline float operator op(float a, half b) { return a op float(b); }                               \
    inline double operator op(half a, double b) { return float(a) op b; }                             \
    inline double operator op(double a, half b) { return a op float(b); }                             \
    template <class T> spatial::ap::when<std::is_integral<T>::value, half> operator op(half a, T b) { \
        return a op half(b);                                                                          \
    }                                                                                                 \
    template <class T> spatial::ap::when<std::is_integral<T>::value, half> operator op(T a, half b) { \
        return half(a) op b;                                                                          \
    }
SPATIAL_HALF_BINARY(+)
SPATIAL_HALF_BINARY(-)
SPATIAL_HALF_BINARY(*)
SPATIAL_HALF_BINARY(/)
#undef SPATIAL_HALF_BINARY

#define SPATIAL_HALF_COMPARE(op)                                                                        \
    inline bool operator op(half a, half b) { return float(a) op float(b); }                            \
    template <class T> spatial::ap::when<std::is_arithmetic<T>::value, bool> operator op(half a, T b) { \
        return double(a) op double(b);                                                                  \
    }                                                                                                   \
    template <class T> spatial::ap::when<std::is_arithmetic<T>::value, bool> operator op(T a, half b) { \
        return double(a) op double(b);                                                                  \
    }
SPATIAL_HALF_COMPARE(==)
SPATIAL_HALF_COMPARE(!=)
SPATIAL_HALF_COMPARE(<)
SPATIAL_HALF_COMPARE(>)
SPATIAL_HALF_COMPARE(<=)
SPATIAL_HALF_COMPARE(>=)
#undef SPATIAL_HALF_COMPARE

template <class C, class T> std::basic_ostream<C, T> &operator<<(std::basic_ostream<C, T> &out, half x) {
    return out << float(x);
}

#endif
