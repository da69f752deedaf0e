// y = relu(x scale + shift + residual) over rows x channels: batch norm at inference, its statistics folded into scale
// and shift. Memory floor in units of 4 rows channels bytes: 2 (x, y), 3 with a residual.
#include "cpu/clones.h"
#include "cpu/panels.h"
#include "cpu/parallel.h"

namespace {

using namespace eider;

template <bool kRelu, bool kResidual>
EIDER_INLINE void affine(int64_t begin, int64_t end, int64_t channels, const float* x, const float* scale,
                         const float* shift, const float* residual, float* y) {
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

EIDER_CLONES void affine_rows(int64_t begin, int64_t end, int64_t channels, bool relu, const float* x,
                              const float* scale, const float* shift, const float* residual, float* y) {
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

}  // namespace

int eider_channel_affine_f32(int64_t rows, int64_t channels, int relu, const float* x, const float* scale,
                             const float* shift, const float* residual, float* y) {
  if (rows < 0 || channels < 1) return 1;
  parallel_ranges(rows, rows * channels, [=](int64_t begin, int64_t end) {
    affine_rows(begin, end, channels, relu != 0, x, scale, shift, residual, y);
  });
  return 0;
}
