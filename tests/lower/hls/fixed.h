// Prints the units of fixed-point results, as "name width sign digits"; their type tells where the point is.
#include <ap_fixed.h>

#include "integers.h"

template <class T> T of_units(const char *units) {
    T x;
    x.range() = ap_uint<T::width>(ap_int<T::width + 1>(units));
    return x;
}
template <class Result, class T> void show_units(const char *name, const T &x) {
    const Result same = x;
    static_assert(int(T::width) == int(Result::width), "the result has another width");
    const ap_uint<T::width> units = same.range();
    show(name, units);
}
template <class T> void show_whole(const char *name, const T &x) { show(name, ap_int<40>(x)); }

template <class Sum, class Difference, class Product, class Quotient, class A, class B> void calculate(A a, B b) {
    show_units<Sum>("+", a + b);
    show_units<Difference>("-", a - b);
    show_units<Product>("*", a * b);
    if (b != 0) show_units<Quotient>("/", a / b);
    show("<", a < b);
    show(">", a > b);
    show("==", a == b);
    show_units<B>("to", B(a));
    show_units<A>("from", A(b));
    show_whole("whole", a);
    show("double", a.to_double());
}
template <class T> void from_number(double x) { show_units<T>("from", T(x)); }
