// What the parts of Winograd's convolution share: winograd.cpp gives out the work, winograd_tiles.h does it, once for
// each instruction set.
#ifndef EIDER_CPU_WINOGRAD_H
#define EIDER_CPU_WINOGRAD_H

#include <cstdint>

#include "cpu/clones.h"

namespace eider {

// Channels to a vector; numbers of channels are multiples of it.
constexpr int kWinogradLanes = 16;
// Tiles that are transformed, multiplied and transformed back together: with 16 channels all of it fits L1.
constexpr int kWinogradBatch = 16;

// One channel vector of one transformed tile, and what a batch of transformed tiles takes.
constexpr int64_t kWinogradTileFloats = 17 * kWinogradLanes;
EIDER_INLINE int64_t winograd_batch_floats(int64_t channels) {
  return channels / kWinogradLanes * kWinogradBatch * kWinogradTileFloats;
}

// Images (count, height, width, channels) and their results' 2x2 tiles.
struct WinogradImages {
  int64_t count, height, width;

  EIDER_INLINE int64_t tile_rows() const { return (height + 1) / 2; }
  EIDER_INLINE int64_t tile_columns() const { return (width + 1) / 2; }
  EIDER_INLINE int64_t tiles() const { return count * tile_rows() * tile_columns(); }
  EIDER_INLINE int64_t batches() const { return (tiles() + kWinogradBatch - 1) / kWinogradBatch; }
};

#define EIDER_WINOGRAD_LOOPS                                                                                       \
  void transform_filters(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, const float* w, float* u);   \
  void transform_filters_rotated(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, const float* w,      \
                                 float* u);                                                                        \
  void convolve(int64_t begin, int64_t end, const WinogradImages& images, int64_t inputs, int64_t outputs,         \
                const float* x, const float* u, const float* addend, float* y, float* workspace);                  \
  void accumulate_filter_gradient(int64_t begin, int64_t end, const WinogradImages& images, int64_t inputs,        \
                                  int64_t outputs, const float* x, const float* g, float* sums, float* workspace); \
  void finish_filter_gradient(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, int64_t chunks,         \
                              const float* sums, float* gw);

namespace avx512 {
EIDER_WINOGRAD_LOOPS
}
namespace baseline {
EIDER_WINOGRAD_LOOPS
}

#undef EIDER_WINOGRAD_LOOPS

}  // namespace eider

#endif
