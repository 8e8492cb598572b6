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

// Names a stream that `declare` does not know, or each of an array of them.
inline void label(channel &stream, const char *name) { stream.rename(name); }
template <class T, std::size_t N> void label(T (&streams)[N], const char *name) {
    for (std::size_t i = 0; i < N; ++i) {
        char text[256];
        std::snprintf(text, sizeof text, "%s[%zu]", name, i);
        label(streams[i], text);
    }
}

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

// What starts a process when it is called with the arguments: a macro may have none.
template <class... P> struct starter {
    const char *name;
    void (*function)(P...);
    template <class... A> void operator()(A &&...given) const { process(name, function, std::forward<A>(given)...); }
};
template <class... P> starter<P...> starting(const char *name, void (*function)(P...)) { return {name, function}; }

// A function that starts processes: what calls it tells about its streams, and waits for its processes.
template <class... P> struct caller {
    declaration *table;
    std::size_t entries;
    void (*function)(P...);
    template <class... A> void operator()(A &&...given) const {
        declare(table, entries);
        function(std::forward<A>(given)...);
        join();
    }
};
template <class... P> caller<P...> calling(void (*function)(P...)) { return {nullptr, 0, function}; }
template <std::size_t N, class... P> caller<P...> calling(declaration (&table)[N], void (*function)(P...)) {
    return {table, N, function};
}

// What a function is called in reports of tasks.
struct function_name {
    void (*function)();
    const char *name;
    function_name *next;

    static function_name *&first() {
        static function_name *known = nullptr;
        return known;
    }
    template <class... P> static const char *of(void (*function)(P...)) {
        for (const function_name *f = first(); f; f = f->next)
            if (f->function == reinterpret_cast<void (*)()>(function)) return f->name;
        return nullptr;
    }
};

// Gives a function, which a task may run, its name; that must live as long as the program.
template <class... P> void named(const char *name, void (*function)(P...)) {
    if (!function_name::of(function)) {
        function_name *&first = function_name::first();
        first = new function_name{reinterpret_cast<void (*)()>(function), name, first};
    }
}

// Starts a function that is called again and again and need not end.
template <class... P, class... A> fiber *task(void (*function)(P...), A &&...given) {
    static_assert(sizeof...(P) == sizeof...(A), "a task is called with as many arguments as it takes");
    const char *name = function_name::of(function);
    return scheduler::instance().start(name ? name : "a task", new call<P...>(function, std::forward<A>(given)...),
                                       true);
}

}  // namespace csim
}  // namespace spatial

#endif
