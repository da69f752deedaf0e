// The index space of a strided kernel (cpu/box.h) on the device.
#ifndef EIDER_CUDA_OFFSETS_H
#define EIDER_CUDA_OFFSETS_H

#include "cpu/box.h"
#include "cuda/device.h"

namespace eider::cuda {

// Where the index-th element of the box lies, the last axis running fastest. A box of one axis costs no division, and
// one of fewer than 2^32 elements none of 64 bits, which takes ten times as long.
template <class Index>
__device__ __forceinline__ Offsets offsets_of(const Box& box, Index index) {
  Offsets at{0, 0};
  for (int d = box.rank - 1; d > 0; --d) {
    const Axis& axis = box.axes[d];
    const Index dim = Index(axis.dim), outer = index / dim;
    const int64_t i = int64_t(index - outer * dim);
    at.a += i * axis.a;
    at.b += i * axis.b;
    index = outer;
  }
  if (box.rank > 0) {
    at.a += int64_t(index) * box.axes[0].a;
    at.b += int64_t(index) * box.axes[0].b;
  }
  return at;
}

inline bool is_small(int64_t count) { return count <= int64_t(UINT32_MAX); }

}  // namespace eider::cuda

#endif
