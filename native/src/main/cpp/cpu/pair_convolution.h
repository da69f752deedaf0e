// What the parts of the convolution by products of pairs share: pair_convolution.cpp gives out the work,
// pair_convolution_loops.h and pair_gradient_loops.h do it, with AVX-512's products or with plain ones in their place.
#ifndef EIDER_CPU_PAIR_CONVOLUTION_H
#define EIDER_CPU_PAIR_CONVOLUTION_H

#include <cstdint>

#include "cpu/clones.h"

namespace eider {

// A product makes 16 sums from as many pairs.
constexpr int64_t kPairLanes = 16;

// 3x3 convolutions with padding 1 of images (count, height, width, inputs) to (count, rows, columns, outputs). Loops
// take it by value: for all the compiler knows their stores could change one that others see.
struct PairedImages {
  int64_t height, width, inputs, outputs, stride;

  EIDER_INLINE int64_t rows() const { return (height - 1) / stride + 1; }
  EIDER_INLINE int64_t columns() const { return (width - 1) / stride + 1; }

  // ---- convolution, of stride 1: pairs of channels ----

  // One block of 16 channels in a frame of zeros, and the pixels behind it that the last sums read and do not use.
  EIDER_INLINE int64_t framed_bfloats() const { return ((height + 2) * (width + 2) + kPairLanes) * kPairLanes; }

  // ---- gradient in the filters: pairs of neighbouring results, which lie in one row ----

  EIDER_INLINE int64_t pairs() const { return rows() * columns() / 2; }
  // Numbers of bf16 that one block of an image takes as pairs: inputs for one of the three taps in a row between two
  // rows of zeros, and cotangents.
  EIDER_INLINE int64_t input_bfloats() const { return (height + 2) * columns() * kPairLanes; }
  EIDER_INLINE int64_t cotangent_bfloats() const { return rows() * columns() * kPairLanes; }
  EIDER_INLINE int64_t bfloats() const {
    return 3 * inputs / kPairLanes * input_bfloats() + outputs / kPairLanes * cotangent_bfloats();
  }
  // How many images are done together: sums in registers are worth fetching and putting back for this many pairs.
  EIDER_INLINE int64_t together() const {
    constexpr int64_t kPairs = 128;
    return (kPairs + pairs() - 1) / pairs();
  }
};

#define EIDER_PAIR_LOOPS                                                                                          \
  void pair_filters(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, const uint16_t* w, uint16_t* u); \
  void pair_filters_rotated(int64_t begin, int64_t end, int64_t inputs, int64_t outputs, const uint16_t* w,       \
                            uint16_t* u);                                                                         \
  void convolve(int64_t begin, int64_t end, PairedImages images, const uint16_t* x, const uint16_t* u,            \
                const uint16_t* addend, uint16_t* y, uint16_t* workspace);                                        \
  void filter_gradient(int64_t begin, int64_t end, PairedImages images, const uint16_t* x, const uint16_t* g,     \
                       float* sums, uint16_t* workspace);

namespace avx512bf16 {
EIDER_PAIR_LOOPS
}
namespace plain {
EIDER_PAIR_LOOPS
}

#undef EIDER_PAIR_LOOPS

}  // namespace eider

#endif
