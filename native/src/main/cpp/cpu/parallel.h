// Splits work over threads. Only who computes an element may depend on the number of threads, never its value:
// reductions cut their input into blocks by size alone and combine the blocks in order.
#ifndef EIDER_CPU_PARALLEL_H
#define EIDER_CPU_PARALLEL_H

#include <omp.h>

#include <algorithm>
#include <cstdint>

#include "abi.h"

namespace eider {

// Below this many elements waking the other threads costs more than the work.
constexpr int64_t kParallelElements = 32768;
constexpr int64_t kCacheLineFloats = 16;

inline int threads_for(int64_t elements, int64_t shares) {
  return elements > kParallelElements ? int(std::clamp<int64_t>(shares, 1, eider_threads())) : 1;
}

struct Range {
  int64_t begin, end;
};

// The calling thread's share of [0, count) inside a parallel region.
inline Range my_share(int64_t count) {
  const int64_t threads = omp_get_num_threads(), me = omp_get_thread_num();
  return {count * me / threads, count * (me + 1) / threads};
}

// Into how many chunks to cut items whose sums of so many floats are added up in the end. It depends on sizes alone:
// enough of them for many threads, few enough for all sums to stay cached.
inline int64_t chunk_count(int64_t items, int64_t floats) {
  constexpr int64_t kMostChunks = 64, kChunkFloats = int64_t(1) << 19;
  const int64_t cached = std::max<int64_t>(kChunkFloats / std::max<int64_t>(floats, 1), 1);
  return std::clamp<int64_t>(items, 1, std::min(cached, kMostChunks));
}

// Calls body(begin, end) on disjoint ranges that cover [0, count); elements is the size of the work.
template <class Body>
void parallel_ranges(int64_t count, int64_t elements, Body body) {
  const int threads = threads_for(elements, count);
  if (threads == 1) {
    body(int64_t(0), count);
    return;
  }
#pragma omp parallel num_threads(threads)
  {
    const Range mine = my_share(count);
    body(mine.begin, mine.end);
  }
}

// The same over n floats, cut at multiples of a cache line so that no two threads write one line.
template <class Body>
void parallel_elements(int64_t n, Body body) {
  parallel_ranges((n + kCacheLineFloats - 1) / kCacheLineFloats, n, [&](int64_t begin, int64_t end) {
    body(begin * kCacheLineFloats, std::min(n, end * kCacheLineFloats));
  });
}

}  // namespace eider

#endif
