// Events: places in a stream's work, and when they were reached.
#include <chrono>

#include "standin/runtime.h"

using namespace standin;

namespace {

using Clock = std::chrono::steady_clock;

struct Event {
  Stream* stream = nullptr;  // in which it was recorded last
  uint64_t ticket = 0;
  bool captured = false;
  // Shared with the work that reaches it, which may outlive it.
  std::shared_ptr<std::optional<Clock::time_point>> reached = std::make_shared<std::optional<Clock::time_point>>();
};

Objects<Event, cudaEvent_t>& events() {
  static auto& the = *new OfEachDevice<Objects<Event, cudaEvent_t>>;
  return the.current();
}

}  // namespace

int cudaEventCreate(cudaEvent_t* event) {
  return runtime_call(
      __func__,
      [&](Device&) -> int {
        if (event == nullptr) return cudaErrorInvalidValue;
        events().create(event);
        return cudaSuccess;
      },
      out(event));
}

int cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  return runtime_call(
      __func__,
      [&](Device& device) -> int {
        Event* const found = events().find(event);
        Stream* const queue = device.stream(stream);
        if (found == nullptr || queue == nullptr) return cudaErrorInvalidResourceHandle;
        found->captured = queue->capture.has_value();
        if (found->captured) return queue->capture->valid ? cudaSuccess : cudaErrorStreamCaptureInvalidated;
        const auto reached = found->reached = std::make_shared<std::optional<Clock::time_point>>();
        const int status = device.submit(*queue, {[reached]() -> int {
          *reached = Clock::now();
          return cudaSuccess;
        }});
        found->stream = queue;
        found->ticket = device.ticket();
        return status;
      },
      event, stream);
}

int cudaEventSynchronize(cudaEvent_t event) {
  return runtime_call(
      __func__,
      [&](Device& device) -> int {
        const Event* const found = events().find(event);
        if (found == nullptr) return cudaErrorInvalidResourceHandle;
        if (found->captured) {
          device.refuse_captures();
          return cudaErrorCapturedEvent;
        }
        if (found->stream == nullptr || found->reached->has_value()) return cudaSuccess;
        return device.wait(*found->stream, found->ticket);
      },
      event);
}

int cudaEventElapsedTime(float* milliseconds, cudaEvent_t begin, cudaEvent_t end) {
  return runtime_call(
      __func__,
      [&](Device&) -> int {
        const Event *const first = events().find(begin), *const last = events().find(end);
        if (milliseconds == nullptr) return cudaErrorInvalidValue;
        if (first == nullptr || last == nullptr) return cudaErrorInvalidResourceHandle;
        if (first->captured || last->captured) return cudaErrorCapturedEvent;
        if (first->stream == nullptr || last->stream == nullptr) return cudaErrorInvalidResourceHandle;
        if (!first->reached->has_value() || !last->reached->has_value()) return cudaErrorNotReady;
        *milliseconds = std::chrono::duration<float, std::milli>(**last->reached - **first->reached).count();
        return cudaSuccess;
      },
      begin, end);
}

int cudaEventDestroy(cudaEvent_t event) {
  return runtime_clean_up(
      __func__, [&](Device&) -> int { return events().destroy(event) ? cudaSuccess : cudaErrorInvalidResourceHandle; },
      event);
}
