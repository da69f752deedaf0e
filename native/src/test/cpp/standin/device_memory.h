// The device's memory: blocks in one range of addresses that only work on the device may touch.
//
// Between them lie guards, whose bytes say afterwards who wrote past his block. What is not allocated, or not yet
// written, reads as NaN.
#ifndef EIDER_STANDIN_DEVICE_MEMORY_H
#define EIDER_STANDIN_DEVICE_MEMORY_H

#include <cstddef>
#include <cstdint>
#include <map>

namespace standin {

struct Bytes {
  const void* begin;
  size_t size;

  bool overlap(const Bytes& other) const {
    const auto at = reinterpret_cast<uintptr_t>(begin), other_at = reinterpret_cast<uintptr_t>(other.begin);
    return size > 0 && other.size > 0 && at < other_at + other.size && other_at < at + size;
  }
};

class DeviceMemory {
 public:
  static constexpr size_t kAlignment = 256;

  explicit DeviceMemory(size_t capacity);

  size_t capacity() const { return capacity_; }
  size_t allocated() const { return allocated_; }

  // Null where the capacity does not suffice.
  void* allocate(size_t bytes);
  bool release(void* block);

  // Whether an address is of the device at all, and whether a range lies in one block.
  bool owns(const void* address) const;
  bool holds(const void* begin, size_t bytes) const;
  bool holds(const Bytes& bytes) const { return holds(bytes.begin, bytes.size); }
  // Whether it is the address of a block's byte or end.
  bool addresses(const void* address) const { return holds(address, 0); }

  // To be read and written, or to crash whoever tries.
  void open() const;
  void close() const;

  // Whether every guard is as it was; says on stderr which is not. To be asked while it is open.
  bool intact() const;

 private:
  size_t capacity_, allocated_ = 0;
  uintptr_t begin_, end_, used_end_;
  std::map<uintptr_t, size_t> blocks_;
};

}  // namespace standin

#endif
