#include "standin/algorithms.h"

namespace standin {

bool Algorithm::supports(const Operation& operation) const {
  constexpr std::array<int64_t, 2> kOnes = {1, 1};
  const bool plain = operation.convolution.stride == kOnes && operation.convolution.dilation == kOnes;
  return any_shape || (plain && operation.w.extent[2] == 3 && operation.w.extent[3] == 3);
}

size_t Algorithm::workspace(const Operation& operation) const {
  const size_t bytes = operation.x.bytes() + operation.w.bytes() + operation.y.bytes();
  return (bytes * size_t(workspace_share) + 255) / 256 * 256;
}

const std::vector<Algorithm>& algorithms(Direction direction) {
  // Of cuDNN's forward algorithms all are deterministic; that the fastest is not here makes callers look.
  static const std::vector<Algorithm> forward = {
      {2, false, 1, true, true}, {7, true, 2, false, false}, {0, true, 0, true, false}, {1, true, 1, true, true}};
  static const std::vector<Algorithm> backward_data = {
      {0, false, 0, true, true}, {5, true, 2, false, false}, {1, true, 1, true, true}};
  static const std::vector<Algorithm> backward_filter = {
      {0, false, 0, true, true}, {3, false, 1, true, false}, {5, true, 2, false, false}, {1, true, 1, true, true}};
  return direction == Direction::kForward        ? forward
         : direction == Direction::kBackwardData ? backward_data
                                                 : backward_filter;
}

const Algorithm* find_algorithm(Direction direction, int number) {
  for (const Algorithm& algorithm : algorithms(direction)) {
    if (algorithm.number == number) return &algorithm;
  }
  return nullptr;
}

}  // namespace standin
