// How thread blocks lie over a matrix (rows, channels), channels contiguous: a block is a tile of `columns` channels by
// kTileThreads/columns threads, each with kTileRows rows of its channel, a tile's height apart. So neighbouring threads
// read neighbouring elements, with few channels across rows; what is a channel's is loaded once for kTileRows elements;
// and a tile's rows are decided by the number of channels alone, so sums over tiles have an order that shapes decide.
#ifndef EIDER_CUDA_CHANNELS_H
#define EIDER_CUDA_CHANNELS_H

#include "cuda/device.h"

namespace eider::cuda {

constexpr int kTileThreads = 256;
constexpr int kTileRows = 16;

// Channels of one tile: as many as there are, a power of two of at most a warp.
inline int tile_columns(int64_t channels) {
  int columns = 1;
  while (columns < channels && columns < kWarp) columns *= 2;
  return columns;
}

inline int64_t rows_per_tile(int64_t channels) { return kTileRows * (kTileThreads / tile_columns(channels)); }
inline int64_t tile_count(int64_t rows, int64_t channels) { return ceil_div(rows, rows_per_tile(channels)); }

// Tiles of rows along x, of channels along y.
inline Shape tile_shape(int64_t rows, int64_t channels) {
  const int columns = tile_columns(channels);
  return {grid_of(tile_count(rows, channels), ceil_div(channels, columns)), dim3(columns, kTileThreads / columns)};
}

// One block for every tile of channels, to add up what the tiles of rows found.
inline Shape merge_shape(int64_t channels) {
  const int columns = tile_columns(channels);
  return {grid_of(ceil_div(channels, columns)), dim3(columns, kTileThreads / columns)};
}

// A thread's place in its tile.
struct Tile {
  int64_t channels, channel, row, end;

  __device__ __forceinline__ Tile(int64_t rows, int64_t channels)
      : channels(channels), channel(int64_t(blockIdx.y) * blockDim.x + threadIdx.x) {
    const int64_t height = kTileRows * int64_t(blockDim.y), begin = blockIdx.x * height;
    row = begin + threadIdx.y;
    end = begin + height < rows ? begin + height : rows;
  }

  __device__ __forceinline__ bool has_channel() const { return channel < channels; }
  __device__ __forceinline__ int64_t first_row() const { return row - threadIdx.y; }
  __device__ __forceinline__ int64_t row_count() const { return end - first_row(); }

  // f(k, i) for the thread's elements i, its k-th rows.
  template <class F>
  __device__ __forceinline__ void each(F f) const {
    if (!has_channel()) return;
    for (int k = 0; k < kTileRows; ++k) {
      const int64_t r = row + k * int64_t(blockDim.y);
      if (r < end) f(k, r * channels + channel);
    }
  }
};

// Combines value over the threads of a column of the block, in an order that the block's height decides, and gives the
// result to all of them. scratch, of kTileThreads, may be used again by the next call.
template <class T, class Combine>
__device__ __forceinline__ T combined_in_column(T value, T* scratch, Combine combine) {
  const unsigned at = threadIdx.y * blockDim.x + threadIdx.x;
  // The call before may still be reading.
  __syncthreads();
  scratch[at] = value;
  for (unsigned half = blockDim.y / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.y < half) scratch[at] = combine(scratch[at], scratch[at + half * blockDim.x]);
  }
  __syncthreads();
  return scratch[threadIdx.x];
}

template <class T>
__device__ __forceinline__ T column_sum(T value, T* scratch) {
  return combined_in_column(value, scratch, [](T a, T b) { return a + b; });
}

}  // namespace eider::cuda

#endif
