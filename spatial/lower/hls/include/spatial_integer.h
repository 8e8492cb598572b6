// The class behind ap_int<W> and ap_uint<W>: a value of W bits, what it is made from and what it is read as.
#ifndef SPATIAL_INTEGER_H
#define SPATIAL_INTEGER_H

#include <iosfwd>

#include "spatial_wide.h"

namespace spatial {
namespace ap {

template <int W, bool S> class integer;
template <int W, bool S> class range_ref;
template <int W, bool S> class bit_ref;

// What an operand counts as beside another one. kind: 0 is none of ours, 1 an integer, 2 fixed point, 3 a float.
template <class T, class = void> struct operand {
    static const int kind = 0;
};
template <class T> struct operand<T, when<is_native<T>::value>> {
    static const int kind = 1;
    typedef integer<std::is_same<T, bool>::value ? 1 : 8 * sizeof(T), (T(-1) < T(1)) && !std::is_same<T, bool>::value>
        type;
    static type value(T x) { return type(x); }
};
template <class T> struct operand<T, when<std::is_floating_point<T>::value>> {
    static const int kind = 3;
};
template <int W, bool S> struct operand<integer<W, S>> {
    static const int kind = 1;
    typedef integer<W, S> type;
    static const type &value(const type &x) { return x; }
};
template <class T> typename operand<T>::type value(const T &x) { return operand<T>::value(x); }

// What `to_string` returns: its characters, which become a std::string where one is wanted.
template <int N> struct text {
    char data[N];
    const char *c_str() const { return data; }
    template <class T, class = when<std::is_constructible<T, const char *>::value && !std::is_pointer<T>::value>>
    operator T() const {
        return T(data);
    }
};
template <class C, class T, int N>
std::basic_ostream<C, T> &operator<<(std::basic_ostream<C, T> &out, const text<N> &x) {
    return out << x.data;
}

template <int W, bool S> class integer {
    static_assert(W > 0, "ap_int: a width is at least 1");

  public:
    typedef held<W, S> raw_type;
    typedef integer<W, false> plain_type;
    static const int width = W;
    static const bool sign_flag = S;

    raw_type raw;

    integer() = default;
    template <class T, when<is_native<T>::value || std::is_enum<T>::value, int> = 0>
    integer(T x) : raw(wrapped<W>(static_cast<raw_type>(x))) {}
    template <class T, when<is_float<T>::value, int> = 0, class = void> integer(T x) : raw(from_double(x)) {}
    template <int W2, bool S2> integer(const integer<W2, S2> &x) : raw(wrapped<W>(static_cast<raw_type>(x.raw))) {}
    template <int W2, bool S2> integer(const range_ref<W2, S2> &x) : integer(x.get()) {}
    template <int W2, bool S2> integer(const bit_ref<W2, S2> &x) : integer(bool(x)) {}
    template <class T, when<operand<T>::kind == 2, int> = 0, class = void, class = void>
    integer(const T &x) : integer(x.to_whole()) {}
    integer(const char *digits, int radix) : raw(parsed(digits, radix)) {}
    integer(const char *digits) : raw(parsed(digits, 0)) {}

    // The value whose lowest W bits are those of a held number.
    template <class T> static integer from_raw(const T &x) {
        integer r;
        r.raw = wrapped<W>(static_cast<raw_type>(x));
        return r;
    }

    typedef
        typename std::conditional<(W <= 64), held<(W <= 64 ? W : 64), S>,
                                  typename std::conditional<S, long long, unsigned long long>::type>::type native_type;
    operator native_type() const { return static_cast<native_type>(raw); }
    template <class T, when<std::is_same<T, bool>::value, int> = 0> explicit operator T() const { return to_bool(); }
    template <class T, when<std::is_floating_point<T>::value && (W > 64), int> = 0> explicit operator T() const {
        return static_cast<T>(as_double(raw));
    }

    int length() const { return W; }
    bool to_bool() const { return raw != raw_type(0); }
    char to_char() const { return static_cast<char>(raw); }
    signed char to_schar() const { return static_cast<signed char>(raw); }
    unsigned char to_uchar() const { return static_cast<unsigned char>(raw); }
    short to_short() const { return static_cast<short>(raw); }
    unsigned short to_ushort() const { return static_cast<unsigned short>(raw); }
    int to_int() const { return static_cast<int>(raw); }
    unsigned to_uint() const { return static_cast<unsigned>(raw); }
    long to_long() const { return static_cast<long>(raw); }
    unsigned long to_ulong() const { return static_cast<unsigned long>(raw); }
    long long to_int64() const { return static_cast<long long>(raw); }
    unsigned long long to_uint64() const { return static_cast<unsigned long long>(raw); }
    double to_double() const { return as_double(raw); }
    float to_float() const {
        return W <= 64 ? static_cast<float>(native_type(*this)) : static_cast<float>(to_double());
    }

    bool iszero() const { return !to_bool(); }
    bool is_zero() const { return !to_bool(); }
    bool sign() const { return S && is_negative(raw); }

    // Bits. A reading range is a value; a written one refers to this number.
    range_ref<W, S> range(int high, int low) { return range_ref<W, S>(*this, high, low); }
    range_ref<W, S> range() { return range(W - 1, 0); }
    range_ref<W, S> operator()(int high, int low) { return range(high, low); }
    plain_type range(int high, int low) const { return piece(high, low); }
    plain_type range() const { return plain_type(*this); }
    plain_type operator()(int high, int low) const { return piece(high, low); }
    bit_ref<W, S> operator[](int i) { return bit_ref<W, S>(*this, i); }
    bit_ref<W, S> bit(int i) { return bit_ref<W, S>(*this, i); }
    bool operator[](int i) const { return test(i); }
    bool bit(int i) const { return test(i); }
    bool get_bit(int i) const { return test(i); }
    bool test(int i) const {
        check(i);
        return static_cast<bool>(static_cast<unsigned>(raw >> i) & 1u);
    }
    void set_bit(int i, bool on) {
        check(i);
        const raw_type one = up(raw_type(1), i);
        raw = wrapped<W>(static_cast<raw_type>(on ? raw | one : raw & static_cast<raw_type>(~one)));
    }
    void set(int i, bool on) { set_bit(i, on); }
    void set(int i) { set_bit(i, true); }
    void set() { *this = from_raw(static_cast<raw_type>(~raw_type(0))); }
    void clear(int i) { set_bit(i, false); }
    void clear() { *this = from_raw(raw_type(0)); }
    void invert(int i) { set_bit(i, !test(i)); }
    void invert() { *this = from_raw(static_cast<raw_type>(~raw)); }

    // Bits `high` down to `low`; in reverse order where high < low.
    plain_type piece(int high, int low) const {
        check(high);
        check(low);
        if (high < low) return piece(low, high).mirrored(low - high + 1);
        return plain_type::from_raw(plain_type(*this).raw >> low & plain_type::ones(high - low + 1));
    }
    void set_piece(int high, int low, plain_type x) {
        check(high);
        check(low);
        if (high < low) {
            set_piece(low, high, x.mirrored(low - high + 1));
            return;
        }
        typedef typename plain_type::raw_type plain;
        const plain mask = up(plain_type::ones(high - low + 1), low);
        const plain rest = static_cast<plain>(plain_type(*this).raw & static_cast<plain>(~mask));
        *this = from_raw(static_cast<plain>(rest | static_cast<plain>(up(x.raw, low) & mask)));
    }
    plain_type mirrored(int n) const {
        plain_type r(0);
        for (int i = 0; i < n; ++i) r.set_bit(n - 1 - i, test(i));
        return r;
    }
    integer &reverse() { return *this = integer(mirrored(W)); }

    bool and_reduce() const { return plain_type(*this).raw == plain_type::ones(W); }
    bool or_reduce() const { return to_bool(); }
    bool xor_reduce() const {
        bool odd = false;
        for (int i = 0; i < W; ++i) odd ^= test(i);
        return odd;
    }
    bool nand_reduce() const { return !and_reduce(); }
    bool nor_reduce() const { return !or_reduce(); }
    bool xnor_reduce() const { return !xor_reduce(); }
    int countLeadingZeros() const {
        int n = 0;
        while (n < W && !test(W - 1 - n)) ++n;
        return n;
    }
    void lrotate(int n) {
        if (n % W != 0) *this = from_raw(up(plain_type(*this).raw, n % W) | plain_type(*this).raw >> (W - n % W));
    }
    void rrotate(int n) { lrotate(W - n % W); }

    template <int W2, bool S2> integer<W + W2, false> concat(const integer<W2, S2> &low) const {
        typedef held<W + W2, false> wider;
        const wider head = up(static_cast<wider>(plain_type(*this).raw), W2);
        return integer<W + W2, false>::from_raw(head | static_cast<wider>(integer<W2, false>(low).raw));
    }

    integer operator+() const { return *this; }
    integer operator~() const { return from_raw(static_cast<raw_type>(~raw)); }
    bool operator!() const { return !to_bool(); }
    integer<(W > 1 || !S ? W + 1 : 3), true> operator-() const {
        typedef integer<(W > 1 || !S ? W + 1 : 3), true> wider;
        return wider::from_raw(-static_cast<typename wider::raw_type>(raw));
    }
    integer &operator++() { return *this = from_raw(plain_type(*this).raw + typename plain_type::raw_type(1)); }
    integer &operator--() { return *this = from_raw(plain_type(*this).raw - typename plain_type::raw_type(1)); }
    integer operator++(int) {
        const integer before = *this;
        ++*this;
        return before;
    }
    integer operator--(int) {
        const integer before = *this;
        --*this;
        return before;
    }

    // Digits; a prefix (0b 0o 0x) where the radix is a power of two, as in Vitis.
    text<W + 5> to_string(int radix = 2, bool as_signed = S) const {
        text<W + 5> out;
        const bool power = radix != 10;
        const bool minus = as_signed && is_negative(raw) && radix != 2;
        integer<W + 4, false> rest = plain_type(*this);
        if (minus) rest = -*this;
        typedef typename integer<W + 4, false>::raw_type big;
        char digits[W + 1];
        int n = 0;
        do {
            digits[n++] = "0123456789ABCDEF"[static_cast<int>(rest.raw % big(radix))];
            rest.raw = static_cast<big>(rest.raw / big(radix));
        } while (n < W && rest.to_bool());
        char *at = out.data;
        if (minus) *at++ = '-';
        if (power) *at++ = '0', *at++ = radix == 2 ? 'b' : radix == 8 ? 'o' : 'x';
        while (n > 0) *at++ = digits[--n];
        *at = '\0';
        return out;
    }

    // The lowest n bits set.
    static raw_type ones(int n) {
        return n >= W ? wrapped<W>(static_cast<raw_type>(~raw_type(0)))
                      : static_cast<raw_type>(up(raw_type(1), n) - raw_type(1));
    }

  private:
    static void check(int i) {
        if (i < 0 || i >= W) fail("a bit number is outside the width of its ap_int");
    }

    // Toward zero, then the lowest W bits; no number and an infinity give 0.
    static raw_type from_double(double x) {
        if (x > -9.2e18 && x < 9.2e18) return wrapped<W>(static_cast<raw_type>(static_cast<long long>(x)));
        int exponent = 0;
        const double part = __builtin_frexp(x, &exponent);
        if (x != x || x - x != 0 || exponent - 62 >= W) return raw_type(0);
        const raw_type head = static_cast<raw_type>(static_cast<long long>(__builtin_ldexp(part, 62)));
        return wrapped<W>(up(head, exponent - 62));
    }

    static raw_type parsed(const char *at, int radix) {
        const bool minus = *at == '-';
        if (*at == '-' || *at == '+') ++at;
        if (at[0] == '0' && (at[1] | 32) == 'x' && (radix == 0 || radix == 16)) radix = 16, at += 2;
        if (at[0] == '0' && (at[1] | 32) == 'b' && (radix == 0 || radix == 2)) radix = 2, at += 2;
        if (at[0] == '0' && (at[1] | 32) == 'o' && (radix == 0 || radix == 8)) radix = 8, at += 2;
        if (radix == 0) radix = 10;
        typedef held<(W < 8 ? 32 : W + 24), false> wider;
        wider value(0);
        for (; *at; ++at) {
            const int digit = *at <= '9' ? *at - '0' : (*at | 32) - 'a' + 10;
            if (digit < 0 || digit >= radix) fail("a digit of an ap_int is not of its radix");
            value = static_cast<wider>(static_cast<wider>(value * wider(radix)) + wider(digit));
        }
        return wrapped<W>(static_cast<raw_type>(minus ? static_cast<wider>(wider(0) - value) : value));
    }
};

template <int W, bool S> const int integer<W, S>::width;
template <int W, bool S> const bool integer<W, S>::sign_flag;

}  // namespace ap
}  // namespace spatial

#endif
