// How a kernel walks its rows of a matrix (rows, columns). A walk stands at kRows rows and has, as a row function's T,
//   label(f), get(f)       f(row), an int or a float      each(f), at(x, i)    f(row, i) and the row's number in x
//   read(x, buffer)        the rows of x                  target, write        where to put rows; puts them into x
//   lane(x), writing(x)    a lane that fetches from memory x's next rows, or the lines of x that it is about to write
#ifndef EIDER_CPU_WALKS_H
#define EIDER_CPU_WALKS_H

#include "cpu/pack.h"
#include "rows/lanes.h"

namespace eider {

// Rows one after another, each along its columns.
struct OneByOne {
  using T = float;
  using Lane = rows::Wide;
  struct Columns {};
  static constexpr int64_t kRows = 1;
  const int64_t row, next, columns;

  EIDER_INLINE OneByOne(int64_t row, int64_t end, int64_t columns)
      : row(row), next(row + 1 < end ? row + 1 : row), columns(columns) {}

  EIDER_INLINE Lane lane(const float* x) const { return {x + next * columns, nullptr}; }
  EIDER_INLINE Lane writing(const float* x) const { return {nullptr, x + row * columns}; }

  template <class F>
  EIDER_INLINE int64_t label(F f) const {
    return f(row);
  }
  template <class F>
  EIDER_INLINE float get(F f) const {
    return f(row);
  }
  template <class F>
  EIDER_INLINE void each(F f) const {
    f(row, 0);
  }
  EIDER_INLINE static float at(float x, int64_t) { return x; }
  EIDER_INLINE const float* read(const float* x, Columns&) const { return x + row * columns; }
  EIDER_INLINE float* target(float* x, Columns&) const { return x + row * columns; }
  EIDER_INLINE void write(float*, const Columns&) const {}
};

// 16 rows side by side, for up to kColumns columns: fewer than it takes to fill vectors well along a row. The last row
// stands in for those that are missing.
struct SideBySide {
  using T = Pack<float>;
  using Lane = rows::Solo;
  static constexpr int64_t kRows = kPack, kColumns = 100;
  using Columns = T[kColumns];
  const int64_t begin, count, columns;

  EIDER_INLINE SideBySide(int64_t begin, int64_t end, int64_t columns)
      : begin(begin), count(end - begin < kRows ? end - begin : kRows), columns(columns) {}

  EIDER_INLINE Lane lane(const float*) const { return {}; }
  EIDER_INLINE Lane writing(const float*) const { return {}; }

  template <class F>
  EIDER_INLINE Pack<int32_t> label(F f) const {
    return Pack<int32_t>::all([&](int64_t i) EIDER_LAMBDA { return int32_t(f(row(i))); });
  }
  template <class F>
  EIDER_INLINE T get(F f) const {
    return T::all([&](int64_t i) EIDER_LAMBDA { return f(row(i)); });
  }
  template <class F>
  EIDER_INLINE void each(F f) const {
    for (int64_t i = 0; i < count; ++i) f(begin + i, i);
  }
  EIDER_INLINE static float at(const T& x, int64_t i) { return x.of[i]; }
  EIDER_INLINE const T* read(const float* x, Columns& buffer) const {
    const auto start = Pack<int32_t>::all([&](int64_t i) EIDER_LAMBDA { return int32_t((row(i) - begin) * columns); });
    for (int64_t j = 0; j < columns; ++j) {
      const float* column = x + begin * columns + j;
      buffer[j] = T::all([&](int64_t i) EIDER_LAMBDA { return column[start.of[i]]; });
    }
    return buffer;
  }
  EIDER_INLINE T* target(float*, Columns& buffer) const { return buffer; }
  EIDER_INLINE void write(float* x, const Columns& buffer) const {
    for (int64_t i = 0; i < count; ++i) {
      for (int64_t j = 0; j < columns; ++j) x[(begin + i) * columns + j] = buffer[j].of[i];
    }
  }

 private:
  EIDER_INLINE int64_t row(int64_t i) const { return begin + (i < count ? i : count - 1); }
};

}  // namespace eider

#endif
