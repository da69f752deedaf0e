// Kernels: the emulator's are queued, nvcc's are refused.
#include <cstdio>
#include <cstring>

#include "standin/kernels.h"
#include "standin/runtime.h"

using namespace standin;

namespace standin {

namespace {

// Whether a word of a structure is an address. Between its members lies what nobody wrote, which the compiler does not
// always clear: beside an int, half an address and the int. So only a block's beginning counts, which no small int is.
bool begins_a_block(const void* word) {
  const auto address = reinterpret_cast<uintptr_t>(word);
  return address % DeviceMemory::kAlignment == 0 && uint32_t(address) != 0;
}

// The addresses of devices among a kernel's arguments.
std::vector<const void*> addresses_in(const std::vector<KernelArgument>& arguments) {
  std::vector<const void*> addresses;
  for (const KernelArgument& argument : arguments) {
    for (size_t at = 0; at + sizeof(void*) <= argument.bytes; at += sizeof(void*)) {
      const void* word;
      std::memcpy(&word, static_cast<const char*>(argument.value) + at, sizeof word);
      const bool is_address = argument.bytes == sizeof(void*) || begins_a_block(word);
      if (is_address && Device::any_owns(word)) addresses.push_back(word);
    }
  }
  return addresses;
}

}  // namespace

int submit_kernel(Device& device, cudaStream_t stream, std::function<int()> run) {
  Stream* const queue = device.stream(stream);
  if (queue == nullptr) return cudaErrorInvalidResourceHandle;
  return device.submit(*queue, {[run = std::move(run)] {
    ++word(kKernels);
    return run();
  }});
}

int launch_kernel(void* stream, const std::vector<KernelArgument>& arguments, std::function<int()> run) {
  runtime_call(
      "cudaLaunchKernel",
      [&](Device& device) {
        const auto checked = [addresses = addresses_in(arguments), run = std::move(run)]() -> int {
          for (const void* address : addresses) {
            if (Device::current().memory.addresses(address)) continue;
            std::fprintf(stderr, "stand-in: a kernel is given %p, which is in no block of the device\n", address);
            return cudaErrorIllegalAddress;
          }
          return run();
        };
        return submit_kernel(device, static_cast<cudaStream_t>(stream), checked);
      },
      stream);
  // A launch has no status: what is asked for after it is what the runtime remembers, an earlier call's failure too.
  return cudaGetLastError();
}

}  // namespace standin

int cudaFuncSetAttribute(const void*, int, int) {
  return runtime_call(__func__, [](Device&) -> int { return cudaErrorInvalidDeviceFunction; });
}

int cudaLaunchKernel(const void*, GridDimensions, GridDimensions, void**, size_t, cudaStream_t) {
  return runtime_call(__func__, [](Device&) -> int { return cudaErrorInvalidDeviceFunction; });
}

// What nvcc's host code calls, when its library is loaded and when it launches.
extern "C" {

void** __cudaRegisterFatBinary(void*) {
  static void* handle;
  return &handle;
}
void __cudaRegisterFatBinaryEnd(void**) {}
void __cudaUnregisterFatBinary(void**) {}
char __cudaInitModule(void**) { return 1; }
void __cudaRegisterFunction(void**, const char*, char*, const char*, int, void*, void*, void*, void*, int*) {}
unsigned __cudaPushCallConfiguration(GridDimensions, GridDimensions, size_t, cudaStream_t) { return 0; }
int __cudaPopCallConfiguration(GridDimensions*, GridDimensions*, size_t*, void*) { return cudaSuccess; }
int __cudaGetKernel(const void** kernel, const void* function) {
  *kernel = function;
  return cudaSuccess;
}
int __cudaLaunchKernel(const void* kernel, GridDimensions grid, GridDimensions block, void** arguments,
                       size_t shared_bytes, cudaStream_t stream) {
  return cudaLaunchKernel(kernel, grid, block, arguments, shared_bytes, stream);
}
}
