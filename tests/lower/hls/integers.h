// Prints every operator's result on numbers of two types, as "name width sign digits".
#include <ap_int.h>

#include <cstdio>

template <int W, bool S> void show(const char *name, const ap_int_base<W, S> &x) {
    std::printf("%s %d %c ", name, W, S ? 's' : 'u');
    for (int digit = (W + 3) / 4 - 1; digit >= 0; --digit) {
        int value = 0;
        for (int i = 3; i >= 0; --i) value = 2 * value + (4 * digit + i < W && x[4 * digit + i] ? 1 : 0);
        std::printf("%x", value);
    }
    std::printf("\n");
}
inline void show(const char *name, bool x) { std::printf("%s %d\n", name, x ? 1 : 0); }
inline void show(const char *name, long long x) { std::printf("%s %lld\n", name, x); }
inline void show(const char *name, unsigned long long x) { std::printf("%s %llu\n", name, x); }
inline void show(const char *name, double x) { std::printf("%s %a\n", name, x); }

template <class A, class B> void operators(A a, B b) {
    show("add", a + b);
    show("sub", a - b);
    show("mul", a * b);
    if (b != 0) {
        show("div", a / b);
        show("mod", a % b);
    }
    show("and", a & b);
    show("or", a | b);
    show("xor", a ^ b);
    show("eq", a == b);
    show("ne", a != b);
    show("lt", a < b);
    show("gt", a > b);
    show("le", a <= b);
    show("ge", a >= b);
    show("to", B(a));
    show("from", A(b));
    show("concat", ap_uint<A::width + B::width>((a, b)));
}

template <class A, class B> void assignments(A a, B b) {
    A x = a;
    show("x+=", x += b);
    show("x-=", (x = a) -= b);
    show("x*=", (x = a) *= b);
    if (b != 0) {
        show("x/=", (x = a) /= b);
        show("x%=", (x = a) %= b);
    }
    show("x&=", (x = a) &= b);
    show("x|=", (x = a) |= b);
    show("x^=", (x = a) ^= b);
}

template <class A> void single(A a, int by, int high, int low) {
    show("neg", -a);
    show("inv", ~a);
    show("not", !a);
    show("shl", a << by);
    show("shr", a >> by);
    show("shl-", a << -by);
    show("shr-", a >> -by);
    show("shl_ap", a << ap_uint<6>(by));
    show("shr_ap", a >> ap_int<7>(by));
    A x = a;
    show("inc", ++x);
    show("dec", --(x = a));
    show("int", static_cast<long long>(a.to_int()));
    show("uint", static_cast<unsigned long long>(a.to_uint()));
    show("int64", static_cast<long long>(a.to_int64()));
    show("uint64", static_cast<unsigned long long>(a.to_uint64()));
    show("double", a.to_double());
    show("bit", static_cast<bool>(a[low]));
    show("range", ap_uint<A::width>(a.range(high, low)));
    (x = a).range(high, low) = by;
    show("set", x);
    (x = a)[high] = !a[high];
    show("flip", x);
    show("and_reduce", static_cast<bool>(a.and_reduce()));
    show("xor_reduce", static_cast<bool>(a.xor_reduce()));
    show("a+5", a + 5);
    show("5-a", 5 - a);
    show("a*-3", a * -3LL);
    show("a/-7", a / -7);
    show("a%9", a % 9u);
    show("1000<a", 1000 < a);
    show("a==-1", a == -1);
    show("a+true", a + true);
}

template <class A> void from_double(double x) { show("from", A(x)); }
