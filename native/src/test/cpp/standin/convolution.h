// The three convolutions, over tensors and filters of any layout.
#ifndef EIDER_STANDIN_CONVOLUTION_H
#define EIDER_STANDIN_CONVOLUTION_H

#include "standin/cudnn_objects.h"

namespace standin {

enum class Direction { kForward, kBackwardData, kBackwardFilter };

// What a convolution is about, in any direction: y = x * w, and the gradients of these.
struct Operation {
  Direction direction;
  Tensor x, y;
  Filter w;
  Convolution convolution;

  const Tensor& result() const {
    return direction == Direction::kForward        ? y
           : direction == Direction::kBackwardData ? x
                                                   : static_cast<const Tensor&>(w);
  }
};

// Its arguments: two arrays are read, that of the direction is written; of the type that the tensors are of.
struct Arrays {
  const void *x, *w, *y;
  float alpha, beta;
};

// Whether inputs are rounded to TF32, and which number of call disturbs the last bits; 0 for none.
struct Inexactness {
  bool tf32;
  uint64_t disturbance;
};

// 0 where the filter is larger than the padded input.
int64_t output_extent(const Convolution& convolution, const Tensor& x, const Filter& w, size_t axis);

void convolve(const Operation& operation, const Arrays& arrays, const Inexactness& inexactness);

}  // namespace standin

#endif
