// SGD with momentum over all parameters of a network, one launch:  d = g + weight_decay p;  m' = momentum m + d; p' = p
// - lr (nesterov ? d + momentum m' : m').  And out = a x + y over as many, which is a look-ahead.
//
// Fused: the update's five operations, and the tensors, of which a network has a hundred of a few microseconds each.
// Bytes: SGD 20 an element (reads p, m, g, writes p', m'), scale_add 12; FLOPs 7 and 2.
#include "cuda/tables.h"
#include "cuda_abi.h"

namespace {

using namespace eider::cuda;

__global__ void __launch_bounds__(kTableThreads)
    sgd(int tensors, const EiderCudaSgdEntry* table, const float* learning_rate, float momentum, float weight_decay,
        bool nesterov) {
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

__global__ void __launch_bounds__(kTableThreads)
    scale_add_all(int tensors, const EiderCudaScaleAddEntry* table, const float* a) {
  const EiderCudaScaleAddEntry e = entry_of(tensors, table, blockIdx.x);
  const float factor = a[0];
  each_element(e, [=](int64_t i) { e.out[i] = factor * e.x[i] + e.y[i]; });
}

}  // namespace

int64_t eider_cuda_sgd_chunks(int tensors, EiderCudaSgdEntry* table) { return number_chunks(tensors, table); }

int64_t eider_cuda_scale_add_chunks(int tensors, EiderCudaScaleAddEntry* table) {
  return number_chunks(tensors, table);
}

int eider_cuda_sgd_all_f32(int tensors, int64_t chunks, const EiderCudaSgdEntry* table, const float* learning_rate,
                           float momentum, float weight_decay, int nesterov, void* stream) {
  if (!possible(tensors, chunks)) return cudaErrorInvalidValue;
  if (chunks == 0) return cudaSuccess;
  return launch(sgd, {grid_of(chunks), dim3(kTableThreads)}, stream, tensors, table, learning_rate, momentum,
                weight_decay, nesterov != 0);
}

int eider_cuda_scale_add_all_f32(int tensors, int64_t chunks, const EiderCudaScaleAddEntry* table, const float* a,
                                 void* stream) {
  if (!possible(tensors, chunks)) return cudaErrorInvalidValue;
  if (chunks == 0) return cudaSuccess;
  return launch(scale_add_all, {grid_of(chunks), dim3(kTableThreads)}, stream, tensors, table, a);
}
