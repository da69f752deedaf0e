// y = relu(x scale + shift + residual) over rows x channels: batch norm at inference, its statistics folded into scale
// and shift. Memory floor in units of rows channels elements, f32 or bf16: 2 (x, y), 3 with a residual.
#include "cpu/clones.h"
#include "cpu/panels.h"
#include "cpu/parallel.h"
#include "rows/bfloat16.h"

namespace {

using namespace eider;
using rows::bfloats;

template <bool kRelu, bool kResidual, class T>
EIDER_INLINE void affine(int64_t begin, int64_t end, int64_t channels, const T* x, const float* scale,
                         const float* shift, const T* residual, T* y) {
  for_panels(begin, end, channels, [=](const Panel& panel) EIDER_LAMBDA {
    with_width(panel, [=](int width) EIDER_LAMBDA {
      float a[kPanelWidth], b[kPanelWidth];
      spread(panel, channels, scale, a);
      spread(panel, channels, shift, b);
      for (int64_t l = 0; l < panel.lines; ++l) {
        const int64_t at = panel.offset + l * panel.stride;
        EIDER_SIMD for (int j = 0; j < width; ++j) {
          float v = a[j] * x[at + j] + b[j];
          if (kResidual) v += residual[at + j];
          if (kRelu) v = v < 0.0f ? 0.0f : v;
          y[at + j] = v;
        }
      }
    });
  });
}

template <class T>
EIDER_CLONES void affine_rows(int64_t begin, int64_t end, int64_t channels, bool relu, const T* x, const float* scale,
                              const float* shift, const T* residual, T* y) {
  if (relu && residual) {
    affine<true, true>(begin, end, channels, x, scale, shift, residual, y);
  } else if (relu) {
    affine<true, false>(begin, end, channels, x, scale, shift, residual, y);
  } else if (residual) {
    affine<false, true>(begin, end, channels, x, scale, shift, residual, y);
  } else {
    affine<false, false>(begin, end, channels, x, scale, shift, residual, y);
  }
}

template <class T>
int channel_affine(int64_t rows, int64_t channels, int relu, const T* x, const float* scale, const float* shift,
                   const T* residual, T* y) {
  if (rows < 0 || channels < 1) return 1;
  parallel_ranges(rows, rows * channels, [=](int64_t begin, int64_t end) {
    affine_rows(begin, end, channels, relu != 0, x, scale, shift, residual, y);
  });
  return 0;
}

}  // namespace

int eider_channel_affine_f32(int64_t rows, int64_t channels, int relu, const float* x, const float* scale,
                             const float* shift, const float* residual, float* y) {
  return channel_affine(rows, channels, relu, x, scale, shift, residual, y);
}

int eider_channel_affine_bf16(int64_t rows, int64_t channels, int relu, const uint16_t* x, const float* scale,
                              const float* shift, const uint16_t* residual, uint16_t* y) {
  return channel_affine(rows, channels, relu, bfloats(x), scale, shift, bfloats(residual), bfloats(y));
}
