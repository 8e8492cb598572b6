// ap_axis, ap_axiu and hls::axis: a token of an AXI stream with its side channels.
//
// A side channel of width 0 is there, so that code may name it, but holds nothing.
#ifndef SPATIAL_AP_AXI_SDATA_H
#define SPATIAL_AP_AXI_SDATA_H

#include "ap_int.h"
#include "hls_half.h"

namespace spatial {
namespace axi {

struct nothing {
    nothing() = default;
    template <class T> nothing(const T &) {}
    operator int() const { return 0; }
};

template <int W> struct side {
    typedef ap_uint<W> type;
};
template <> struct side<0> {
    typedef nothing type;
};

// The bits of a token's data.
template <class T> struct size_of {
    static const int bits = 8 * sizeof(T);
};
template <int W, bool S> struct size_of<ap::integer<W, S>> {
    static const int bits = W;
};

}  // namespace axi
}  // namespace spatial

namespace hls {

template <class T, int WUser = 0, int WId = 0, int WDest = 0> struct axis {
    static const int bytes = (spatial::axi::size_of<T>::bits + 7) / 8;

    T data;
    ap_uint<bytes> keep;
    ap_uint<bytes> strb;
    typename spatial::axi::side<WUser>::type user;
    ap_uint<1> last;
    typename spatial::axi::side<WId>::type id;
    typename spatial::axi::side<WDest>::type dest;

    const T &get_data() const { return data; }
    ap_uint<bytes> get_keep() const { return keep; }
    ap_uint<bytes> get_strb() const { return strb; }
    ap_uint<1> get_last() const { return last; }
    void set_data(const T &x) { data = x; }
    void set_keep(const ap_uint<bytes> &x) { keep = x; }
    void set_strb(const ap_uint<bytes> &x) { strb = x; }
    void set_last(const ap_uint<1> &x) { last = x; }
    void keep_all() { keep = strb = ap_int<bytes>(-1); }
};

}  // namespace hls

template <int W, int WUser, int WId, int WDest> using ap_axis = hls::axis<ap_int<W>, WUser, WId, WDest>;
template <int W, int WUser, int WId, int WDest> using ap_axiu = hls::axis<ap_uint<W>, WUser, WId, WDest>;

#endif
