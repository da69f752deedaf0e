// Linked into the emulated kernels: their launches wait in the stand-in's streams.
#include "cuda/emulator.h"
#include "standin/kernels.h"

namespace {

cudaError_t into_stream(void* stream, const std::vector<emulator::Argument>& arguments,
                        std::function<cudaError_t()> run) {
  std::vector<standin::KernelArgument> values;
  for (const emulator::Argument& argument : arguments) values.push_back({argument.value, argument.bytes});
  return cudaError_t(standin::launch_kernel(stream, values, std::move(run)));
}

[[maybe_unused]] const bool installed = [] {
  emulator::queue = into_stream;
  return true;
}();

}  // namespace
