// What all streams are to the scheduler: a name, a depth, a count of tokens, those who wait.
#ifndef SPATIAL_CHANNEL_H
#define SPATIAL_CHANNEL_H

#include "spatial_scheduler.h"

namespace spatial {
namespace csim {

const std::size_t UNBOUNDED = ~std::size_t(0);

class channel {
  public:
    std::size_t count, depth;
    const declaration *declared;  // or null
    long element;                 // which one of an array of streams
    char *label;                  // or null: what the constructor was given

    explicit channel(const char *label)
        : count(0), depth(UNBOUNDED), declared(nullptr), element(0), label(copied(label)) {
        scheduler &s = scheduler::instance();
        if (s.next != s.last && s.declarer == s.running) take_entry(s);
    }
    channel(const channel &) = delete;
    channel &operator=(const channel &) = delete;

    void print_name(std::FILE *out) const {
        if (!declared) {
            std::fputs(label ? label : "a stream without a name", out);
            return;
        }
        std::fputs(declared->name, out);
        long below = 1;
        for (int i = 0; i < 8 && declared->extent[i]; ++i) below *= declared->extent[i];
        for (int i = 0; i < 8 && declared->extent[i]; ++i) {
            below /= declared->extent[i];
            std::fprintf(out, "[%ld]", element / below % declared->extent[i] + declared->first[i]);
        }
    }

    void rename(const char *text) {
        std::free(label);
        label = copied(text);
    }

    void forget(const fiber *f) {
        readers.remove(f);
        writers.remove(f);
    }

  protected:
    ~channel() { std::free(label); }

    // Waits for the processes that may still use the channel, before its tokens go.
    void retire() {
        scheduler &s = scheduler::instance();
        if (s.running->children > 0) s.join();
        let_go(readers);
        let_go(writers);
        report_rest();
    }

    void wait_for_token() { wait_in(readers, wait::token); }
    void wait_for_room() { wait_in(writers, wait::room); }
    void token_came() {
        ++scheduler::instance().moves;
        if (!readers.empty()) wake(readers);
    }
    void token_went() {
        ++scheduler::instance().moves;
        if (!writers.empty()) wake(writers);
    }
    void look(bool in_vain) { scheduler::instance().look(this, in_vain); }

    static char *copied(const char *text) {
        if (!text || !*text) return nullptr;
        char *own = static_cast<char *>(std::malloc(std::strlen(text) + 1));
        return std::strcpy(own, text);
    }

  private:
    queue readers{nullptr, nullptr}, writers{nullptr, nullptr};

    __attribute__((noinline)) void wait_in(queue &mine, wait reason) {
        scheduler &s = scheduler::instance();
        mine.push(s.running);
        s.hold(reason, this);
    }

    __attribute__((noinline)) static void wake(queue &waiting) {
        while (!waiting.empty()) scheduler::instance().wake(waiting.pop());
    }

    static void let_go(queue &waiting) {
        for (; !waiting.empty(); waiting.pop()) waiting.head->on = nullptr;
    }

    void take_entry(scheduler &s) {
        while (s.next != s.last && s.next->once && s.next->made) ++s.next;
        if (s.next == s.last) return;
        declared = s.next;
        element = s.element;
        depth = static_cast<std::size_t>(s.next->depth);
        long all = 1;
        for (int i = 0; i < 8 && declared->extent[i]; ++i) all *= declared->extent[i];
        if (++s.element < all) return;
        s.next->made = true;
        ++s.next;
        s.element = 0;
    }

    void report_rest() const {
        if (!declared || count == 0) return;
        std::fflush(stdout);
        std::fputs("warning: ", stderr);
        print_name(stderr);
        std::fprintf(stderr, " keeps %zu token%s that nobody read\n", count, count == 1 ? "" : "s");
    }
};

inline void detach(fiber *waiting) {
    if (waiting->on) waiting->on->forget(waiting);
}

}  // namespace csim
}  // namespace spatial

#endif
