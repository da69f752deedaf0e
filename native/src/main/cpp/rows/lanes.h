// A lane is how one row is walked: by one thread of a CPU here; by a warp on a GPU elsewhere. A row function asks its
// lane for sum(n, f), max(n, f) and each(n, f) over column indices and knows nothing else about the machine.
#ifndef EIDER_ROWS_LANES_H
#define EIDER_ROWS_LANES_H

#include <cstdint>

#include "rows/row_math.h"

namespace eider::rows {

// One column after another.
struct Solo {
  template <class F>
  EIDER_ROW auto sum(int64_t n, F f) const {
    auto total = f(0);
    for (int64_t j = 1; j < n; ++j) total = total + f(j);
    return total;
  }

  template <class F>
  EIDER_ROW auto max(int64_t n, F f) const {
    auto top = f(0);
    for (int64_t j = 1; j < n; ++j) {
      const auto v = f(j);
      top = v > top || v != v ? v : top;
    }
    return top;
  }

  template <class F>
  EIDER_ROW void each(int64_t n, F f) const {
    for (int64_t j = 0; j < n; ++j) f(j);
  }
};

// Sixteen columns at a time, each with its own partial result: the fixed order of summation that lets the compiler use
// vectors of any width.
struct Wide {
  static constexpr int kWidth = 16;

  template <class F>
  EIDER_ROW auto sum(int64_t n, F f) const {
    return fold(n, f, [](auto a, auto b) EIDER_ROW_LAMBDA { return a + b; });
  }

  template <class F>
  EIDER_ROW auto max(int64_t n, F f) const {
    return fold(n, f, [](auto a, auto b) EIDER_ROW_LAMBDA { return b > a || b != b ? b : a; });
  }

  template <class F>
  EIDER_ROW void each(int64_t n, F f) const {
#pragma GCC ivdep
    for (int64_t j = 0; j < n; ++j) f(j);
  }

 private:
  template <class F, class Combine>
  EIDER_ROW auto fold(int64_t n, F f, Combine combine) const {
    if (n < kWidth) {
      auto result = f(0);
      for (int64_t j = 1; j < n; ++j) result = combine(result, f(j));
      return result;
    }
    decltype(f(0)) partial[kWidth];
    for (int j = 0; j < kWidth; ++j) partial[j] = f(j);
    int64_t i = kWidth;
    for (; i + kWidth <= n; i += kWidth) {
      for (int j = 0; j < kWidth; ++j) partial[j] = combine(partial[j], f(i + j));
    }
    for (int j = 0; i + j < n; ++j) partial[j] = combine(partial[j], f(i + j));
    for (int half = kWidth / 2; half > 0; half /= 2) {
      for (int j = 0; j < half; ++j) partial[j] = combine(partial[j], partial[j + half]);
    }
    return partial[0];
  }
};

}  // namespace eider::rows

#endif
