// Two's complement integers of any width: the native type that holds one, or a row of 64-bit limbs.
#ifndef SPATIAL_WIDE_H
#define SPATIAL_WIDE_H

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <type_traits>

class half;

namespace spatial {
namespace ap {

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

template <bool C, class T = void> using when = typename std::enable_if<C, T>::type;

template <class T> struct is_native : std::is_integral<T> {};
template <> struct is_native<int128> : std::true_type {};
template <> struct is_native<uint128> : std::true_type {};

template <class T> struct is_float : std::is_floating_point<T> {};
template <> struct is_float<half> : std::true_type {};

[[noreturn]] inline void fail(const char *what) {
    std::fflush(stdout);
    std::fprintf(stderr, "error: %s\n", what);
    std::abort();
}

// A number of 64 N bits. The flag says how it is widened, compared, divided and shifted to the right.
template <int N, bool S> struct wide {
    std::uint64_t limb[N];

    wide() = default;

    template <class T, class = when<is_native<T>::value>> wide(T x) {
        const bool two = sizeof(T) > 8;
        const std::uint64_t fill = x < T(1) && x != T(0) ? ~std::uint64_t(0) : 0;
        limb[0] = static_cast<std::uint64_t>(x);
        for (int i = 1; i < N; ++i) limb[i] = two && i == 1 ? static_cast<std::uint64_t>(uint128(x) >> 64) : fill;
    }

    template <int M, bool T> wide(const wide<M, T> &x) {
        const std::uint64_t fill = x.negative() ? ~std::uint64_t(0) : 0;
        for (int i = 0; i < N; ++i) limb[i] = i < M ? x.limb[i < M ? i : 0] : fill;
    }

    template <class T, class = when<is_native<T>::value>> explicit operator T() const {
        return static_cast<T>(uint128(limb[1]) << 64 | limb[0]);
    }

    bool negative() const { return S && limb[N - 1] >> 63; }
    bool zero() const {
        for (int i = 0; i < N; ++i)
            if (limb[i]) return false;
        return true;
    }

    wide operator~() const {
        wide r;
        for (int i = 0; i < N; ++i) r.limb[i] = ~limb[i];
        return r;
    }
    wide operator-() const { return ~*this + wide(1); }

    friend wide operator+(const wide &a, const wide &b) {
        wide r;
        uint128 sum = 0;
        for (int i = 0; i < N; ++i) {
            sum += uint128(a.limb[i]) + b.limb[i];
            r.limb[i] = static_cast<std::uint64_t>(sum);
            sum >>= 64;
        }
        return r;
    }
    friend wide operator-(const wide &a, const wide &b) { return a + -b; }
    friend wide operator*(const wide &a, const wide &b) {
        wide r(0);
        for (int i = 0; i < N; ++i) {
            uint128 carry = 0;
            for (int j = 0; i + j < N; ++j) {
                carry += uint128(a.limb[i]) * b.limb[j] + r.limb[i + j];
                r.limb[i + j] = static_cast<std::uint64_t>(carry);
                carry >>= 64;
            }
        }
        return r;
    }
    friend wide operator/(const wide &a, const wide &b) {
        const wide quotient = divided(a, b).first;
        return a.negative() != b.negative() ? -quotient : quotient;
    }
    friend wide operator%(const wide &a, const wide &b) {
        const wide rest = divided(a, b).second;
        return a.negative() ? -rest : rest;
    }
    friend wide operator&(const wide &a, const wide &b) {
        wide r;
        for (int i = 0; i < N; ++i) r.limb[i] = a.limb[i] & b.limb[i];
        return r;
    }
    friend wide operator|(const wide &a, const wide &b) {
        wide r;
        for (int i = 0; i < N; ++i) r.limb[i] = a.limb[i] | b.limb[i];
        return r;
    }
    friend wide operator^(const wide &a, const wide &b) {
        wide r;
        for (int i = 0; i < N; ++i) r.limb[i] = a.limb[i] ^ b.limb[i];
        return r;
    }
    friend wide operator<<(const wide &a, int n) {
        wide r;
        const int words = n / 64, bits = n % 64;
        for (int i = N - 1; i >= 0; --i) {
            const std::uint64_t high = i >= words ? a.limb[i - words] : 0;
            const std::uint64_t low = i > words ? a.limb[i - words - 1] : 0;
            r.limb[i] = bits ? high << bits | low >> (64 - bits) : high;
        }
        return r;
    }
    friend wide operator>>(const wide &a, int n) {
        wide r;
        const std::uint64_t fill = a.negative() ? ~std::uint64_t(0) : 0;
        const int words = n / 64, bits = n % 64;
        for (int i = 0; i < N; ++i) {
            const std::uint64_t low = i + words < N ? a.limb[i + words] : fill;
            const std::uint64_t high = i + words + 1 < N ? a.limb[i + words + 1] : fill;
            r.limb[i] = bits ? low >> bits | high << (64 - bits) : low;
        }
        return r;
    }
    friend bool operator==(const wide &a, const wide &b) { return (a ^ b).zero(); }
    friend bool operator<(const wide &a, const wide &b) {
        if (a.negative() != b.negative()) return a.negative();
        for (int i = N - 1; i >= 0; --i)
            if (a.limb[i] != b.limb[i]) return a.limb[i] < b.limb[i];
        return false;
    }
    friend bool operator!=(const wide &a, const wide &b) { return !(a == b); }
    friend bool operator>(const wide &a, const wide &b) { return b < a; }
    friend bool operator<=(const wide &a, const wide &b) { return !(b < a); }
    friend bool operator>=(const wide &a, const wide &b) { return !(a < b); }

  private:
    struct division {
        wide first, second;
    };

    // The quotient and the rest of the magnitudes, bit by bit.
    static division divided(const wide &a, const wide &b) {
        typedef wide<N, false> plain;
        if (b.zero()) fail("division by zero");
        const plain n = a.negative() ? -a : a, d = b.negative() ? -b : b;
        plain quotient(0), rest(0);
        for (int i = 64 * N - 1; i >= 0; --i) {
            const bool carry = rest.limb[N - 1] >> 63;
            rest = rest << 1;
            rest.limb[0] |= n.limb[i / 64] >> (i % 64) & 1;
            if (carry || rest >= d) {
                rest = rest - d;
                quotient.limb[i / 64] |= std::uint64_t(1) << (i % 64);
            }
        }
        return division{quotient, rest};
    }
};

// The type that holds W bits, sign- or zero-extended.
template <int K, int W, bool S> struct holder {
    typedef wide<(W + 63) / 64, S> type;
};
template <int W> struct holder<0, W, true> {
    typedef std::int8_t type;
};
template <int W> struct holder<0, W, false> {
    typedef std::uint8_t type;
};
template <int W> struct holder<1, W, true> {
    typedef std::int16_t type;
};
template <int W> struct holder<1, W, false> {
    typedef std::uint16_t type;
};
template <int W> struct holder<2, W, true> {
    typedef std::int32_t type;
};
template <int W> struct holder<2, W, false> {
    typedef std::uint32_t type;
};
template <int W> struct holder<3, W, true> {
    typedef std::int64_t type;
};
template <int W> struct holder<3, W, false> {
    typedef std::uint64_t type;
};
template <int W> struct holder<4, W, true> {
    typedef int128 type;
};
template <int W> struct holder<4, W, false> {
    typedef uint128 type;
};

constexpr int size_class(int w) { return w <= 8 ? 0 : w <= 16 ? 1 : w <= 32 ? 2 : w <= 64 ? 3 : w <= 128 ? 4 : 5; }

template <int W, bool S> using held = typename holder<size_class(W), W, S>::type;

// A held number with its lowest W bits, the rest extended again.
template <int W, class T> when<is_native<T>::value, T> wrapped(T x) {
    typedef held<8 * sizeof(T), false> plain;
    const int drop = 8 * sizeof(T) - W;
    return static_cast<T>(static_cast<T>(static_cast<plain>(x) << drop) >> drop);
}
template <int W, int N, bool S> wide<N, S> wrapped(const wide<N, S> &x) {
    const int drop = 64 * N - W;
    return drop == 0 ? x : x << drop >> drop;
}

// Shifts by 0 <= n < width of T, without the overflow that native signed types have.
template <class T> when<is_native<T>::value, T> up(T x, int n) {
    return static_cast<T>(static_cast<held<8 * sizeof(T), false>>(x) << n);
}
template <int N, bool S> wide<N, S> up(const wide<N, S> &x, int n) { return x << n; }

template <class T> when<is_native<T>::value, bool> is_negative(T x) { return x < T(1) && x != T(0); }
template <int N, bool S> bool is_negative(const wide<N, S> &x) { return x.negative(); }

template <class T> when<is_native<T>::value, double> as_double(T x) { return static_cast<double>(x); }
template <int N, bool S> double as_double(const wide<N, S> &x) {
    const wide<N, false> n = x.negative() ? -x : x;
    int top = N - 1;
    while (top > 0 && n.limb[top] == 0) --top;
    if (top == 0) return x.negative() ? -static_cast<double>(n.limb[0]) : static_cast<double>(n.limb[0]);
    const int lead = __builtin_clzll(n.limb[top]);
    std::uint64_t head = static_cast<std::uint64_t>((n << (lead + 64 * (N - 1 - top))).limb[N - 1]);
    if (n << (lead + 64 * (N - 1 - top)) != wide<N, false>(head) << 64 * (N - 1)) head |= 1;  // rounds once
    const double value = __builtin_ldexp(static_cast<double>(head), 64 * top - lead);
    return x.negative() ? -value : value;
}

}  // namespace ap
}  // namespace spatial

#endif
