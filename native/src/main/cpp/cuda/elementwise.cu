// Element by element over n contiguous floats: one launch an operation, four elements a thread.
//
// Memory-bound: 8 n bytes for one input, 12 n for two, and 1 to 30 FLOPs an element (exp and log, by rows/row_math.h).
// Loads and stores are 16 bytes wide where every array is aligned to 16.
//
// Fuses nothing: chains of these are what the fused kernels beside this file exist to avoid. The output may be an
// input: a thread reads its elements before it writes them, and no one else reads them.
//
// Limits: n < 2^41 (a grid of 2^31 - 1 blocks of 256 threads).
#include "cuda/device.h"
#include "cuda_abi.h"
#include "rows/row_math.h"

namespace {

using namespace eider;
using namespace eider::cuda;

constexpr int kThreads = 256;
constexpr int kEach = 4;

Shape shape_for(int64_t n) { return {grid_of(ceil_div(n, kThreads * kEach)), dim3(kThreads)}; }

template <class F>
__global__ void __launch_bounds__(kThreads) unary(int64_t n, bool wide, const float* x, float* y, F f) {
  const int64_t begin = global_thread() * kEach;
  if (wide && begin + kEach <= n) {
    const float4 v = load4(x + begin);
    store4(y + begin, {f(v.x), f(v.y), f(v.z), f(v.w)});
    return;
  }
  for (int64_t i = begin; i < begin + kEach && i < n; ++i) y[i] = f(x[i]);
}

template <class F>
__global__ void __launch_bounds__(kThreads)
    binary(int64_t n, bool wide, const float* a, const float* b, float* y, F f) {
  const int64_t begin = global_thread() * kEach;
  if (wide && begin + kEach <= n) {
    const float4 v = load4(a + begin), w = load4(b + begin);
    store4(y + begin, {f(v.x, w.x), f(v.y, w.y), f(v.z, w.z), f(v.w, w.w)});
    return;
  }
  for (int64_t i = begin; i < begin + kEach && i < n; ++i) y[i] = f(a[i], b[i]);
}

template <class F>
int run(int64_t n, const float* x, float* y, void* stream, F f) {
  if (n < 0) return cudaErrorInvalidValue;
  if (n == 0) return cudaSuccess;
  return launch(unary<F>, shape_for(n), stream, n, aligned16(x) && aligned16(y), x, y, f);
}

template <class F>
int run(int64_t n, const float* a, const float* b, float* y, void* stream, F f) {
  if (n < 0) return cudaErrorInvalidValue;
  if (n == 0) return cudaSuccess;
  return launch(binary<F>, shape_for(n), stream, n, aligned16(a) && aligned16(b) && aligned16(y), a, b, y, f);
}

__global__ void __launch_bounds__(kThreads) fill(int64_t n, bool wide, float value, float* y) {
  const int64_t begin = global_thread() * kEach;
  if (wide && begin + kEach <= n) {
    store4(y + begin, {value, value, value, value});
    return;
  }
  for (int64_t i = begin; i < begin + kEach && i < n; ++i) y[i] = value;
}

}  // namespace

// One operation: what it does to an element, and the exported function.
#define EIDER_UNARY(name, FORMULA)                                                 \
  namespace {                                                                      \
  struct name##_of {                                                               \
    EIDER_ROW float operator()(float x) const { return FORMULA; }                  \
  };                                                                               \
  }                                                                                \
  int eider_cuda_##name##_f32(int64_t n, const float* x, float* y, void* stream) { \
    return run(n, x, y, stream, name##_of());                                      \
  }

#define EIDER_BINARY(name, FORMULA)                                                                \
  namespace {                                                                                      \
  struct name##_of {                                                                               \
    EIDER_ROW float operator()(float a, float b) const { return FORMULA; }                         \
  };                                                                                               \
  }                                                                                                \
  int eider_cuda_##name##_f32(int64_t n, const float* a, const float* b, float* y, void* stream) { \
    return run(n, a, b, y, stream, name##_of());                                                   \
  }

EIDER_UNARY(negate, -x)
EIDER_UNARY(exp, rows::exp(x))
EIDER_UNARY(log, rows::log(x))
EIDER_UNARY(sqrt, sqrtf(x))
// NaN stays NaN: a broken step must reach the loss, where it is reported.
EIDER_UNARY(relu, x < 0.0f ? 0.0f : x)
EIDER_UNARY(positive, x > 0.0f ? 1.0f : 0.0f)

EIDER_BINARY(add, a + b)
EIDER_BINARY(subtract, a - b)
EIDER_BINARY(multiply, (a * b))
EIDER_BINARY(divide, a / b)
EIDER_BINARY(equal, a == b ? 1.0f : 0.0f)

int eider_cuda_fill_f32(int64_t n, float value, float* y, void* stream) {
  if (n < 0) return cudaErrorInvalidValue;
  if (n == 0) return cudaSuccess;
  return launch(fill, shape_for(n), stream, n, aligned16(y), value, y);
}

namespace {

// The factor is read on the device, so that a captured graph sees its value of the day.
struct ScaleAdd {
  const float* a;
  EIDER_ROW float operator()(float x, float y) const { return a[0] * x + y; }
};

}  // namespace

int eider_cuda_scale_add_f32(int64_t n, const float* a, const float* x, const float* y, float* out, void* stream) {
  return run(n, x, y, out, stream, ScaleAdd{a});
}
