// Many tensors in one launch: a table in device memory with an entry for each, which says how many elements it has and
// the number of its first chunk. A block has one chunk, kChunk elements of one tensor, and finds which by bisection:
// seven reads of a kilobyte that all blocks share.
//
// Limits: 2^31 - 1 chunks.
#ifndef EIDER_CUDA_TABLES_H
#define EIDER_CUDA_TABLES_H

#include "cuda/device.h"

namespace eider::cuda {

constexpr int kTableThreads = 256;
constexpr int64_t kChunk = 4096;

// The last of the tensors whose first chunk is at most this one; the host has seen to it that there is one.
template <class Entry>
__device__ __forceinline__ const Entry& entry_of(int tensors, const Entry* table, int64_t chunk) {
  int low = 0, high = tensors;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    if (table[middle].first_chunk <= chunk) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return table[low];
}

// f(i) for the elements of a block's chunk.
template <class Entry, class F>
__device__ __forceinline__ void each_element(const Entry& entry, F f) {
  const int64_t begin = (blockIdx.x - entry.first_chunk) * kChunk;
  const int64_t end = begin + kChunk < entry.n ? begin + kChunk : entry.n;
  for (int64_t i = begin + threadIdx.x; i < end; i += kTableThreads) f(i);
}

// Numbers the chunks of a table and counts them; -1 for an impossible size. An empty tensor has none, and is never
// found: the next one has the same first chunk.
template <class Entry>
int64_t number_chunks(int tensors, Entry* table) {
  int64_t chunks = 0;
  for (int t = 0; t < tensors; ++t) {
    if (table[t].n < 0) return -1;
    table[t].first_chunk = chunks;
    chunks += ceil_div(table[t].n, kChunk);
  }
  return chunks;
}

inline bool possible(int tensors, int64_t chunks) { return tensors >= 0 && chunks >= 0 && chunks <= INT32_MAX; }

}  // namespace eider::cuda

#endif
