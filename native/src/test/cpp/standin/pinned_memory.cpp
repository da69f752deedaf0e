#include "standin/pinned_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace standin {

namespace {

constexpr size_t kPage = 4096;
constexpr int kAll = PROT_READ | PROT_WRITE;

}  // namespace

void* PinnedMemory::allocate(size_t bytes) {
  const size_t pages = std::max<size_t>(1, (bytes + kPage - 1) / kPage);
  void* const memory = mmap(nullptr, pages * kPage, kAll, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  blocks_[reinterpret_cast<uintptr_t>(memory)] = {bytes, std::vector<Page>(pages, Page{0, 0, kAll})};
  return memory;
}

bool PinnedMemory::release(void* block) {
  const auto found = blocks_.find(reinterpret_cast<uintptr_t>(block));
  if (found == blocks_.end()) return false;
  munmap(block, found->second.pages.size() * kPage);
  blocks_.erase(found);
  return true;
}

std::map<uintptr_t, PinnedMemory::Block>::iterator PinnedMemory::block_of(uintptr_t address) {
  auto after = blocks_.upper_bound(address);
  if (after == blocks_.begin()) return blocks_.end();
  --after;
  return address - after->first < std::max<size_t>(1, after->second.bytes) ? after : blocks_.end();
}

bool PinnedMemory::holds(const void* begin, size_t bytes) const {
  const auto address = reinterpret_cast<uintptr_t>(begin);
  const auto block = const_cast<PinnedMemory*>(this)->block_of(address);
  return block != blocks_.end() && bytes <= block->second.bytes - (address - block->first);
}

void PinnedMemory::change(const void* begin, size_t bytes, Access access, int by) {
  const auto address = reinterpret_cast<uintptr_t>(begin);
  const auto block = block_of(address);
  if (block == blocks_.end() || bytes == 0) return;
  settled_ = false;
  const size_t offset = address - block->first;
  for (size_t page = offset / kPage; page <= (offset + bytes - 1) / kPage; ++page) {
    (access == Access::kRead ? block->second.pages[page].reads : block->second.pages[page].writes) += by;
  }
}

// Runs of pages that want the same change are changed at once.
template <class Wanted>
void PinnedMemory::protect(const Wanted& wanted) {
  for (auto& [begin, block] : blocks_) {
    auto& pages = block.pages;
    for (size_t first = 0; first < pages.size();) {
      const int protection = wanted(pages[first]);
      size_t last = first;
      bool changed = false;
      for (; last < pages.size() && wanted(pages[last]) == protection; ++last) {
        changed |= pages[last].protection != protection;
        pages[last].protection = protection;
      }
      if (changed &&
          mprotect(reinterpret_cast<void*>(begin + first * kPage), (last - first) * kPage, protection) != 0) {
        std::perror("stand-in: mprotect of pinned memory");
        std::abort();
      }
      first = last;
    }
  }
}

void PinnedMemory::open() {
  protect([](const Page&) { return kAll; });
  settled_ = false;
}

void PinnedMemory::settle() {
  if (settled_) return;
  protect([](const Page& page) { return page.writes > 0 ? PROT_NONE : page.reads > 0 ? PROT_READ : kAll; });
  settled_ = true;
}

}  // namespace standin
