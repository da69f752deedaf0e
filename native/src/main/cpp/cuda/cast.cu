// f32 to bf16, to the nearest and to even in a tie, and back, exactly; n elements, four a thread. By integer
// arithmetic, so that every device and the host round alike. NaN stays NaN, with its sign. Bytes: 6 n.
//
// Fuses nothing.
//
// Limits: n < 2^41.
#include <cstring>

#include "cuda/device.h"
#include "cuda_abi.h"
#include "rows/row_math.h"

namespace {

using namespace eider;
using namespace eider::cuda;

constexpr int kThreads = 256;
constexpr int kEach = 4;

Shape shape_for(int64_t n) { return {grid_of(ceil_div(n, kThreads * kEach)), dim3(kThreads)}; }

// bf16 is the upper half of f32.
struct Narrow {
  EIDER_ROW uint16_t operator()(float x) const {
    const uint32_t bits = rows::bits_of(x);
    // Rounding would carry a NaN's mantissa into infinity.
    if (x != x) return uint16_t(bits >> 16 | 0x40u);
    return uint16_t((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
  }
};

struct Widen {
  EIDER_ROW float operator()(uint16_t x) const { return rows::float_of(uint32_t(x) << 16); }
};

// A block's threads side by side, so that a warp's accesses are whole sectors whatever the type.
template <class F, class From, class To>
__global__ void __launch_bounds__(kThreads) cast(int64_t n, const From* x, To* y) {
  const int64_t begin = int64_t(blockIdx.x) * kThreads * kEach + threadIdx.x;
  for (int k = 0; k < kEach; ++k) {
    const int64_t i = begin + k * kThreads;
    if (i < n) y[i] = F()(x[i]);
  }
}

}  // namespace

int eider_cuda_f32_to_bf16(int64_t n, const float* x, uint16_t* y, void* stream) {
  if (n < 0) return cudaErrorInvalidValue;
  if (n == 0) return cudaSuccess;
  return launch(cast<Narrow, float, uint16_t>, shape_for(n), stream, n, x, y);
}

int eider_cuda_bf16_to_f32(int64_t n, const uint16_t* x, float* y, void* stream) {
  if (n < 0) return cudaErrorInvalidValue;
  if (n == 0) return cudaSuccess;
  return launch(cast<Widen, uint16_t, float>, shape_for(n), stream, n, x, y);
}
