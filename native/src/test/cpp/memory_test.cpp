#include <cstdint>
#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "abi.h"

int main() {
  for (int64_t bytes : {0, 1, 63, 64, 65, 1000}) {
    void* memory = eider_allocate(bytes);
    if (memory == nullptr || reinterpret_cast<uintptr_t>(memory) % 64 != 0) {
      std::fprintf(stderr, "%lld bytes: not allocated on a 64 byte boundary\n", static_cast<long long>(bytes));
      return 1;
    }
    std::memset(memory, 1, static_cast<size_t>(bytes));
    eider_free(memory);
  }
  return 0;
}
