// Index spaces of strided kernels, walked by plain nested loops.
#ifndef EIDER_TEST_BOXES_H
#define EIDER_TEST_BOXES_H

#include <numeric>

#include "check.h"

namespace check {

using Ints = std::vector<int64_t>;

inline int64_t product(const Ints& dims) {
  return std::accumulate(dims.begin(), dims.end(), int64_t(1), std::multiplies<>());
}

inline Ints contiguous(const Ints& dims) {
  Ints strides(dims.size());
  int64_t stride = 1;
  for (size_t d = dims.size(); d-- > 0;) {
    strides[d] = stride;
    stride *= dims[d];
  }
  return strides;
}

inline Ints chosen(const Ints& values, const std::vector<int>& axes) {
  Ints result;
  for (const int axis : axes) result.push_back(values[axis]);
  return result;
}

// Calls body(index) for all indices of the box, the last axis fastest.
template <class Body>
void each_index(const Ints& dims, Body body) {
  Ints index(dims.size(), 0);
  for (int64_t n = product(dims); n > 0; --n) {
    body(index);
    for (size_t d = dims.size(); d-- > 0;) {
      if (++index[d] < dims[d]) break;
      index[d] = 0;
    }
  }
}

inline int64_t dot(const Ints& index, const Ints& strides) {
  return std::inner_product(index.begin(), index.end(), strides.begin(), int64_t(0));
}

inline std::string text(const char* name, const Ints& dims) {
  std::string result = name;
  for (const int64_t dim : dims) result += " " + std::to_string(dim);
  return result;
}

}  // namespace check

#endif
