// What a thread loads or stores at once: 16 bytes of an array, four f32 or eight bf16, as f32. Addresses are multiples
// of 16.
#ifndef EIDER_CUDA_VECTORS_H
#define EIDER_CUDA_VECTORS_H

#include "cuda/device.h"
#include "rows/bfloat16.h"

namespace eider::cuda {

using rows::BFloat16;

template <class T>
constexpr int kEach = 16 / sizeof(T);

template <int kCount>
struct Floats {
  float at[kCount];
};

template <class T>
using Vector = Floats<kEach<T>>;

__device__ __forceinline__ Vector<float> load(const float* x) {
  const float4 v = load4(x);
  return {v.x, v.y, v.z, v.w};
}

__device__ __forceinline__ void store(float* y, const Vector<float>& v) {
  store4(y, {v.at[0], v.at[1], v.at[2], v.at[3]});
}

// Two of bf16 are a word, the first its lower half.
__device__ __forceinline__ float lower(float word) { return rows::float_of(rows::bits_of(word) << 16); }
__device__ __forceinline__ float upper(float word) { return rows::float_of(rows::bits_of(word) & 0xffff0000u); }
__device__ __forceinline__ float joined(float first, float second) {
  BFloat16 low, high;
  low = first, high = second;
  return rows::float_of(uint32_t(high.bits) << 16 | low.bits);
}

__device__ __forceinline__ Vector<BFloat16> load(const BFloat16* x) {
  const float4 v = load4(reinterpret_cast<const float*>(x));
  return {lower(v.x), upper(v.x), lower(v.y), upper(v.y), lower(v.z), upper(v.z), lower(v.w), upper(v.w)};
}

__device__ __forceinline__ void store(BFloat16* y, const Vector<BFloat16>& v) {
  store4(reinterpret_cast<float*>(y),
         {joined(v.at[0], v.at[1]), joined(v.at[2], v.at[3]), joined(v.at[4], v.at[5]), joined(v.at[6], v.at[7])});
}

}  // namespace eider::cuda

#endif
