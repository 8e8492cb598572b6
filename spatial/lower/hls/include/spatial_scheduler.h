// Who runs next: fibers that are ready, that wait for a channel or their children, or that poll.
#ifndef SPATIAL_SCHEDULER_H
#define SPATIAL_SCHEDULER_H

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "spatial_switch.h"

namespace spatial {
namespace csim {

const int EXIT_DEADLOCK = 3;  // no process can go on
const int EXIT_LIVELOCK = 4;  // processes only look whether they could go on
const int EXIT_MEMORY = 5;    // no addresses for one more stack

const std::uint64_t LIVELOCK_POLLS = 20000000;  // looks at channels in a row between which no token moved
const std::uint64_t SETTLED_POLLS = 100000;     // after so many the top function, which waits for tasks, goes on

class channel;

enum class wait { none, token, room, children, poll };

struct work {
    virtual ~work() {}
    virtual void run() = 0;
};

// How often processes of a name were started.
struct tally {
    const char *name;
    int count;
    tally *next;
};

struct fiber {
    const char *name = nullptr;
    int number = 0;
    fiber *parent = nullptr;
    tally *kind = nullptr;
    work *job = nullptr;
    bool endless = false;
    int children = 0;  // those that must end and have not
    tally *started = nullptr;
    wait reason = wait::none;
    channel *on = nullptr;
    fiber *next = nullptr;  // in one queue
    fiber *older = nullptr, *newer = nullptr;
    stack memory{nullptr, 0};
    place at{};
};

struct queue {
    fiber *head, *tail;

    bool empty() const { return head == nullptr; }
    void push(fiber *f) {
        f->next = nullptr;
        (head ? tail->next : head) = f;
        tail = f;
    }
    fiber *pop() {
        fiber *f = head;
        head = f->next;
        return f;
    }
    void remove(const fiber *f) {
        queue kept{nullptr, nullptr};
        while (head) {
            fiber *first = pop();
            if (first != f) kept.push(first);
        }
        *this = kept;
    }
};

// A set of streams: its name, its extents (a zero ends them), the depth of each.
struct declaration {
    const char *name;
    int extent[8];
    long depth;
    int first[8] = {};  // what is added to each index in reports
    bool once = false;  // of static streams, which are constructed in the first call only
    bool made = false;
};

void detach(fiber *waiting);  // from the channel it waits for
[[noreturn]] void report_deadlock();
[[noreturn]] void report_livelock();

class scheduler {
  public:
    fiber root;
    fiber *running;
    fiber *newest;  // of all that live, in order of their start
    std::uint64_t moves;
    declaration *next, *last;
    long element;
    fiber *declarer;

    constexpr scheduler()
        : root(),
          running(&root),
          newest(nullptr),
          moves(0),
          next(nullptr),
          last(nullptr),
          element(0),
          declarer(nullptr),
          ready{nullptr, nullptr},
          idle{nullptr, nullptr},
          oldest(nullptr),
          spare(nullptr),
          seen(0),
          looks(0),
          tasks(0),
          stacks(0) {}

    static scheduler &instance();

    fiber *start(const char *name, work *job, bool endless) {
        fiber *f = spare ? spare : made_fiber();
        if (f == spare) spare = f->next;
        f->reason = wait::none;
        f->on = nullptr;
        f->name = name;
        f->parent = running;
        f->kind = tally_of(name);
        f->number = f->kind->count++;
        f->job = job;
        f->endless = endless;
        f->children = 0;
        f->at.prepare(f->memory, &scheduler::body);
        f->older = newest;
        f->newer = nullptr;
        (newest ? newest->newer : oldest) = f;
        newest = f;
        endless ? ++tasks : ++running->children;
        go_to(f, ready);
        return f;
    }

    void join() {
        while (running->children > 0) hold(wait::children, nullptr);
        for (tally *t = running->started; t; t = t->next) t->count = 0;
        if (running == &root) settle();
    }

    // Lets all others run until none can go on, or they only poll.
    void settle() {
        if (tasks > 0 && !ready.empty()) go_to(ready.pop(), idle);
    }

    // Called again and again until the channel has what is waited for.
    void hold(wait reason, channel *on) {
        running->reason = reason;
        running->on = on;
        leave(successor());
    }

    void wake(fiber *f) {
        f->reason = wait::none;
        f->on = nullptr;
        ready.push(f);
    }

    // One look at a channel. Those who looked in vain let others run.
    void look(channel *at, bool in_vain) {
        if (moves != seen) {
            seen = moves;
            looks = 0;
        }
        if (++looks > LIVELOCK_POLLS) {
            running->on = at;
            running->reason = wait::poll;
            report_livelock();
        }
        if (!in_vain && looks % 256) return;
        running->on = at;
        running->reason = wait::poll;
        if (running == &root)
            settle();
        else if (looks > SETTLED_POLLS && !idle.empty())
            go_to(idle.pop(), ready);
        if (!ready.empty()) go_to(ready.pop(), ready);
        running->on = nullptr;
        running->reason = wait::none;
    }

    // Ends a task, wherever it waits.
    void stop(fiber *task) {
        settle();
        detach(task);
        ready.remove(task);
        --tasks;
        forget(task);
    }

    fiber *first() const { return oldest; }

  private:
    queue ready, idle;
    fiber *oldest, *spare;
    std::uint64_t seen, looks;
    int tasks, stacks;

    fiber *successor() {
        if (!ready.empty()) return ready.pop();
        if (!idle.empty()) return idle.pop();
        report_deadlock();
    }

    void go_to(fiber *f, queue &mine) {
        mine.push(running);
        leave(f);
    }

    void leave(fiber *f) {
        fiber *from = running;
        if (f == from) return;
        running = f;
        from->at.leave_for(f->at);
    }

    fiber *made_fiber() {
        fiber *f = new fiber();
        f->memory = take_stack(stacks++);
        if (f->memory.base) return f;
        std::fprintf(stderr, "error: the system gives no memory for the stack of process %d\n", stacks);
        std::fflush(nullptr);
        _exit(EXIT_MEMORY);
    }

    tally *tally_of(const char *name) {
        for (tally *t = running->started; t; t = t->next)
            if (t->name == name || std::strcmp(t->name, name) == 0) return t;
        return running->started = new tally{name, 0, running->started};
    }

    void forget(fiber *f) {
        (f->older ? f->older->newer : oldest) = f->newer;
        (f->newer ? f->newer->older : newest) = f->older;
        delete f->job;
        f->next = spare;
        spare = f;
        ++moves;
    }

    static void body() {
        scheduler &s = instance();
        fiber *me = s.running;
        while (me->endless) {
            const std::uint64_t before = s.moves;
            me->job->run();
            if (s.moves == before) s.look(nullptr, true);
        }
        me->job->run();
        s.join();
        s.forget(me);
        fiber *parent = me->parent;
        if (--parent->children == 0 && parent->reason == wait::children) s.wake(parent);
        s.leave(s.successor());
    }
};

// One object in all translation units, there before any constructor runs.
template <class T> struct global {
    static scheduler value;
};
template <class T> scheduler global<T>::value;

inline scheduler &scheduler::instance() { return global<void>::value; }

}  // namespace csim
}  // namespace spatial

#endif
