// Scenarios of the scheduler; the first argument says which one runs.
#include <ap_int.h>
#include <hls_stream.h>
#include <hls_task.h>

#include <cstdio>
#include <cstring>

namespace csim = spatial::csim;
typedef hls::stream<ap_int<32>> Stream;

static void source(int n, Stream &out) {
    for (int i = 0; i < n; ++i) out.write(i);
}
static void add_one(int n, Stream &in, Stream &out) {
    for (int i = 0; i < n; ++i) out.write(in.read() + 1);
}
static void total(int n, Stream &in, ap_int<32> *sum) {
    ap_int<32> all = 0;
    for (int i = 0; i < n; ++i) all += in.read();
    *sum = all;
}
// Two processes that hand tokens round: `lead` starts with `ahead` tokens before it waits for the first.
static void lead(int n, int ahead, Stream &back, Stream &forth) {
    for (int i = 0; i < ahead; ++i) forth.write(i);
    for (int i = 0; i < n; ++i) forth.write(back.read() + 1);
    for (int i = 0; i < ahead; ++i) std::printf("%d ", back.read().to_int());
    std::printf("\n");
}
static void follow(int n, Stream &forth, Stream &back) {
    for (int i = 0; i < n; ++i) back.write(forth.read() * 2);
}
static void poll(int n, Stream &in, ap_int<32> *sum) {
    ap_int<32> all = 0, token;
    for (int i = 0; i < n;)
        if (in.read_nb(token)) all += token, ++i;
    *sum = all;
}
static void poll_two(int n, Stream &a, Stream &b, ap_int<32> *sum) {
    ap_int<32> all = 0;
    for (int i = 0; i < n;) {
        if (!a.empty()) all += a.read(), ++i;
        if (!b.empty()) all += b.read() * 1000, ++i;
    }
    *sum = all;
}
static void push_nb(int n, Stream &out) {
    for (int i = 0; i < n;)
        if (!out.full() && out.write_nb(i)) ++i;
}
static void nested(int n, Stream &in, Stream &out);
static void deep(int n, Stream &out) {
    volatile char big[1 << 20];
    for (int i = 0; i < (1 << 20); i += 4096) big[i] = static_cast<char>(n);
    out.write(n == 0 ? 0 : big[4096]);
}
static void task_add(Stream &in, Stream &out) { out.write(in.read() + 1); }
static void task_count(Stream &in, Stream &out) {
    static ap_int<32> seen = 0;
    in.read();
    seen += 1;
    out.write(seen);
}
static void task_poll(Stream &in, Stream &out) {
    ap_int<32> token;
    if (in.read_nb(token)) out.write(token * 10);
}

#define source(...) csim::process("source", (source), __VA_ARGS__)
#define add_one(...) csim::process("add_one", (add_one), __VA_ARGS__)
#define total(...) csim::process("total", (total), __VA_ARGS__)
#define lead(...) csim::process("lead", (lead), __VA_ARGS__)
#define follow(...) csim::process("follow", (follow), __VA_ARGS__)
#define poll(...) csim::process("poll", (poll), __VA_ARGS__)
#define poll_two(...) csim::process("poll_two", (poll_two), __VA_ARGS__)
#define push_nb(...) csim::process("push_nb", (push_nb), __VA_ARGS__)
#define deep(...) csim::process("deep", (deep), __VA_ARGS__)

static void nested(int n, Stream &in, Stream &out) {
    Stream between;
    add_one(n, in, between);
    add_one(n, between, out);
}
#define nested(...) csim::process("nested", (nested), __VA_ARGS__)

static void ring(int n, int ahead, long depth) {
    csim::declaration table[] = {{"back", {}, depth}, {"forth", {}, depth}};
    csim::declare(table);
    Stream back, forth;
    lead(n, ahead, back, forth);
    follow(n + ahead, forth, back);
}

static void chain(int n, long depth, ap_int<32> *sum) {
    csim::declaration table[] = {{"links", {3}, depth}};
    csim::declare(table);
    Stream links[3];
    source(n, links[0]);
    nested(n, links[0], links[1]);
    add_one(n, links[1], links[2]);
    total(n, links[2], sum);
}

static void thousands(int count, ap_int<32> *sum) {
    Stream *links = new Stream[count + 1];
    source(3, links[0]);
    for (int i = 0; i < count; ++i) add_one(3, links[i], links[i + 1]);
    total(3, links[count], sum);
    csim::join();
    delete[] links;
}

static void starved() {
    csim::declaration table[] = {{"fifo_A", {2, 3}, 2, {0, 1}}, {"rest", {}, 4}};
    csim::declare(table);
    Stream fifo_A[2][3], rest;
    ap_int<32> sum;
    source(9, fifo_A[0][0]);
    add_one(9, fifo_A[0][0], fifo_A[1][2]);
    add_one(1, fifo_A[0][1], rest);
    total(5, rest, &sum);
}

static void watching() {
    csim::declaration table[] = {{"never", {}, 2}, {"full", {}, 1}};
    csim::declare(table);
    Stream never, full;
    ap_int<32> sum;
    poll(1, never, &sum);
    source(2, full);
}

static void left_over() {
    csim::declaration table[] = {{"fifo", {2}, 4}};
    csim::declare(table);
    Stream fifo[2];
    source(3, fifo[0]);
    source(1, fifo[1]);
}

static void polled(ap_int<32> *sum) {
    csim::declaration table[] = {{"a", {}, 1}, {"b", {}, 2}};
    csim::declare(table);
    Stream a, b;
    poll_two(20, a, b, sum);
    push_nb(10, a);
    source(10, b);
}

static void with_tasks(Stream &in, Stream &out) {
    hls_thread_local Stream between("between"), last("last");
    hls_thread_local hls::task first(task_add, in, between), second(task_count, between, last), third(task_poll, last, out);
}

static void local_tasks(Stream &in, Stream &out) {
    Stream between;
    hls::task tasks[2];
    tasks[0](task_add, in, between);
    tasks[1](task_add, between, out);
    tasks[1](task_add, between, out);  // runs already
}

int main(int count, char **words) {
    csim::named("task_add", task_add);
    csim::named("task_count", task_count);
    const char *scenario = count > 1 ? words[1] : "";
    ap_int<32> sum = 0;
    if (!std::strcmp(scenario, "ring")) ring(6, 2, 2);
    if (!std::strcmp(scenario, "ring of depth 1")) ring(6, 2, 1);
    if (!std::strcmp(scenario, "ring that is too small")) ring(6, 4, 1);
    if (!std::strcmp(scenario, "chain")) {
        for (long depth = 1; depth < 4; ++depth) chain(100, depth, &sum), std::printf("%d ", sum.to_int());
        std::printf("\n");
    }
    if (!std::strcmp(scenario, "thousands")) thousands(5000, &sum), std::printf("%d\n", sum.to_int());
    if (!std::strcmp(scenario, "deep")) {
        Stream out;
        for (int i = 0; i < 50; ++i) deep(i, out);
        csim::join();
        for (int i = 0; i < 50; ++i) sum += out.read();
        std::printf("%d\n", sum.to_int());
    }
    if (!std::strcmp(scenario, "starved")) starved();
    if (!std::strcmp(scenario, "watching")) watching();
    if (!std::strcmp(scenario, "left over")) left_over();
    if (!std::strcmp(scenario, "polled")) polled(&sum), std::printf("%d\n", sum.to_int());
    if (!std::strcmp(scenario, "tasks")) {
        static Stream in("in"), out("out");
        for (int call = 0; call < 2; ++call) {
            for (int i = 0; i < 3; ++i) in.write(i);
            with_tasks(in, out);
            for (int i = 0; i < 3; ++i) std::printf("%d ", out.read().to_int());
        }
        std::printf("%d\n", out.empty() ? 0 : 1);
    }
    if (!std::strcmp(scenario, "tasks without tokens")) {
        Stream in("in"), out[2];
        csim::label(out, "out");
        with_tasks(in, out[1]);
        out[1].read();
    }
    if (!std::strcmp(scenario, "local tasks")) {
        Stream in, out;
        for (int i = 0; i < 4; ++i) in.write(i);
        local_tasks(in, out);
        while (!out.empty()) std::printf("%d ", out.read().to_int());
        std::printf("%u\n", in.size());
    }
    if (!std::strcmp(scenario, "operators")) {
        csim::declaration table[] = {{"s", {}, 3}};
        csim::declare(table);
        hls::stream<ap_int<32>, 7> s("s");
        Stream &base = s, other("other");
        ap_int<32> x = 5;
        base << x;
        s.write(6);
        std::printf("%u of %u, ", s.size(), s.capacity());
        base >> x;
        const bool first = s.write_nb(1), second = s.write_nb(2), third = s.write_nb(3);
        std::printf("%d %d %d %d ", x.to_int(), first, second, third);
        s.read(x);
        std::printf("%d %d %d %u\n", x.to_int(), s.empty(), s.full(), other.capacity());
        s.read(), s.read();
    }
    return 0;
}
