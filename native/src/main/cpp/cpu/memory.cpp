// Arena memory. Large blocks are aligned to a huge page and ask for huge pages: a training step touches its whole
// arena, and with 4 KiB pages the misses in the address cache show in every bandwidth-bound kernel.
#include <sys/mman.h>

#include <cstdlib>

#include "abi.h"

namespace {

constexpr size_t kHugePage = size_t(2) << 20;
constexpr size_t kCacheLine = 64;

}  // namespace

void* eider_allocate(int64_t bytes) {
  if (bytes < 0) return nullptr;
  const size_t alignment = size_t(bytes) >= kHugePage ? kHugePage : kCacheLine;
  const size_t rounded = (size_t(bytes) / alignment + 1) * alignment;
  void* memory = std::aligned_alloc(alignment, rounded);
  // Advice: where huge pages are off the memory is as good, only slower.
  if (memory && alignment == kHugePage) madvise(memory, rounded, MADV_HUGEPAGE);
  return memory;
}

void eider_free(void* memory) { std::free(memory); }
