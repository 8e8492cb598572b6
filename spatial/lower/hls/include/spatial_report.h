// What is said when no process can go on: each one that has not ended, and what it waits for.
#ifndef SPATIAL_REPORT_H
#define SPATIAL_REPORT_H

#include "spatial_channel.h"

namespace spatial {
namespace csim {

const int LISTED_PROCESSES = 40;

inline void print_channel(const channel *on) {
    on->print_name(stderr);
    if (on->depth == UNBOUNDED)
        std::fprintf(stderr, " (holds %zu)", on->count);
    else
        std::fprintf(stderr, " (holds %zu of %zu)", on->count, on->depth);
}

inline void print_fiber(const fiber *f) {
    if (!f->name) {
        std::fputs("  the caller", stderr);
    } else {
        std::fprintf(stderr, "  %s", f->name);
        if (f->kind->count > 1) std::fprintf(stderr, " [%d]", f->number);
    }
    switch (f->reason) {
        case wait::token:
            std::fputs(" waits to read ", stderr);
            break;
        case wait::room:
            std::fputs(" waits to write ", stderr);
            break;
        case wait::children:
            std::fputs(" waits for the processes it started\n", stderr);
            return;
        case wait::poll:
            std::fputs(" looks again and again at ", stderr);
            break;
        case wait::none:
            std::fputs(" is ready\n", stderr);
            return;
    }
    if (f->on)
        print_channel(f->on);
    else
        std::fputs("nothing", stderr);
    std::fputs("\n", stderr);
}

[[noreturn]] inline void report_blocked(const char *title, int status) {
    const scheduler &s = scheduler::instance();
    std::fflush(stdout);
    std::fputs(title, stderr);
    if (s.root.reason != wait::children && s.root.reason != wait::none) print_fiber(&s.root);
    int listed = 0, left = 0;
    for (const fiber *f = s.first(); f; f = f->newer) ++listed <= LISTED_PROCESSES ? print_fiber(f) : void(++left);
    if (left) std::fprintf(stderr, "  and %d more\n", left);
    std::fflush(nullptr);
    _exit(status);
}

inline void report_deadlock() { report_blocked("deadlock: no process can go on\n", EXIT_DEADLOCK); }
inline void report_livelock() {
    report_blocked("livelock: processes look at streams again and again, and no token moves\n", EXIT_LIVELOCK);
}

}  // namespace csim
}  // namespace spatial

#endif
