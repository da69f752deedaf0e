// What the stand-in's tests share, besides check.h: a process, and so a device, for every case, for a lost device stays
// lost and some cases must crash; and arrays on the device.
#ifndef EIDER_STANDIN_TESTING_H
#define EIDER_STANDIN_TESTING_H

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "check.h"
#include "standin/cudart.h"

namespace check {

// Its exit status, or the negative signal that ended it.
template <class Case>
int end_of_process(const Case& run) {
  std::fflush(nullptr);
  const pid_t process = fork();
  if (process == 0) {
    run();
    std::_Exit(failures == 0 ? 0 : 1);
  }
  int status = 0;
  waitpid(process, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

template <class Case>
void in_process(const std::string& name, const Case& run) {
  that(end_of_process(run) == 0, name);
}

// The case crashes in act, and not before.
template <class Act>
void crashes(const std::string& what, const Act& act) {
  std::fflush(nullptr);
  const pid_t process = fork();
  if (process == 0) {
    act();
    std::_Exit(0);
  }
  int status = 0;
  waitpid(process, &status, 0);
  that(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV, what + ": no crash");
}

inline void is(int status, int expected, const std::string& what) {
  that(status == expected, what + ": status " + std::to_string(status) + ", expected " + std::to_string(expected));
}
inline void succeeds(int status, const std::string& what) { is(status, 0, what); }

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
