// The emulator itself: kernels with one defect each are faults that say where; correct ones of the same kind are not.
#include "cuda/device.h"
#include "cuda/harness.h"

namespace {

using namespace eider::cuda;

int run(dim3 grid, dim3 block, void (*kernel)(int*), int* out, size_t shared_bytes = 0) {
  return launch(kernel, {grid, block, shared_bytes}, nullptr, out);
}

__global__ void threads_and_blocks(int* out) {
  const unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  const unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  const unsigned size = blockDim.x * blockDim.y * blockDim.z;
  out[block * size + thread] += int(block * size + thread);
}

__global__ void neighbour(int* out) {
  EIDER_SHARED(int, values, 64);
  values[threadIdx.x] = int(threadIdx.x);
  __syncthreads();
  out[threadIdx.x] = values[(threadIdx.x + 1) % blockDim.x];
}

__global__ void barrier_for_some(int* out) {
  if (threadIdx.x < 40) __syncthreads();
  out[threadIdx.x] = 1;
}

__global__ void warp_for_some(int* out) {
  if (threadIdx.x % 2 == 0) __syncwarp();
  out[threadIdx.x] = 1;
}

__global__ void warp_by_halves(int* out) {
  const unsigned mask = threadIdx.x % 2 == 0 ? 0x55555555u : 0xaaaaaaaau;
  __syncwarp(mask);
  out[threadIdx.x] = __shfl_sync(mask, int(threadIdx.x), int(threadIdx.x) % 2);
}

__global__ void outside_its_mask(int* out) {
  __syncwarp(0x7fffffffu);
  out[threadIdx.x] = 1;
}

__global__ void other_masks(int* out) {
  out[threadIdx.x] = __shfl_sync(threadIdx.x < 16 ? kAllLanes : 0x0000ffffu, 1, 0);
}

__global__ void from_an_absent_lane(int* out) {
  if (threadIdx.x < 16) out[threadIdx.x] = __shfl_sync(0x0000ffffu, 1, 20);
}

__global__ void beyond_the_block(int* out) { out[threadIdx.x] = __shfl_xor_sync(kAllLanes, 1, 16); }

__global__ void dynamic(int* out) {
  EIDER_DYNAMIC_SHARED(int, values);
  values[threadIdx.x] = int(threadIdx.x);
  __syncthreads();
  out[threadIdx.x] = values[blockDim.x - 1 - threadIdx.x];
}

__global__ void shared_starts_as_nothing(int* out) {
  EIDER_SHARED(float, values, 4);
  out[0] = values[3] != values[3];
}

__global__ void misaligned(int* out) { load4(reinterpret_cast<const float*>(out) + 1); }

__global__ void first_of_all(unsigned long long* out) {
  atomicMax(out, 1000 - (blockIdx.x * blockDim.x + threadIdx.x));
}

void correct_kernels() {
  std::vector<int> out(2 * 3 * 2 * 4 * 2 * 3, 0);
  check::that(run(dim3(2, 3, 2), dim3(4, 2, 3), threads_and_blocks, out.data()) == 0, "threads and blocks");
  for (size_t i = 0; i < out.size(); ++i) check::that(out[i] == int(i), "every thread once, at its place");
  check::that(run(1, 64, neighbour, out.data()) == 0, "neighbour");
  for (int i = 0; i < 64; ++i) check::that(out[i] == (i + 1) % 64, "what a neighbour wrote before a barrier");
  check::that(run(1, 32, warp_by_halves, out.data()) == 0, "halves of a warp");
  for (int i = 0; i < 32; ++i) check::that(out[i] == i % 2, "a shuffle within half a warp");
  check::that(run(1, 48, dynamic, out.data(), 48 * sizeof(int)) == 0, "dynamic");
  for (int i = 0; i < 48; ++i) check::that(out[i] == 47 - i, "dynamic shared memory");
  check::that(run(1, 1, shared_starts_as_nothing, out.data()) == 0 && out[0] == 1, "shared memory starts as NaN");
  unsigned long long word = 7;
  check::that(launch(first_of_all, {dim3(3), dim3(64)}, nullptr, &word) == 0 && word == 1000, "atomicMax");
}

void defects() {
  std::vector<int> out(64, 0);
  const auto faults = [&](void (*kernel)(int*), unsigned threads, const char* what) {
    check::that(run(1, threads, kernel, out.data()) == cudaErrorLaunchFailure, what);
  };
  faults(barrier_for_some, 64, "a barrier that some threads do not reach");
  faults(warp_for_some, 32, "a warp operation that some lanes do not reach");
  faults(outside_its_mask, 32, "a lane outside its mask");
  faults(other_masks, 32, "lanes that disagree on their mask");
  faults(from_an_absent_lane, 32, "a shuffle from a lane that takes no part");
  faults(beyond_the_block, 16, "a shuffle from a lane that is not there");
  faults(misaligned, 1, "a misaligned load");
  check::that(run(1, 64, neighbour, out.data()) == 0, "the emulator goes on after a fault");
}

void impossible_launches() {
  std::vector<int> out(2048, 0);
  const auto refused = [&](dim3 grid, dim3 block, size_t shared_bytes, const char* what) {
    check::that(run(grid, block, neighbour, out.data(), shared_bytes) == cudaErrorInvalidConfiguration, what);
  };
  refused(0, 32, 0, "no blocks");
  refused(1, 0, 0, "no threads");
  refused(1, 1025, 0, "too many threads");
  refused(1, dim3(32, 33), 0, "too many threads of two axes");
  refused(1, dim3(1, 1, 65), 0, "too deep a block");
  refused(dim3(1, 65536), 32, 0, "too high a grid");
  refused(1, 32, (64 << 10) + 1, "too much shared memory");
  check::that(std::string(eider_cuda_error_text(9)) == "invalid configuration argument", "the text of an error");
  check::that(std::string(eider_cuda_build_info()).find("emulated") == 0, "what was built");
}

}  // namespace

int main() {
  correct_kernels();
  defects();
  impossible_launches();
  return check::report();
}
