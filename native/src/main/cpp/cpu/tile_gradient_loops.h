// The gradient of a 3x3 convolution of bf16 images in its filters as products of matrix tiles, 2 x 2 at a time like the
// convolution itself (tile_convolution_loops.h): the loops of one thread. For a tap s of a filter
//
//   gw[k][s][c] = sum_q g[q][k] x[q + s][c]              rows: outputs k, columns: inputs c, depth: pixels q
//
// A left factor has its depth in a row, so g is transposed once. A right factor has pairs of its depth side by side,
// which x becomes by interleaving rows, for each of the three taps in a row; taps above and below are other addresses
// in these.
//
// Compiled once for each instruction set, in a namespace of its own (EIDER_ISA) that has before:
//   Tiles   the eight tiles: zero<T>(), load<T>(p, stride in bytes), store<T>(p, stride), multiply<sums, left, right>()
// It includes nothing with functions that stay calls.
#ifndef EIDER_CPU_TILE_GRADIENT_LOOPS_H
#define EIDER_CPU_TILE_GRADIENT_LOOPS_H

#include "cpu/tile_vectors.h"

namespace eider::EIDER_ISA {

// x to pairs of neighbouring pixels, for each of the three taps in a row: right (3, inputs/16, shifted_bfloats). A row
// at a time goes between two pixels of zeros, framed_row.
EIDER_INLINE void shift(const TiledImages& images, int64_t count, int64_t inputs, const uint16_t* x, uint16_t* framed,
                        uint16_t* right) {
  const int64_t size = shifted_bfloats(images, count), across = inputs / kTileRows, line = images.width * inputs;
  const int64_t row_bfloats = images.width * kTileRows, image_bfloats = images.framed_depth() * kTileRows;
  clear(framed, framed_row(images, inputs));
  for (int64_t i = 0; i < count; ++i, right += image_bfloats) {
    for (int64_t row = 0; row < images.height; ++row, x += line) {
      copy(framed + inputs, x, line);
      for (int64_t block = 0; block < 3 * across; ++block) {
        interleave(images.width / 2, framed + block / across * inputs + block % across * kTileRows, inputs,
                   right + block * size + (row + 1) * row_bfloats);
      }
    }
    const int64_t filled = (images.height + 1) * row_bfloats;
    const int64_t behind = i + 1 == count ? kTileBFloats : 0;
    for (int64_t block = 0; block < 3 * across; ++block) {
      clear(right + block * size, row_bfloats);
      clear(right + block * size + filled, image_bfloats - filled + behind);
    }
  }
}

// g to rows of pixels: left (outputs, transposed_pitch).
EIDER_INLINE void transpose_images(const TiledImages& images, int64_t count, int64_t outputs, const uint16_t* g,
                                   uint16_t* left) {
  alignas(64) uint16_t rows[kTileBFloats], pairs[kTileBFloats];
  const int64_t pitch = transposed_pitch(images, count), pixels = images.pixels();
  for (int64_t i = 0; i < count; ++i, g += pixels * outputs, left += images.depth()) {
    for (int64_t k = 0; k < outputs; k += kTileRows) {
      for (int64_t q = 0; q < pixels; q += kTileDepth) {
        if (q + kTileDepth <= pixels) {
          interleave(kTileRows, g + q * outputs + k, outputs, pairs);
        } else {
          clear(rows, kTileBFloats);
          for (int64_t j = q; j < pixels; ++j) copy(rows + (j - q) * kTileRows, g + j * outputs + k, kTileRows);
          interleave(kTileRows, rows, kTileRows, pairs);
        }
        transpose(pairs, kTileDepth, left + k * pitch + q, pitch);
      }
    }
  }
}

// 2 x 2 tiles of outputs and inputs for one tap.
EIDER_INLINE void correlate(Tiles& tiles, const TiledImages& images, int64_t count, const uint16_t* left, int64_t pitch,
                            const uint16_t* right, int64_t size) {
  tiles.template zero<0>();
  tiles.template zero<1>();
  tiles.template zero<2>();
  tiles.template zero<3>();
  for (int64_t i = 0; i < count; ++i, right += images.framed_depth() * kTileRows) {
    const uint16_t* from = right;
    for (int64_t q = 0; q < images.depth(); q += kTileDepth, left += kTileDepth, from += kTileBFloats) {
      tiles.template load<6>(from, 64);
      tiles.template load<7>(from + size, 64);
      tiles.template load<4>(left, 2 * pitch);
      tiles.template multiply<0, 4, 6>();
      tiles.template multiply<1, 4, 7>();
      tiles.template load<5>(left + kTileRows * pitch, 2 * pitch);
      tiles.template multiply<2, 5, 6>();
      tiles.template multiply<3, 5, 7>();
    }
  }
}

// One tile of outputs and inputs for the three taps of a row.
EIDER_INLINE void correlate_row(Tiles& tiles, const TiledImages& images, int64_t count, const uint16_t* left,
                                int64_t pitch, const uint16_t* right, int64_t size) {
  tiles.template zero<0>();
  tiles.template zero<1>();
  tiles.template zero<2>();
  for (int64_t i = 0; i < count; ++i, right += images.framed_depth() * kTileRows) {
    const uint16_t* from = right;
    for (int64_t q = 0; q < images.depth(); q += kTileDepth, left += kTileDepth, from += kTileBFloats) {
      tiles.template load<4>(left, 2 * pitch);
      tiles.template load<5>(from, 64);
      tiles.template multiply<0, 4, 5>();
      tiles.template load<6>(from + size, 64);
      tiles.template multiply<1, 4, 6>();
      tiles.template load<7>(from + 2 * size, 64);
      tiles.template multiply<2, 4, 7>();
    }
  }
}

// The part of images [begin, end) in the gradient: sums (9, outputs/16, inputs/16, 16, 16). workspace:
// gradient_bfloats.
void filter_gradient(int64_t begin, int64_t end, const TiledImages& images, int64_t inputs, int64_t outputs,
                     const uint16_t* x, const uint16_t* g, float* sums, uint16_t* workspace) {
  Tiles tiles;
  const int64_t count = end - begin, pixels = images.pixels(), across = inputs / kTileRows;
  const int64_t size = shifted_bfloats(images, count), pitch = transposed_pitch(images, count);
  uint16_t* right = workspace + framed_row(images, inputs);
  uint16_t* left = right + 3 * across * size;
  shift(images, count, inputs, x + begin * pixels * inputs, workspace, right);
  transpose_images(images, count, outputs, g + begin * pixels * outputs, left);

  const int64_t tap_floats = outputs * inputs;
  const bool pairwise = inputs % kTileDepth == 0;
  for (int64_t k = 0; k < outputs; k += pairwise ? kTileDepth : kTileRows) {
    for (int64_t c = 0; c < across; c += pairwise ? 2 : 1) {
      float* out = sums + (k / kTileRows * across + c) * kTileFloats;
      for (int64_t row = 0; row < 3; ++row) {
        const uint16_t* above = right + c * size + row * images.width * kTileRows;
        if (!pairwise) {
          correlate_row(tiles, images, count, left + k * pitch, pitch, above, across * size);
          tiles.template store<0>(out + row * 3 * tap_floats, 64);
          tiles.template store<1>(out + (row * 3 + 1) * tap_floats, 64);
          tiles.template store<2>(out + (row * 3 + 2) * tap_floats, 64);
          continue;
        }
        for (int64_t tap = 0; tap < 3; ++tap) {
          float* to = out + (row * 3 + tap) * tap_floats;
          correlate(tiles, images, count, left + k * pitch, pitch, above + tap * across * size, size);
          tiles.template store<0>(to, 64);
          tiles.template store<1>(to + kTileFloats, 64);
          tiles.template store<2>(to + across * kTileFloats, 64);
          tiles.template store<3>(to + (across + 1) * kTileFloats, 64);
        }
      }
    }
  }
}

// gw (outputs, 3, 3, inputs) from the sums of all chunks, added in order: rows [begin, end) of outputs * 9.
void finish_filter_gradient(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, int64_t chunks,
                            const float* sums, float* gw) {
  const int64_t across = inputs / kTileRows, chunk_floats = 9 * outputs * inputs;
  for (int64_t i = begin; i < end; ++i) {
    const int64_t k = i / 9, tap = i % 9;
    const float* first =
        sums + tap * outputs * inputs + k / kTileRows * across * kTileFloats + k % kTileRows * kTileRows;
    float* to = gw + i * inputs;
    for (int64_t block = 0; block < across; ++block, to += kTileRows) {
      float total[kTileRows];
      const float* from = first + block * kTileFloats;
      for (int64_t c = 0; c < kTileRows; ++c) total[c] = from[c];
      for (int64_t chunk = 1; chunk < chunks; ++chunk) {
        from += chunk_floats;
        for (int64_t c = 0; c < kTileRows; ++c) total[c] += from[c];
      }
      for (int64_t c = 0; c < kTileRows; ++c) to[c] = total[c];
    }
  }
}

}  // namespace eider::EIDER_ISA

#endif
