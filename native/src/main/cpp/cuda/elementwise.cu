// Element by element over n contiguous elements: one launch an operation, 16 bytes of an array a thread.
//
// Memory-bound: 8 n bytes for one input, 12 n for two, 6 n for the sum of two of bf16, and 1 to 30 FLOPs an element
// (exp and log, by rows/row_math.h). Loads and stores are 16 bytes wide, four f32 or eight bf16, where every array is
// aligned to 16.
//
// Fuses nothing: chains of these are what the fused kernels beside this file exist to avoid. The output may be an
// input: a thread reads its elements before it writes them, and no one else reads them.
//
// Limits: n < 2^41 (a grid of 2^31 - 1 blocks of 256 threads with four elements each).
#include "cuda/vectors.h"
#include "cuda_abi.h"

namespace {

using namespace eider;
using namespace eider::cuda;
using rows::bfloats;

constexpr int kThreads = 256;

template <class T>
Shape shape_for(int64_t n) {
  return {grid_of(ceil_div(n, kThreads * kEach<T>)), dim3(kThreads)};
}

template <class F>
__global__ void __launch_bounds__(kThreads) unary(int64_t n, bool wide, const float* x, float* y, F f) {
  const int64_t begin = global_thread() * kEach<float>;
  if (wide && begin + kEach<float> <= n) {
    Vector<float> v = load(x + begin);
    for (float& element : v.at) element = f(element);
    store(y + begin, v);
    return;
  }
  for (int64_t i = begin; i < begin + kEach<float> && i < n; ++i) y[i] = f(x[i]);
}

template <class T, class F>
__global__ void __launch_bounds__(kThreads) binary(int64_t n, bool wide, const T* a, const T* b, T* y, F f) {
  const int64_t begin = global_thread() * kEach<T>;
  if (wide && begin + kEach<T> <= n) {
    Vector<T> v = load(a + begin);
    const Vector<T> w = load(b + begin);
    for (int k = 0; k < kEach<T>; ++k) v.at[k] = f(v.at[k], w.at[k]);
    store(y + begin, v);
    return;
  }
  for (int64_t i = begin; i < begin + kEach<T> && i < n; ++i) y[i] = f(a[i], b[i]);
}

template <class T>
__global__ void __launch_bounds__(kThreads) fill(int64_t n, bool wide, float value, T* y) {
  const int64_t begin = global_thread() * kEach<T>;
  if (wide && begin + kEach<T> <= n) {
    Vector<T> v;
    for (float& element : v.at) element = value;
    store(y + begin, v);
    return;
  }
  for (int64_t i = begin; i < begin + kEach<T> && i < n; ++i) y[i] = value;
}

template <class F>
int run(int64_t n, const float* x, float* y, void* stream, F f) {
  if (n < 0) return cudaErrorInvalidValue;
  if (n == 0) return cudaSuccess;
  return launch(unary<F>, shape_for<float>(n), stream, n, aligned16(x) && aligned16(y), x, y, f);
}

template <class T, class F>
int run(int64_t n, const T* a, const T* b, T* y, void* stream, F f) {
  if (n < 0) return cudaErrorInvalidValue;
  if (n == 0) return cudaSuccess;
  return launch(binary<T, F>, shape_for<T>(n), stream, n, aligned16(a) && aligned16(b) && aligned16(y), a, b, y, f);
}

template <class T>
int run_fill(int64_t n, float value, T* y, void* stream) {
  if (n < 0) return cudaErrorInvalidValue;
  if (n == 0) return cudaSuccess;
  return launch(fill<T>, shape_for<T>(n), stream, n, aligned16(y), value, y);
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

int eider_cuda_add_bf16(int64_t n, const uint16_t* a, const uint16_t* b, uint16_t* y, void* stream) {
  return run(n, bfloats(a), bfloats(b), bfloats(y), stream, add_of());
}

int eider_cuda_fill_f32(int64_t n, float value, float* y, void* stream) { return run_fill(n, value, y, stream); }

int eider_cuda_fill_bf16(int64_t n, float value, uint16_t* y, void* stream) {
  return run_fill(n, value, bfloats(y), stream);
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
