// What the parts of the convolution by matrix tiles share: tile_convolution.cpp gives out the work,
// tile_convolution_loops.h and tile_gradient_loops.h do it, with the processor's tiles or with arrays in their place.
#ifndef EIDER_CPU_TILE_CONVOLUTION_H
#define EIDER_CPU_TILE_CONVOLUTION_H

#include <cstdint>

#include "cpu/clones.h"

namespace eider {

// A tile has 16 rows of 64 bytes: 16 x 16 f32 sums, or factors that are 32 bf16 deep.
constexpr int64_t kTileRows = 16;
constexpr int64_t kTileDepth = 32;
constexpr int64_t kTileFloats = kTileRows * kTileRows;
constexpr int64_t kTileBFloats = kTileRows * kTileDepth;

EIDER_INLINE int64_t blocks_of(int64_t count, int64_t size) { return (count + size - 1) / size; }

// Images (count, height, width, channels) and how a 3x3 convolution of them is made of tiles.
struct TiledImages {
  int64_t height, width;

  EIDER_INLINE int64_t pixels() const { return height * width; }

  // ---- convolution: one row of a left factor is what one pixel's results are made of ----

  // A tile's 16 rows are neighbouring pixels; of narrow images several lie side by side.
  EIDER_INLINE int64_t abreast() const { return width > 0 && width < kTileRows ? kTileRows / width : 1; }
  // These images in a frame of zeros, and the pixels behind it that the last tile reads and does not use.
  EIDER_INLINE int64_t framed_pixels() const { return ((height + 2) * (width + 2) + kTileDepth) * abreast(); }

  // ---- gradient in the filters: depth is pixels ----

  // One image's pixels, up to whole tiles.
  EIDER_INLINE int64_t depth() const { return blocks_of(pixels(), kTileDepth) * kTileDepth; }
  // The same with a row of zeros above and below.
  EIDER_INLINE int64_t framed_depth() const { return blocks_of(pixels() + 2 * width, kTileDepth) * kTileDepth; }
};

// Whether tiles can be made of these: they are 32 numbers deep, which are inputs, or two pixels of 16 that lie in one
// image, so that none lie side by side. Pairs of pixels are what gradients add up, and end with a row.
EIDER_INLINE bool tileable(const TiledImages& images, int64_t inputs, int64_t outputs) {
  const bool paired = inputs == kTileRows && outputs == kTileRows && images.width >= kTileRows;
  return images.width % 2 == 0 && inputs > 0 && outputs > 0 &&
         (paired || (inputs % kTileDepth == 0 && outputs % kTileDepth == 0));
}

// Tiles of filters: pairs of them, rows of taps, steps of 32 numbers in a row of pixels. A pair makes 32 outputs of a
// pixel from the three around it, or, with 16 inputs, 16 outputs of two pixels from the two pairs around them.
EIDER_INLINE int64_t tile_steps(int64_t inputs) { return inputs == kTileRows ? 2 : 3 * inputs / kTileDepth; }
EIDER_INLINE int64_t tile_pairs(int64_t inputs, int64_t outputs) {
  return outputs / (inputs == kTileRows ? kTileRows : kTileDepth);
}
EIDER_INLINE int64_t tiled_filter(int64_t inputs, int64_t outputs) {
  return tile_pairs(inputs, outputs) * 3 * tile_steps(inputs) * 2 * kTileBFloats;
}

// ---- numbers of bf16 that a thread needs beside its operands ----

EIDER_INLINE int64_t convolution_bfloats(const TiledImages& images, int64_t inputs) {
  return images.framed_pixels() * inputs;
}

// One channel of a chunk's cotangents; an odd number of cache lines, so that 16 rows do not compete for the same sets.
EIDER_INLINE int64_t transposed_pitch(const TiledImages& images, int64_t count) {
  return (count * images.depth() / kTileDepth | 1) * kTileDepth;
}
// One tap of one block of a chunk's inputs.
EIDER_INLINE int64_t shifted_bfloats(const TiledImages& images, int64_t count) {
  return (count * images.framed_depth() + kTileDepth) * kTileRows;
}
// One row of an image between two pixels of zeros.
EIDER_INLINE int64_t framed_row(const TiledImages& images, int64_t channels) { return (images.width + 2) * channels; }
EIDER_INLINE int64_t gradient_bfloats(const TiledImages& images, int64_t count, int64_t inputs, int64_t outputs) {
  return framed_row(images, inputs) + 3 * inputs / kTileRows * shifted_bfloats(images, count) +
         transposed_pitch(images, count) * outputs;
}

#define EIDER_TILE_LOOPS                                                                                           \
  void tile_filters(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, const uint16_t* w, uint16_t* u);  \
  void tile_filters_rotated(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, const uint16_t* w,        \
                            uint16_t* u);                                                                          \
  void convolve(int64_t begin, int64_t end, int64_t n, const TiledImages& images, int64_t inputs, int64_t outputs, \
                const uint16_t* x, const uint16_t* u, const uint16_t* addend, uint16_t* y, uint16_t* workspace);   \
  void filter_gradient(int64_t begin, int64_t end, const TiledImages& images, int64_t inputs, int64_t outputs,     \
                       const uint16_t* x, const uint16_t* g, float* sums, uint16_t* workspace);                    \
  void finish_filter_gradient(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, int64_t chunks,         \
                              const float* sums, float* gw);

namespace amx {
EIDER_TILE_LOOPS
}
namespace arrays {
EIDER_TILE_LOOPS
}

#undef EIDER_TILE_LOOPS

}  // namespace eider

#endif
