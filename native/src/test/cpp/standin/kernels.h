// The way of the emulated kernels into the stand-in's streams. It names no CUDA type, for the emulator has its own.
#ifndef EIDER_STANDIN_KERNELS_H
#define EIDER_STANDIN_KERNELS_H

#include <cstddef>
#include <functional>
#include <vector>

namespace standin {

struct KernelArgument {
  const void* value;
  size_t bytes;
};

// Queues a kernel. Where it runs, the addresses of devices among its arguments must be in live blocks of its own.
int launch_kernel(void* stream, const std::vector<KernelArgument>& arguments, std::function<int()> run);

}  // namespace standin

#endif
