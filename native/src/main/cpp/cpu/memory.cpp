#include <cstdlib>

#include "abi.h"

void* eider_allocate(int64_t bytes) {
  constexpr int64_t line = 64;
  if (bytes < 0) return nullptr;
  // aligned_alloc wants a multiple of the alignment, and a size of zero may give null.
  const int64_t rounded = bytes == 0 ? line : (bytes + line - 1) / line * line;
  return std::aligned_alloc(line, static_cast<size_t>(rounded));
}

void eider_free(void* memory) { std::free(memory); }
