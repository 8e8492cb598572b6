// Parts of an integer that can be assigned: a range of bits, a bit, two numbers side by side.
#ifndef SPATIAL_REFS_H
#define SPATIAL_REFS_H

#include "spatial_integer.h"

namespace spatial {
namespace ap {

template <int W, bool S> class range_ref {
  public:
    range_ref(integer<W, S> &whole, int high, int low) : whole(whole), high(high), low(low) {}
    range_ref(const range_ref &) = default;

    integer<W, false> get() const { return whole.piece(high, low); }
    operator typename integer<W, false>::native_type() const { return get(); }
    template <class T, when<std::is_same<T, bool>::value, int> = 0> explicit operator T() const {
        return get().to_bool();
    }

    template <class T, class = typename operand<T>::type> range_ref &operator=(const T &x) {
        whole.set_piece(high, low, integer<W, false>(value(x)));
        return *this;
    }
    range_ref &operator=(const range_ref &x) { return *this = x.get(); }
    template <class T> range_ref &operator|=(const T &x) { return *this = get() | x; }
    template <class T> range_ref &operator&=(const T &x) { return *this = get() & x; }
    template <class T> range_ref &operator^=(const T &x) { return *this = get() ^ x; }

    int length() const { return high >= low ? high - low + 1 : low - high + 1; }
    bool to_bool() const { return get().to_bool(); }
    int to_int() const { return get().to_int(); }
    unsigned to_uint() const { return get().to_uint(); }
    long to_long() const { return get().to_long(); }
    unsigned long to_ulong() const { return get().to_ulong(); }
    long long to_int64() const { return get().to_int64(); }
    unsigned long long to_uint64() const { return get().to_uint64(); }
    double to_double() const { return get().to_double(); }

  private:
    integer<W, S> &whole;
    const int high, low;
};

template <int W, bool S> class bit_ref {
  public:
    bit_ref(integer<W, S> &whole, int at) : whole(whole), at(at) {}
    bit_ref(const bit_ref &) = default;

    operator bool() const { return whole.test(at); }
    bool to_bool() const { return whole.test(at); }
    bool operator!() const { return !whole.test(at); }
    bool operator~() const { return !whole.test(at); }
    int length() const { return 1; }

    template <class T, class = typename operand<T>::type> bit_ref &operator=(const T &x) {
        whole.set_bit(at, value(x).to_bool());
        return *this;
    }
    bit_ref &operator=(const bit_ref &x) { return *this = bool(x); }
    template <class T> bit_ref &operator|=(const T &x) { return *this = bool(*this) || x; }
    template <class T> bit_ref &operator&=(const T &x) { return *this = bool(*this) && x; }

  private:
    integer<W, S> &whole;
    const int at;
};

template <int W, bool S> struct operand<range_ref<W, S>> {
    static const int kind = 1;
    typedef integer<W, false> type;
    static type value(const range_ref<W, S> &x) { return x.get(); }
};
template <int W, bool S> struct operand<bit_ref<W, S>> {
    static const int kind = 1;
    typedef integer<1, false> type;
    static type value(const bit_ref<W, S> &x) { return type(bool(x)); }
};

// `(high, low) = x` takes x apart; read, it is the two numbers side by side.
template <class A, class B> class pair_ref {
  public:
    static const int width = A::width + B::width;
    pair_ref(A &high, B &low) : high(high), low(low) {}

    integer<width, false> get() const { return high.concat(low); }
    operator integer<width, false>() const { return get(); }
    template <class T, class = typename operand<T>::type> pair_ref &operator=(const T &x) {
        const integer<width, false> both(value(x));
        high = A(both.piece(width - 1, B::width));
        low = B(both.piece(B::width - 1, 0));
        return *this;
    }
    int length() const { return width; }

  private:
    A &high;
    B &low;
};
template <class A, class B> struct operand<pair_ref<A, B>> {
    static const int kind = 1;
    typedef integer<pair_ref<A, B>::width, false> type;
    static type value(const pair_ref<A, B> &x) { return x.get(); }
};

template <int W, bool S, int W2, bool S2>
pair_ref<integer<W, S>, integer<W2, S2>> operator,(integer<W, S> &high, integer<W2, S2> &low) {
    return pair_ref<integer<W, S>, integer<W2, S2>>(high, low);
}
template <int W, bool S, int W2, bool S2>
integer<W + W2, false> operator,(const integer<W, S> &high, const integer<W2, S2> &low) {
    return high.concat(low);
}
template <class A, class B>
integer<operand<A>::type::width + operand<B>::type::width, false> concat(const A &high, const B &low) {
    return value(high).concat(value(low));
}

}  // namespace ap
}  // namespace spatial

#endif
