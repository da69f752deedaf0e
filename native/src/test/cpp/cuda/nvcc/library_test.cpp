// The library that nvcc built, with CUDA's own runtime and no device: its launchers are host code, which the emulator's
// build of the same sources says nothing of. Each refuses what is impossible, and otherwise gets as far as CUDA's
// answer that nothing can be launched here.
#include <tuple>

#include "cuda_abi.h"
#include "standin/process.h"

extern "C" int cudaGetDeviceCount(int* count);

namespace {

using namespace check;

constexpr int kInvalidValue = 1, kInsufficientDriver = 35, kNoDevice = 100;

// Read on the host, for ranks below 8; what is device memory is not looked at.
const int64_t kDims[8] = {1, 1, 1, 1, 1, 1, 1, 1};
alignas(256) char memory[256];

class Valid {
 public:
  template <class T>
  T next() {
    if constexpr (std::is_integral_v<T>) {
      // Falling, for images are larger than what pads them.
      return T(size_--);
    } else if constexpr (std::is_same_v<T, const int64_t*>) {
      return kDims;
    } else if constexpr (std::is_same_v<T, void*>) {
      return nullptr;
    } else if constexpr (std::is_pointer_v<T>) {
      return reinterpret_cast<T>(memory);
    } else {
      return T(1);
    }
  }

 private:
  int size_ = 6;
};

class Impossible {
 public:
  template <class T>
  T next() {
    if constexpr (std::is_integral_v<T>) {
      return T(-1);
    } else {
      return Valid().next<T>();
    }
  }
};

template <class Values, class... Parameters>
int call(int (*launcher)(Parameters...)) {
  Values values;
  // Braces evaluate from left to right.
  return std::apply(launcher, std::tuple<Parameters...>{values.template next<Parameters>()...});
}

template <class... Parameters>
void launches(const std::string& name, int (*launcher)(Parameters...), int nothing_there) {
  in_process(name, [&] {
    is(call<Impossible>(launcher), kInvalidValue, name + " of impossible sizes");
    is(call<Valid>(launcher), nothing_there, name);
  });
}

// What returns no error code launches nothing.
template <class Result, class... Parameters>
void launches(const std::string&, Result (*)(Parameters...), int) {}

}  // namespace

int main() {
  int count = 0;
  const int nothing_there = cudaGetDeviceCount(&count);
  that(nothing_there == kInsufficientDriver || nothing_there == kNoDevice, "there is no device");
#define EIDER_FUNCTION(name) launches(#name, name, nothing_there);
#include "functions.inc"
  return report();
}
