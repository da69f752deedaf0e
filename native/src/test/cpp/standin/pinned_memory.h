// Host memory that the device copies from and to. While a copy is pending, the host may not write what is copied away
// and may neither read nor write what is copied into: it crashes there, page by page.
#ifndef EIDER_STANDIN_PINNED_MEMORY_H
#define EIDER_STANDIN_PINNED_MEMORY_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace standin {

enum class Access { kRead, kWrite };

class PinnedMemory {
 public:
  void* allocate(size_t bytes);
  bool release(void* block);
  bool holds(const void* begin, size_t bytes) const;

  // A pending access of the device begins and ends. The protection follows with settle().
  void hold(const void* begin, size_t bytes, Access access) { change(begin, bytes, access, 1); }
  void let_go(const void* begin, size_t bytes, Access access) { change(begin, bytes, access, -1); }

  // To read and write whatever is pending, or with the protection that pending accesses ask for.
  void open();
  void settle();

 private:
  struct Page {
    int reads = 0, writes = 0, protection;
  };
  struct Block {
    size_t bytes;
    std::vector<Page> pages;
  };
  std::map<uintptr_t, Block> blocks_;
  bool settled_ = true;

  void change(const void* begin, size_t bytes, Access access, int by);
  std::map<uintptr_t, Block>::iterator block_of(uintptr_t address);
  template <class Wanted>
  void protect(const Wanted& wanted);
};

}  // namespace standin

#endif
