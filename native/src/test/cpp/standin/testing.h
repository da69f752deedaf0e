// What the stand-in's tests share, besides check.h: a process for every case, and arrays on the device.
#ifndef EIDER_STANDIN_TESTING_H
#define EIDER_STANDIN_TESTING_H

#include "standin/cudart.h"
#include "standin/process.h"

namespace check {

template <class T>
class DeviceArray {
 public:
  explicit DeviceArray(size_t count) : count_(count) { succeeds(cudaMalloc(&memory_, bytes()), "cudaMalloc"); }
  explicit DeviceArray(const std::vector<T>& values) : DeviceArray(values.size()) { upload(values); }

  T* data() const { return static_cast<T*>(memory_); }
  operator T*() const { return data(); }
  size_t bytes() const { return count_ * sizeof(T); }

  void upload(const std::vector<T>& values) {
    succeeds(cudaMemcpy(memory_, values.data(), bytes(), cudaMemcpyHostToDevice), "upload");
  }
  std::vector<T> host() const {
    std::vector<T> values(count_);
    succeeds(cudaMemcpy(values.data(), memory_, bytes(), cudaMemcpyDeviceToHost), "download");
    return values;
  }

 private:
  size_t count_;
  void* memory_ = nullptr;
};

using DeviceFloats = DeviceArray<float>;

inline float* pinned(size_t count) {
  void* memory = nullptr;
  succeeds(cudaMallocHost(&memory, count * sizeof(float)), "cudaMallocHost");
  return static_cast<float*>(memory);
}

inline cudaStream_t new_stream() {
  cudaStream_t stream = nullptr;
  succeeds(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
  return stream;
}

}  // namespace check

#endif
