// ap_fixed and ap_ufixed: operators with the result types of AMD UG1399, chapter "Arbitrary Precision Data Types".
#ifndef SPATIAL_AP_FIXED_H
#define SPATIAL_AP_FIXED_H

#include "spatial_fixed.h"

namespace spatial {
namespace ap {

template <int W, int I, bool S> using plain_fixed = fixed<W, I, S, AP_TRN, AP_WRAP>;

template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O> struct operand<fixed<W, I, S, Q, O>> {
    static const int kind = 2;
    typedef fixed<W, I, S, Q, O> type;
    static const type &value(const type &x) { return x; }
};

// An operand of fixed point, or an integer as a number without a fraction.
template <class T, int = operand<T>::kind> struct fixed_operand {
    typedef typename operand<T>::type type;
    static const int width = type::width, fraction = 0;
    static const bool sign = type::sign_flag;
    static type units(const T &x) { return value(x); }
};
template <class T> struct fixed_operand<T, 2> {
    static const int width = T::width, fraction = T::fraction;
    static const bool sign = T::sign_flag;
    typedef integer<width, sign> type;
    static const type &units(const T &x) { return x.raw; }
};

template <class A, class B> struct fixed_pair {
    typedef fixed_operand<A> left;
    typedef fixed_operand<B> right;
    static const int w1 = left::width, w2 = right::width, f1 = left::fraction, f2 = right::fraction;
    static const bool s1 = left::sign, s2 = right::sign, sign = s1 || s2;
    static const int fraction = larger(f1, f2);
    static const int whole = larger(w1 - f1 + (s2 && !s1), w2 - f2 + (s1 && !s2));
    static const int both = whole + fraction;
    static const int quotient_width = w1 + larger(f2, 0) + s2, quotient_fraction = f1 + larger(f2, 0) - f2;

    typedef bool truth;
    typedef plain_fixed<both, whole, sign> logic;
    typedef plain_fixed<both + 1, whole + 1, sign> sum;
    typedef plain_fixed<both + 1, whole + 1, true> difference;
    typedef plain_fixed<w1 + w2, w1 + w2 - f1 - f2, sign> product;
    typedef plain_fixed<quotient_width, quotient_width - quotient_fraction, sign> quotient;

    static sum add(const A &a, const B &b) { return sum::from_raw(a_units(a) + b_units(b)); }
    static difference subtract(const A &a, const B &b) { return difference::from_raw(a_units(a) - b_units(b)); }
    static product multiply(const A &a, const B &b) { return product::from_raw(left::units(a) * right::units(b)); }
    static quotient divide(const A &a, const B &b) {
        const integer<w1 + larger(f2, 0), s1> dividend(left::units(a));
        return quotient::from_raw((dividend << larger(f2, 0)) / right::units(b));
    }
    static logic conjoin(const A &a, const B &b) { return logic::from_raw(a_units(a) & b_units(b)); }
    static logic disjoin(const A &a, const B &b) { return logic::from_raw(a_units(a) | b_units(b)); }
    static logic differ(const A &a, const B &b) { return logic::from_raw(a_units(a) ^ b_units(b)); }
    static bool equal(const A &a, const B &b) { return a_units(a) == b_units(b); }
    static bool less(const A &a, const B &b) { return a_units(a) < b_units(b); }

  private:
    static integer<w1 + fraction - f1, s1> a_units(const A &a) {
        return rescaled<f1, fraction, AP_TRN>::from(left::units(a));
    }
    static integer<w2 + fraction - f2, s2> b_units(const B &b) {
        return rescaled<f2, fraction, AP_TRN>::from(right::units(b));
    }
};
template <class A, class B> struct pair<A, B, 2, 2> : fixed_pair<A, B> {};
template <class A, class B> struct pair<A, B, 1, 2> : fixed_pair<A, B> {};
template <class A, class B> struct pair<A, B, 2, 1> : fixed_pair<A, B> {};

#define SPATIAL_AP_ASSIGN(op, type)                                                \
    template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, class B,             \
              class = typename pair<fixed<W, I, S, Q, O>, B>::type>                \
    fixed<W, I, S, Q, O> &operator op## = (fixed<W, I, S, Q, O> & a, const B &b) { \
        return a = fixed<W, I, S, Q, O>(a op b);                                   \
    }
SPATIAL_AP_ASSIGN(+, sum)
SPATIAL_AP_ASSIGN(-, difference)
SPATIAL_AP_ASSIGN(*, product)
SPATIAL_AP_ASSIGN(/, quotient)
SPATIAL_AP_ASSIGN(&, logic)
SPATIAL_AP_ASSIGN(|, logic)
SPATIAL_AP_ASSIGN(^, logic)
#undef SPATIAL_AP_ASSIGN

// Shifts of the units: the type is kept, bits shifted out are lost.
#define SPATIAL_AP_SHIFT(op)                                                                              \
    template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, class B, class = typename operand<B>::type> \
    fixed<W, I, S, Q, O> operator op(const fixed<W, I, S, Q, O> &x, const B &by) {                        \
        return fixed<W, I, S, Q, O>::from_raw(x.raw op by);                                               \
    }                                                                                                     \
    template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, class B>                                    \
    fixed<W, I, S, Q, O> &operator op## = (fixed<W, I, S, Q, O> & x, const B &by) {                       \
        return x = x op by;                                                                               \
    }
SPATIAL_AP_SHIFT(<<)
SPATIAL_AP_SHIFT(>>)
#undef SPATIAL_AP_SHIFT

template <class C, class T, int W, int I, bool S, ap_q_mode Q, ap_o_mode O>
std::basic_ostream<C, T> &operator<<(std::basic_ostream<C, T> &out, const fixed<W, I, S, Q, O> &x) {
    return out << x.to_double();
}

}  // namespace ap
}  // namespace spatial

template <int W, int I, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP>
using ap_fixed = spatial::ap::fixed<W, I, true, Q, O>;
template <int W, int I, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP>
using ap_ufixed = spatial::ap::fixed<W, I, false, Q, O>;

#endif
