// The gradient of a 3x3 convolution of bf16 with padding 1 in its filters by products of pairs: the loops of one
// thread.
//
//   gw[k][r][s][c] = sum_q g[q][k] x[stride q + (r, s) - 1][c]
//
// A product adds to 16 sums in f32, of neighbouring c, what two neighbouring results q make: pairs of x by a pair of g
// for one k. x becomes pairs three times, once for each s, so that all loads are whole vectors; r is another row of
// them. For one s the sums of three r and eight k stay in registers: 24 products take three vectors of x and eight
// pairs of g.
//
// Compiled once for each instruction set, in a namespace of its own (EIDER_ISA) that has before:
//   multiply_add(x, g, sums)   sums + the products of a pair, in each lane
// It includes nothing with functions that stay calls.
#ifndef EIDER_CPU_PAIR_GRADIENT_LOOPS_H
#define EIDER_CPU_PAIR_GRADIENT_LOOPS_H

#include "cpu/pair_convolution.h"
#include "cpu/pair_vectors.h"

namespace eider::EIDER_ISA {

// Outputs whose sums for three rows of taps are 24 vectors in registers.
constexpr int kOutputs = 8;

// One row of 16 channels to pairs of pixels that are `step` apart, the first of them at `column`; zeros outside.
EIDER_INLINE void pair_row(const uint16_t* row, int64_t width, int64_t channels, int64_t column, int64_t step,
                           int64_t count, uint16_t* out) {
  const auto at = [=](int64_t pixel) EIDER_LAMBDA {
    return pixel < 0 || pixel >= width ? Words{} : load_words(row + pixel * channels);
  };
  store_pairs(out, in_turn(at(column), at(column + step)));
  for (int64_t i = 1; i + 1 < count; ++i) {
    const uint16_t* pair = row + (column + 2 * i * step) * channels;
    store_pairs(out + 2 * i * kPairLanes, in_turn(load_words(pair), load_words(pair + step * channels)));
  }
  const int64_t last = column + 2 * (count - 1) * step;
  store_pairs(out + 2 * (count - 1) * kPairLanes, in_turn(at(last), at(last + step)));
}

// An image x to pairs (3, inputs/16, height + 2, columns/2, 16).
EIDER_INLINE void pair_inputs(PairedImages images, const uint16_t* x, uint16_t* out) {
  const int64_t line = images.columns() * kPairLanes, channels = images.inputs;
  for (int64_t tap = 0; tap < 3; ++tap) {
    for (int64_t c = 0; c < channels; c += kPairLanes, out += images.input_bfloats()) {
      __builtin_memset(out, 0, 2 * line);
      for (int64_t row = 0; row < images.height; ++row) {
        pair_row(x + row * images.width * channels + c, images.width, channels, tap - 1, images.stride,
                 images.columns() / 2, out + (row + 1) * line);
      }
      __builtin_memset(out + (images.height + 1) * line, 0, 2 * line);
    }
  }
}

// An image g to pairs (outputs/16, rows, columns/2, 16).
EIDER_INLINE void pair_cotangents(PairedImages images, const uint16_t* g, uint16_t* out) {
  const int64_t channels = images.outputs;
  for (int64_t k = 0; k < channels; k += kPairLanes) {
    for (int64_t i = 0; i < images.pairs(); ++i, out += 2 * kPairLanes) {
      store_pairs(out, in_turn(load_words(g + 2 * i * channels + k), load_words(g + (2 * i + 1) * channels + k)));
    }
  }
}

// Adds to sums[r][k] what `count` images make for one s, 16 c and eight k; next_r and next_k apart.
EIDER_INLINE void accumulate(PairedImages images, int64_t count, const uint16_t* x, const uint16_t* g, float* sums,
                             int64_t next_r, int64_t next_k) {
  constexpr int kRows = 3;
  const int64_t line = images.columns() * kPairLanes, next = images.bfloats();
  const auto place = [=](int r, int k)
                         EIDER_LAMBDA { return reinterpret_cast<UnalignedFloats*>(sums + r * next_r + k * next_k); };
  Floats block[kRows][kOutputs];
#pragma GCC unroll 3
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int k = 0; k < kOutputs; ++k) block[r][k] = *place(r, k);
  }
  for (int64_t image = 0; image < count; ++image, x += next, g += next) {
    const uint16_t* from = x;
    const uint16_t* by = g;
    for (int64_t row = 0; row < images.rows(); ++row, from += (images.stride - 1) * line) {
      const uint16_t* const end = from + line;
#pragma GCC unroll 1
      for (; from != end; from += 2 * kPairLanes, by += 2 * kPairLanes) {
        const Pairs first = load_pairs(from), second = load_pairs(from + line), third = load_pairs(from + 2 * line);
#pragma GCC unroll 8
        for (int k = 0; k < kOutputs; ++k) {
          const Pairs pair = broadcast_pair(by + 2 * k);
          block[0][k] = multiply_add(first, pair, block[0][k]);
          block[1][k] = multiply_add(second, pair, block[1][k]);
          block[2][k] = multiply_add(third, pair, block[2][k]);
        }
      }
    }
  }
#pragma GCC unroll 3
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int k = 0; k < kOutputs; ++k) *place(r, k) = block[r][k];
  }
}

// Adds the part of images [begin, end) to sums (outputs, 3, 3, inputs). workspace: together() times bfloats().
void filter_gradient(int64_t begin, int64_t end, PairedImages images, const uint16_t* x, const uint16_t* g, float* sums,
                     uint16_t* workspace) {
  const int64_t across = images.inputs / kPairLanes, of_inputs = 3 * across * images.input_bfloats();
  const int64_t x_size = images.height * images.width * images.inputs, g_size = 2 * images.pairs() * images.outputs;
  for (int64_t group = begin; group < end; group += images.together()) {
    const int64_t count = end - group < images.together() ? end - group : images.together();
    for (int64_t i = 0; i < count; ++i) {
      uint16_t* own = workspace + i * images.bfloats();
      pair_inputs(images, x + (group + i) * x_size, own);
      pair_cotangents(images, g + (group + i) * g_size, own + of_inputs);
    }
    for (int64_t k = 0; k < images.outputs; k += kOutputs) {
      const uint16_t* by = workspace + of_inputs + k / kPairLanes * images.cotangent_bfloats() + 2 * (k % kPairLanes);
      for (int64_t s = 0; s < 3; ++s) {
        for (int64_t c = 0; c < across; ++c) {
          accumulate(images, count, workspace + (s * across + c) * images.input_bfloats(), by,
                     sums + (k * 9 + s) * images.inputs + c * kPairLanes, 3 * images.inputs, 9 * images.inputs);
        }
      }
    }
  }
}

}  // namespace eider::EIDER_ISA

#endif
