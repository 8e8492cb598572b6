// hls::vector<T, N>: N values on which operators work one by one.
#ifndef SPATIAL_HLS_VECTOR_H
#define SPATIAL_HLS_VECTOR_H

#include <cstddef>
#include <initializer_list>

namespace hls {

template <class T, std::size_t N> class vector {
  public:
    vector() = default;
    vector(const T &all) {
        for (T &x : values) x = all;
    }
    vector(std::initializer_list<T> given) {
        std::size_t i = 0;
        for (const T &x : given)
            if (i < N) values[i++] = x;
        while (i < N) values[i++] = T(0);
    }

    static constexpr std::size_t size() { return N; }
    T &operator[](std::size_t i) { return values[i]; }
    const T &operator[](std::size_t i) const { return values[i]; }
    T *begin() { return values; }
    T *end() { return values + N; }
    const T *begin() const { return values; }
    const T *end() const { return values + N; }

    T reduce_add() const {
        T sum = values[0];
        for (std::size_t i = 1; i < N; ++i) sum += values[i];
        return sum;
    }

#define SPATIAL_VECTOR_OPERATOR(op, assign)                                   \
    vector &operator assign(const vector &other) {                            \
        for (std::size_t i = 0; i < N; ++i) values[i] assign other.values[i]; \
        return *this;                                                         \
    }                                                                         \
    friend vector operator op(vector a, const vector &b) { return a assign b; }
    SPATIAL_VECTOR_OPERATOR(+, +=)
    SPATIAL_VECTOR_OPERATOR(-, -=)
    SPATIAL_VECTOR_OPERATOR(*, *=)
    SPATIAL_VECTOR_OPERATOR(/, /=)
    SPATIAL_VECTOR_OPERATOR(%, %=)
    SPATIAL_VECTOR_OPERATOR(&, &=)
    SPATIAL_VECTOR_OPERATOR(|, |=)
    SPATIAL_VECTOR_OPERATOR(^, ^=)
    SPATIAL_VECTOR_OPERATOR(<<, <<=)
    SPATIAL_VECTOR_OPERATOR(>>, >>=)
#undef SPATIAL_VECTOR_OPERATOR

    friend bool operator==(const vector &a, const vector &b) {
        for (std::size_t i = 0; i < N; ++i)
            if (!(a.values[i] == b.values[i])) return false;
        return true;
    }
    friend bool operator!=(const vector &a, const vector &b) { return !(a == b); }

  private:
    T values[N];
};

}  // namespace hls

#endif
