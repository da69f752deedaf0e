// 3x3 convolutions of bf16 with stride 1 and padding 1 by products of pairs: the loops of one thread.
//
//   y[p][k] = sum_rsc w[k][r][s][c] x[p + (r, s) - 1][c]
//
// A product adds to 16 sums in f32, of neighbouring k, what two neighbouring c make: pairs of w by a pair of x, as it
// lies in the image. The sums of 16 neighbouring pixels stay in registers and take one vector of w and 16 pairs of x at
// a time. Images are copied into a frame of zeros, a block of 16 channels at a time, so that pixels are a constant
// apart.
//
// Compiled once for each instruction set, in a namespace of its own (EIDER_ISA) that has before:
//   multiply_add(a, b, sums)   sums + the products of a pair, in each lane
//   narrow(sums)               rounded to bf16
// It includes nothing with functions that stay calls.
#ifndef EIDER_CPU_PAIR_CONVOLUTION_LOOPS_H
#define EIDER_CPU_PAIR_CONVOLUTION_LOOPS_H

#include "cpu/pair_convolution.h"
#include "cpu/pair_vectors.h"

namespace eider::EIDER_ISA {

constexpr int64_t kPairsOfBlock = kPairLanes / 2;
// Filters of one tap between two blocks of channels.
constexpr int64_t kTapBFloats = kPairLanes * kPairLanes;

// Filters w (outputs, 3, 3, inputs) to u (outputs/16, inputs/16, 9, 8, 16) of pairs of inputs: blocks [begin, end) of
// outputs/16 * inputs/16.
void pair_filters(int64_t begin, int64_t end, int64_t inputs, int64_t, const uint16_t* w, uint16_t* u) {
  const int64_t across = inputs / kPairLanes;
  for (int64_t block = begin; block < end; ++block) {
    const uint16_t* from = w + block / across * kPairLanes * 9 * inputs + block % across * kPairLanes;
    uint16_t* to = u + block * 9 * kTapBFloats;
    for (int64_t tap = 0; tap < 9; ++tap) {
      for (int64_t pair = 0; pair < kPairsOfBlock; ++pair) {
        for (int64_t k = 0; k < kPairLanes; ++k, to += 2) {
          __builtin_memcpy(to, from + (k * 9 + tap) * inputs + 2 * pair, 4);
        }
      }
    }
  }
}

// The same for the gradient in the inputs, which is a convolution with filters rotated by half a turn whose inputs are
// w's outputs: u (inputs/16, outputs/16, 9, 8, 16) of pairs of outputs.
void pair_filters_rotated(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, const uint16_t* w, uint16_t* u) {
  const int64_t across = outputs / kPairLanes, next = 9 * inputs;
  for (int64_t block = begin; block < end; ++block) {
    const uint16_t* from = w + block % across * kPairLanes * next + block / across * kPairLanes;
    uint16_t* to = u + block * 9 * kTapBFloats;
    for (int64_t tap = 0; tap < 9; ++tap) {
      for (int64_t pair = 0; pair < kPairsOfBlock; ++pair, to += 2 * kPairLanes) {
        const uint16_t* first = from + 2 * pair * next + (8 - tap) * inputs;
        store_pairs(to, in_turn(load_words(first), load_words(first + next)));
      }
    }
  }
}

// An image x into a frame of zeros: (inputs/16, framed_bfloats), whose zeros are there.
EIDER_INLINE void frame(PairedImages images, const uint16_t* x, uint16_t* framed) {
  for (int64_t c = 0; c < images.inputs; c += kPairLanes, framed += images.framed_bfloats()) {
    for (int64_t row = 0; row < images.height; ++row) {
      const uint16_t* from = x + row * images.width * images.inputs + c;
      uint16_t* to = framed + ((row + 1) * (images.width + 2) + 1) * kPairLanes;
      for (int64_t i = 0; i < images.width; ++i) store_words(to + i * kPairLanes, load_words(from + i * images.inputs));
    }
  }
}

// 16 outputs of 16 neighbouring pixels, of which `count` are wanted, from the framed pixel before and above the first.
EIDER_INLINE void sixteen_pixels(PairedImages images, const uint16_t* framed, const uint16_t* u, int64_t count,
                                 const uint16_t* addend, uint16_t* y) {
  Floats sums[kPairLanes];
#pragma GCC unroll 16
  for (int i = 0; i < kPairLanes; ++i) sums[i] = Floats{};
  for (int64_t c = 0; c < images.inputs; c += kPairLanes, framed += images.framed_bfloats()) {
    for (int64_t r = 0; r < 3; ++r) {
      const uint16_t* from = framed + r * (images.width + 2) * kPairLanes;
#pragma GCC unroll 1
      for (int64_t s = 0; s < 3; ++s, from += kPairLanes) {
        // Unrolled, GCC 12 loads many pairs into general registers first, and the loop takes half as long again.
#pragma GCC unroll 1
        for (int pair = 0; pair < kPairsOfBlock; ++pair, u += 2 * kPairLanes) {
          const Pairs filters = load_pairs(u);
#pragma GCC unroll 16
          for (int i = 0; i < kPairLanes; ++i) {
            sums[i] = multiply_add(filters, broadcast_pair(from + i * kPairLanes + 2 * pair), sums[i]);
          }
        }
      }
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < kPairLanes; ++i) {
    if (i >= count) break;
    const int64_t at = i * images.outputs;
    store_words(y + at, narrow(addend ? sums[i] + widen(load_words(addend + at)) : sums[i]));
  }
}

// Images [begin, end) of y = conv(x, w) (+ addend). workspace: inputs/16 times framed_bfloats.
void convolve(int64_t begin, int64_t end, PairedImages images, const uint16_t* x, const uint16_t* u,
              const uint16_t* addend, uint16_t* y, uint16_t* workspace) {
  const int64_t across = images.inputs / kPairLanes, pixels = images.height * images.width;
  __builtin_memset(workspace, 0, 2 * across * images.framed_bfloats());
  for (int64_t image = begin; image < end; ++image) {
    frame(images, x + image * pixels * images.inputs, workspace);
    for (int64_t k = 0; k < images.outputs; k += kPairLanes) {
      for (int64_t row = 0; row < images.height; ++row) {
        for (int64_t column = 0; column < images.width; column += kPairLanes) {
          const int64_t to = (image * pixels + row * images.width + column) * images.outputs + k;
          sixteen_pixels(images, workspace + (row * (images.width + 2) + column) * kPairLanes,
                         u + k / kPairLanes * across * 9 * kTapBFloats, images.width - column,
                         addend ? addend + to : nullptr, y + to);
        }
      }
    }
  }
}

}  // namespace eider::EIDER_ISA

#endif
