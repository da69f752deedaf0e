// Memory: who may touch it, what is in it, what is refused, and what a write outside a block comes to.
#include <algorithm>

#include "cuda_abi.h"
#include "standin/testing.h"

namespace {

using namespace check;

void host_access_crashes() {
  const DeviceFloats x(Floats{1, 2, 3});
  crashes("a host read of device memory", [&] { std::printf("%g", double(x.data()[0])); });
  crashes("a host write to device memory", [&] { x.data()[0] = 1; });
  void* freed = x.data();
  succeeds(cudaFree(freed), "cudaFree");
  crashes("a host read of freed memory", [&] { std::printf("%g", double(x.data()[0])); });
}

void fresh_memory_is_nan() {
  const DeviceFloats x(1000);
  for (float value : x.host()) that(std::isnan(value), "fresh memory");
  succeeds(cudaMemset(x, 0, x.bytes()), "cudaMemset");
  that(x.host() == Floats(1000, 0), "filled memory");
  succeeds(cudaFree(x.data()), "cudaFree");
  const DeviceFloats again(1000);
  for (float value : again.host()) that(std::isnan(value), "memory used again");
}

void capacity() {
  setenv("EIDER_STANDIN_MEMORY", "1000000", 1);
  size_t free = 0, total = 0;
  succeeds(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
  that(free == 1000000 && total == 1000000, "all is free");
  void *x = nullptr, *y = nullptr;
  succeeds(cudaMalloc(&x, 600000), "cudaMalloc");
  succeeds(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
  that(free == 400000 && total == 1000000, "some is free");
  is(cudaMalloc(&y, 400001), cudaErrorMemoryAllocation, "more than there is");
  that(y == nullptr, "null where there is none");
  is(cudaGetLastError(), cudaErrorMemoryAllocation, "the last error");
  is(cudaGetLastError(), cudaSuccess, "the last error, asked again");
  succeeds(cudaMalloc(&y, 400000), "the rest");
  succeeds(cudaFree(x), "cudaFree");
  is(cudaMalloc(&x, size_t(-1)), cudaErrorMemoryAllocation, "more than can be addressed");
  succeeds(cudaMalloc(&x, 600000), "all again");
}

void blocks_are_apart() {
  std::vector<uintptr_t> places;
  for (size_t bytes : {1, 256, 1000, 4}) {
    void* block = nullptr;
    succeeds(cudaMalloc(&block, bytes), "cudaMalloc");
    places.push_back(reinterpret_cast<uintptr_t>(block));
    that(places.back() % 256 == 0, "aligned to 256");
  }
  for (size_t i = 1; i < places.size(); ++i) that(places[i] >= places[i - 1] + 512, "a guard in between");
}

void frees() {
  void* block = nullptr;
  succeeds(cudaMalloc(&block, 100), "cudaMalloc");
  is(cudaFree(static_cast<char*>(block) + 4), cudaErrorInvalidValue, "the inside of a block");
  succeeds(cudaFree(block), "cudaFree");
  is(cudaFree(block), cudaErrorInvalidValue, "a block freed twice");
  succeeds(cudaFree(nullptr), "null");
  is(cudaFreeHost(block), cudaErrorInvalidValue, "device memory as host memory");
  float* const host = pinned(10);
  is(cudaFree(host), cudaErrorInvalidValue, "host memory as device memory");
  succeeds(cudaFreeHost(host), "cudaFreeHost");
  is(cudaFreeHost(host), cudaErrorInvalidValue, "pinned memory freed twice");
  is(cudaMalloc(nullptr, 4), cudaErrorInvalidValue, "no place for the address");
}

void directions_and_ranges() {
  const DeviceFloats x(100), y(100);
  Floats host(100);
  float* const page = pinned(100);
  const cudaStream_t stream = new_stream();
  const size_t bytes = x.bytes();
  for (int kind : {cudaMemcpyHostToHost, cudaMemcpyDeviceToHost, cudaMemcpyDeviceToDevice}) {
    is(cudaMemcpy(x, host.data(), bytes, kind), cudaErrorInvalidValue, "another direction than to the device");
  }
  for (int kind : {cudaMemcpyHostToHost, cudaMemcpyHostToDevice, cudaMemcpyDeviceToDevice}) {
    is(cudaMemcpy(host.data(), x, bytes, kind), cudaErrorInvalidValue, "another direction than to the host");
    is(cudaMemcpyAsync(page, x, bytes, kind, stream), cudaErrorInvalidValue, "the same, asynchronous");
  }
  is(cudaMemcpy(y, x, bytes, cudaMemcpyHostToDevice), cudaErrorInvalidValue, "another direction than in the device");
  is(cudaMemcpy(y, x, bytes, 5), cudaErrorInvalidMemcpyDirection, "no direction");
  succeeds(cudaMemcpy(y, x, bytes, cudaMemcpyDeviceToDevice), "in the device");
  succeeds(cudaMemcpy(y, host.data(), bytes, cudaMemcpyDefault), "by itself to the device");
  succeeds(cudaMemcpy(host.data(), y, bytes, cudaMemcpyDefault), "by itself to the host");
  is(cudaMemcpy(x + 1, host.data(), bytes, cudaMemcpyHostToDevice), cudaErrorInvalidValue, "beyond the block");
  is(cudaMemcpy(host.data(), x - 1, bytes, cudaMemcpyDeviceToHost), cudaErrorInvalidValue, "before the block");
  is(cudaMemcpyAsync(page + 1, x, bytes, cudaMemcpyDeviceToHost, stream), cudaErrorInvalidValue, "beyond the page");
  is(cudaMemset(x, 0, bytes + 1), cudaErrorInvalidValue, "a fill beyond the block");
  is(cudaMemset(host.data(), 0, 4), cudaErrorInvalidValue, "a fill of host memory");
  is(cudaMemcpyAsync(x, host.data(), bytes, cudaMemcpyHostToDevice, stream), cudaErrorInvalidValue, "not pinned");
  is(cudaMemcpyAsync(host.data(), x, bytes, cudaMemcpyDeviceToHost, stream), cudaErrorInvalidValue, "nor there");
  is(cudaMemcpy(nullptr, x, bytes, cudaMemcpyDeviceToHost), cudaErrorInvalidValue, "to null");
  is(cudaMemcpy(x, x + 1, bytes - 4, cudaMemcpyDeviceToDevice), cudaErrorInvalidValue, "onto itself");
  succeeds(cudaMemcpy(nullptr, nullptr, 0, cudaMemcpyDeviceToHost), "nothing at all");
}

// A kernel that writes n floats into a block of another size.
void overrun(int64_t floats, int64_t written, int64_t from, bool fault) {
  const DeviceFloats before(64), x{size_t(floats)}, after(64);
  succeeds(eider_cuda_fill_f32(written, 1, x + from, nullptr), "fill");
  const int expected = fault ? cudaErrorIllegalAddress : cudaSuccess;
  is(cudaDeviceSynchronize(), expected, "the next synchronisation");
  void* block = nullptr;
  is(cudaMalloc(&block, 4), expected, "every later call");
  is(cudaGetLastError(), expected, "the last error");
  is(cudaGetLastError(), expected, "the last error, asked again");
}

}  // namespace

int main() {
  in_process("host access", host_access_crashes);
  in_process("fresh memory", fresh_memory_is_nan);
  in_process("capacity", capacity);
  in_process("blocks", blocks_are_apart);
  in_process("frees", frees);
  in_process("directions and ranges", directions_and_ranges);
  in_process("to the last element", [] { overrun(100, 100, 0, false); });
  in_process("one behind the last", [] { overrun(100, 101, 0, true); });
  in_process("one behind the last, of a multiple of 256 bytes", [] { overrun(64, 65, 0, true); });
  in_process("one before the first", [] { overrun(100, 1, -1, true); });
  return report();
}
