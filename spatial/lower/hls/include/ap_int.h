// ap_int<W> and ap_uint<W>: operators with the result types of AMD UG1399, chapter "Arbitrary Precision Data Types".
#ifndef SPATIAL_AP_INT_H
#define SPATIAL_AP_INT_H

#include "spatial_refs.h"

namespace spatial {
namespace ap {

constexpr int larger(int a, int b) { return a > b ? a : b; }
constexpr int smaller(int a, int b) { return a < b ? a : b; }

// Two operands: the types of their results. Other kinds of numbers specialize it.
template <class A, class B, int = operand<A>::kind, int = operand<B>::kind> struct pair {};
template <class A, class B> struct pair<A, B, 1, 1> {
    typedef typename operand<A>::type left;
    typedef typename operand<B>::type right;
    static const int w1 = left::width, w2 = right::width;
    static const bool s1 = left::sign_flag, s2 = right::sign_flag, sign = s1 || s2;
    static const int both = larger(w1 + (s2 && !s1), w2 + (s1 && !s2));  // holds either

    typedef bool truth;
    typedef integer<both, sign> logic;
    typedef integer<both + 1, sign> sum;
    typedef integer<both + 1, true> difference;
    typedef integer<w1 + w2, sign> product;
    typedef integer<w1 + s2, sign> quotient;
    typedef integer<smaller(w1, w2 + (!s2 && s1)), s1> rest;
    typedef left shifted;
    typedef integer<both + 1, sign> division;  // holds either and the quotient of the least number by -1

    static sum add(const A &a, const B &b) { return sum::from_raw(as<sum>(a) + as<sum>(b)); }
    static difference subtract(const A &a, const B &b) {
        return difference::from_raw(as<difference>(a) - as<difference>(b));
    }
    static product multiply(const A &a, const B &b) { return product::from_raw(as<product>(a) * as<product>(b)); }
    static quotient divide(const A &a, const B &b) { return quotient::from_raw(as<division>(a) / divisor(b)); }
    static rest modulo(const A &a, const B &b) { return rest::from_raw(as<division>(a) % divisor(b)); }
    static logic conjoin(const A &a, const B &b) { return logic::from_raw(as<logic>(a) & as<logic>(b)); }
    static logic disjoin(const A &a, const B &b) { return logic::from_raw(as<logic>(a) | as<logic>(b)); }
    static logic differ(const A &a, const B &b) { return logic::from_raw(as<logic>(a) ^ as<logic>(b)); }
    static bool equal(const A &a, const B &b) { return as<logic>(a) == as<logic>(b); }
    static bool less(const A &a, const B &b) { return as<logic>(a) < as<logic>(b); }

    template <class R, class T> static typename R::raw_type as(const T &x) {
        return static_cast<typename R::raw_type>(value(x).raw);
    }

  private:
    static typename division::raw_type divisor(const B &b) {
        const typename division::raw_type d = as<division>(b);
        if (d == typename division::raw_type(0)) fail("division by zero");
        return d;
    }
};

// A float beside an integer makes the result a float.
template <class A, class B> struct float_pair {
    typedef typename std::conditional<is_float<A>::value, A, B>::type sum;
    typedef sum difference, product, quotient;
    typedef bool truth;
    template <class T> static when<operand<T>::kind == 3, sum> as(const T &x) { return x; }
    template <class T> static when<operand<T>::kind == 1, sum> as(const T &x) {
        return static_cast<sum>(value(x).to_double());
    }
    static sum add(const A &a, const B &b) { return as(a) + as(b); }
    static sum subtract(const A &a, const B &b) { return as(a) - as(b); }
    static sum multiply(const A &a, const B &b) { return as(a) * as(b); }
    static sum divide(const A &a, const B &b) { return as(a) / as(b); }
    static bool equal(const A &a, const B &b) { return as(a) == as(b); }
    static bool less(const A &a, const B &b) { return as(a) < as(b); }
};
template <class A, class B> struct pair<A, B, 1, 3> : float_pair<A, B> {};
template <class A, class B> struct pair<A, B, 3, 1> : float_pair<A, B> {};

#define SPATIAL_AP_BINARY(op, type, function)                                                   \
    template <class A, class B> typename pair<A, B>::type operator op(const A &a, const B &b) { \
        return pair<A, B>::function(a, b);                                                      \
    }                                                                                           \
    template <int W, bool S, class B, class = typename pair<integer<W, S>, B>::type>            \
    integer<W, S> &operator op## = (integer<W, S> & a, const B &b) {                            \
        return a = integer<W, S>(pair<integer<W, S>, B>::function(a, b));                       \
    }
SPATIAL_AP_BINARY(+, sum, add)
SPATIAL_AP_BINARY(-, difference, subtract)
SPATIAL_AP_BINARY(*, product, multiply)
SPATIAL_AP_BINARY(/, quotient, divide)
SPATIAL_AP_BINARY(%, rest, modulo)
SPATIAL_AP_BINARY(&, logic, conjoin)
SPATIAL_AP_BINARY(|, logic, disjoin)
SPATIAL_AP_BINARY(^, logic, differ)
#undef SPATIAL_AP_BINARY

#define SPATIAL_AP_COMPARE(op, expression) \
    template <class A, class B> typename pair<A, B>::truth operator op(const A &a, const B &b) { return expression; }
SPATIAL_AP_COMPARE(==, (pair<A, B>::equal(a, b)))
SPATIAL_AP_COMPARE(!=, (!pair<A, B>::equal(a, b)))
SPATIAL_AP_COMPARE(<, (pair<A, B>::less(a, b)))
SPATIAL_AP_COMPARE(>, (pair<B, A>::less(b, a)))
SPATIAL_AP_COMPARE(<=, (pair<A, B>::less(a, b) || pair<A, B>::equal(a, b)))
SPATIAL_AP_COMPARE(>=, (pair<B, A>::less(b, a) || pair<A, B>::equal(a, b)))
#undef SPATIAL_AP_COMPARE

// A shift keeps the type on its left; by a negative amount it goes the other way; past the width nothing is left.
template <int W, bool S> integer<W, S> shifted_up(const integer<W, S> &x, int n) {
    return n >= W ? integer<W, S>(0) : integer<W, S>::from_raw(up(x.raw, n));
}
template <int W, bool S> integer<W, S> shifted_down(const integer<W, S> &x, int n) {
    if (n >= W) return x.sign() ? integer<W, S>(-1) : integer<W, S>(0);
    return integer<W, S>::from_raw(x.raw >> n);
}
template <int W, bool S> int amount(const integer<W, S> &n) {
    const integer<(W > 32 ? W : 32), S> limit(1 << 30), x(n);
    if (!(x.raw < limit.raw)) return 1 << 30;
    return x.sign() && -x > integer<32, true>(1 << 30) ? -(1 << 30) : x.to_int();
}
template <int W, bool S, class B, class = typename pair<integer<W, S>, B>::shifted>
integer<W, S> operator<<(const integer<W, S> &x, const B &by) {
    const int n = amount(value(by));
    return n < 0 ? shifted_down(x, -n) : shifted_up(x, n);
}
template <int W, bool S, class B, class = typename pair<integer<W, S>, B>::shifted>
integer<W, S> operator>>(const integer<W, S> &x, const B &by) {
    const int n = amount(value(by));
    return n < 0 ? shifted_up(x, -n) : shifted_down(x, n);
}
template <int W, bool S, class B> integer<W, false> operator<<(const range_ref<W, S> &x, const B &by) {
    return x.get() << by;
}
template <int W, bool S, class B> integer<W, false> operator>>(const range_ref<W, S> &x, const B &by) {
    return x.get() >> by;
}
template <int W, bool S, class B> integer<W, S> &operator<<=(integer<W, S> &x, const B &by) { return x = x << by; }
template <int W, bool S, class B> integer<W, S> &operator>>=(integer<W, S> &x, const B &by) { return x = x >> by; }

template <class C, class T, int W, bool S>
std::basic_ostream<C, T> &operator<<(std::basic_ostream<C, T> &out, const integer<W, S> &x) {
    return out << x.to_string(10).data;
}
template <class C, class T, int W, bool S>
std::basic_ostream<C, T> &operator<<(std::basic_ostream<C, T> &out, const range_ref<W, S> &x) {
    return out << x.get();
}

}  // namespace ap
}  // namespace spatial

template <int W> using ap_int = spatial::ap::integer<W, true>;
template <int W> using ap_uint = spatial::ap::integer<W, false>;
template <int W, bool S> using ap_int_base = spatial::ap::integer<W, S>;
using spatial::ap::concat;

#endif
