// The class behind ap_fixed and ap_ufixed: an integer of W bits that counts units of 2^(I - W).
#ifndef SPATIAL_FIXED_H
#define SPATIAL_FIXED_H

#include "ap_int.h"

enum ap_q_mode { AP_RND, AP_RND_ZERO, AP_RND_MIN_INF, AP_RND_INF, AP_RND_CONV, AP_TRN, AP_TRN_ZERO };
enum ap_o_mode { AP_SAT, AP_SAT_ZERO, AP_SAT_SYM, AP_WRAP, AP_WRAP_SM };

namespace spatial {
namespace ap {

template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O> class fixed;

// Drops CUT > 0 of the lowest bits.
template <ap_q_mode Q, int CUT, int W, bool S> integer<larger(W, CUT) + 2, true> rounded(const integer<W, S> &x) {
    typedef integer<larger(W, CUT) + 2, true> number;
    const number value(x), half = number(1) << (CUT - 1), one = number(1);
    const bool negative = value.sign(), odd = (value >> CUT).test(0);
    const bool toward = Q == AP_RND_MIN_INF || (Q == AP_RND_ZERO && !negative) || (Q == AP_RND_INF && negative);
    number bias(0);
    if (Q == AP_TRN_ZERO && negative) bias = half + half - one;
    if (Q == AP_RND_CONV) bias = odd ? half : number(half - one);
    if (Q == AP_RND || Q == AP_RND_MIN_INF || Q == AP_RND_ZERO || Q == AP_RND_INF)
        bias = toward ? number(half - one) : half;
    return number(value + bias) >> CUT;
}

// Brings a whole number of units into W bits.
template <int W, bool S, ap_o_mode O, int W1, bool S1> integer<W, S> ranged(const integer<W1, S1> &x) {
    typedef integer<W, S> number;
    if (O == AP_WRAP || (W1 <= W && S1 == S && O != AP_SAT_SYM)) return number(x);
    const number greatest = number::from_raw(number::ones(S ? W - 1 : W));
    const number least = S ? number(O == AP_SAT_SYM ? number(-greatest) : number(~greatest)) : number(0);
    if (x > greatest) return O == AP_SAT_ZERO ? number(0) : greatest;
    if (x < least) return O == AP_SAT_ZERO ? number(0) : least;
    return number(x);
}

// A number of 2^-F1 in units of 2^-F2.
template <int F1, int F2, ap_q_mode Q, bool CUT = (F1 > F2)> struct rescaled {
    template <int W, bool S> static integer<larger(W, F1 - F2) + 2, true> from(const integer<W, S> &x) {
        return rounded<Q, F1 - F2>(x);
    }
};
template <int F1, int F2, ap_q_mode Q> struct rescaled<F1, F2, Q, false> {
    template <int W, bool S> static integer<W + F2 - F1, S> from(const integer<W, S> &x) {
        return integer<W + F2 - F1, S>(x) << (F2 - F1);
    }
};

template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O> class fixed {
    static_assert(O != AP_WRAP_SM, "ap_fixed: the overflow mode AP_WRAP_SM is not supported");

  public:
    static const int width = W, fraction = W - I;
    static const bool sign_flag = S;

    integer<W, S> raw;  // in units of 2^-fraction

    fixed() = default;
    template <int W2, int I2, bool S2, ap_q_mode Q2, ap_o_mode O2>
    fixed(const fixed<W2, I2, S2, Q2, O2> &x) : raw(ranged<W, S, O>(rescaled<W2 - I2, fraction, Q>::from(x.raw))) {}
    template <class T, when<operand<T>::kind == 1 || std::is_enum<T>::value, int> = 0>
    fixed(const T &x) : raw(ranged<W, S, O>(rescaled<0, fraction, Q>::from(whole(x)))) {}
    template <class T, when<is_float<T>::value, int> = 0, class = void> fixed(T x) : raw(from_double(x)) {}

    static fixed from_raw(const integer<W, S> &units) {
        fixed r;
        r.raw = units;
        return r;
    }

    operator double() const { return to_double(); }
    template <class T, when<is_native<T>::value && !std::is_same<T, bool>::value, int> = 0>
    explicit operator T() const {
        return static_cast<T>(to_whole().raw);
    }
    template <class T, when<std::is_same<T, bool>::value, int> = 0> explicit operator T() const { return to_bool(); }

    double to_double() const { return __builtin_ldexp(raw.to_double(), -fraction); }
    float to_float() const { return static_cast<float>(to_double()); }
    bool to_bool() const { return raw.to_bool(); }
    int to_int() const { return to_whole().to_int(); }
    unsigned to_uint() const { return to_whole().to_uint(); }
    long long to_int64() const { return to_whole().to_int64(); }
    unsigned long long to_uint64() const { return to_whole().to_uint64(); }

    // The value without its fraction: toward zero.
    integer<larger(I, 1) + 1, S> to_whole() const { return rescaled<fraction, 0, AP_TRN_ZERO>::from(raw); }
    integer<larger(I, 1) + 1, S> to_ap_int_base() const { return to_whole(); }

    int length() const { return W; }
    bool is_neg() const { return raw.sign(); }
    bool is_zero() const { return raw.iszero(); }

    range_ref<W, S> range(int high, int low) { return raw.range(high, low); }
    range_ref<W, S> range() { return raw.range(); }
    range_ref<W, S> operator()(int high, int low) { return raw.range(high, low); }
    bit_ref<W, S> operator[](int i) { return raw[i]; }
    bit_ref<W, S> bit(int i) { return raw[i]; }
    integer<W, false> range(int high, int low) const { return raw.range(high, low); }
    integer<W, false> range() const { return raw.range(); }
    integer<W, false> operator()(int high, int low) const { return raw.range(high, low); }
    bool operator[](int i) const { return raw.test(i); }
    bool get_bit(int i) const { return raw.test(i); }

    fixed operator+() const { return *this; }
    fixed operator~() const { return from_raw(~raw); }
    bool operator!() const { return raw.iszero(); }
    fixed<W + 1, I + 1, true, AP_TRN, AP_WRAP> operator-() const {
        return fixed<W + 1, I + 1, true, AP_TRN, AP_WRAP>::from_raw(-raw);
    }
    fixed &operator++() { return *this += 1; }
    fixed &operator--() { return *this -= 1; }
    fixed operator++(int) {
        const fixed before = *this;
        ++*this;
        return before;
    }
    fixed operator--(int) {
        const fixed before = *this;
        --*this;
        return before;
    }

  private:
    template <class T> static when<operand<T>::kind == 1, typename operand<T>::type> whole(const T &x) {
        return value(x);
    }
    template <class T> static when<std::is_enum<T>::value, integer<64, true>> whole(T x) {
        return static_cast<long long>(x);
    }

    // Scaled exactly, then rounded and brought into range. No number gives 0, an infinity what a number too large
    // gives.
    static integer<W, S> from_double(double x) {
        if (x != x) return 0;
        int exponent = 0;
        const double part = __builtin_frexp(x, &exponent);
        const bool endless = x - x != 0;
        const integer<56, true> digits =
            endless ? integer<56, true>(x > 0 ? 1 : -1) : integer<56, true>(__builtin_ldexp(part, 53));
        const int up_by = endless ? W + 1 : exponent - 53 + fraction;
        if (up_by <= 0) return ranged<W, S, O>(cut(digits, -up_by));
        if (up_by <= W) return ranged<W, S, O>(integer<W + 56, true>(digits) << up_by);
        return ranged<W, S, O>(integer<W + 56, true>(digits.sign() ? -1 : digits.to_bool()) << (W + 1));
    }

    // Without its lowest n bits; past all of them one more is the same.
    static integer<64, true> cut(const integer<56, true> &digits, int n) {
        const int most = 60;
        if (n == 0) return digits;
        const int drop = n < most ? n : most;
        typedef integer<128, true> room;
        return rounded<Q, most>(room(digits) << (most - drop));
    }
};

template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O> const int fixed<W, I, S, Q, O>::width;
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O> const int fixed<W, I, S, Q, O>::fraction;
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O> const bool fixed<W, I, S, Q, O>::sign_flag;

}  // namespace ap
}  // namespace spatial

#endif
