// Element-by-element kernels over n contiguous elements. Memory-bound: every array is read or
// written once.
#include "cpu/clones.h"
#include "cpu/parallel.h"
#include "rows/bfloat16.h"
#include "rows/row_math.h"

using namespace eider;

// One kernel: the cloned loop over a range, and the exported function that shares it out. FORMULA is an expression in
// the i-th elements of the inputs.
#define EIDER_UNARY(name, FORMULA)                                                             \
  namespace {                                                                                  \
  EIDER_CLONES void name##_range(int64_t begin, int64_t end, const float* x_, float* y_) {     \
    EIDER_SIMD for (int64_t i = begin; i < end; ++i) {                                         \
      const float x = x_[i];                                                                   \
      y_[i] = FORMULA;                                                                         \
    }                                                                                          \
  }                                                                                            \
  }                                                                                            \
  int eider_##name##_f32(int64_t n, const float* x, float* y) {                                \
    if (n < 0) return 1;                                                                       \
    parallel_elements(n, [=](int64_t begin, int64_t end) { name##_range(begin, end, x, y); }); \
    return 0;                                                                                  \
  }

#define EIDER_BINARY(name, FORMULA)                                                                         \
  namespace {                                                                                               \
  EIDER_CLONES void name##_range(int64_t begin, int64_t end, const float* a_, const float* b_, float* y_) { \
    EIDER_SIMD for (int64_t i = begin; i < end; ++i) {                                                      \
      const float a = a_[i], b = b_[i];                                                                     \
      y_[i] = FORMULA;                                                                                      \
    }                                                                                                       \
  }                                                                                                         \
  }                                                                                                         \
  int eider_##name##_f32(int64_t n, const float* a, const float* b, float* y) {                             \
    if (n < 0) return 1;                                                                                    \
    parallel_elements(n, [=](int64_t begin, int64_t end) { name##_range(begin, end, a, b, y); });           \
    return 0;                                                                                               \
  }

EIDER_UNARY(negate, -x)
EIDER_UNARY(exp, rows::exp(x))
EIDER_UNARY(log, rows::log(x))
EIDER_UNARY(sqrt, __builtin_sqrtf(x))
// Written so that NaN stays NaN: a broken step must reach the loss, where it is reported.
EIDER_UNARY(relu, x < 0.0f ? 0.0f : x)
EIDER_UNARY(positive, x > 0.0f ? 1.0f : 0.0f)

EIDER_BINARY(subtract, a - b)
EIDER_BINARY(multiply, (a * b))
EIDER_BINARY(divide, a / b)
EIDER_BINARY(equal, a == b ? 1.0f : 0.0f)

namespace {

using rows::bfloats;

template <class T>
EIDER_CLONES void add_range(int64_t begin, int64_t end, const T* a, const T* b, T* y) {
  EIDER_SIMD for (int64_t i = begin; i < end; ++i) y[i] = a[i] + b[i];
}

template <class T>
int add(int64_t n, const T* a, const T* b, T* y) {
  if (n < 0) return 1;
  parallel_elements(n, [=](int64_t begin, int64_t end) { add_range(begin, end, a, b, y); });
  return 0;
}

template <class From, class To>
EIDER_CLONES void cast_range(int64_t begin, int64_t end, const From* x, To* y) {
  EIDER_SIMD for (int64_t i = begin; i < end; ++i) y[i] = float(x[i]);
}

template <class From, class To>
int cast(int64_t n, const From* x, To* y) {
  if (n < 0) return 1;
  parallel_elements(n, [=](int64_t begin, int64_t end) { cast_range(begin, end, x, y); });
  return 0;
}

template <class T>
EIDER_CLONES void fill_range(int64_t begin, int64_t end, float value, T* y) {
  T element;
  element = value;
  for (int64_t i = begin; i < end; ++i) y[i] = element;
}

template <class T>
int fill(int64_t n, float value, T* y) {
  if (n < 0) return 1;
  parallel_elements(n, [=](int64_t begin, int64_t end) { fill_range(begin, end, value, y); });
  return 0;
}

EIDER_CLONES void scale_add_range(int64_t begin, int64_t end, float a, const float* x, const float* y, float* out) {
  EIDER_SIMD for (int64_t i = begin; i < end; ++i) out[i] = a * x[i] + y[i];
}

}  // namespace

int eider_add_f32(int64_t n, const float* a, const float* b, float* y) { return add(n, a, b, y); }

int eider_add_bf16(int64_t n, const uint16_t* a, const uint16_t* b, uint16_t* y) {
  return add(n, bfloats(a), bfloats(b), bfloats(y));
}

int eider_cast_f32_to_bf16(int64_t n, const float* x, uint16_t* y) { return cast(n, x, bfloats(y)); }

int eider_cast_bf16_to_f32(int64_t n, const uint16_t* x, float* y) { return cast(n, bfloats(x), y); }

int eider_fill_f32(int64_t n, float value, float* y) { return fill(n, value, y); }

int eider_fill_bf16(int64_t n, float value, uint16_t* y) { return fill(n, value, bfloats(y)); }

int eider_scale_add_f32(int64_t n, const float* a, const float* x, const float* y, float* out) {
  if (n < 0) return 1;
  // Read once: out may be a's own array.
  const float factor = n > 0 ? a[0] : 0.0f;
  parallel_elements(n, [=](int64_t begin, int64_t end) { scale_add_range(begin, end, factor, x, y, out); });
  return 0;
}
