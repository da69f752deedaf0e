// A lane is how one row is walked: by one thread of a CPU here; by a warp on a GPU elsewhere. A row function asks its
// lane, over column indices, for
//   sum(n, but, f)   sums(n, but, f)   max(n, but, f)    of f over all columns but one; max leaves out NaN too
//   each(n, f)       f on every column                   at(column, f)    f() once, by the worker of that column
// and knows nothing else about the machine. f may write its own column of an array that it reads at that column only;
// in two walks of one row a column falls to the same worker. Columns left out are evaluated all the same where that is
// cheaper than to branch, so f must be harmless there.
#ifndef EIDER_ROWS_LANES_H
#define EIDER_ROWS_LANES_H

#include <cstdint>

#include "rows/row_math.h"

namespace eider::rows {

// What f of sums returns: two sums for one walk.
template <class T>
struct Two {
  T first{}, second{};
};

template <class T>
EIDER_ROW Two<T> operator+(const Two<T>& a, const Two<T>& b) {
  return {a.first + b.first, a.second + b.second};
}

// The larger; a if b is NaN, which costs one instruction where handing NaN on would cost four.
template <class T>
EIDER_ROW T larger(const T& a, const T& b) {
  return where(b > a, b, a);
}

// One column after another; of many rows at once where the numbers are packs, and the columns left out with them.
struct Solo {
  template <class Column, class F>
  EIDER_ROW auto sum(int64_t n, const Column& but, F f) const {
    using T = decltype(f(0));
    T total(0);
    for (int64_t j = 0; j < n; ++j) total = total + where(but == j, T(0), f(j));
    return total;
  }

  template <class Column, class F>
  EIDER_ROW auto sums(int64_t n, const Column& but, F f) const {
    using T = decltype(f(0).first);
    Two<T> total{T(0), T(0)};
    for (int64_t j = 0; j < n; ++j) {
      const Two<T> two = f(j);
      const auto out = but == j;
      total = total + Two<T>{where(out, T(0), two.first), where(out, T(0), two.second)};
    }
    return total;
  }

  template <class Column, class F>
  EIDER_ROW auto max(int64_t n, const Column& but, F f) const {
    using T = decltype(f(0));
    T top(-INFINITY);
    for (int64_t j = 0; j < n; ++j) top = larger(top, where(but == j, T(-INFINITY), f(j)));
    return top;
  }

  template <class F>
  EIDER_ROW void each(int64_t n, F f) const {
    for (int64_t j = 0; j < n; ++j) f(j);
  }

  template <class Column, class F>
  EIDER_ROW void at(const Column&, F f) const {
    f();
  }
};

// Sums: f over a block of columns into a buffer, one flat loop without a branch that the compiler turns into vectors of
// any width; then the buffer into partial results, whose order of summation is the same for every width.
struct Wide {
  // What is walked next, fetched while this row's exponentials keep the processor from memory. May be NULL.
  const float* ahead = nullptr;
  // Where sum's f writes this row; its lines are fetched before that, or else every store waits for one. May be NULL.
  const float* written = nullptr;

  template <class F>
  EIDER_ROW auto sum(int64_t n, int64_t but, F f) const {
    using T = decltype(f(0));
    T values[kBlock];
    Partial<T> partial(T(0));
    for (int64_t begin = 0; begin < n; begin += kBlock) {
      const int64_t size = n - begin < kBlock ? n - begin : kBlock;
      fetch(begin, size);
#pragma GCC ivdep
      for (int64_t j = 0; j < size; ++j) values[j] = f(begin + j);
      if (but >= begin && but - begin < size) values[but - begin] = T(0);
      partial.add(size, values);
    }
    return partial.sum();
  }

  template <class F>
  EIDER_ROW auto sums(int64_t n, int64_t but, F f) const {
    using T = decltype(f(0).first);
    T first[kBlock], second[kBlock];
    Partial<T> first_sum(T(0)), second_sum(T(0));
    for (int64_t begin = 0; begin < n; begin += kBlock) {
      const int64_t size = n - begin < kBlock ? n - begin : kBlock;
      fetch(begin, size);
#pragma GCC ivdep
      for (int64_t j = 0; j < size; ++j) {
        const Two<T> two = f(begin + j);
        first[j] = two.first;
        second[j] = two.second;
      }
      if (but >= begin && but - begin < size) first[but - begin] = second[but - begin] = T(0);
      first_sum.add(size, first);
      second_sum.add(size, second);
    }
    return Two<T>{first_sum.sum(), second_sum.sum()};
  }

  // Without a buffer: its order does not matter, so the columns before and after the one left out are two ranges.
  template <class F>
  EIDER_ROW auto max(int64_t n, int64_t but, F f) const {
    Partial<decltype(f(0))> partial(-INFINITY);
    const int64_t group = but / kWidth * kWidth, after = group + kWidth;
    partial.raise(0, group, f);
    for (int64_t j = group; j < n && j < after; ++j) {
      if (j != but) partial.part[j - group] = larger(partial.part[j - group], f(j));
    }
    if (after < n) partial.raise(after, n, f);
    return partial.max();
  }

  template <class F>
  EIDER_ROW void each(int64_t n, F f) const {
#pragma GCC ivdep
    for (int64_t j = 0; j < n; ++j) f(j);
  }

  template <class F>
  EIDER_ROW void at(int64_t, F f) const {
    f();
  }

 private:
  static constexpr int kWidth = 64;
  static constexpr int64_t kBlock = 256;

  EIDER_ROW void fetch(int64_t begin, int64_t size) const {
    // Into L2, since this row is in L1.
    for (int64_t j = 0; ahead != nullptr && j < size; j += 16) __builtin_prefetch(ahead + begin + j, 0, 2);
    // Into L1, two blocks early: the next row's at a row's end, and after the last row of all a prefetch does nothing.
    for (int64_t j = 0; written != nullptr && j < size; j += 16) {
      const auto line = reinterpret_cast<uintptr_t>(written + begin + j) + 2 * kBlock * sizeof *written;
      __builtin_prefetch(reinterpret_cast<const void*>(line), 1, 3);
    }
  }

  // Column j belongs to partial result j mod kWidth: four vectors of the widest kind, so that no addition waits for the
  // one before it.
  template <class T>
  struct Partial {
    T part[kWidth];

    EIDER_ROW explicit Partial(T identity) {
      for (int j = 0; j < kWidth; ++j) part[j] = identity;
    }

    EIDER_ROW void add(int64_t size, const T* values) {
      int64_t i = 0;
      for (; i + kWidth <= size; i += kWidth) {
        for (int j = 0; j < kWidth; ++j) part[j] = part[j] + values[i + j];
      }
      for (int j = 0; i + j < size; ++j) part[j] = part[j] + values[i + j];
    }

    template <class F>
    EIDER_ROW void raise(int64_t begin, int64_t end, F f) {
      int64_t i = begin;
      for (; i + kWidth <= end; i += kWidth) {
        for (int j = 0; j < kWidth; ++j) part[j] = larger(part[j], f(i + j));
      }
      for (int j = 0; i + j < end; ++j) part[j] = larger(part[j], f(i + j));
    }

    EIDER_ROW T sum() {
      for (int half = kWidth / 2; half > 0; half /= 2) {
        for (int j = 0; j < half; ++j) part[j] = part[j] + part[j + half];
      }
      return part[0];
    }

    EIDER_ROW T max() {
      for (int half = kWidth / 2; half > 0; half /= 2) {
        for (int j = 0; j < half; ++j) part[j] = larger(part[j], part[j + half]);
      }
      return part[0];
    }
  };
};

}  // namespace eider::rows

#endif
