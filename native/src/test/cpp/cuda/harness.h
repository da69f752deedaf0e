// What the tests of the CUDA kernels share, besides check.h: device memory that ends where it says, and how often
// larger cases are worth their time.
#ifndef EIDER_TEST_CUDA_HARNESS_H
#define EIDER_TEST_CUDA_HARNESS_H

#include <cstring>
#include <memory>

#include "bfloats.h"
#include "cuda_abi.h"

namespace check {

// Device memory is host memory to the emulator, aligned as cudaMalloc aligns, each array a block of its own with an end
// that AddressSanitizer guards. `skew` elements are left out at the front, for arrays that are not aligned to 16 bytes.
template <class T>
class Device {
 public:
  explicit Device(int64_t count, int64_t skew = 0)
      : count_(count),
        skew_(skew),
        memory_(static_cast<T*>(operator new[](size_t(count + skew) * sizeof(T), std::align_val_t(256)))) {
    std::memset(memory_.get(), 0xff, size_t(count + skew) * sizeof(T));
  }
  Device(const std::vector<T>& values, int64_t skew = 0) : Device(int64_t(values.size()), skew) {
    std::copy(values.begin(), values.end(), data());
  }

  T* data() const { return memory_.get() + skew_; }
  operator T*() const { return data(); }
  int64_t size() const { return count_; }
  std::vector<T> host() const { return std::vector<T>(data(), data() + count_); }

 private:
  struct Free {
    void operator()(T* p) const { operator delete[](p, std::align_val_t(256)); }
  };
  int64_t count_, skew_;
  std::unique_ptr<T[], Free> memory_;
};

using DeviceFloats = Device<float>;
using DeviceBits = Device<uint16_t>;

inline void done(int error, const std::string& what) { that(error == 0, what + ": " + eider_cuda_error_text(error)); }

}  // namespace check

#endif
