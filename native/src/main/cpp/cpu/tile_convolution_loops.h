// 3x3 convolutions of bf16 images as products of matrix tiles: the loops of one thread. A product adds to 16 x 16 sums
// in f32 what 32 pairs of factors make; there are eight tiles for sums and factors, so sums are made 2 x 2 tiles at a
// time from two left factors and two right ones. For a tap s of a filter
//
//   y[q][k]     = sum_s sum_c x[q + s][c] w[k][s][c]     rows: pixels q, columns: outputs k, depth: (s, c)
//
// A left factor has its depth in a row. x lies so as it is: with a frame of zeros the three taps of a row are one
// stretch of numbers. A right factor has pairs of its depth side by side, which w becomes by interleaving rows.
//
// Compiled once for each instruction set, in a namespace of its own (EIDER_ISA) that has before:
//   Tiles   the eight tiles: zero<T>(), load<T>(p, stride in bytes), store<T>(p, stride), multiply<sums, left, right>()
//   narrow  rounds 16 sums to bf16
// It includes nothing with functions that stay calls.
#ifndef EIDER_CPU_TILE_CONVOLUTION_LOOPS_H
#define EIDER_CPU_TILE_CONVOLUTION_LOOPS_H

#include "cpu/tile_vectors.h"

namespace eider::EIDER_ISA {

// ---- filters ----

// What a tile of filters multiplies: for each half of 32 numbers in a row of images, which tap of its row it meets, if
// any, and from which channel on.
struct Step {
  int64_t taps[2], channels[2];

  EIDER_INLINE bool meets(int64_t half) const { return taps[half] >= 0 && taps[half] < 3; }
};

// Of one of a pair of tiles. With 16 inputs a pair of pixels (0, 1) is made of the pairs (-1, 0) and (1, 2).
EIDER_INLINE Step step_of(int64_t inputs, int64_t step, int64_t tile) {
  if (inputs == kTileRows) return {{2 * step - tile, 2 * step + 1 - tile}, {0, 0}};
  const int64_t tap = step * kTileDepth / inputs, channel = step * kTileDepth % inputs;
  return {{tap, tap}, {channel, channel + kTileRows}};
}

// Calls body(first output, row of taps, step, tile of 32 x 16) for tile rows [begin, end) of pairs * 3.
template <class Body>
EIDER_INLINE void for_tiles(int64_t begin, int64_t end, int64_t inputs, uint16_t* u, Body body) {
  const int64_t steps = tile_steps(inputs);
  const bool paired = inputs == kTileRows;
  for (int64_t i = begin; i < end; ++i) {
    for (int64_t step = 0; step < steps; ++step) {
      for (int64_t tile = 0; tile < 2; ++tile) {
        const int64_t output = paired ? i / 3 * kTileRows : i / 3 * kTileDepth + tile * kTileRows;
        body(output, i % 3, step_of(inputs, step, tile), u + ((i * steps + step) * 2 + tile) * kTileBFloats);
      }
    }
  }
}

// Filters w (outputs, 3, 3, inputs) to tiles u (pairs, 3, steps, 2, 16 pairs of factors, 16 outputs): rows [begin, end)
// of pairs * 3.
void tile_filters(int64_t begin, int64_t end, int64_t inputs, int64_t, const uint16_t* w, uint16_t* u) {
  for_tiles(begin, end, inputs, u, [=](int64_t output, int64_t row, const Step& step, uint16_t* tile) EIDER_LAMBDA {
    alignas(64) uint16_t rows[kTileBFloats];
    clear(rows, kTileBFloats);
    for (int64_t k = 0; k < kTileRows; ++k) {
      for (int64_t half = 0; half < 2; ++half) {
        if (!step.meets(half)) continue;
        copy(rows + k * kTileDepth + half * kTileRows,
             w + (((output + k) * 3 + row) * 3 + step.taps[half]) * inputs + step.channels[half], kTileRows);
      }
    }
    transpose(rows, kTileDepth, tile, kTileDepth);
  });
}

// The same for the gradient in the inputs, which is a convolution with filters rotated by half a turn whose inputs are
// w's outputs: tiles u (pairs, 3, steps, 2, 16 pairs of factors, 16 inputs).
void tile_filters_rotated(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, const uint16_t* w, uint16_t* u) {
  for_tiles(begin, end, outputs, u, [=](int64_t input, int64_t row, const Step& step, uint16_t* tile) EIDER_LAMBDA {
    alignas(64) uint16_t rows[kTileBFloats];
    clear(rows, kTileBFloats);
    for (int64_t j = 0; j < kTileDepth; ++j) {
      const int64_t half = j / kTileRows, k = step.channels[half] + j % kTileRows;
      if (!step.meets(half)) continue;
      copy(rows + j * kTileRows, w + ((k * 3 + 2 - row) * 3 + 2 - step.taps[half]) * inputs + input, kTileRows);
    }
    interleave(kTileRows, rows, kTileRows, tile);
  });
}

// ---- convolution ----

// Images whose pixels of 16 channels are paired are images half as wide of 32; the frame begins with a single pixel.
struct Rows {
  TiledImages images;
  // Pixels of a row of all images that lie side by side, numbers of each, and tiles they make.
  int64_t pixels, depth, tiles;
  // In the frame: numbers from one row to the next, taps of a row, numbers from one to the next, steps in each.
  int64_t line, taps, tap, steps;

  EIDER_INLINE Rows(const TiledImages& framed, int64_t inputs) : images(framed) {
    const bool paired = inputs == kTileRows;
    line = (images.width + 2) * images.abreast() * inputs;
    if (paired) images.width /= 2;
    const int64_t abreast = paired ? 1 : images.abreast();
    pixels = images.width * abreast;
    depth = paired ? kTileDepth : inputs;
    tiles = blocks_of(pixels, kTileRows);
    taps = paired ? 2 : 3;
    tap = depth * abreast;
    steps = depth / kTileDepth;
  }
};

// Copies images into a frame, side by side.
EIDER_INLINE void frame(const TiledImages& images, int64_t count, int64_t channels, const uint16_t* x,
                        uint16_t* framed) {
  const int64_t abreast = images.abreast(), line = images.width * channels;
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t row = 0; row < images.height; ++row, x += line) {
      uint16_t* to = framed + (((row + 1) * (images.width + 2) + 1) * abreast + i) * channels;
      if (abreast == 1) {
        copy(to, x, line);
        continue;
      }
      for (int64_t c = 0; c < images.width; ++c) copy(to + c * abreast * channels, x + c * channels, channels);
    }
  }
}

// Sums of 2 x 2 tiles: of two left factors and a pair of filters, stored as 32 rows of 32.
EIDER_INLINE void product(Tiles& tiles, const Rows& rows, const uint16_t* first, const uint16_t* second,
                          const uint16_t* u, float* sums) {
  tiles.template zero<0>();
  tiles.template zero<1>();
  tiles.template zero<2>();
  tiles.template zero<3>();
  for (int64_t row = 0; row < 3; ++row) {
    for (int64_t tap = 0; tap < rows.taps; ++tap) {
      const int64_t at = row * rows.line + tap * rows.tap;
      for (int64_t step = 0; step < rows.steps; ++step, u += 2 * kTileBFloats) {
        tiles.template load<6>(u, 64);
        tiles.template load<7>(u + kTileBFloats, 64);
        tiles.template load<4>(first + at + step * kTileDepth, 2 * rows.depth);
        tiles.template multiply<0, 4, 6>();
        tiles.template multiply<1, 4, 7>();
        tiles.template load<5>(second + at + step * kTileDepth, 2 * rows.depth);
        tiles.template multiply<2, 5, 6>();
        tiles.template multiply<3, 5, 7>();
      }
    }
  }
  tiles.template store<0>(sums, 128);
  tiles.template store<1>(sums + kTileRows, 128);
  tiles.template store<2>(sums + 2 * kTileFloats, 128);
  tiles.template store<3>(sums + 2 * kTileFloats + kTileRows, 128);
}

// 16 sums, and an addend if there is one, rounded.
EIDER_INLINE void put(const float* sums, const uint16_t* addend, uint16_t* y) {
  Floats total = *reinterpret_cast<const Floats*>(sums);
  if (addend != nullptr) total += widen(load_words(addend));
  narrow(total, y);
}

// Puts the 16 x 32 sums of the tile with this number where they belong.
EIDER_INLINE void put_tile(const Rows& rows, int64_t number, int64_t count, int64_t outputs, const float* sums,
                           const uint16_t* addend, uint16_t* y) {
  const int64_t row = number / rows.tiles, first = number % rows.tiles * kTileRows;
  const int64_t abreast = rows.pixels / rows.images.width, remaining = rows.pixels - first;
  int64_t column = first / abreast, image = first % abreast;
  for (int64_t i = 0; i < kTileRows && i < remaining; ++i, sums += kTileDepth) {
    if (image < count) {
      const int64_t to = ((image * rows.images.height + row) * rows.images.width + column) * outputs;
      put(sums, addend ? addend + to : nullptr, y + to);
      put(sums + kTileRows, addend ? addend + to + kTileRows : nullptr, y + to + kTileRows);
    }
    if (++image == abreast) image = 0, ++column;
  }
}

// Groups [begin, end) of images that lie side by side, of y = conv(x, w) (+ addend). workspace: convolution_bfloats.
//
// What tiles store can be read again only when it has reached the cache, so sums are put where they belong after the
// next product.
void convolve(int64_t begin, int64_t end, int64_t n, const TiledImages& images, int64_t inputs, int64_t outputs,
              const uint16_t* x, const uint16_t* u, const uint16_t* addend, uint16_t* y, uint16_t* workspace) {
  if (begin == end) return;
  Tiles tiles;
  alignas(64) float sums[2][4 * kTileFloats];
  const Rows rows(images, inputs);
  const int64_t abreast = images.abreast(), columns = inputs == kTileRows ? kTileDepth : outputs;
  const int64_t all = images.height * rows.tiles, pair = 3 * tile_steps(inputs) * 2 * kTileBFloats;
  const auto left = [&](int64_t number) EIDER_LAMBDA {
    return workspace + number / rows.tiles * rows.line + number % rows.tiles * kTileRows * rows.depth;
  };
  clear(workspace, convolution_bfloats(images, inputs));
  for (int64_t group = begin; group < end; ++group) {
    const int64_t from = group * abreast, count = n - from < abreast ? n - from : abreast;
    const int64_t to = from * images.pixels() * outputs;
    frame(images, count, inputs, x + from * images.pixels() * inputs, workspace);
    for (int64_t k = 0; k < columns; k += kTileDepth) {
      const uint16_t* plus = addend ? addend + to + k : nullptr;
      // The second of an odd number of tiles is the first again.
      for (int64_t i = 0; i < all + 2; i += 2) {
        if (i < all) {
          product(tiles, rows, left(i), left(i + 1 < all ? i + 1 : i), u + k / kTileDepth * pair, sums[i / 2 % 2]);
        }
        for (int64_t j = i - 2; j >= 0 && j < i && j < all; ++j) {
          put_tile(rows, j, count, columns, sums[j / 2 % 2] + j % 2 * 2 * kTileFloats, plus, y + to + k);
        }
      }
    }
  }
}

}  // namespace eider::EIDER_ISA

#endif
