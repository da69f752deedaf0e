// Streams: work waits until something synchronises, and so do the bytes that it reads and writes.
#include <thread>

#include "cuda_abi.h"
#include "standin/testing.h"

namespace {

using namespace check;

constexpr size_t kCount = 3000;
constexpr size_t kBytes = kCount * sizeof(float);

struct Fixture {
  DeviceFloats x{kCount};
  float* host = pinned(kCount);
  cudaStream_t stream = new_stream();

  void to_device() const {
    succeeds(cudaMemcpyAsync(x, host, kBytes, cudaMemcpyHostToDevice, stream), "to the device");
  }
  void to_host() const { succeeds(cudaMemcpyAsync(host, x, kBytes, cudaMemcpyDeviceToHost, stream), "to the host"); }
  void fill(float value) const {
    // A launch would be blamed for what was refused before it.
    cudaGetLastError();
    succeeds(eider_cuda_fill_f32(kCount, value, x, stream), "fill");
  }
};

void a_copy_to_the_host_is_not_there_yet() {
  const Fixture f;
  f.fill(3);
  f.to_host();
  crashes("a read of what is being written", [&] { std::printf("%g", double(f.host[0])); });
  crashes("a write to what is being written", [&] { f.host[kCount - 1] = 1; });
  succeeds(cudaStreamSynchronize(f.stream), "cudaStreamSynchronize");
  that(f.host[0] == 3 && f.host[kCount - 1] == 3, "there after synchronisation");
  f.host[0] = 1;
}

void a_copy_to_the_device_is_still_read() {
  const Fixture f;
  std::fill(f.host, f.host + kCount, 5.0f);
  f.to_device();
  that(f.host[0] == 5, "may be read");
  crashes("a write to what is being read", [&] { f.host[kCount - 1] = 1; });
  succeeds(cudaStreamSynchronize(f.stream), "cudaStreamSynchronize");
  f.host[0] = 1;
  that(f.x.host() == Floats(kCount, 5), "what was there at synchronisation");
}

void the_strictest_of_a_page() {
  const Fixture f;
  const cudaStream_t other = new_stream();
  f.to_device();
  succeeds(cudaMemcpyAsync(f.host, f.x, 4, cudaMemcpyDeviceToHost, other), "to the host");
  crashes("a page that is read and written", [&] { std::printf("%g", double(f.host[1])); });
  that(f.host[kCount - 1] == 0, "another page of it");
  succeeds(cudaStreamSynchronize(other), "cudaStreamSynchronize");
  that(f.host[1] == 0, "still being read");
  crashes("still being read", [&] { f.host[1] = 1; });
  succeeds(cudaStreamSynchronize(f.stream), "cudaStreamSynchronize");
  f.host[1] = 1;
}

// Each way to wait makes work run.
void everything_that_synchronises() {
  const Fixture f;
  const auto waits = [&](const std::string& what, bool runs, auto act) {
    f.to_host();
    act();
    if (runs) {
      f.host[0] = 1;
    } else {
      crashes(what + " does not wait", [&] { f.host[0] = 1; });
      succeeds(cudaStreamSynchronize(f.stream), "cudaStreamSynchronize");
    }
  };
  const DeviceFloats other(4);
  Floats values(4);
  waits("cudaStreamSynchronize", true, [&] { succeeds(cudaStreamSynchronize(f.stream), "cudaStreamSynchronize"); });
  waits("cudaDeviceSynchronize", true, [&] { succeeds(cudaDeviceSynchronize(), "cudaDeviceSynchronize"); });
  waits("cudaFree", true, [&] {
    void* block = nullptr;
    succeeds(cudaMalloc(&block, 4), "cudaMalloc");
    succeeds(cudaFree(block), "cudaFree");
  });
  waits("cudaMalloc", false, [&] { const DeviceFloats block(4); });
  waits("another stream", false, [&] { succeeds(cudaStreamSynchronize(new_stream()), "cudaStreamSynchronize"); });
  waits("the legacy stream", false, [&] { succeeds(cudaStreamSynchronize(nullptr), "cudaStreamSynchronize"); });
  waits("a copy in the legacy stream", false, [&] { values = other.host(); });
  waits("cudaStreamQuery", true, [&] {
    is(cudaStreamQuery(f.stream), cudaErrorNotReady, "work is pending");
    is(cudaStreamQuery(f.stream), cudaSuccess, "no more work is pending");
    is(cudaGetLastError(), cudaSuccess, "to be not ready is no error");
  });
}

void the_legacy_stream_waits_for_blocking_streams() {
  cudaStream_t blocking = nullptr;
  succeeds(cudaStreamCreate(&blocking), "cudaStreamCreate");
  const cudaStream_t free = new_stream();
  const DeviceFloats x(Floats(100, 0)), y(Floats(100, 0));
  succeeds(eider_cuda_fill_f32(100, 1, x, blocking), "fill");
  succeeds(eider_cuda_fill_f32(100, 1, y, free), "fill");
  that(x.host() == Floats(100, 1), "blocking");
  that(y.host() == Floats(100, 0), "not blocking");
  succeeds(eider_cuda_fill_f32(100, 2, x, nullptr), "fill");
  succeeds(eider_cuda_add_f32(100, x, x, x, blocking), "add");
  succeeds(cudaStreamSynchronize(blocking), "cudaStreamSynchronize");
  that(x.host() == Floats(100, 4), "what the legacy stream holds comes first");
}

void events() {
  const Fixture f;
  cudaEvent_t begin = nullptr, end = nullptr;
  float milliseconds = -1;
  succeeds(cudaEventCreate(&begin), "cudaEventCreate");
  succeeds(cudaEventCreate(&end), "cudaEventCreate");
  is(cudaEventElapsedTime(&milliseconds, begin, end), cudaErrorInvalidResourceHandle, "not recorded");
  succeeds(cudaEventSynchronize(begin), "an event that was not recorded");
  f.fill(1);
  succeeds(cudaEventRecord(begin, f.stream), "cudaEventRecord");
  f.to_host();
  succeeds(cudaEventRecord(end, f.stream), "cudaEventRecord");
  f.to_host();
  is(cudaEventElapsedTime(&milliseconds, begin, end), cudaErrorNotReady, "not reached");
  succeeds(cudaEventSynchronize(begin), "cudaEventSynchronize");
  is(cudaEventElapsedTime(&milliseconds, begin, end), cudaErrorNotReady, "one reached");
  succeeds(cudaEventSynchronize(end), "cudaEventSynchronize");
  succeeds(cudaEventElapsedTime(&milliseconds, begin, end), "cudaEventElapsedTime");
  that(milliseconds >= 0 && milliseconds < 1000, "a time");
  crashes("work after the event", [&] { f.host[0] = 1; });
  succeeds(cudaStreamSynchronize(f.stream), "cudaStreamSynchronize");
  succeeds(cudaEventDestroy(begin), "cudaEventDestroy");
  is(cudaEventDestroy(begin), cudaErrorInvalidResourceHandle, "destroyed twice");
  is(cudaEventRecord(begin, f.stream), cudaErrorInvalidResourceHandle, "destroyed");
}

void dead_streams() {
  const Fixture f;
  f.fill(2);
  succeeds(cudaStreamDestroy(f.stream), "cudaStreamDestroy");
  that(f.x.host() == Floats(kCount, 2), "its work is done");
  is(cudaStreamDestroy(f.stream), cudaErrorInvalidResourceHandle, "destroyed twice");
  is(cudaStreamSynchronize(f.stream), cudaErrorInvalidResourceHandle, "destroyed");
  is(cudaMemsetAsync(f.x, 0, 4, f.stream), cudaErrorInvalidResourceHandle, "a fill");
  is(cudaMemcpyAsync(f.x, f.host, 4, cudaMemcpyHostToDevice, f.stream), cudaErrorInvalidResourceHandle, "a copy");
  is(eider_cuda_fill_f32(4, 1, f.x, f.stream), cudaErrorInvalidResourceHandle, "a kernel");
  cudaEvent_t event = nullptr;
  succeeds(cudaEventCreate(&event), "cudaEventCreate");
  is(cudaStreamSynchronize(reinterpret_cast<cudaStream_t>(event)), cudaErrorInvalidResourceHandle, "another kind");
}

void freed_while_in_use() {
  const Fixture f;
  f.to_host();
  succeeds(cudaFreeHost(f.host), "cudaFreeHost waits");
  that(std::isnan(f.x.host()[0]), "nothing happened");
}

void other_work_is_lost_with_the_device() {
  const Fixture f;
  const cudaStream_t other = new_stream();
  f.to_host();
  const DeviceFloats small(4);
  succeeds(eider_cuda_fill_f32(5, 1, small, other), "an overrun");
  is(cudaStreamSynchronize(other), cudaErrorIllegalAddress, "cudaStreamSynchronize");
  f.host[0] = 1;
}

void two_threads() {
  const auto work = [](float value) {
    const Fixture f;
    for (int i = 0; i < 200; ++i) {
      f.fill(value);
      f.to_host();
      succeeds(cudaStreamSynchronize(f.stream), "cudaStreamSynchronize");
      that(f.host[kCount - 1] == value, "its own value");
    }
  };
  std::thread one(work, 1.0f), two(work, 2.0f);
  one.join();
  two.join();
}

}  // namespace

int main() {
  in_process("a copy to the host", a_copy_to_the_host_is_not_there_yet);
  in_process("a copy to the device", a_copy_to_the_device_is_still_read);
  in_process("two copies in a page", the_strictest_of_a_page);
  in_process("what synchronises", everything_that_synchronises);
  in_process("the legacy stream", the_legacy_stream_waits_for_blocking_streams);
  in_process("events", events);
  in_process("dead streams", dead_streams);
  in_process("freed while in use", freed_while_in_use);
  in_process("a lost device", other_work_is_lost_with_the_device);
  in_process("two threads", two_threads);
  return report();
}
