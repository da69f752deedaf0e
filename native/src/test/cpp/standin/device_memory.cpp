#include "standin/device_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace standin {

namespace {

constexpr size_t kAlignment = DeviceMemory::kAlignment;
constexpr int kGuard = 0xa5, kUnwritten = 0xff;
// Memory is opened and closed in huge pages: five hundred times fewer than small ones, and that much faster.
constexpr size_t kPage = 2 << 20;

uintptr_t rounded_up(uintptr_t address, size_t to) { return (address + to - 1) / to * to; }

// Where the guard after a block ends, and the next block may begin.
uintptr_t guard_end(uintptr_t block, size_t bytes) { return rounded_up(block + bytes, kAlignment) + kAlignment; }

void protect(uintptr_t begin, uintptr_t end, int protection) {
  if (mprotect(reinterpret_cast<void*>(begin), end - begin, protection) != 0) {
    std::perror("stand-in: mprotect of the device's memory");
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
DeviceMemory::DeviceMemory(size_t capacity) : capacity_(capacity) {
  const size_t bytes = 2 * capacity + 3 * kPage;
  void* const range = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (range == MAP_FAILED) {
    std::perror("stand-in: mmap of the device's memory");
    std::abort();
  }
  begin_ = rounded_up(reinterpret_cast<uintptr_t>(range), kPage);
  end_ = (reinterpret_cast<uintptr_t>(range) + bytes) / kPage * kPage;
  used_end_ = begin_;
  madvise(reinterpret_cast<void*>(begin_), end_ - begin_, MADV_HUGEPAGE);
}

void* DeviceMemory::allocate(size_t bytes) {
  if (bytes > capacity_ - allocated_) return nullptr;
  uintptr_t place = begin_ + kAlignment;
  for (const auto& [block, size] : blocks_) {
    if (guard_end(place, bytes) <= block) break;
    place = guard_end(block, size);
  }
  const uintptr_t end = guard_end(place, bytes);
  // A page more than is used, so that an overrun of the last block is an error of the device and not the end of the
  // process.
  const uintptr_t used_end = rounded_up(end, kPage) + kPage;
  if (used_end > end_) return nullptr;
  used_end_ = std::max(used_end_, used_end);
  open();
  fill(place - kAlignment, place, kGuard);
  fill(place, place + bytes, kUnwritten);
  fill(place + bytes, end, kGuard);
  close();
  blocks_[place] = bytes;
  allocated_ += bytes;
  return reinterpret_cast<void*>(place);
}

bool DeviceMemory::release(void* block) {
  const auto found = blocks_.find(reinterpret_cast<uintptr_t>(block));
  if (found == blocks_.end()) return false;
  const auto [begin, bytes] = *found;
  open();
  fill(begin, begin + bytes, kUnwritten);
  close();
  allocated_ -= bytes;
  blocks_.erase(found);
  return true;
}

bool DeviceMemory::owns(const void* address) const {
  return reinterpret_cast<uintptr_t>(address) - begin_ < end_ - begin_;
}

bool DeviceMemory::holds(const void* begin, size_t bytes) const {
  const auto address = reinterpret_cast<uintptr_t>(begin);
  auto after = blocks_.upper_bound(address);
  if (after == blocks_.begin()) return false;
  const auto& [block, size] = *--after;
  return address - block <= size && bytes <= size - (address - block);
}

void DeviceMemory::open() const { protect(begin_, used_end_, PROT_READ | PROT_WRITE); }
void DeviceMemory::close() const { protect(begin_, used_end_, PROT_NONE); }

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
