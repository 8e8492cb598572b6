// hls::stream<T> and hls::stream<T, DEPTH>: a FIFO between two processes that run in turn.
//
// Its depth is the one that spatial::csim::declare gave it; any other stream holds as much as is written.
#ifndef SPATIAL_HLS_STREAM_H
#define SPATIAL_HLS_STREAM_H

#include "spatial_csim.h"

namespace hls {

template <class T, int DEPTH = 0> class stream;

template <class T> class stream<T, 0> : public spatial::csim::channel {
  public:
    typedef T value_type;

    stream() : channel(nullptr) {}
    explicit stream(const char *name) : channel(name) {}
    ~stream() {
        retire();
        delete[] ring;
    }

    T read() {
        while (count == 0) wait_for_token();
        return taken();
    }
    void read(T &token) { token = read(); }
    void write(const T &token) {
        while (count >= depth) wait_for_room();
        add(token);
    }
    bool read_nb(T &token) {
        if (empty()) return false;
        token = taken();
        return true;
    }
    bool write_nb(const T &token) {
        if (full()) return false;
        add(token);
        return true;
    }
    bool empty() {
        if (count == 0) look(true);
        const bool none = count == 0;
        if (!none) look(false);
        return none;
    }
    bool full() {
        if (count >= depth) look(true);
        const bool no_room = count >= depth;
        if (!no_room) look(false);
        return no_room;
    }
    unsigned size() {
        look(false);
        return static_cast<unsigned>(count);
    }
    unsigned capacity() const { return depth == spatial::csim::UNBOUNDED ? 0 : static_cast<unsigned>(depth); }

    void operator>>(T &token) { token = read(); }
    void operator<<(const T &token) { write(token); }

    void set_name(const char *name) { rename(name); }

  private:
    T *ring = nullptr;
    std::size_t mask = 0, head = 0, room = 0;

    T taken() {
        T token = std::move(ring[head]);
        head = (head + 1) & mask;
        --count;
        token_went();
        return token;
    }
    void add(const T &token) {
        if (count == room) grow();
        ring[(head + count) & mask] = token;
        ++count;
        token_came();
    }
    __attribute__((noinline)) void grow() {
        const std::size_t more = room ? 2 * room : 4;
        T *wider = new T[more];
        for (std::size_t i = 0; i < count; ++i) wider[i] = std::move(ring[(head + i) & mask]);
        delete[] ring;
        ring = wider;
        room = more;
        mask = more - 1;
        head = 0;
    }
};

template <class T, int DEPTH> class stream : public stream<T, 0> {
  public:
    stream() {}
    explicit stream(const char *name) : stream<T, 0>(name) {}
};

}  // namespace hls

#endif
