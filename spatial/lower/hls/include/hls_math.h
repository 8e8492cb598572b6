// hls:: functions on float, double and half; those on half are computed in float and rounded.
#ifndef SPATIAL_HLS_MATH_H
#define SPATIAL_HLS_MATH_H

#include <cmath>

#include "hls_half.h"

namespace hls {

#define SPATIAL_MATH_1(name)                                       \
    inline float name(float x) { return std::name(x); }            \
    inline double name(double x) { return std::name(x); }          \
    inline half name(half x) { return half(std::name(float(x))); } \
    template <class T> spatial::ap::when<std::is_integral<T>::value, double> name(T x) { return std::name(double(x)); }
SPATIAL_MATH_1(acos)
SPATIAL_MATH_1(acosh)
SPATIAL_MATH_1(asin)
SPATIAL_MATH_1(asinh)
SPATIAL_MATH_1(atan)
SPATIAL_MATH_1(atanh)
SPATIAL_MATH_1(cbrt)
SPATIAL_MATH_1(ceil)
SPATIAL_MATH_1(cos)
SPATIAL_MATH_1(cosh)
SPATIAL_MATH_1(erf)
SPATIAL_MATH_1(erfc)
SPATIAL_MATH_1(exp)
SPATIAL_MATH_1(exp2)
SPATIAL_MATH_1(expm1)
SPATIAL_MATH_1(fabs)
SPATIAL_MATH_1(floor)
SPATIAL_MATH_1(log)
SPATIAL_MATH_1(log10)
SPATIAL_MATH_1(log1p)
SPATIAL_MATH_1(log2)
SPATIAL_MATH_1(rint)
SPATIAL_MATH_1(round)
SPATIAL_MATH_1(sin)
SPATIAL_MATH_1(sinh)
SPATIAL_MATH_1(sqrt)
SPATIAL_MATH_1(tan)
SPATIAL_MATH_1(tanh)
SPATIAL_MATH_1(trunc)
#undef SPATIAL_MATH_1

#define SPATIAL_MATH_2(name)                                           \
    inline float name(float x, float y) { return std::name(x, y); }    \
    inline double name(double x, double y) { return std::name(x, y); } \
    inline half name(half x, half y) { return half(std::name(float(x), float(y))); }
SPATIAL_MATH_2(atan2)
SPATIAL_MATH_2(copysign)
SPATIAL_MATH_2(fdim)
SPATIAL_MATH_2(fmax)
SPATIAL_MATH_2(fmin)
SPATIAL_MATH_2(fmod)
SPATIAL_MATH_2(hypot)
SPATIAL_MATH_2(pow)
SPATIAL_MATH_2(remainder)
#undef SPATIAL_MATH_2

inline float fma(float x, float y, float z) { return std::fma(x, y, z); }
inline double fma(double x, double y, double z) { return std::fma(x, y, z); }
inline half fma(half x, half y, half z) { return half(double(float(x)) * float(y) + float(z)); }

inline float rsqrt(float x) { return 1.0f / std::sqrt(x); }
inline double rsqrt(double x) { return 1.0 / std::sqrt(x); }
inline half rsqrt(half x) { return half(1.0 / std::sqrt(double(float(x)))); }
inline float recip(float x) { return 1.0f / x; }
inline double recip(double x) { return 1.0 / x; }
inline half recip(half x) { return half(1.0f / float(x)); }

inline bool isnan(float x) { return std::isnan(x); }
inline bool isnan(double x) { return std::isnan(x); }
inline bool isnan(half x) { return std::isnan(float(x)); }
inline bool isinf(float x) { return std::isinf(x); }
inline bool isinf(double x) { return std::isinf(x); }
inline bool isinf(half x) { return std::isinf(float(x)); }
inline bool isfinite(float x) { return std::isfinite(x); }
inline bool isfinite(double x) { return std::isfinite(x); }
inline bool isfinite(half x) { return std::isfinite(float(x)); }
inline bool signbit(float x) { return std::signbit(x); }
inline bool signbit(double x) { return std::signbit(x); }
inline bool signbit(half x) { return x.get_bits() >> 15; }

template <class T> T abs(const T &x) { return x < T(0) ? T(-x) : x; }
template <class T> T max(const T &x, const T &y) { return x < y ? y : x; }
template <class T> T min(const T &x, const T &y) { return y < x ? y : x; }

inline float abs(float x) { return std::fabs(x); }
inline double abs(double x) { return std::fabs(x); }
inline half abs(half x) { return half::from_bits(x.get_bits() & 0x7fffu); }

}  // namespace hls

#endif
