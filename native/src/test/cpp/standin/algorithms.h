// The algorithms of the convolutions: what each needs, and whether its results are the same every time.
#ifndef EIDER_STANDIN_ALGORITHMS_H
#define EIDER_STANDIN_ALGORITHMS_H

#include "standin/convolution.h"

namespace standin {

struct Algorithm {
  int number;  // in the enumeration of its direction
  bool deterministic;
  // Its workspace: so many times the bytes of what is read and written, rounded to 256.
  int workspace_share;
  bool any_shape;     // or only 3x3 in steps of 1
  bool tensor_cores;  // or none: where their arithmetic is allowed it is proposed under the default, and runs so only

  bool supports(const Operation& operation) const;
  size_t workspace(const Operation& operation) const;
};

// Those of a direction, the fastest first. The fastest are those that a careful caller must not take.
const std::vector<Algorithm>& algorithms(Direction direction);

// Null for a number that the stand-in does not know.
const Algorithm* find_algorithm(Direction direction, int number);

}  // namespace standin

#endif
