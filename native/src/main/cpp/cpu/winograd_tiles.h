// Winograd's F(2x2, 3x3) (Lavin and Gray 2016) on NHWC images, 16 channels to a vector: the loops of one thread. With
//
//   Y = A' ((G w G') . (B' d B)) A          . element by element, ' transposed
//
//       | 1  0 -1  0 |        | 1   0   0  |
//   B'= | 0  1  1  0 |    G = | 1/2 1/2 1/2|    A'= | 1 1  1  0 |
//       | 0 -1  1  0 |        | 1/2-1/2 1/2|        | 0 1 -1 -1 |
//       | 0  1  0 -1 |        | 0   0   1  |
//
// a 2x2 tile of results comes from the 4x4 tile d of inputs around it by 16 multiplications for each pair of channels
// instead of 36. The 16 positions of a transformed tile are independent products of matrices (tiles x inputs) (inputs x
// outputs). Sums are as long as the number of inputs, not 9 times it, which is why rounding errors are no larger than a
// direct convolution's.
//
// This file is compiled once for each instruction set, in a namespace of its own (EIDER_ISA) and under a target pragma;
// it therefore includes nothing with functions that stay calls. EIDER_MULTIPLY_ADD(a, b, c) is what that instruction
// set has for a b + c.
#include <cstdint>

#include "cpu/clones.h"
#include "cpu/winograd.h"

namespace eider::EIDER_ISA {

constexpr int kLanes = kWinogradLanes;

typedef float Vector __attribute__((vector_size(4 * kLanes)));
typedef float UnalignedVector __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));

EIDER_INLINE Vector load(const float* p) { return *reinterpret_cast<const UnalignedVector*>(p); }
EIDER_INLINE void store(float* p, Vector v) { *reinterpret_cast<UnalignedVector*>(p) = v; }
EIDER_INLINE Vector broadcast(float s) { return Vector{s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s}; }

EIDER_INLINE Vector multiply_add(Vector a, Vector b, Vector c) { return EIDER_MULTIPLY_ADD(a, b, c); }

// ---- the transforms in one dimension ----

struct Two {
  Vector at[2];
};
struct Three {
  Vector at[3];
};
struct Four {
  Vector at[4];
};

// B'
EIDER_INLINE Four input_side(Vector d0, Vector d1, Vector d2, Vector d3) {
  return {{d0 - d2, d1 + d2, d2 - d1, d1 - d3}};
}
// A'
EIDER_INLINE Two output_side(Vector m0, Vector m1, Vector m2, Vector m3) { return {{m0 + m1 + m2, m1 - m2 - m3}}; }
// A
EIDER_INLINE Four output_side_adjoint(Vector y0, Vector y1) { return {{y0, y0 + y1, y0 - y1, -y1}}; }
// G
EIDER_INLINE Four filter_side(Vector w0, Vector w1, Vector w2) {
  const Vector half = broadcast(0.5f), even = half * (w0 + w2), odd = half * w1;
  return {{w0, even + odd, even - odd, w2}};
}
// G'
EIDER_INLINE Three filter_side_adjoint(Vector u0, Vector u1, Vector u2, Vector u3) {
  const Vector half = broadcast(0.5f), sum = half * (u1 + u2), difference = half * (u1 - u2);
  return {{u0 + sum, difference, sum + u3}};
}

// ---- which tiles ----

// Consecutive tiles of one row of tiles, the first of them at `slot` of a batch.
struct Run {
  int64_t image, row, column, length, slot;
};

// body(run) for the runs that make up a batch of at most `tiles` tiles from number `first` on.
template <class Body>
EIDER_INLINE void for_runs(const WinogradImages& images, int64_t first, int64_t tiles, Body body) {
  const int64_t columns = images.tile_columns(), rows = images.tile_rows(), all = images.tiles();
  Run run{first / (rows * columns), first / columns % rows, first % columns, 0, 0};
  for (int64_t left = all - first < tiles ? all - first : tiles; left > 0; left -= run.length) {
    run.length = columns - run.column < left ? columns - run.column : left;
    body(run);
    run.slot += run.length;
    run.column = 0;
    if (++run.row == rows) run.row = 0, ++run.image;
  }
}

// ---- into the transformed domain ----

// A transformed batch is (channels/16, batch, 17, 16): one channel vector of one tile is 16 positions side by side, so
// that every loop here addresses them by constants; the 17th is never touched and keeps the same position of several
// tiles from competing for one set of the cache.
constexpr int64_t kTile = kWinogradTileFloats;

// B' d B of a run's tiles, for one vector of channels. A column of pixels is transformed once for the two tiles that
// share it; rows outside the image are read from a vector of zeros that is not stepped through.
EIDER_INLINE void transform_inputs(const WinogradImages& images, int64_t channels, const float* x, const Run& run,
                                   float* transformed) {
  alignas(64) static const float zeros[kLanes] = {};
  const float* rows[4];
  int64_t steps[4];
  for (int i = 0; i < 4; ++i) {
    const int64_t row = 2 * run.row - 1 + i;
    const bool inside = row >= 0 && row < images.height;
    rows[i] = inside ? x + (run.image * images.height + row) * images.width * channels : zeros;
    steps[i] = inside ? channels : 0;
  }
  const auto column = [&](int64_t at) EIDER_LAMBDA {
    if (at < 0 || at >= images.width) return Four{};
    return input_side(load(rows[0] + at * steps[0]), load(rows[1] + at * steps[1]), load(rows[2] + at * steps[2]),
                      load(rows[3] + at * steps[3]));
  };
  Four first = column(2 * run.column - 1), second = column(2 * run.column);
  for (int64_t i = 0; i < run.length; ++i) {
    const int64_t at = 2 * (run.column + i);
    const Four third = column(at + 1), fourth = column(at + 2);
    float* out = transformed + (run.slot + i) * kTile;
    for (int r = 0; r < 4; ++r) {
      const Four line = input_side(first.at[r], second.at[r], third.at[r], fourth.at[r]);
      for (int c = 0; c < 4; ++c) store(out + (4 * r + c) * kLanes, line.at[c]);
    }
    first = third;
    second = fourth;
  }
}

// A g A' of a run's 2x2 tiles of cotangents, for one vector of channels; pixels outside the image count as zero.
EIDER_INLINE void transform_cotangents(const WinogradImages& images, int64_t channels, const float* g, const Run& run,
                                       float* transformed) {
  const float* top = g + (run.image * images.height + 2 * run.row) * images.width * channels;
  const bool below = 2 * run.row + 1 < images.height;
  for (int64_t i = 0; i < run.length; ++i) {
    const int64_t at = 2 * (run.column + i);
    const bool right = at + 1 < images.width;
    const float* here = top + at * channels;
    const float* under = here + images.width * channels;
    const Four left = output_side_adjoint(load(here), below ? load(under) : Vector{});
    const Four other =
        right ? output_side_adjoint(load(here + channels), below ? load(under + channels) : Vector{}) : Four{};
    float* out = transformed + (run.slot + i) * kTile;
    for (int r = 0; r < 4; ++r) {
      const Four line = output_side_adjoint(left.at[r], other.at[r]);
      for (int c = 0; c < 4; ++c) store(out + (4 * r + c) * kLanes, line.at[c]);
    }
  }
}

// G w G' of filters w (9 positions, `tap_stride` apart) for one vector of whatever is contiguous; rotated by half a
// turn if `rotated`.
EIDER_INLINE void transform_filter(const float* w, int64_t tap_stride, bool rotated, float* out, int64_t out_stride) {
  const auto tap = [=](int r, int c)
                       EIDER_LAMBDA { return load(w + (rotated ? 8 - (3 * r + c) : 3 * r + c) * tap_stride); };
  Four columns[3];
  for (int c = 0; c < 3; ++c) columns[c] = filter_side(tap(0, c), tap(1, c), tap(2, c));
  for (int r = 0; r < 4; ++r) {
    const Four line = filter_side(columns[0].at[r], columns[1].at[r], columns[2].at[r]);
    for (int c = 0; c < 4; ++c) store(out + (4 * r + c) * out_stride, line.at[c]);
  }
}

// ---- products ----

// m[t][k] = sum_c v[t][c] u[c][k] for kTiles tiles and kVectors vectors of k, which stay in registers.
template <int kTiles, int kVectors>
EIDER_INLINE void product(int64_t inputs, const float* v, const float* u, float* m) {
  constexpr int kBatch = kWinogradBatch;
  Vector sums[kTiles][kVectors];
#pragma GCC unroll 16
  for (int t = 0; t < kTiles; ++t) {
#pragma GCC unroll 4
    for (int k = 0; k < kVectors; ++k) sums[t][k] = Vector{};
  }
  for (int64_t block = 0; block < inputs; block += kLanes, v += kBatch * kTile, u += kLanes * kLanes) {
#pragma GCC unroll 1
    for (int c = 0; c < kLanes; ++c) {
      Vector filters[kVectors];
#pragma GCC unroll 4
      for (int k = 0; k < kVectors; ++k) filters[k] = load(u + (k * inputs + c) * kLanes);
#pragma GCC unroll 16
      for (int t = 0; t < kTiles; ++t) {
        const Vector input = broadcast(v[t * kTile + c]);
#pragma GCC unroll 4
        for (int k = 0; k < kVectors; ++k) sums[t][k] = multiply_add(input, filters[k], sums[t][k]);
      }
    }
  }
#pragma GCC unroll 16
  for (int t = 0; t < kTiles; ++t) {
#pragma GCC unroll 4
    for (int k = 0; k < kVectors; ++k) store(m + (k * kBatch + t) * kTile, sums[t][k]);
  }
}

// The 16 products of a batch, with u (16, outputs/16, inputs, 16). If all outputs fit one round, m may be v.
template <int kVectors>
EIDER_INLINE void products(int64_t inputs, int64_t outputs, const float* v, const float* u, float* m) {
  constexpr int kBatch = kWinogradBatch, kTiles = 16 / kVectors;
  for (int position = 0; position < 16; ++position) {
    for (int64_t k = 0; k < outputs; k += kVectors * kLanes) {
      for (int t = 0; t < kBatch; t += kTiles) {
        product<kTiles, kVectors>(inputs, v + t * kTile + position * kLanes, u + (position * outputs + k) * inputs,
                                  m + (k / kLanes * kBatch + t) * kTile + position * kLanes);
      }
    }
  }
}

// sums[k][c] += sum_t z[t][k] v[t][c] for 16 k and one vector of c.
EIDER_INLINE void outer_product(const float* v, const float* z, float* sums) {
  Vector block[kLanes];
#pragma GCC unroll 16
  for (int k = 0; k < kLanes; ++k) block[k] = load(sums + k * kLanes);
#pragma GCC unroll 1
  for (int t = 0; t < kWinogradBatch; ++t) {
    const Vector input = load(v + t * kTile);
#pragma GCC unroll 16
    for (int k = 0; k < kLanes; ++k) block[k] = multiply_add(broadcast(z[t * kTile + k]), input, block[k]);
  }
#pragma GCC unroll 16
  for (int k = 0; k < kLanes; ++k) store(sums + k * kLanes, block[k]);
}

// ---- back ----

// A' m A of a run's tiles for one vector of channels, plus an addend of y's shape if there is one.
EIDER_INLINE void transform_outputs(const WinogradImages& images, int64_t channels, const float* m, const Run& run,
                                    const float* addend, float* y) {
  const int64_t line = images.width * channels;
  const bool below = 2 * run.row + 1 < images.height;
  int64_t at = (run.image * images.height + 2 * run.row) * line + 2 * run.column * channels;
  const auto put = [=](int64_t to, Vector v) EIDER_LAMBDA { store(y + to, addend ? v + load(addend + to) : v); };
  for (int64_t i = 0; i < run.length; ++i, at += 2 * channels) {
    const float* tile = m + (run.slot + i) * kTile;
    Two columns[4];
    for (int c = 0; c < 4; ++c) {
      columns[c] = output_side(load(tile + c * kLanes), load(tile + (4 + c) * kLanes), load(tile + (8 + c) * kLanes),
                               load(tile + (12 + c) * kLanes));
    }
    const Two top = output_side(columns[0].at[0], columns[1].at[0], columns[2].at[0], columns[3].at[0]);
    const Two bottom = output_side(columns[0].at[1], columns[1].at[1], columns[2].at[1], columns[3].at[1]);
    const bool right = 2 * (run.column + i) + 1 < images.width;
    put(at, top.at[0]);
    if (right) put(at + channels, top.at[1]);
    if (below) put(at + line, bottom.at[0]);
    if (below && right) put(at + line + channels, bottom.at[1]);
  }
}

// ---- what a thread does ----

// Asks for two lines of pixels of a run's tiles, from `below` lines under their results' first one: while a batch is
// multiplied nothing else waits for memory. Of a tile's four lines of inputs the upper two are the lower of the tile
// above.
template <bool kToWrite>
EIDER_INLINE void prefetch(const WinogradImages& images, int64_t channels, const Run& run, int64_t below,
                           const float* p) {
  const int64_t line = images.width * channels, column = 2 * run.column, first = 2 * run.row + below;
  const int64_t pixels = 2 * run.length < images.width - column ? 2 * run.length : images.width - column;
  const int64_t lines = first + 1 < images.height ? 2 : images.height - first;
  const float* top = p + (run.image * images.height + first) * line + column * channels;
  for (int64_t i = 0; i < lines; ++i) {
    for (int64_t j = 0; j < pixels * channels; j += kLanes) __builtin_prefetch(top + i * line + j, kToWrite);
  }
}

// Filters w (outputs, 3, 3, inputs) to u (16, outputs/16, inputs, 16), 16 x 16 channels at a time: blocks [begin, end)
// of outputs/16 * inputs/16.
void transform_filters(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, const float* w, float* u) {
  alignas(64) float tile[kLanes][16][kLanes];
  const int64_t across = inputs / kLanes;
  for (int64_t block = begin; block < end; ++block) {
    const int64_t k = block / across * kLanes, c = block % across * kLanes;
    for (int i = 0; i < kLanes; ++i) {
      transform_filter(w + (k + i) * 9 * inputs + c, inputs, false, tile[i][0], kLanes);
    }
    for (int position = 0; position < 16; ++position) {
      float* out = u + (position * outputs + k) * inputs + c * kLanes;
      for (int j = 0; j < kLanes; ++j) {
        for (int i = 0; i < kLanes; ++i) out[j * kLanes + i] = tile[i][position][j];
      }
    }
  }
}

// The same for the gradient in the inputs, which is a convolution with filters rotated by half a turn whose inputs are
// w's outputs: u (16, inputs/16, outputs, 16).
void transform_filters_rotated(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, const float* w, float* u) {
  const int64_t across = inputs / kLanes;
  for (int64_t block = begin; block < end; ++block) {
    const int64_t k = block / across * kLanes, c = block % across * kLanes;
    for (int i = 0; i < kLanes; ++i) {
      transform_filter(w + (k + i) * 9 * inputs + c, inputs, true, u + c * outputs + (k + i) * kLanes,
                       inputs * outputs);
    }
  }
}

// Batches [begin, end) of y = conv(x, w) (+ addend). workspace: a batch's.
void convolve(int64_t begin, int64_t end, const WinogradImages& images, int64_t inputs, int64_t outputs, const float* x,
              const float* u, const float* addend, float* y, float* workspace) {
  constexpr int kBatch = kWinogradBatch;
  float* v = workspace;
  // Where they can, results take the place of what they came from: 16 channels then work in 17 KiB.
  float* m = outputs <= 4 * kLanes && outputs <= inputs ? v : v + inputs / kLanes * kBatch * kTile;
  for (int64_t batch = begin; batch < end; ++batch) {
    for_runs(images, batch * kBatch, kBatch, [&](const Run& run) EIDER_LAMBDA {
      for (int64_t c = 0; c < inputs; c += kLanes) {
        transform_inputs(images, inputs, x + c, run, v + c / kLanes * kBatch * kTile);
      }
    });
    for_runs(images, batch * kBatch, kBatch,
             [&](const Run& run) EIDER_LAMBDA { prefetch<true>(images, outputs, run, 0, y); });
    for_runs(images, (batch + 1) * kBatch, kBatch,
             [&](const Run& run) EIDER_LAMBDA { prefetch<false>(images, inputs, run, 1, x); });
    if (outputs % (4 * kLanes) == 0) {
      products<4>(inputs, outputs, v, u, m);
    } else if (outputs % (2 * kLanes) == 0) {
      products<2>(inputs, outputs, v, u, m);
    } else {
      products<1>(inputs, outputs, v, u, m);
    }
    for_runs(images, batch * kBatch, kBatch, [&](const Run& run) EIDER_LAMBDA {
      for (int64_t k = 0; k < outputs; k += kLanes) {
        transform_outputs(images, outputs, m + k / kLanes * kBatch * kTile, run, addend ? addend + k : nullptr, y + k);
      }
    });
  }
}

// Batches [begin, end) of the transformed filter gradient: sums (16, inputs/16, outputs, 16), which start at zero.
// workspace: a batch's.
void accumulate_filter_gradient(int64_t begin, int64_t end, const WinogradImages& images, int64_t inputs,
                                int64_t outputs, const float* x, const float* g, float* sums, float* workspace) {
  constexpr int kBatch = kWinogradBatch;
  float* v = workspace;
  float* z = v + inputs / kLanes * kBatch * kTile;
  for (int64_t batch = begin; batch < end; ++batch) {
    // A batch that is not full must not add what the last one left.
    if ((batch + 1) * kBatch > images.tiles()) {
      for (int64_t i = 0; i < (inputs + outputs) / kLanes * kBatch * kTile; i += kLanes) store(v + i, Vector{});
    }
    for_runs(images, batch * kBatch, kBatch, [&](const Run& run) EIDER_LAMBDA {
      for (int64_t c = 0; c < inputs; c += kLanes) {
        transform_inputs(images, inputs, x + c, run, v + c / kLanes * kBatch * kTile);
      }
      for (int64_t k = 0; k < outputs; k += kLanes) {
        transform_cotangents(images, outputs, g + k, run, z + k / kLanes * kBatch * kTile);
      }
    });
    for_runs(images, (batch + 1) * kBatch, kBatch, [&](const Run& run) EIDER_LAMBDA {
      prefetch<false>(images, inputs, run, 1, x);
      prefetch<false>(images, outputs, run, 0, g);
    });
    for (int position = 0; position < 16; ++position) {
      for (int64_t c = 0; c < inputs; c += kLanes) {
        for (int64_t k = 0; k < outputs; k += kLanes) {
          outer_product(v + c / kLanes * kBatch * kTile + position * kLanes,
                        z + k / kLanes * kBatch * kTile + position * kLanes,
                        sums + (position * inputs + c) * outputs + k * kLanes);
        }
      }
    }
  }
}

// gw (outputs, 3, 3, inputs) from the sums of all chunks, added in order; filters [begin, end) of inputs/16 * outputs.
void finish_filter_gradient(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, int64_t chunks,
                            const float* sums, float* gw) {
  for (int64_t i = begin; i < end; ++i) {
    const int64_t c = i / outputs * kLanes, k = i % outputs;
    Vector total[16];
    for (int position = 0; position < 16; ++position) {
      const float* part = sums + (position * inputs + c) * outputs + k * kLanes;
      total[position] = load(part);
      for (int64_t chunk = 1; chunk < chunks; ++chunk) {
        total[position] = total[position] + load(part + chunk * 16 * inputs * outputs);
      }
    }
    Three columns[4];
    for (int s = 0; s < 4; ++s) columns[s] = filter_side_adjoint(total[s], total[4 + s], total[8 + s], total[12 + s]);
    for (int r = 0; r < 3; ++r) {
      const Three line = filter_side_adjoint(columns[0].at[r], columns[1].at[r], columns[2].at[r], columns[3].at[r]);
      for (int s = 0; s < 3; ++s) store(gw + (k * 9 + 3 * r + s) * inputs + c, line.at[s]);
    }
  }
}

}  // namespace eider::EIDER_ISA
