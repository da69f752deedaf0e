// SGD with momentum over all parameters of a network, one launch:  d = g + weight_decay p;  m' = momentum m + d; p' = p
// - lr (nesterov ? d + momentum m' : m').  And out = a x + y over as many, which is a look-ahead.
//
// Fused: the update's five operations, and the tensors, of which a network has a hundred of a few microseconds each. A
// block has kChunk elements of one tensor and finds which in a table by bisection: seven reads of a kilobyte that all
// blocks share. Bytes: SGD 20 an element (reads p, m, g, writes p', m'), scale_add 12; FLOPs 7 and 2.
//
// Limits: 2^31 - 1 chunks.
#include "cuda/device.h"
#include "cuda_abi.h"

namespace {

using namespace eider::cuda;

constexpr int kThreads = 256;
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
  for (int64_t i = begin + threadIdx.x; i < end; i += kThreads) f(i);
}

__global__ void __launch_bounds__(kThreads) sgd(int tensors, const EiderCudaSgdEntry* table, const float* learning_rate,
                                                float momentum, float weight_decay, bool nesterov) {
  const EiderCudaSgdEntry e = entry_of(tensors, table, blockIdx.x);
  const float lr = learning_rate[0];
  each_element(e, [=](int64_t i) {
    const float d = e.g[i] + weight_decay * e.p[i];
    const float velocity = momentum * e.m[i] + d;
    const float step = nesterov ? d + momentum * velocity : velocity;
    e.p_next[i] = e.p[i] - lr * step;
    e.m_next[i] = velocity;
  });
}

__global__ void __launch_bounds__(kThreads)
    scale_add_all(int tensors, const EiderCudaScaleAddEntry* table, const float* a) {
  const EiderCudaScaleAddEntry e = entry_of(tensors, table, blockIdx.x);
  const float factor = a[0];
  each_element(e, [=](int64_t i) { e.out[i] = factor * e.x[i] + e.y[i]; });
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

bool possible(int tensors, int64_t chunks) { return tensors >= 0 && chunks >= 0 && chunks <= INT32_MAX; }

}  // namespace

int64_t eider_cuda_sgd_chunks(int tensors, EiderCudaSgdEntry* table) { return number_chunks(tensors, table); }

int64_t eider_cuda_scale_add_chunks(int tensors, EiderCudaScaleAddEntry* table) {
  return number_chunks(tensors, table);
}

int eider_cuda_sgd_all_f32(int tensors, int64_t chunks, const EiderCudaSgdEntry* table, const float* learning_rate,
                           float momentum, float weight_decay, int nesterov, void* stream) {
  if (!possible(tensors, chunks)) return cudaErrorInvalidValue;
  if (chunks == 0) return cudaSuccess;
  return launch(sgd, {grid_of(chunks), dim3(kThreads)}, stream, tensors, table, learning_rate, momentum, weight_decay,
                nesterov != 0);
}

int eider_cuda_scale_add_all_f32(int tensors, int64_t chunks, const EiderCudaScaleAddEntry* table, const float* a,
                                 void* stream) {
  if (!possible(tensors, chunks)) return cudaErrorInvalidValue;
  if (chunks == 0) return cudaSuccess;
  return launch(scale_add_all, {grid_of(chunks), dim3(kThreads)}, stream, tensors, table, a);
}
