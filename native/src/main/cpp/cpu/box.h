// The index space of a strided kernel: up to eight axes, each with two element strides (source and destination, or
// input and result), simplified to as few axes as describe the same set of addresses.
#ifndef EIDER_CPU_BOX_H
#define EIDER_CPU_BOX_H

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "cpu/clones.h"

namespace eider {

constexpr int kMaxRank = 8;

struct Axis {
  int64_t dim, a, b;
};

struct Box {
  int rank = 0;
  // Those beyond the rank are zeros: a box is an argument of kernels, and is the same in every launch.
  Axis axes[kMaxRank] = {};

  void push(const Axis& axis) { axes[rank++] = axis; }
  const Axis& last() const { return axes[rank - 1]; }

  // The last axis, taken off; one index of stride 0 if there is none.
  Axis pop() { return rank > 0 ? axes[--rank] : Axis{1, 0, 0}; }

  int64_t count() const {
    int64_t n = 1;
    for (int d = 0; d < rank; ++d) n *= axes[d].dim;
    return n;
  }

  // Drops axes of one index, orders the rest by falling stride Axis::*stride and joins neighbours that step as one.
  // The order of an index space is free: no kernel here depends on which index comes first, except in rounding, and
  // that is fixed by the strides.
  void simplify(int64_t Axis::*stride) {
    Axis* end = std::remove_if(axes, axes + rank, [](const Axis& axis) { return axis.dim == 1; });
    std::stable_sort(axes, end, [=](const Axis& left, const Axis& right) {
      return std::abs(left.*stride) > std::abs(right.*stride);
    });
    rank = 0;
    for (const Axis* axis = axes; axis != end; ++axis) {
      Axis* outer = rank > 0 ? &axes[rank - 1] : nullptr;
      if (outer && outer->a == axis->a * axis->dim && outer->b == axis->b * axis->dim) {
        *outer = {outer->dim * axis->dim, axis->a, axis->b};
      } else {
        push(Axis(*axis));
      }
    }
  }
};

struct Offsets {
  int64_t a, b;
};

// Where the index-th element of the box lies, the last axis running fastest.
EIDER_INLINE Offsets offsets_of(const Box& box, int64_t index) {
  Offsets at{0, 0};
  for (int d = box.rank - 1; d >= 0; --d) {
    const Axis& axis = box.axes[d];
    const int64_t i = index % axis.dim;
    index /= axis.dim;
    at.a += i * axis.a;
    at.b += i * axis.b;
  }
  return at;
}

inline bool valid_dims(int rank, const int64_t* dims) {
  return rank >= 0 && rank <= kMaxRank && std::all_of(dims, dims + rank, [](int64_t dim) { return dim >= 0; });
}

}  // namespace eider

#endif
