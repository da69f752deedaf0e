// f32 to bf16, rounded, and back, exactly; n elements, four a thread. Bytes: 6 n.
//
// Fuses nothing.
//
// Limits: n < 2^41.
#include "cuda/device.h"
#include "cuda_abi.h"
#include "rows/bfloat16.h"

namespace {

using namespace eider;
using namespace eider::cuda;
using rows::bfloats;

constexpr int kThreads = 256;
constexpr int kEach = 4;

// A block's threads side by side, so that a warp's accesses are whole sectors whatever the type.
template <class From, class To>
__global__ void __launch_bounds__(kThreads) cast(int64_t n, const From* x, To* y) {
  const int64_t begin = int64_t(blockIdx.x) * kThreads * kEach + threadIdx.x;
  for (int k = 0; k < kEach; ++k) {
    const int64_t i = begin + k * kThreads;
    if (i < n) y[i] = float(x[i]);
  }
}

template <class From, class To>
int run(int64_t n, const From* x, To* y, void* stream) {
  if (n < 0) return cudaErrorInvalidValue;
  if (n == 0) return cudaSuccess;
  return launch(cast<From, To>, {grid_of(ceil_div(n, kThreads * kEach)), dim3(kThreads)}, stream, n, x, y);
}

}  // namespace

int eider_cuda_cast_f32_to_bf16(int64_t n, const float* x, uint16_t* y, void* stream) {
  return run(n, x, bfloats(y), stream);
}

int eider_cuda_cast_bf16_to_f32(int64_t n, const uint16_t* x, float* y, void* stream) {
  return run(n, bfloats(x), y, stream);
}
