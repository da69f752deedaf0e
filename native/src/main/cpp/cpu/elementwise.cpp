// Element-by-element kernels over n contiguous elements. Memory-bound: 8 n bytes at least for one input, 12 n for two.
#include "cpu/clones.h"
#include "cpu/parallel.h"
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

EIDER_BINARY(add, a + b)
EIDER_BINARY(subtract, a - b)
EIDER_BINARY(multiply, (a * b))
EIDER_BINARY(divide, a / b)
EIDER_BINARY(equal, a == b ? 1.0f : 0.0f)

namespace {

EIDER_CLONES void fill_range(int64_t begin, int64_t end, float value, float* y) {
  for (int64_t i = begin; i < end; ++i) y[i] = value;
}

EIDER_CLONES void scale_add_range(int64_t begin, int64_t end, float a, const float* x, const float* y, float* out) {
  EIDER_SIMD for (int64_t i = begin; i < end; ++i) out[i] = a * x[i] + y[i];
}

}  // namespace

int eider_fill_f32(int64_t n, float value, float* y) {
  if (n < 0) return 1;
  parallel_elements(n, [=](int64_t begin, int64_t end) { fill_range(begin, end, value, y); });
  return 0;
}

int eider_scale_add_f32(int64_t n, const float* a, const float* x, const float* y, float* out) {
  if (n < 0) return 1;
  // Read once: out may be a's own array.
  const float factor = n > 0 ? a[0] : 0.0f;
  parallel_elements(n, [=](int64_t begin, int64_t end) { scale_add_range(begin, end, factor, x, y, out); });
  return 0;
}
