// Memory: allocation, copies, fills.
#include <cstring>

#include "standin/runtime.h"

using namespace standin;

namespace {

enum class Place { kDevice, kPinned, kPageable, kAnotherDevice };

Place place_of(const Device& device, const void* address) {
  return device.memory.owns(address)                              ? Place::kDevice
         : device.pinned.holds(address, 0)                        ? Place::kPinned
         : Device::any_owns(address) || Device::any_pins(address) ? Place::kAnotherDevice
                                                                  : Place::kPageable;
}

bool holds(const Device& device, Place place, const void* begin, size_t bytes) {
  return place == Place::kDevice   ? device.memory.holds(begin, bytes)
         : place == Place::kPinned ? device.pinned.holds(begin, bytes)
                                   : place == Place::kPageable && begin != nullptr;
}

// A copy, once it is known to be possible.
struct Copy {
  void* to;
  const void* from;
  size_t bytes;
  Place to_place, from_place;
};

int run_copy(const Copy& copy) {
  const Device& device = Device::current();
  if (!holds(device, copy.to_place, copy.to, copy.bytes) || !holds(device, copy.from_place, copy.from, copy.bytes)) {
    return cudaErrorIllegalAddress;
  }
  std::memcpy(copy.to, copy.from, copy.bytes);
  const bool to_device = copy.to_place == Place::kDevice, from_device = copy.from_place == Place::kDevice;
  if (to_device && !from_device) {
    ++word(kCopiesToDevice);
    word(kBytesToDevice) += int64_t(copy.bytes);
  }
  if (from_device && !to_device) {
    ++word(kCopiesToHost);
    word(kBytesToHost) += int64_t(copy.bytes);
  }
  return cudaSuccess;
}

int check(const Device& device, const Copy& copy, int kind) {
  if (kind < cudaMemcpyHostToHost || kind > cudaMemcpyDefault) return cudaErrorInvalidMemcpyDirection;
  const bool to_device = copy.to_place == Place::kDevice, from_device = copy.from_place == Place::kDevice;
  const int actual = to_device ? (from_device ? cudaMemcpyDeviceToDevice : cudaMemcpyHostToDevice)
                               : (from_device ? cudaMemcpyDeviceToHost : cudaMemcpyHostToHost);
  if (kind != cudaMemcpyDefault && kind != actual) return cudaErrorInvalidValue;
  if (!holds(device, copy.to_place, copy.to, copy.bytes)) return cudaErrorInvalidValue;
  if (!holds(device, copy.from_place, copy.from, copy.bytes)) return cudaErrorInvalidValue;
  return Bytes{copy.to, copy.bytes}.overlap({copy.from, copy.bytes}) ? cudaErrorInvalidValue : cudaSuccess;
}

Work work_of(const Copy& copy) {
  Work work{[copy] { return run_copy(copy); }};
  if (copy.to_place == Place::kPinned) {
    work.host = copy.to;
    work.access = Access::kWrite;
  } else if (copy.from_place == Place::kPinned) {
    work.host = copy.from;
  }
  work.host_bytes = copy.bytes;
  return work;
}

Copy copy_of(const Device& device, void* to, const void* from, size_t bytes) {
  return {to, from, bytes, place_of(device, to), place_of(device, from)};
}

int fill(Device& device, void* to, int value, size_t bytes, Stream* stream) {
  if (stream == nullptr) return cudaErrorInvalidResourceHandle;
  if (bytes == 0) return cudaSuccess;
  if (!device.memory.holds(to, bytes)) return cudaErrorInvalidValue;
  return device.submit(*stream, {[=]() -> int {
    if (!Device::current().memory.holds(to, bytes)) return cudaErrorIllegalAddress;
    std::memset(to, value, bytes);
    return cudaSuccess;
  }});
}

int allocate_pinned(const char* name, void** memory, size_t bytes) {
  return runtime_allocation(
      name,
      [&](Device& device) -> int {
        if (memory == nullptr) return cudaErrorInvalidValue;
        if (const int refused = device.unsafe()) return refused;
        *memory = device.pinned.allocate(bytes);
        if (*memory == nullptr) return cudaErrorMemoryAllocation;
        ++word(kPinnedBlocks);
        return cudaSuccess;
      },
      out(memory), bytes);
}

}  // namespace

int cudaMemGetInfo(size_t* free, size_t* total) {
  return runtime_call(__func__, [&](Device& device) -> int {
    if (free == nullptr || total == nullptr) return cudaErrorInvalidValue;
    *total = device.memory.capacity();
    *free = device.memory.capacity() - device.memory.allocated();
    return cudaSuccess;
  });
}

int cudaMalloc(void** memory, size_t bytes) {
  return runtime_allocation(
      __func__,
      [&](Device& device) -> int {
        if (memory == nullptr) return cudaErrorInvalidValue;
        if (const int refused = device.unsafe()) return refused;
        *memory = nullptr;
        if (bytes == 0) return cudaSuccess;
        *memory = device.memory.allocate(bytes);
        if (*memory == nullptr) return cudaErrorMemoryAllocation;
        ++word(kDeviceBlocks);
        word(kDeviceBytes) += int64_t(bytes);
        return cudaSuccess;
      },
      out(memory), bytes);
}

int cudaFree(void* memory) {
  return runtime_clean_up(
      __func__,
      [&](Device& device) -> int {
        if (memory == nullptr) return cudaSuccess;
        if (const int refused = device.unsafe()) return refused;
        const int status = device.wait_for_all();
        const size_t before = device.memory.allocated();
        if (!device.memory.release(memory)) return cudaErrorInvalidValue;
        --word(kDeviceBlocks);
        word(kDeviceBytes) -= int64_t(before - device.memory.allocated());
        return status;
      },
      memory);
}

int cudaHostAlloc(void** memory, size_t bytes, unsigned) { return allocate_pinned(__func__, memory, bytes); }
int cudaMallocHost(void** memory, size_t bytes) { return allocate_pinned(__func__, memory, bytes); }

int cudaFreeHost(void* memory) {
  return runtime_clean_up(
      __func__,
      [&](Device& device) -> int {
        if (memory == nullptr) return cudaSuccess;
        if (const int refused = device.unsafe()) return refused;
        const int status = device.wait_for_all();
        if (!device.pinned.release(memory)) return cudaErrorInvalidValue;
        --word(kPinnedBlocks);
        return status;
      },
      memory);
}

int cudaMemcpy(void* to, const void* from, size_t bytes, int kind) {
  return runtime_call(
      __func__,
      [&](Device& device) -> int {
        if (const int refused = device.unsafe()) return refused;
        if (bytes == 0) return cudaSuccess;
        const Copy copy = copy_of(device, to, from, bytes);
        if (const int wrong = check(device, copy, kind)) return wrong;
        if (const int refused = device.submit(device.legacy, work_of(copy))) return refused;
        return device.wait(device.legacy);
      },
      to, from, bytes, kind);
}

int cudaMemcpyAsync(void* to, const void* from, size_t bytes, int kind, cudaStream_t stream) {
  return runtime_call(
      __func__,
      [&](Device& device) -> int {
        Stream* const queue = device.stream(stream);
        if (queue == nullptr) return cudaErrorInvalidResourceHandle;
        if (bytes == 0) return cudaSuccess;
        const Copy copy = copy_of(device, to, from, bytes);
        if (const int wrong = check(device, copy, kind)) return wrong;
        if (copy.to_place == Place::kPageable || copy.from_place == Place::kPageable) return cudaErrorInvalidValue;
        return device.submit(*queue, work_of(copy));
      },
      to, from, bytes, kind, stream);
}

int cudaMemset(void* to, int value, size_t bytes) {
  return runtime_call(
      __func__, [&](Device& device) { return fill(device, to, value, bytes, &device.legacy); }, to, value, bytes);
}

int cudaMemsetAsync(void* to, int value, size_t bytes, cudaStream_t stream) {
  return runtime_call(
      __func__, [&](Device& device) { return fill(device, to, value, bytes, device.stream(stream)); }, to, value, bytes,
      stream);
}
