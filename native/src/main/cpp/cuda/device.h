// The CUDA C++ that kernels are written in, with two faces: nvcc's own, and the host emulator's where a plain C++
// compiler reads them. A kernel source is the same text for both. Beside CUDA's own words it says
//   EIDER_SHARED(T, name, n)           a shared array of n
//   EIDER_DYNAMIC_SHARED(T, name)      the launch's dynamic shared memory, aligned to 16
//   launch(kernel, shape, stream, ...) kernel<<<...>>>(...), with a CUDA error code back
//   load4, store4                      16 bytes at once, at an address that is a multiple of 16
//   load_word, store_word              bytes at once, as many as the word has, at an address that is a multiple of that
#ifndef EIDER_CUDA_DEVICE_H
#define EIDER_CUDA_DEVICE_H

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __CUDACC__
#include <cuda_runtime.h>
#else
#include "cuda/emulator.h"
#endif

namespace eider::cuda {

constexpr int kWarp = 32;
constexpr unsigned kAllLanes = 0xffffffffu;

// Dynamic shared memory that every architecture since sm_75 grants, less what a kernel may declare statically. Beyond
// kSharedByDefault a kernel has to ask.
constexpr size_t kSharedByDefault = 47 << 10;
constexpr size_t kMaxDynamicShared = (64 << 10) - 256;

// How a kernel is launched.
struct Shape {
  dim3 grid, block;
  size_t shared_bytes = 0;
};

#ifdef __CUDACC__

#define EIDER_SHARED(T, name, n) __shared__ T name[n]
#define EIDER_DYNAMIC_SHARED(T, name)              \
  extern __shared__ float4 eider_dynamic_shared[]; \
  T* const name = reinterpret_cast<T*>(eider_dynamic_shared)

template <class... Parameters, class... Arguments>
int launch(void (*kernel)(Parameters...), const Shape& shape, void* stream, Arguments... arguments) {
  if (shape.shared_bytes > kSharedByDefault) {
    const cudaError_t granted = cudaFuncSetAttribute(
        reinterpret_cast<const void*>(kernel), cudaFuncAttributeMaxDynamicSharedMemorySize, int(shape.shared_bytes));
    if (granted != cudaSuccess) return int(cudaGetLastError());
  }
  kernel<<<shape.grid, shape.block, shape.shared_bytes, static_cast<cudaStream_t>(stream)>>>(
      static_cast<Parameters>(arguments)...);
  return int(cudaGetLastError());
}

__device__ __forceinline__ float4 load4(const float* x) { return *reinterpret_cast<const float4*>(x); }
__device__ __forceinline__ void store4(float* x, const float4& v) { *reinterpret_cast<float4*>(x) = v; }

template <class Word>
__device__ __forceinline__ Word load_word(const uint8_t* x) {
  return *reinterpret_cast<const Word*>(x);
}
template <class Word>
__device__ __forceinline__ void store_word(uint8_t* x, Word word) {
  *reinterpret_cast<Word*>(x) = word;
}

#else

#define EIDER_SHARED(T, name, n) T* const name = emulator::Block::current->shared<T>(__FILE__, __LINE__, n)
#define EIDER_DYNAMIC_SHARED(T, name) T* const name = emulator::Block::current->dynamic_shared<T>()

template <class... Parameters, class... Arguments>
int launch(void (*kernel)(Parameters...), const Shape& shape, void* stream, Arguments... arguments) {
  return int(emulator::launch_kernel(kernel, shape.grid, shape.block, shape.shared_bytes, stream,
                                     static_cast<Parameters>(arguments)...));
}

inline float4 load4(const float* x) {
  emulator::check_aligned(x, sizeof(float4));
  // Whatever it is that lies there.
  float4 v;
  std::memcpy(&v, x, sizeof v);
  return v;
}
inline void store4(float* x, const float4& v) {
  emulator::check_aligned(x, sizeof(float4));
  std::memcpy(x, &v, sizeof v);
}

template <class Word>
Word load_word(const uint8_t* x) {
  emulator::check_aligned(x, sizeof(Word));
  Word word;
  std::memcpy(&word, x, sizeof word);
  return word;
}
template <class Word>
void store_word(uint8_t* x, Word word) {
  emulator::check_aligned(x, sizeof(Word));
  std::memcpy(x, &word, sizeof word);
}

#endif

// A kernel's threads, numbered over the whole grid of one axis.
__device__ __forceinline__ int64_t global_thread() { return int64_t(blockIdx.x) * blockDim.x + threadIdx.x; }

inline bool aligned16(const void* p) { return reinterpret_cast<uintptr_t>(p) % 16 == 0; }

// A grid of so many blocks; more than a device can number make one of none, which it refuses to launch.
inline dim3 grid_of(int64_t x, int64_t y = 1) {
  return x <= INT32_MAX && y <= INT32_MAX ? dim3(unsigned(x), unsigned(y)) : dim3(0);
}

constexpr int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

}  // namespace eider::cuda

#endif
