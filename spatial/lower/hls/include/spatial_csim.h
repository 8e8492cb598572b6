// A cooperative scheduler for C-simulation: processes that block on bounded channels, and a report when none can go on.
//
// A top function runs as written. Each process that it calls through `process` starts at once on a stack of its own and
// hands control back where it blocks. The destructor of a stream waits for the processes that its own process started,
// so that no stream dies before they end; `join` does the same. One thread; no locks.
#ifndef SPATIAL_CSIM_H
#define SPATIAL_CSIM_H

#include <cstddef>
#include <tuple>
#include <utility>

#include "spatial_channel.h"
#include "spatial_report.h"
#include "spatial_scheduler.h"

namespace spatial {
namespace csim {

// The streams that are constructed next by the running process take their names and depths from `table`, one after the
// other; an array of streams takes one entry. It replaces what is left of the table before.
inline void declare(declaration *table, std::size_t entries) {
    scheduler &s = scheduler::instance();
    s.declarer = s.running;
    s.next = table;
    s.last = table + entries;
    s.element = 0;
}
template <std::size_t N> void declare(declaration (&table)[N]) { declare(table, N); }

// Waits until every process that the running one started has ended and no task can go on.
inline void join() { scheduler::instance().join(); }

// A function with its arguments: streams and other references by reference, numbers and pointers by value.
template <class... P> struct call : work {
    void (*const function)(P...);
    std::tuple<P...> arguments;

    template <class... A>
    call(void (*function)(P...), A &&...given) : function(function), arguments(std::forward<A>(given)...) {}
    void run() override { apply(std::index_sequence_for<P...>()); }

  private:
    template <std::size_t... I> void apply(std::index_sequence<I...>) {
        function(static_cast<P>(std::get<I>(arguments))...);
    }
};

// Starts a process. `name` must live as long as the program.
template <class... P, class... A> void process(const char *name, void (*function)(P...), A &&...given) {
    static_assert(sizeof...(P) == sizeof...(A), "a process is called with as many arguments as it takes");
    scheduler::instance().start(name, new call<P...>(function, std::forward<A>(given)...), false);
}

// Starts a function that is called again and again and need not end.
template <class... P, class... A> fiber *task(const char *name, void (*function)(P...), A &&...given) {
    static_assert(sizeof...(P) == sizeof...(A), "a task is called with as many arguments as it takes");
    return scheduler::instance().start(name, new call<P...>(function, std::forward<A>(given)...), true);
}

}  // namespace csim
}  // namespace spatial

#endif
