// Lanes of a GPU: how a row function (rows/lanes.h) walks its row with a team of threads, a warp or a whole block.
//
// Column j falls to the thread j mod size, so a team reads a row in order, side by side; partial results meet in a
// butterfly of shuffles, whose sum is the same on every thread, and of a block's warps in shared memory. The order of
// summation depends on the team alone.
//
// Every walk that ends in a result begins with the team meeting. That makes one rule of two hazards: what all threads
// read of a row before the walk may be written in it (a gradient that takes the logits' place), and the slots in shared
// memory have been read by all before they are written again.
#ifndef EIDER_CUDA_LANES_H
#define EIDER_CUDA_LANES_H

#include "cuda/device.h"
#include "rows/lanes.h"

namespace eider::cuda {

using rows::Two;

struct Add {
  template <class T>
  __device__ __forceinline__ T operator()(const T& a, const T& b) const {
    return a + b;
  }
};

// Of numbers that are not NaN, which a walk leaves out.
struct Larger {
  __device__ __forceinline__ float operator()(float a, float b) const { return rows::larger(a, b); }
};

__device__ __forceinline__ float across(float v, int distance) { return __shfl_xor_sync(kAllLanes, v, distance); }
__device__ __forceinline__ Two<float> across(const Two<float>& v, int distance) {
  return {across(v.first, distance), across(v.second, distance)};
}

template <class T, class Combine>
__device__ __forceinline__ T combined_in_warp(T value, Combine combine) {
  for (int distance = kWarp / 2; distance > 0; distance /= 2) value = combine(value, across(value, distance));
  return value;
}

// 32 neighbouring threads of a block of one axis.
struct WarpTeam {
  static constexpr int kSize = kWarp;

  __device__ __forceinline__ int rank() const { return int(threadIdx.x) % kWarp; }
  __device__ __forceinline__ void meet() const { __syncwarp(); }

  template <class T, class Combine>
  __device__ __forceinline__ T combined(T value, T, Combine combine) const {
    return combined_in_warp(value, combine);
  }
};

// All threads of a block of one axis and kWarps warps.
template <int kWarps>
struct BlockTeam {
  static constexpr int kSize = kWarps * kWarp;
  static constexpr int kSlots = 2 * kWarps;
  float* slots;  // kSlots, shared

  __device__ __forceinline__ int rank() const { return int(threadIdx.x); }
  __device__ __forceinline__ void meet() const { __syncthreads(); }

  // After a meeting.
  template <class T, class Combine>
  __device__ __forceinline__ T combined(T value, T identity, Combine combine) const {
    static_assert(kWarps <= kWarp);
    const int lane = rank() % kWarp, warp = rank() / kWarp;
    value = combined_in_warp(value, combine);
    if (lane == 0) put(warp, value);
    __syncthreads();
    // Every warp does what one could do, and nobody waits for it.
    if (lane < kWarps) {
      get(lane, value);
    } else {
      value = identity;
    }
    return combined_in_warp(value, combine);
  }

 private:
  __device__ __forceinline__ void put(int warp, float v) const { slots[warp] = v; }
  __device__ __forceinline__ void put(int warp, const Two<float>& v) const {
    slots[warp] = v.first;
    slots[kWarps + warp] = v.second;
  }
  __device__ __forceinline__ void get(int warp, float& v) const { v = slots[warp]; }
  __device__ __forceinline__ void get(int warp, Two<float>& v) const { v = {slots[warp], slots[kWarps + warp]}; }
};

template <class Team>
struct Lane {
  Team team;

  template <class F>
  __device__ __forceinline__ float sum(int64_t n, int64_t but, F f) const {
    return fold(n, but, f, 0.0f, Add());
  }
  template <class F>
  __device__ __forceinline__ Two<float> sums(int64_t n, int64_t but, F f) const {
    return fold(n, but, f, Two<float>{0.0f, 0.0f}, Add());
  }
  template <class F>
  __device__ __forceinline__ float max(int64_t n, int64_t but, F f) const {
    return fold(n, but, f, -INFINITY, Larger());
  }
  template <class F>
  __device__ __forceinline__ void each(int64_t n, F f) const {
    const int columns = int(n);
    for (int j = team.rank(); j < columns; j += Team::kSize) f(j);
  }
  template <class F>
  __device__ __forceinline__ void at(int64_t column, F f) const {
    if (int(column) % Team::kSize == team.rank()) f();
  }

  // The one thread that speaks for the row.
  __device__ __forceinline__ bool leads() const { return team.rank() == 0; }

 private:
  template <class F, class T, class Combine>
  __device__ __forceinline__ T fold(int64_t n, int64_t but, F f, T identity, Combine combine) const {
    team.meet();
    // Numbers of 64 bits would cost registers that rows of fewer than 2^31 columns do not need.
    const int columns = int(n), left_out = int(but);
    T total = identity;
    for (int j = team.rank(); j < columns; j += Team::kSize) {
      if (j != left_out) total = combine(total, f(j));
    }
    return team.combined(total, identity, combine);
  }
};

}  // namespace eider::cuda

#endif
