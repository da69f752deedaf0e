// Which devices there are, its errors' names, and what a function that is missing comes to.
#include <thread>

#include "standin/testing.h"

extern "C" void cudaMemcpy2D();

namespace {

using namespace check;

void a_device() {
  int value = 0;
  succeeds(cudaGetDeviceCount(&value), "cudaGetDeviceCount");
  that(value == 2, "two devices");
  succeeds(cudaSetDevice(0), "cudaSetDevice");
  is(cudaSetDevice(2), cudaErrorInvalidDevice, "a third");
  is(cudaGetLastError(), cudaErrorInvalidDevice, "the last error");
  value = 7;
  succeeds(cudaGetDevice(&value), "cudaGetDevice");
  that(value == 0, "the device");
  std::vector<char> properties(1009, 1);
  succeeds(cudaGetDeviceProperties(properties.data(), 0), "cudaGetDeviceProperties");
  that(properties.data() == std::string("Eider stand-in"), "its name");
  that(properties[1007] == 0 && properties[1008] == 1, "its properties' bytes");
  constexpr int kComputeCapabilityMajor = 75, kComputeCapabilityMinor = 76, kMultiprocessors = 16;
  succeeds(cudaDeviceGetAttribute(&value, kComputeCapabilityMajor, 0), "cudaDeviceGetAttribute");
  that(value == 9, "compute capability 9");
  succeeds(cudaDeviceGetAttribute(&value, kComputeCapabilityMinor, 0), "cudaDeviceGetAttribute");
  that(value == 0, "compute capability 9.0");
  succeeds(cudaDeviceGetAttribute(&value, kMultiprocessors, 0), "cudaDeviceGetAttribute");
  that(value > 0, "multiprocessors");
  is(cudaDeviceGetAttribute(&value, kMultiprocessors, 2), cudaErrorInvalidDevice, "a third's");
  succeeds(cudaDriverGetVersion(&value), "cudaDriverGetVersion");
  that(value >= 13000, "a driver");
}

void errors() {
  int host = 0;
  that(cudaGetErrorName(cudaErrorIllegalAddress) == std::string("cudaErrorIllegalAddress"), "a name");
  that(cudaGetErrorString(cudaErrorMemoryAllocation) == std::string("out of memory"), "a text");
  that(cudaGetErrorString(12345) == std::string("unrecognized error code"), "no text");
  is(cudaPeekAtLastError(), cudaSuccess, "no error yet");
  is(cudaFree(&host), cudaErrorInvalidValue, "cudaFree");
  is(cudaPeekAtLastError(), cudaErrorInvalidValue, "a look at it");
  is(cudaGetLastError(), cudaErrorInvalidValue, "the last error");
  is(cudaPeekAtLastError(), cudaSuccess, "taken away");
  is(cudaFree(&host), cudaErrorInvalidValue, "cudaFree");
  std::thread([] { is(cudaGetLastError(), cudaSuccess, "another thread's last error"); }).join();
}

}  // namespace

int main() {
  in_process("the device", a_device);
  in_process("errors", errors);
  that(end_of_process(cudaMemcpy2D) == -SIGABRT, "a function that is missing");
  return report();
}
