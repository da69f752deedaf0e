// y = relu(x scale + shift + residual) over rows x channels: batch norm at inference, its statistics folded into scale
// and shift, with the residual add and the ReLU, all functions of one element. Bytes, in units of rows channels
// elements of f32 or bf16: 2 (x, y), 3 with a residual; 3 FLOPs an element.
//
// Limits as batch_norm.cu.
#include "cuda/channels.h"
#include "cuda_abi.h"
#include "rows/bfloat16.h"

namespace {

using namespace eider;
using namespace eider::cuda;
using rows::bfloats;

template <class T>
__global__ void __launch_bounds__(kTileThreads)
    affine(int64_t row_count, int64_t channels, bool relu, const T* x, const float* scale, const float* shift,
           const T* residual, T* y) {
  const Tile tile(row_count, channels);
  if (!tile.has_channel()) return;
  const float a = scale[tile.channel], b = shift[tile.channel];
  tile.each([=](int, int64_t i) {
    float v = a * x[i] + b;
    if (residual != nullptr) v += residual[i];
    if (relu) v = v < 0.0f ? 0.0f : v;
    y[i] = v;
  });
}

template <class T>
int run(int64_t row_count, int64_t channels, int relu, const T* x, const float* scale, const float* shift,
        const T* residual, T* y, void* stream) {
  if (row_count < 0 || channels < 1) return cudaErrorInvalidValue;
  if (row_count == 0) return cudaSuccess;
  return launch(affine<T>, tile_shape(row_count, channels), stream, row_count, channels, relu != 0, x, scale, shift,
                residual, y);
}

}  // namespace

int eider_cuda_channel_affine_f32(int64_t row_count, int64_t channels, int relu, const float* x, const float* scale,
                                  const float* shift, const float* residual, float* y, void* stream) {
  return run(row_count, channels, relu, x, scale, shift, residual, y, stream);
}

int eider_cuda_channel_affine_bf16(int64_t row_count, int64_t channels, int relu, const uint16_t* x, const float* scale,
                                   const float* shift, const uint16_t* residual, uint16_t* y, void* stream) {
  return run(row_count, channels, relu, bfloats(x), scale, shift, bfloats(residual), bfloats(y), stream);
}
