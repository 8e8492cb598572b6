// hls::task: a function that is called again and again, beside the top function.
#ifndef SPATIAL_HLS_TASK_H
#define SPATIAL_HLS_TASK_H

#include "hls_stream.h"

#define hls_thread_local static

namespace hls {

class task {
  public:
    template <class... P, class... A>
    task(void (*function)(P...), A &&...given) : fiber(spatial::csim::task(function, std::forward<A>(given)...)) {}
    task() : fiber(nullptr) {}
    task(const task &) = delete;
    task &operator=(const task &) = delete;

    // Starts a task that was declared without a function, the first time.
    template <class... P, class... A> void operator()(void (*function)(P...), A &&...given) {
        if (!fiber) fiber = spatial::csim::task(function, std::forward<A>(given)...);
    }

    // Lets all processes run as far as they can, then ends this one.
    ~task() {
        if (fiber) spatial::csim::scheduler::instance().stop(fiber);
    }

  private:
    spatial::csim::fiber *fiber;
};

}  // namespace hls

#endif
