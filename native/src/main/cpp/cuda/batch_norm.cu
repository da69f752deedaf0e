// Batch normalisation over rows x channels (rows = N*H*W): forward, gradient, tangent, with the residual add and the
// ReLU that follow it. Formulas: rows/batch_norm_rows.h; statistics as on the CPU: mean and squared deviations of each
// tile of rows, merged in f64 by Chan's rule, never E[x^2] - E[x]^2.
//
// Three launches each: partial results of every tile of rows; their merging, one small block a 32 channels; the
// elements.
//
// Fused: residual and ReLU into the last, and their masks into the first, which is legal because both are functions of
// one element.
//
// Not fused: the three, because an element needs its channel's sum over all rows, and a launch is the cheapest barrier
// of the whole device. Bytes, in units of rows channels elements of f32 or bf16 (+1 for a residual, read or written):
// forward 3 (x | x, y), gradient 5 (x gy | x gy, gx), with relu 7 (y twice), tangent 5, with relu 6; the first read of
// an array that fits L2 is the second's last. FLOPs an element: forward 7, gradient 9, tangent 9.
//
// Limits: rows < 2^35 at least, channels < 2^21.
#include <cmath>

#include "cuda/channels.h"
#include "cuda_abi.h"
#include "rows/batch_norm_rows.h"
#include "rows/bfloat16.h"

namespace {

using namespace eider;
using namespace eider::cuda;
using rows::bfloats;
using rows::ChannelLinear;

// Of every tile two results a channel; then three coefficients a channel.
struct Workspace {
  int64_t tiles, channels;
  float* partials;  // (tiles, 2, channels)
  float* linear;    // (3, channels)

  Workspace(int64_t row_count, int64_t channels, void* memory)
      : tiles(tile_count(row_count, channels)),
        channels(channels),
        partials(static_cast<float*>(memory)),
        linear(partials + 2 * tiles * channels) {}

  static int64_t bytes(int64_t row_count, int64_t channels) {
    return (2 * tile_count(row_count, channels) + 3) * channels * int64_t(sizeof(float));
  }

  __device__ __forceinline__ float& first(int64_t tile, int64_t channel) const {
    return partials[2 * tile * channels + channel];
  }
  __device__ __forceinline__ float& second(int64_t tile, int64_t channel) const {
    return partials[(2 * tile + 1) * channels + channel];
  }
  __device__ __forceinline__ void store(int64_t channel, const ChannelLinear<float>& c) const {
    linear[channel] = c.a;
    linear[channels + channel] = c.b;
    linear[2 * channels + channel] = c.c;
  }
  __device__ __forceinline__ ChannelLinear<float> load(int64_t channel) const {
    return {linear[channel], linear[channels + channel], linear[2 * channels + channel]};
  }
};

// ---- over the rows ----

// A tile's mean and sum of squared deviations from it, of values that stay in registers between the two. Relative to
// the tile's first row, so that a large mean costs no digits and a constant has none to lose.
template <class T>
__global__ void __launch_bounds__(kTileThreads, 2) tile_moments(int64_t row_count, const T* x, Workspace w) {
  EIDER_SHARED(float, scratch, kTileThreads);
  const Tile tile(row_count, w.channels);
  const float shift = tile.has_channel() ? x[tile.first_row() * w.channels + tile.channel] : 0.0f;
  float values[kTileRows];
  float sum = 0.0f;
  tile.each([&](int k, int64_t i) {
    values[k] = x[i] - shift;
    sum += values[k];
  });
  const float mean = column_sum(sum, scratch) / float(tile.row_count());
  float square = 0.0f;
  tile.each([&](int k, int64_t) {
    const float d = values[k] - mean;
    square += d * d;
  });
  square = column_sum(square, scratch);
  if (threadIdx.y == 0 && tile.has_channel()) {
    w.first(blockIdx.x, tile.channel) = shift + mean;
    w.second(blockIdx.x, tile.channel) = square;
  }
}

// A tile's sums of u and u (x - mean), where u is masked by y > 0 unless y is NULL, and then kept unless kept is NULL.
template <class T>
__global__ void __launch_bounds__(kTileThreads, 2)
    tile_sums(int64_t row_count, const T* x, const float* mean, const T* u, const T* y, T* kept, Workspace w) {
  EIDER_SHARED(float, scratch, kTileThreads);
  const Tile tile(row_count, w.channels);
  const float center = tile.has_channel() ? mean[tile.channel] : 0.0f;
  float plain = 0.0f, centered = 0.0f;
  tile.each([&](int, int64_t i) {
    const float v = y != nullptr && !(y[i] > 0.0f) ? 0.0f : u[i];
    if (kept != nullptr) kept[i] = v;
    plain += v;
    centered += v * (x[i] - center);
  });
  plain = column_sum(plain, scratch);
  centered = column_sum(centered, scratch);
  if (threadIdx.y == 0 && tile.has_channel()) {
    w.first(blockIdx.x, tile.channel) = plain;
    w.second(blockIdx.x, tile.channel) = centered;
  }
}

// ---- over the tiles: a block's column of threads shares them, and its first thread finishes the channel ----

// f(tile) added up over all tiles, for the thread's channel.
template <class F>
__device__ __forceinline__ double sum_over_tiles(int64_t tiles, bool has_channel, double* scratch, F f) {
  double sum = 0.0;
  for (int64_t tile = threadIdx.y; has_channel && tile < tiles; tile += blockDim.y) sum += f(tile);
  return column_sum(sum, scratch);
}

// Mean, biased variance, and what the forward pass multiplies by: rounded once, because its error is one of every
// element.
__global__ void __launch_bounds__(kTileThreads, 2)
    merge_moments(int64_t row_count, Workspace w, float epsilon, const float* gamma, float* mean, float* variance) {
  EIDER_SHARED(double, scratch, kTileThreads);
  const int64_t c = int64_t(blockIdx.x) * blockDim.x + threadIdx.x;
  const bool has_channel = c < w.channels;
  const int64_t height = kTileRows * int64_t(blockDim.y);
  const auto rows_of = [=](int64_t tile) {
    const int64_t left = row_count - tile * height;
    return double(left < height ? left : height);
  };
  const double center = sum_over_tiles(w.tiles, has_channel, scratch, [=](int64_t tile) {
    return rows_of(tile) / double(row_count) * double(w.first(tile, c));
  });
  const double square = sum_over_tiles(w.tiles, has_channel, scratch, [=](int64_t tile) {
    const double d = double(w.first(tile, c)) - center;
    return double(w.second(tile, c)) + rows_of(tile) * d * d;
  });
  if (threadIdx.y != 0 || !has_channel) return;
  const double exact = square / double(row_count);
  mean[c] = float(center);
  variance[c] = float(exact);
  w.linear[c] = float(double(gamma[c]) * rows::inverse_deviation(exact, double(epsilon)));
}

struct GradientChannel {
  int64_t row_count;
  float epsilon;
  const float *gamma, *variance;
  float *ggamma, *gbeta;

  __device__ __forceinline__ ChannelLinear<float> operator()(int64_t c, double plain, double centered) const {
    const float r = rows::inverse_deviation(variance[c], epsilon);
    const float of_beta = float(plain), of_gamma = float(centered) * r;
    gbeta[c] = of_beta;
    ggamma[c] = of_gamma;
    return rows::batch_norm_gradient_channel(float(row_count), gamma[c], r, of_gamma, of_beta);
  }
};

struct TangentChannel {
  int64_t row_count;
  float epsilon;
  const float *gamma, *variance, *tgamma, *tbeta;
  float *tmean, *tvariance;

  __device__ __forceinline__ ChannelLinear<float> operator()(int64_t c, double plain, double centered) const {
    const float r = rows::inverse_deviation(variance[c], epsilon);
    const float of_mean = float(plain / double(row_count)), of_variance = float(2.0 * centered / double(row_count));
    tmean[c] = of_mean;
    tvariance[c] = of_variance;
    return rows::batch_norm_tangent_channel(gamma[c], r, tgamma[c], tbeta[c], of_mean, of_variance);
  }
};

template <class Finish>
__global__ void __launch_bounds__(kTileThreads, 2) merge_sums(Workspace w, Finish finish) {
  EIDER_SHARED(double, scratch, kTileThreads);
  const int64_t c = int64_t(blockIdx.x) * blockDim.x + threadIdx.x;
  const bool has_channel = c < w.channels;
  const double plain =
      sum_over_tiles(w.tiles, has_channel, scratch, [=](int64_t tile) { return double(w.first(tile, c)); });
  const double centered =
      sum_over_tiles(w.tiles, has_channel, scratch, [=](int64_t tile) { return double(w.second(tile, c)); });
  if (threadIdx.y == 0 && has_channel) w.store(c, finish(c, plain, centered));
}

// ---- the elements ----

// y = relu(scale (x - mean) + beta + residual)
template <class T>
__global__ void __launch_bounds__(kTileThreads, 2)
    normalize(int64_t row_count, bool relu, const T* x, const float* mean, const float* beta, const T* residual, T* y,
              Workspace w) {
  const Tile tile(row_count, w.channels);
  if (!tile.has_channel()) return;
  const float center = mean[tile.channel], a = w.linear[tile.channel], b = beta[tile.channel];
  tile.each([=](int, int64_t i) {
    // Fused: a rounding less in what decides the sides of rectifiers.
    float v = rows::fused(a, x[i] - center, b);
    if (residual != nullptr) v += residual[i];
    if (relu) v = v < 0.0f ? 0.0f : v;
    y[i] = v;
  });
}

// out = a u + b (x - mean) + c (+ residual), u masked by mask_in > 0, the result by mask_out > 0, unless NULL.
template <class T>
__global__ void __launch_bounds__(kTileThreads, 2)
    apply_linear(int64_t row_count, const T* x, const float* mean, const T* u, const T* mask_in, const T* residual,
                 const T* mask_out, T* out, Workspace w) {
  const Tile tile(row_count, w.channels);
  if (!tile.has_channel()) return;
  const float center = mean[tile.channel];
  const ChannelLinear<float> k = w.load(tile.channel);
  tile.each([=](int, int64_t i) {
    const float v = mask_in != nullptr && !(mask_in[i] > 0.0f) ? 0.0f : u[i];
    float result = k.a * v + k.b * (x[i] - center) + k.c;
    if (residual != nullptr) result += residual[i];
    if (mask_out != nullptr) result = mask_out[i] > 0.0f ? result : 0.0f;
    out[i] = result;
  });
}

// The first launch that fails is the last.
template <class... Launches>
int in_turn(Launches... launches) {
  int error = cudaSuccess;
  ((error = error == cudaSuccess ? launches() : error), ...);
  return error;
}

template <class T>
int forward(int64_t row_count, int64_t channels, float epsilon, int relu, const T* x, const float* gamma,
            const float* beta, const T* residual, T* y, float* mean, float* variance, void* workspace, void* stream) {
  if (row_count < 1 || channels < 1) return cudaErrorInvalidValue;
  const Workspace w(row_count, channels, workspace);
  const Shape tiles = tile_shape(row_count, channels);
  return in_turn(
      [=] { return launch(tile_moments<T>, tiles, stream, row_count, x, w); },
      [=] {
        return launch(merge_moments, merge_shape(channels), stream, row_count, w, epsilon, gamma, mean, variance);
      },
      [=] { return launch(normalize<T>, tiles, stream, row_count, relu != 0, x, mean, beta, residual, y, w); });
}

template <class T>
int gradient(int64_t row_count, int64_t channels, float epsilon, int relu, const T* x, const T* y, const float* gamma,
             const float* mean, const float* variance, const T* gy, T* gx, float* ggamma, float* gbeta, T* gresidual,
             void* workspace, void* stream) {
  if (row_count < 1 || channels < 1) return cudaErrorInvalidValue;
  const Workspace w(row_count, channels, workspace);
  const Shape tiles = tile_shape(row_count, channels);
  const T* const mask = relu != 0 ? y : nullptr;
  // What the residual's cotangent holds after the first pass is gy masked, which rounds nothing: one array to read
  // instead of two, and gy itself may be overwritten by then.
  const T* const second_gy = gresidual != nullptr ? gresidual : gy;
  const T* const second_mask = gresidual != nullptr ? nullptr : mask;
  const GradientChannel finish{row_count, epsilon, gamma, variance, ggamma, gbeta};
  return in_turn([=] { return launch(tile_sums<T>, tiles, stream, row_count, x, mean, gy, mask, gresidual, w); },
                 [=] { return launch(merge_sums<GradientChannel>, merge_shape(channels), stream, w, finish); },
                 [=] {
                   return launch(apply_linear<T>, tiles, stream, row_count, x, mean, second_gy, second_mask, nullptr,
                                 nullptr, gx, w);
                 });
}

template <class T>
int tangent(int64_t row_count, int64_t channels, float epsilon, int relu, const T* x, const T* y, const float* gamma,
            const float* mean, const float* variance, const T* tx, const float* tgamma, const float* tbeta,
            const T* tresidual, T* ty, float* tmean, float* tvariance, void* workspace, void* stream) {
  if (row_count < 1 || channels < 1) return cudaErrorInvalidValue;
  const Workspace w(row_count, channels, workspace);
  const Shape tiles = tile_shape(row_count, channels);
  const T* const mask = relu != 0 ? y : nullptr;
  const TangentChannel finish{row_count, epsilon, gamma, variance, tgamma, tbeta, tmean, tvariance};
  return in_turn(
      [=] { return launch(tile_sums<T>, tiles, stream, row_count, x, mean, tx, nullptr, nullptr, w); },
      [=] { return launch(merge_sums<TangentChannel>, merge_shape(channels), stream, w, finish); },
      [=] { return launch(apply_linear<T>, tiles, stream, row_count, x, mean, tx, nullptr, tresidual, mask, ty, w); });
}

}  // namespace

int64_t eider_cuda_batch_norm_workspace(int64_t row_count, int64_t channels) {
  return row_count < 1 || channels < 1 ? 0 : Workspace::bytes(row_count, channels);
}

int eider_cuda_batch_norm_f32(int64_t row_count, int64_t channels, float epsilon, int relu, const float* x,
                              const float* gamma, const float* beta, const float* residual, float* y, float* mean,
                              float* variance, void* workspace, void* stream) {
  return forward(row_count, channels, epsilon, relu, x, gamma, beta, residual, y, mean, variance, workspace, stream);
}

int eider_cuda_batch_norm_bf16(int64_t row_count, int64_t channels, float epsilon, int relu, const uint16_t* x,
                               const float* gamma, const float* beta, const uint16_t* residual, uint16_t* y,
                               float* mean, float* variance, void* workspace, void* stream) {
  return forward(row_count, channels, epsilon, relu, bfloats(x), gamma, beta, bfloats(residual), bfloats(y), mean,
                 variance, workspace, stream);
}

int eider_cuda_batch_norm_gradient_f32(int64_t row_count, int64_t channels, float epsilon, int relu, const float* x,
                                       const float* y, const float* gamma, const float* mean, const float* variance,
                                       const float* gy, float* gx, float* ggamma, float* gbeta, float* gresidual,
                                       void* workspace, void* stream) {
  return gradient(row_count, channels, epsilon, relu, x, y, gamma, mean, variance, gy, gx, ggamma, gbeta, gresidual,
                  workspace, stream);
}

int eider_cuda_batch_norm_gradient_bf16(int64_t row_count, int64_t channels, float epsilon, int relu, const uint16_t* x,
                                        const uint16_t* y, const float* gamma, const float* mean, const float* variance,
                                        const uint16_t* gy, uint16_t* gx, float* ggamma, float* gbeta,
                                        uint16_t* gresidual, void* workspace, void* stream) {
  return gradient(row_count, channels, epsilon, relu, bfloats(x), bfloats(y), gamma, mean, variance, bfloats(gy),
                  bfloats(gx), ggamma, gbeta, bfloats(gresidual), workspace, stream);
}

int eider_cuda_batch_norm_tangent_f32(int64_t row_count, int64_t channels, float epsilon, int relu, const float* x,
                                      const float* y, const float* gamma, const float* mean, const float* variance,
                                      const float* tx, const float* tgamma, const float* tbeta, const float* tresidual,
                                      float* ty, float* tmean, float* tvariance, void* workspace, void* stream) {
  return tangent(row_count, channels, epsilon, relu, x, y, gamma, mean, variance, tx, tgamma, tbeta, tresidual, ty,
                 tmean, tvariance, workspace, stream);
}

int eider_cuda_batch_norm_tangent_bf16(int64_t row_count, int64_t channels, float epsilon, int relu, const uint16_t* x,
                                       const uint16_t* y, const float* gamma, const float* mean, const float* variance,
                                       const uint16_t* tx, const float* tgamma, const float* tbeta,
                                       const uint16_t* tresidual, uint16_t* ty, float* tmean, float* tvariance,
                                       void* workspace, void* stream) {
  return tangent(row_count, channels, epsilon, relu, bfloats(x), bfloats(y), gamma, mean, variance, bfloats(tx), tgamma,
                 tbeta, bfloats(tresidual), bfloats(ty), tmean, tvariance, workspace, stream);
}
