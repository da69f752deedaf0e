// 3x3 convolutions of bf16 images as products of matrix tiles: the loops of one thread. A product adds to 16 x 16 sums
// in f32 what 32 pairs of factors make; there are eight tiles for sums and factors, so sums are made 2 x 2 tiles at a
// time from two left factors and two right ones. For a tap s of a filter
//
//   y[q][k]     = sum_s sum_c x[q + s][c] w[k][s][c]     rows: pixels q, columns: outputs k, depth: (s, c)
//   gw[k][s][c] = sum_q g[q][k] x[q + s][c]              rows: outputs k, columns: inputs c, depth: pixels q
//
// A left factor has its depth in a row. x lies so as it is: with a frame of zeros the three taps of a row are one
// stretch of numbers. g is transposed once. A right factor has pairs of its depth side by side, which w, and x for each
// of the three taps in a row, become by interleaving rows; taps above and below are other addresses in these.
//
// This file is compiled twice, in a namespace of its own (EIDER_TILES) that has before:
//   Tiles   the eight tiles: zero<T>(), load<T>(p, stride in bytes), store<T>(p, stride), multiply<sums, left, right>()
//   Floats  16 of them
//   narrow  rounds them to bf16
// It includes nothing with functions that stay calls.

namespace eider::EIDER_TILES {

// ---- vectors ----

typedef uint16_t Words __attribute__((vector_size(32)));
typedef uint32_t Pairs __attribute__((vector_size(64)));
typedef uint64_t Quads __attribute__((vector_size(64)));
typedef Words UnalignedWords __attribute__((aligned(2), may_alias));
typedef Pairs UnalignedPairs __attribute__((aligned(2), may_alias));

EIDER_INLINE Words load_words(const uint16_t* p) { return *reinterpret_cast<const UnalignedWords*>(p); }
EIDER_INLINE Pairs load_pairs(const uint16_t* p) { return *reinterpret_cast<const UnalignedPairs*>(p); }
EIDER_INLINE void store_pairs(uint16_t* p, Pairs v) { *reinterpret_cast<UnalignedPairs*>(p) = v; }

// Rows of 16 numbers, two for each of the pairs' rows that are made, to rows of 16 pairs of a number and the one below
// it.
EIDER_INLINE void interleave(int64_t count, const uint16_t* rows, int64_t pitch, uint16_t* out) {
  for (int64_t i = 0; i < count; ++i, rows += 2 * pitch, out += kTileDepth) {
    store_pairs(out, (Pairs)__builtin_shufflevector(load_words(rows), load_words(rows + pitch), 0, 16, 1, 17, 2, 18, 3,
                                                    19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 11, 27, 12,
                                                    28, 13, 29, 14, 30, 15, 31));
  }
}

// 16 x 16 pairs, in four stages: each exchanges parts twice as far from one another as the one before.
EIDER_INLINE void transpose(const uint16_t* in, int64_t in_pitch, uint16_t* out, int64_t out_pitch) {
  Pairs a[16], b[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) a[i] = load_pairs(in + i * in_pitch);
#pragma GCC unroll 8
  for (int i = 0; i < 16; i += 2) {
    b[i] = __builtin_shufflevector(a[i], a[i + 1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
    b[i + 1] = __builtin_shufflevector(a[i], a[i + 1], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  }
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    const int from = i / 2 * 4 + i % 2, to = i / 2 * 4 + i % 2 * 2;
    const Quads first = (Quads)b[from], second = (Quads)b[from + 2];
    a[to] = (Pairs)__builtin_shufflevector(first, second, 0, 8, 2, 10, 4, 12, 6, 14);
    a[to + 1] = (Pairs)__builtin_shufflevector(first, second, 1, 9, 3, 11, 5, 13, 7, 15);
  }
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    const int from = i / 4 * 8 + i % 4;
    b[from] = __builtin_shufflevector(a[from], a[from + 4], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
    b[from + 4] =
        __builtin_shufflevector(a[from], a[from + 4], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  }
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    store_pairs(out + i * out_pitch,
                __builtin_shufflevector(b[i], b[i + 8], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27));
    store_pairs(out + (i + 8) * out_pitch,
                __builtin_shufflevector(b[i], b[i + 8], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31));
  }
}

// 16 sums, and an addend if there is one, rounded.
EIDER_INLINE void put(const float* sums, const uint16_t* addend, uint16_t* y) {
  Floats total = *reinterpret_cast<const Floats*>(sums);
  if (addend != nullptr) total += (Floats)(__builtin_convertvector(load_words(addend), Pairs) << 16);
  narrow(total, y);
}

EIDER_INLINE void copy(uint16_t* to, const uint16_t* from, int64_t count) { __builtin_memcpy(to, from, 2 * count); }
EIDER_INLINE void clear(uint16_t* p, int64_t count) { __builtin_memset(p, 0, 2 * count); }

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

// ---- gradient in the filters ----

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

}  // namespace eider::EIDER_TILES
