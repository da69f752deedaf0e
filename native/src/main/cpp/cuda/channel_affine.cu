// y = relu(x scale + shift + residual) over rows x channels: batch norm at inference, its statistics folded into scale
// and shift, with the residual add and the ReLU, all functions of one element. Bytes, in units of 4 rows channels: 2
// (x, y), 3 with a residual; 3 FLOPs an element.
//
// Limits as batch_norm.cu.
#include "cuda/channels.h"
#include "cuda_abi.h"

namespace {

using namespace eider::cuda;

__global__ void __launch_bounds__(kTileThreads)
    affine(int64_t rows, int64_t channels, bool relu, const float* x, const float* scale, const float* shift,
           const float* residual, float* y) {
  const Tile tile(rows, channels);
  if (!tile.has_channel()) return;
  const float a = scale[tile.channel], b = shift[tile.channel];
  tile.each([=](int, int64_t i) {
    float v = a * x[i] + b;
    if (residual != nullptr) v += residual[i];
    if (relu) v = v < 0.0f ? 0.0f : v;
    y[i] = v;
  });
}

}  // namespace

int eider_cuda_channel_affine_f32(int64_t rows, int64_t channels, int relu, const float* x, const float* scale,
                                  const float* shift, const float* residual, float* y, void* stream) {
  if (rows < 0 || channels < 1) return cudaErrorInvalidValue;
  if (rows == 0) return cudaSuccess;
  return launch(affine, tile_shape(rows, channels), stream, rows, channels, relu != 0, x, scale, shift, residual, y);
}
