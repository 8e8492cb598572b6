/* The array by hand: values and time together, each actor with a clock of its own, rings with time stamps.
   Prints the seconds on the processor, the last cycle, and the sum of the products' elements.
   Usage: handwritten P K repetitions */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEPTH = 2 };
typedef struct { int32_t value; int64_t put, get; } Slot;
typedef struct { int64_t puts, gets; Slot ring[DEPTH]; int32_t reader, writer; } Channel;
typedef struct { int64_t clock, stalled; int32_t k, kind, i, j, queued, acc; } Actor;

static int P, K;
static int32_t *A, *B, *C;
static Channel *right_, *down_;
static Actor *actors;
static int32_t *queue;
static uint32_t head, tail, mask;

static inline Channel *right(int i, int j) { return right_ + i * (P + 1) + j; }
static inline Channel *down(int i, int j) { return down_ + i * P + j; }
static inline void wake(int32_t *who) {
  if (__builtin_expect(*who >= 0, 0)) {
    if (!actors[*who].queued) { actors[*who].queued = 1; queue[tail++ & mask] = *who; }
    *who = -1;
  }
}
static inline int has(Channel *c, int64_t *t) {
  if (c->puts == c->gets) return 0;
  int64_t when = c->ring[c->gets % DEPTH].put + 1;
  if (when > *t) *t = when;
  return 1;
}
static inline int room(Channel *c, int64_t *t) {
  if (c->puts - c->gets == DEPTH) return 0;
  if (c->puts >= DEPTH) { int64_t when = c->ring[c->puts % DEPTH].get + 1; if (when > *t) *t = when; }
  return 1;
}
static inline int32_t take(Channel *c, int64_t t) {
  Slot *s = c->ring + c->gets % DEPTH;
  s->get = t; c->gets++; wake(&c->writer);
  return s->value;
}
static inline void give(Channel *c, int32_t value, int64_t t) {
  Slot *s = c->ring + c->puts % DEPTH;
  s->value = value; s->put = t; c->puts++; wake(&c->reader);
}

static void source(Actor *a, Channel *c, const int32_t *from, int stride, int me) {
  for (; a->k < K; a->k++) {
    int64_t t = a->clock;
    if (!room(c, &t)) { c->writer = me; return; }
    a->stalled += t - a->clock;
    give(c, from[(int64_t)a->k * stride], t);
    a->clock = t + 1;
  }
}
static void drain(Actor *a, Channel *c, int me) {
  for (; a->k < K; a->k++) {
    int64_t t = a->clock;
    if (!has(c, &t)) { c->reader = me; return; }
    a->stalled += t - a->clock;
    take(c, t);
    a->clock = t + 1;
  }
}
static void pe(Actor *a, int me) {
  Channel *l = right(a->i, a->j), *u = down(a->i, a->j), *r = right(a->i, a->j + 1), *d = down(a->i + 1, a->j);
  for (; a->k < K; a->k++) {
    int64_t t = a->clock;
    if (!has(l, &t)) { l->reader = me; return; }
    if (!has(u, &t)) { u->reader = me; return; }
    if (!room(r, &t)) { r->writer = me; return; }
    if (!room(d, &t)) { d->writer = me; return; }
    a->stalled += t - a->clock;
    int32_t x = take(l, t), y = take(u, t);
    a->acc = (int32_t)((uint32_t)a->acc + (uint32_t)x * (uint32_t)y);
    give(r, x, t);
    give(d, y, t);
    a->clock = t + 1;
  }
  C[a->i * P + a->j] = a->acc;
}

int main(int argc, char **argv) {
  P = atoi(argv[1]); K = atoi(argv[2]);
  int repetitions = argc > 3 ? atoi(argv[3]) : 1, n = P * P + 4 * P;
  A = malloc(sizeof *A * P * K); B = malloc(sizeof *B * P * K); C = malloc(sizeof *C * P * P);
  for (int64_t x = 0; x < (int64_t)P * K; x++) { A[x] = x % 199 - 99; B[x] = x % 197 - 98; }
  right_ = malloc(sizeof *right_ * P * (P + 1)); down_ = malloc(sizeof *down_ * P * (P + 1));
  actors = malloc(sizeof *actors * n);
  for (mask = 1; mask < (uint32_t)n + 1; mask *= 2);
  queue = malloc(sizeof *queue * mask); mask--;
  double best = 1e30; int64_t last = 0;
  for (int again = 0; again < repetitions; again++) {
    memset(right_, 0, sizeof *right_ * P * (P + 1)); memset(down_, 0, sizeof *down_ * P * (P + 1));
    for (int c = 0; c < P * (P + 1); c++) right_[c].reader = right_[c].writer = down_[c].reader = down_[c].writer = -1;
    memset(actors, 0, sizeof *actors * n);
    int x = 0;
    for (int i = 0; i < P; i++) for (int j = 0; j < P; j++) actors[x++] = (Actor){.kind = 4, .i = i, .j = j, .queued = 1};
    for (int kind = 0; kind < 4; kind++) for (int i = 0; i < P; i++) actors[x++] = (Actor){.kind = kind, .i = i, .queued = 1};
    head = 0; tail = n;
    for (int q = 0; q < n; q++) queue[q] = q;
    clock_t begun = clock();
    while (head != tail) {
      int me = queue[head++ & mask];
      Actor *a = actors + me;
      a->queued = 0;
      switch (a->kind) {
        case 0: source(a, right(a->i, 0), A + (int64_t)a->i * K, 1, me); break;
        case 1: source(a, down(0, a->i), B + a->i, P, me); break;
        case 2: drain(a, right(a->i, P), me); break;
        case 3: drain(a, down(P, a->i), me); break;
        default: pe(a, me);
      }
    }
    double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
    if (seconds < best) best = seconds;
    last = 0;
    for (int q = 0; q < n; q++) if (actors[q].clock > last) last = actors[q].clock;
  }
  int64_t sum = 0;
  for (int c = 0; c < P * P; c++) sum += C[c];
  printf("%.9f %lld %lld\n", best, (long long)last, (long long)sum);
  return 0;
}
