// Executes CUDA kernels on the host: the CUDA C++ that cuda/device.h lets kernels use, over emulator/block.h.
//
// Blocks run one after the other, on the thread that launches; a launch has ended when it returns. What a device would
// refuse is refused with the same error code, and a fault inside a kernel is printed and comes back as 719. Who has
// streams may queue launches instead (Queue). With AddressSanitizer the kernels' memory is guarded to the byte, with
// ThreadSanitizer their order (sanitizers.h).
#ifndef EIDER_EMULATOR_H
#define EIDER_EMULATOR_H

#include <cstdio>
#include <cstdlib>
#include <functional>

#include "cuda/emulator/block.h"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)

struct alignas(16) float4 {
  float x, y, z, w;
};

enum cudaError_t {
  cudaSuccess = 0,
  cudaErrorInvalidValue = 1,
  cudaErrorInvalidConfiguration = 9,
  cudaErrorLaunchFailure = 719
};

inline const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess:
      return "no error";
    case cudaErrorInvalidValue:
      return "invalid argument";
    case cudaErrorInvalidConfiguration:
      return "invalid configuration argument";
    case cudaErrorLaunchFailure:
      return "unspecified launch failure";
  }
  return "unrecognized error code";
}

namespace emulator {

// The smallest limits of the architectures that the kernels are built for.
constexpr unsigned kMaxThreads = 1024, kMaxGridX = 2147483647, kMaxGridYZ = 65535;
constexpr size_t kMaxShared = 64 << 10;

inline bool possible(const dim3& grid, const dim3& block, size_t shared_bytes) {
  const auto inside = [](const dim3& d, unsigned x, unsigned y, unsigned z) {
    return d.x >= 1 && d.x <= x && d.y >= 1 && d.y <= y && d.z >= 1 && d.z <= z;
  };
  return inside(grid, kMaxGridX, kMaxGridYZ, kMaxGridYZ) && inside(block, kMaxThreads, kMaxThreads, 64) &&
         uint64_t(block.x) * block.y * block.z <= kMaxThreads && shared_bytes <= kMaxShared;
}

template <class Body>
cudaError_t launch(dim3 grid, dim3 block, size_t shared_bytes, const Body& body) {
  if (!possible(grid, block, shared_bytes)) return cudaErrorInvalidConfiguration;
  const Quiet quiet;
  release(&launch_begin);
  gridDim = grid;
  blockDim = block;
  for (unsigned z = 0; z < grid.z; ++z) {
    for (unsigned y = 0; y < grid.y; ++y) {
      for (unsigned x = 0; x < grid.x; ++x) {
        blockIdx = dim3(x, y, z);
        auto now = std::make_unique<Block>(shared_bytes);
        try {
          now->run(body);
        } catch (const Fault& fault) {
          std::fprintf(stderr, "emulator: %s\n", fault.what());
          // Its threads stand in the middle of the kernel, and what they hold with them.
          static auto& abandoned = *new std::vector<std::unique_ptr<Block>>;
          now->stop();
          abandoned.push_back(std::move(now));
          acquire(&launch_end);
          return cudaErrorLaunchFailure;
        }
      }
    }
  }
  acquire(&launch_end);
  Block::pool().launch_ended();
  return cudaSuccess;
}

// Another way to run a kernel than to call it, unless null: given the kernel and its arguments, the body of a thread.
struct Argument {
  const void* value;
  size_t bytes;
};
using Substitute = std::function<void()> (*)(const void* kernel, const std::vector<Argument>& arguments);
inline Substitute substitute = nullptr;

// Where possible launches go instead of being run at once, unless null. There are zeros between an argument's members.
using Queue = cudaError_t (*)(void* stream, const std::vector<Argument>& arguments, std::function<cudaError_t()> run);
inline Queue queue = nullptr;

template <class... Parameters>
cudaError_t launch_kernel(void (*kernel)(Parameters...), dim3 grid, dim3 block, size_t shared_bytes, void* stream,
                          Parameters... arguments) {
  if (substitute != nullptr) {
    return launch(grid, block, shared_bytes,
                  substitute(reinterpret_cast<const void*>(kernel), {{&arguments, sizeof(Parameters)}...}));
  }
  const auto run = [=] { return launch(grid, block, shared_bytes, [=] { kernel(arguments...); }); };
  if (queue == nullptr) return run();
  if (!possible(grid, block, shared_bytes)) return cudaErrorInvalidConfiguration;
  (__builtin_clear_padding(&arguments), ...);
  return queue(stream, {{&arguments, sizeof(Parameters)}...}, run);
}

inline int lane_index() { return Block::current->lane_index(); }

inline void check_aligned(const void* p, size_t bytes) {
  if (reinterpret_cast<uintptr_t>(p) % bytes != 0) Block::current->fail("a misaligned vector access");
}

}  // namespace emulator

inline void __syncthreads() { emulator::Block::current->sync_block(); }
inline void __syncwarp(unsigned mask = 0xffffffffu) { emulator::Block::current->sync_warp(mask); }

template <class T>
T __shfl_sync(unsigned mask, T value, int lane) {
  return emulator::Block::current->shuffle(mask, value, lane);
}

template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lane_mask) {
  return __shfl_sync(mask, value, emulator::lane_index() ^ lane_mask);
}

inline unsigned long long atomicMax(unsigned long long* at, unsigned long long value) {
  unsigned long long old = __atomic_load_n(at, __ATOMIC_RELAXED);
  while (old < value && !__atomic_compare_exchange_n(at, &old, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
  return old;
}

#endif
