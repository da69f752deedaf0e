#include "standin/device_memory.h"

#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace standin {

namespace {

constexpr size_t kAlignment = 256, kSlack = 1 << 20;
constexpr int kGuard = 0xa5, kUnwritten = 0xff;

uintptr_t aligned(uintptr_t address) { return (address + kAlignment - 1) / kAlignment * kAlignment; }

// Where the guard after a block ends, and the next block may begin.
uintptr_t guard_end(uintptr_t block, size_t bytes) { return aligned(block + bytes) + kAlignment; }

void protect(uintptr_t begin, uintptr_t end, int protection) {
  constexpr uintptr_t kPage = 4096;
  begin = begin / kPage * kPage;
  end = (end + kPage - 1) / kPage * kPage;
  if (mprotect(reinterpret_cast<void*>(begin), end - begin, protection) != 0) {
    std::perror("stand-in: mprotect");
    std::abort();
  }
}

void fill(uintptr_t begin, uintptr_t end, int value) {
  std::memset(reinterpret_cast<void*>(begin), value, end - begin);
}

// How many bytes from begin on are still a guard's.
size_t guarded(uintptr_t begin, uintptr_t end) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(begin);
  size_t n = 0;
  while (n < end - begin && bytes[n] == kGuard) ++n;
  return n;
}

}  // namespace

// Twice the capacity, so that fragments do not make a small allocation fail.
DeviceMemory::DeviceMemory(size_t capacity) : capacity_(capacity), range_bytes_(2 * capacity + 2 * kSlack) {
  void* const range = mmap(nullptr, range_bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (range == MAP_FAILED) {
    std::perror("stand-in: mmap of the device's memory");
    std::abort();
  }
  range_ = reinterpret_cast<uintptr_t>(range);
}

void* DeviceMemory::allocate(size_t bytes) {
  if (bytes > capacity_ - allocated_) return nullptr;
  uintptr_t place = range_ + kAlignment;
  for (const auto& [block, size] : blocks_) {
    if (guard_end(place, bytes) <= block) break;
    place = guard_end(block, size);
  }
  const uintptr_t end = guard_end(place, bytes);
  if (end > range_ + range_bytes_ - kSlack) return nullptr;
  protect(place - kAlignment, end, PROT_READ | PROT_WRITE);
  fill(place - kAlignment, place, kGuard);
  fill(place, place + bytes, kUnwritten);
  fill(place + bytes, end, kGuard);
  protect(place - kAlignment, end, PROT_NONE);
  blocks_[place] = bytes;
  allocated_ += bytes;
  return reinterpret_cast<void*>(place);
}

bool DeviceMemory::release(void* block) {
  const auto found = blocks_.find(reinterpret_cast<uintptr_t>(block));
  if (found == blocks_.end()) return false;
  const auto [begin, bytes] = *found;
  protect(begin, begin + bytes, PROT_READ | PROT_WRITE);
  fill(begin, begin + bytes, kUnwritten);
  protect(begin, begin + bytes, PROT_NONE);
  allocated_ -= bytes;
  blocks_.erase(found);
  return true;
}

bool DeviceMemory::owns(const void* address) const {
  return reinterpret_cast<uintptr_t>(address) - range_ < range_bytes_;
}

bool DeviceMemory::holds(const void* begin, size_t bytes) const {
  const auto address = reinterpret_cast<uintptr_t>(begin);
  auto after = blocks_.upper_bound(address);
  if (after == blocks_.begin()) return false;
  const auto& [block, size] = *--after;
  return address - block <= size && bytes <= size - (address - block);
}

uintptr_t DeviceMemory::used_end() const {
  return blocks_.empty() ? range_ + kAlignment : guard_end(blocks_.rbegin()->first, blocks_.rbegin()->second);
}

// A little more, so that an overrun of the last block is an error of the device and not the end of the process.
void DeviceMemory::open() { protect(range_, used_end() + kSlack, PROT_READ | PROT_WRITE); }
void DeviceMemory::close() { protect(range_, used_end() + kSlack, PROT_NONE); }

bool DeviceMemory::intact() const {
  for (const auto& [block, bytes] : blocks_) {
    const size_t before = guarded(block - kAlignment, block), after_bytes = guard_end(block, bytes) - block - bytes;
    const size_t after = guarded(block + bytes, guard_end(block, bytes));
    if (before == kAlignment && after == after_bytes) continue;
    std::fprintf(stderr, "stand-in: a write outside the device block of %zu bytes at %p: byte %lld\n", bytes,
                 reinterpret_cast<void*>(block),
                 before < kAlignment ? static_cast<long long>(before) - static_cast<long long>(kAlignment)
                                     : static_cast<long long>(bytes + after));
    return false;
  }
  return true;
}

}  // namespace standin
