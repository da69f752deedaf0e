// Pooling over square windows of images, f32 or bf16, a channel by itself.
//   max_pool         y = the largest pixel of each window; place = where it stands in the window
//   pick_in_window   y = the pixel at that place of each window: max pooling's tangent
//   place_in_window  gx = sum of the g of all windows that hold the pixel at that place: its gradient
//
// Fused: the maximum with its place. Bytes: an image's element (4, bf16: 2) once and a result's 5 (3) once from memory;
// rows that windows share come from L2, the rest of what overlaps from L1. FLOPs: a comparison a place of a window and
// channel, an addition a value that is placed.
//
// A thread has 16 bytes of channels of one result (place_in_window: of one pixel), or one channel where channels or
// addresses are not multiples of that. It compares every place in turn with the one it was given, so neighbours read
// neighbours whatever the places are; and as the gradient walks the windows of its pixel, no two threads write one, and
// its sums are f32, in the order of the windows, rounded once.
//
// Limits: an image with its padding of fewer than 2^31 elements, fewer than 2^20 channels; n rows and tiles of 4 to 128
// columns < 2^31.
#include <cmath>
#include <type_traits>

#include "cuda/vectors.h"
#include "cuda_abi.h"
#include "rows/pool.h"

namespace {

using namespace eider;
using namespace eider::cuda;
using rows::bfloats;
using rows::Pool;

constexpr int kThreads = 128;

// How thread blocks lie over images: channels along a block's x, so many each, for as many threads as there are
// channels for, a power of two of at most a warp; pixels of one row along its y. Along the grid's x are the tiles of
// all images' rows, one row after the other, so that what rows share is near; along its y those of channels.
struct Tiles {
  Shape shape;
  int in_row;

  Tiles(int64_t n, int rows, int columns, int channels, int each) {
    unsigned width = 1;
    while (width * each < unsigned(channels) && width < kWarp) width *= 2;
    const unsigned height = kThreads / width;
    in_row = int(ceil_div(columns, height));
    shape = {grid_of(n * rows * in_row, ceil_div(channels, width * each)), dim3(width, height)};
  }
};

// A thread's channels of one pixel.
struct Spot {
  int64_t image;
  int row, column, channel;
  bool inside;

  __device__ __forceinline__ Spot(int tiles_in_row, int rows, int columns, int channels, int each) {
    const unsigned line = blockIdx.x / tiles_in_row;
    image = line / rows;
    row = int(line % rows);
    column = int((blockIdx.x - line * tiles_in_row) * blockDim.y + threadIdx.y);
    channel = int(blockIdx.y * blockDim.x + threadIdx.x) * each;
    inside = column < columns && channel < channels;
  }

  // Its offset in such images.
  __device__ __forceinline__ int64_t offset(int rows, int columns, int channels) const {
    return ((image * rows + row) * columns + column) * channels + channel;
  }
};

template <int kCount, class T>
__device__ __forceinline__ Floats<kCount> load_channels(const T* x) {
  if constexpr (kCount == 1) {
    return {float(x[0])};
  } else {
    return load(x);
  }
}

template <int kCount, class T>
__device__ __forceinline__ void store_channels(T* y, const Floats<kCount>& v) {
  if constexpr (kCount == 1) {
    y[0] = v.at[0];
  } else {
    store(y, v);
  }
}

// kCount places, a byte each.
template <int kCount>
struct Places {
  using Word = std::conditional_t<kCount == 8, uint64_t, std::conditional_t<kCount == 4, uint32_t, uint8_t>>;
  Word word;

  static __device__ __forceinline__ Places from(const uint8_t* place) { return {load_word<Word>(place)}; }
  __device__ __forceinline__ int at(int k) const { return int(word >> (8 * k) & 0xff); }
};

template <class T, int kCount>
__global__ void __launch_bounds__(kThreads, 8) max_pool(Pool pool, int tiles_in_row, const T* x, uint8_t* place, T* y) {
  const Spot spot(tiles_in_row, pool.rows, pool.columns, pool.channels, kCount);
  if (!spot.inside) return;
  const T* const image = x + spot.image * pool.height * pool.width * pool.channels + spot.channel;
  Floats<kCount> largest;
  int chosen[kCount];
  for (int k = 0; k < kCount; ++k) largest.at[k] = -INFINITY, chosen[k] = pool.first_place(spot.row, spot.column);
  pool.each_place(spot.row, spot.column, [&](int at, int pixel) {
    const Floats<kCount> v = load_channels<kCount>(image + int64_t(pixel) * pool.channels);
    for (int k = 0; k < kCount; ++k) {
      const bool takes = rows::takes_over(v.at[k], largest.at[k]);
      largest.at[k] = takes ? v.at[k] : largest.at[k];
      chosen[k] = takes ? at : chosen[k];
    }
  });
  typename Places<kCount>::Word word = 0;
  for (int k = 0; k < kCount; ++k) word |= typename Places<kCount>::Word(chosen[k]) << (8 * k);
  const int64_t result = spot.offset(pool.rows, pool.columns, pool.channels);
  store_channels(y + result, largest);
  store_word(place + result, word);
}

template <class T, int kCount>
__global__ void __launch_bounds__(kThreads, 8)
    pick_in_window(Pool pool, int tiles_in_row, const T* x, const uint8_t* place, T* y) {
  const Spot spot(tiles_in_row, pool.rows, pool.columns, pool.channels, kCount);
  if (!spot.inside) return;
  const T* const image = x + spot.image * pool.height * pool.width * pool.channels + spot.channel;
  const int64_t result = spot.offset(pool.rows, pool.columns, pool.channels);
  const auto places = Places<kCount>::from(place + result);
  Floats<kCount> picked{};
  pool.each_place(spot.row, spot.column, [&](int at, int pixel) {
    const Floats<kCount> v = load_channels<kCount>(image + int64_t(pixel) * pool.channels);
    for (int k = 0; k < kCount; ++k) picked.at[k] = places.at(k) == at ? v.at[k] : picked.at[k];
  });
  store_channels(y + result, picked);
}

template <class T, int kCount>
__global__ void __launch_bounds__(kThreads, 8)
    place_in_window(Pool pool, int tiles_in_row, const T* g, const uint8_t* place, T* gx) {
  const Spot spot(tiles_in_row, pool.height, pool.width, pool.channels, kCount);
  if (!spot.inside) return;
  const int64_t image = spot.image * pool.rows * pool.columns * pool.channels + spot.channel;
  Floats<kCount> sum{};
  pool.each_window(spot.row, spot.column, [&](int at, int result) {
    const int64_t from = image + int64_t(result) * pool.channels;
    const auto places = Places<kCount>::from(place + from);
    const Floats<kCount> v = load_channels<kCount>(g + from);
    for (int k = 0; k < kCount; ++k) sum.at[k] += places.at(k) == at ? v.at[k] : 0.0f;
  });
  store_channels(gx + spot.offset(pool.height, pool.width, pool.channels), sum);
}

// Launches a kernel for so many channels a thread as their number and the addresses allow, over such images.
template <class T, class From, class Place, class To>
int run(void (*wide)(Pool, int, From*, Place*, To*), void (*narrow)(Pool, int, From*, Place*, To*), int64_t n,
        const Pool& pool, int rows, int columns, From* from, Place* place, To* to, void* stream) {
  if (n < 0 || !pool.possible()) return cudaErrorInvalidValue;
  if (n == 0) return cudaSuccess;
  const bool whole = pool.channels % kEach<T> == 0 && aligned16(from) && aligned16(place) && aligned16(to);
  const Tiles tiles(n, rows, columns, pool.channels, whole ? kEach<T> : 1);
  return launch(whole ? wide : narrow, tiles.shape, stream, pool, tiles.in_row, from, place, to);
}

template <class T>
int run_max(int64_t n, const Pool& pool, const T* x, uint8_t* place, T* y, void* stream) {
  return run<T>(max_pool<T, kEach<T>>, max_pool<T, 1>, n, pool, pool.rows, pool.columns, x, place, y, stream);
}

template <class T>
int run_pick(int64_t n, const Pool& pool, const T* x, const uint8_t* place, T* y, void* stream) {
  return run<T>(pick_in_window<T, kEach<T>>, pick_in_window<T, 1>, n, pool, pool.rows, pool.columns, x, place, y,
                stream);
}

template <class T>
int run_place(int64_t n, const Pool& pool, const T* g, const uint8_t* place, T* gx, void* stream) {
  return run<T>(place_in_window<T, kEach<T>>, place_in_window<T, 1>, n, pool, pool.height, pool.width, g, place, gx,
                stream);
}

}  // namespace

int eider_cuda_max_pool_f32(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                            const float* x, uint8_t* place, float* y, void* stream) {
  return run_max(n, {height, width, channels, window, stride, padding}, x, place, y, stream);
}

int eider_cuda_max_pool_bf16(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                             const uint16_t* x, uint8_t* place, uint16_t* y, void* stream) {
  return run_max(n, {height, width, channels, window, stride, padding}, bfloats(x), place, bfloats(y), stream);
}

int eider_cuda_pick_in_window_f32(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                                  const float* x, const uint8_t* place, float* y, void* stream) {
  return run_pick(n, {height, width, channels, window, stride, padding}, x, place, y, stream);
}

int eider_cuda_pick_in_window_bf16(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                                   const uint16_t* x, const uint8_t* place, uint16_t* y, void* stream) {
  return run_pick(n, {height, width, channels, window, stride, padding}, bfloats(x), place, bfloats(y), stream);
}

int eider_cuda_place_in_window_f32(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                                   const float* g, const uint8_t* place, float* gx, void* stream) {
  return run_place(n, {height, width, channels, window, stride, padding}, g, place, gx, stream);
}

int eider_cuda_place_in_window_bf16(int64_t n, int height, int width, int channels, int window, int stride, int padding,
                                    const uint16_t* g, const uint8_t* place, uint16_t* gx, void* stream) {
  return run_place(n, {height, width, channels, window, stride, padding}, bfloats(g), place, bfloats(gx), stream);
}
