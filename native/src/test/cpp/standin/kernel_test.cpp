// Kernels in the stand-in's streams: what is refused at the launch, and what only shows where they run.
#include "cuda/device.h"

// The emulator has CUDA's own names of types, so the interface's header cannot be read beside it.
extern "C" {
int cudaMalloc(void** memory, size_t bytes);
int cudaFree(void* memory);
int cudaDeviceSynchronize();
int cudaMemcpy(void* to, const void* from, size_t bytes, int kind);
int cudaGetLastError();
int cudaLaunchKernel(const void* function, dim3 grid, dim3 block, void** arguments, size_t shared_bytes, void* stream);
}

#include "standin/process.h"

namespace {

using namespace check;
using namespace eider::cuda;

constexpr int kToDevice = 1, kToHost = 2;
constexpr int kInvalidDeviceFunction = 98, kIllegalAddress = 700;

__global__ void count_up(float* x) { x[threadIdx.x] += 1; }
__global__ void misaligned(float* x) { store4(x + 1, float4{1, 2, 3, 4}); }
__global__ void barrier_for_some(float* x) {
  if (threadIdx.x < 2) __syncthreads();
  x[threadIdx.x] = 1;
}
struct Pair {
  float* first;
  int count;
  float* second;
};
__global__ void copy_pair(Pair pair) { pair.second[threadIdx.x] = pair.first[threadIdx.x]; }
__global__ void through_a_table(float* const* table, float* y) { y[threadIdx.x] = table[threadIdx.x][0]; }
__global__ void before_what_it_is_given(float* x) { x[-1] = 0; }

float* fresh(size_t count) {
  void* memory = nullptr;
  is(cudaMalloc(&memory, count * sizeof(float)), 0, "cudaMalloc");
  return static_cast<float*>(memory);
}

template <class Kernel, class... Arguments>
int run(Kernel kernel, const Shape& shape, Arguments... arguments) {
  const int launched = launch(kernel, shape, nullptr, arguments...);
  return launched != 0 ? launched : cudaDeviceSynchronize();
}

void impossible_shapes() {
  float* const x = fresh(4);
  is(launch(count_up, {dim3(0), dim3(4)}, nullptr, x), cudaErrorInvalidConfiguration, "no blocks");
  is(launch(count_up, {dim3(1), dim3(0)}, nullptr, x), cudaErrorInvalidConfiguration, "no threads");
  is(launch(count_up, {dim3(1), dim3(1025)}, nullptr, x), cudaErrorInvalidConfiguration, "too many threads");
  is(launch(count_up, {dim3(1, 65536), dim3(1)}, nullptr, x), cudaErrorInvalidConfiguration, "too high a grid");
  is(launch(count_up, {dim3(1), dim3(1), 1 << 20}, nullptr, x), cudaErrorInvalidConfiguration,
     "too much shared memory");
  is(run(count_up, {dim3(1), dim3(4)}, x), 0, "and then one that is possible");
}

void blamed_for_what_was_before() {
  float* const x = fresh(4);
  is(cudaMalloc(nullptr, 4), cudaErrorInvalidValue, "no place for an address");
  is(launch(count_up, {dim3(1), dim3(4)}, nullptr, x), cudaErrorInvalidValue, "a launch after a failure");
  is(launch(count_up, {dim3(1), dim3(4)}, nullptr, x), 0, "and the next");
}

void a_fault(void (*kernel)(float*), int expected) {
  float* const x = fresh(64);
  is(launch(kernel, {dim3(1), dim3(4)}, nullptr, x), 0, "the launch");
  is(cudaDeviceSynchronize(), expected, "the synchronisation");
  is(cudaDeviceSynchronize(), expected, "every later call");
  is(cudaGetLastError(), expected, "the last error");
  is(launch(count_up, {dim3(1), dim3(4)}, nullptr, x), expected, "a launch");
}

void addresses() {
  float *const x = fresh(4), *const freed = fresh(4);
  is(cudaFree(freed), 0, "cudaFree");
  Pair pair;
  std::memset(static_cast<void*>(&pair), 0xff, sizeof pair);
  std::memcpy(reinterpret_cast<char*>(&pair) + 8, &freed, sizeof freed);
  pair.first = pair.second = x;
  pair.count = 4;
  is(run(copy_pair, {dim3(1), dim3(4)}, pair), 0, "live addresses, and nothing in the gaps");
  pair.first = freed;
  is(run(copy_pair, {dim3(1), dim3(4)}, pair), kIllegalAddress, "a freed address in a structure");
}

// No argument says where it reads.
void freed_memory_is_not_a_number() {
  float *const x = fresh(4), *const freed = fresh(4), *const y = fresh(2);
  const std::vector<float*> addresses = {x, freed};
  float** const table = reinterpret_cast<float**>(fresh(4));
  const std::vector<float> ones(4, 1);
  for (float* array : {x, freed}) is(cudaMemcpy(array, ones.data(), 16, kToDevice), 0, "cudaMemcpy");
  is(cudaMemcpy(table, addresses.data(), 16, kToDevice), 0, "cudaMemcpy");
  is(cudaFree(freed), 0, "cudaFree");
  is(run(through_a_table, {dim3(1), dim3(2)}, static_cast<float* const*>(table), y), 0, "the kernel");
  float values[2] = {};
  is(cudaMemcpy(values, y, sizeof values, kToHost), 0, "cudaMemcpy");
  that(values[0] == 1 && std::isnan(values[1]), "what is freed reads as NaN");
}

void kernels_of_nvcc() {
  is(cudaLaunchKernel(nullptr, dim3(1), dim3(1), nullptr, 0, nullptr), kInvalidDeviceFunction, "nvcc's kernel");
}

}  // namespace

int main() {
  in_process("impossible shapes", impossible_shapes);
  in_process("blamed for what was before", blamed_for_what_was_before);
  in_process("a misaligned access", [] { a_fault(misaligned, cudaErrorLaunchFailure); });
  in_process("a barrier for some", [] { a_fault(barrier_for_some, cudaErrorLaunchFailure); });
  in_process("a write before a block", [] { a_fault(before_what_it_is_given, kIllegalAddress); });
  in_process("addresses", addresses);
  in_process("freed memory", freed_memory_is_not_a_number);
  in_process("kernels of nvcc", kernels_of_nvcc);
  return report();
}
