// Which devices there are.
#include <cstring>

#include "standin/runtime.h"

using namespace standin;

namespace {

constexpr int kCudaVersion = 13010;
constexpr size_t kPropertiesBytes = 1008;
constexpr const char* kName = "Eider stand-in";

// By their numbers in cudaDeviceAttr; others are 0.
int attribute_value(int attribute) {
  switch (attribute) {
    case 1:  // threads of a block
    case 2:  // its x
    case 3:  // its y
      return 1024;
    case 4:  // its z
      return 64;
    case 5:  // grid, x
      return 2147483647;
    case 6:  // grid, y
    case 7:  // grid, z
      return 65535;
    case 8:  // bytes of shared memory of a block
      return 48 << 10;
    case 10:  // warp
      return 32;
    case 16:  // multiprocessors
      return 4;
    case 39:  // threads of a multiprocessor
      return 2048;
    case 75:  // compute capability
      return 9;
    case 81:  // bytes of shared memory of a multiprocessor
    case 97:  // of a block that asks for it
      return 64 << 10;
    default:
      return 0;
  }
}

bool exists(int device) { return device >= 0 && device < kDevices; }

}  // namespace

int cudaGetDeviceCount(int* count) {
  return runtime_call(__func__, [&](Device&) -> int {
    if (count == nullptr) return cudaErrorInvalidValue;
    *count = kDevices;
    return cudaSuccess;
  });
}

int cudaSetDevice(int device) {
  // A lost device may become the current one, or nothing of it could be freed.
  const Function function = {__func__, cudaErrorUnknown, 0, false, true};
  return remembered(call(
      function,
      [&](Device&) -> int { return Device::make_current(device) ? Device::current().fault() : cudaErrorInvalidDevice; },
      device));
}

int cudaGetDevice(int* device) {
  return runtime_call(__func__, [&](Device&) -> int {
    if (device == nullptr) return cudaErrorInvalidValue;
    *device = Device::current_number();
    return cudaSuccess;
  });
}

int cudaGetDeviceProperties(void* properties, int device) {
  return runtime_call(
      __func__,
      [&](Device&) -> int {
        if (!exists(device)) return cudaErrorInvalidDevice;
        if (properties == nullptr) return cudaErrorInvalidValue;
        std::memset(properties, 0, kPropertiesBytes);
        std::strcpy(static_cast<char*>(properties), kName);
        return cudaSuccess;
      },
      device);
}

int cudaDeviceGetAttribute(int* value, int attribute, int device) {
  return runtime_call(
      __func__,
      [&](Device&) -> int {
        if (!exists(device)) return cudaErrorInvalidDevice;
        if (value == nullptr) return cudaErrorInvalidValue;
        *value = attribute_value(attribute);
        return cudaSuccess;
      },
      attribute, device);
}

int cudaDriverGetVersion(int* version) {
  *version = kCudaVersion;
  return cudaSuccess;
}

int cudaRuntimeGetVersion(int* version) { return cudaDriverGetVersion(version); }

int cudaDeviceSynchronize() {
  return runtime_call(__func__, [](Device& device) -> int {
    const int refused = device.refuse_captures();
    return refused != cudaSuccess ? refused : device.wait_for_all();
  });
}
