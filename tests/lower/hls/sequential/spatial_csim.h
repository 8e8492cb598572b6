// What `csim.cpp` asks of our scheduler, for the genuine headers: processes run one after the other.
#ifndef SPATIAL_CSIM_H
#define SPATIAL_CSIM_H

#include <cstddef>

namespace spatial {
namespace csim {

struct declaration {
    const char *name;
    int extent[8];
    long depth;
    int first[8];
    bool once;
};

template <class T> void declare(T &) {}
template <class T> void label(T &, const char *) {}
inline void join() {}
template <class... P> struct starter {
    void (*function)(P...);
    template <class... A> void operator()(A &&...given) const { function(std::forward<A>(given)...); }
};
template <class... P> starter<P...> starting(const char *, void (*function)(P...)) { return {function}; }
template <class... P> starter<P...> calling(void (*function)(P...)) { return {function}; }
template <std::size_t N, class... P> starter<P...> calling(declaration (&)[N], void (*function)(P...)) {
    return {function};
}
template <class... P, class... A> void process(const char *, void (*function)(P...), A &&...given) {
    function(static_cast<A &&>(given)...);
}

}  // namespace csim
}  // namespace spatial

#endif
